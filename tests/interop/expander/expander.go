// Package expander lets the SDK expand the grants of a file, as the compactor of ConductorOne does.
package expander

import (
	"context"
	"errors"
	"fmt"

	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/conductorone/baton-sdk/pkg/sdk"
	"github.com/conductorone/baton-sdk/pkg/sync"
)

// Expand expands the newest full sync of a file, in its place.
func Expand(ctx context.Context, file, tmpDir string) error {
	id, err := newest(ctx, file, tmpDir)
	if err != nil {
		return err
	}
	connector, err := sdk.NewEmptyConnector()
	if err != nil {
		return err
	}
	syncer, err := sync.NewSyncer(ctx, connector,
		sync.WithC1ZPath(file), sync.WithSyncID(id), sync.WithOnlyExpandGrants(), sync.WithTmpDir(tmpDir))
	if err != nil {
		return err
	}
	return errors.Join(syncer.Sync(ctx), syncer.Close(ctx))
}

func newest(ctx context.Context, file, tmpDir string) (string, error) {
	store, err := dotc1z.NewStore(ctx, file, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(tmpDir))
	if err != nil {
		return "", err
	}
	defer func() { _ = store.Close(ctx) }()
	latest, err := store.SyncMeta().LatestFullSync(ctx)
	if err != nil {
		return "", err
	}
	if latest == nil {
		return "", fmt.Errorf("%s holds no finished full sync", file)
	}
	return latest.ID, nil
}
