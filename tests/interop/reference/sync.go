package reference

// One whole sync by the SDK's own syncer, in this process: the connector is served over gRPC on an
// in-memory connection, as the SDK serves it over a socket, and the file is written by the SDK.

import (
	"context"
	"errors"
	"fmt"
	"net"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/conductorone/baton-sdk/pkg/connectorclient"
	"github.com/conductorone/baton-sdk/pkg/dotc1z/c1zstore"
	sdksync "github.com/conductorone/baton-sdk/pkg/sync"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
)

// Sync reads everything that token reaches at baseURL into the SQLite c1z file at path. tempDir is
// where the working database lies meanwhile; more says what of it, all if nothing is given.
func Sync(ctx context.Context, baseURL, token, path, tempDir string, more ...sdksync.SyncOpt) error {
	return syncWith(ctx, &connector{client: newClient(baseURL, token)}, path, tempDir, more...)
}

// SyncWithDatabases is the same with the databases that teams name. No grant is expanded: what the connector
// gives is compared, and not what the SDK makes of it.
func SyncWithDatabases(ctx context.Context, baseURL, token, path, tempDir string) error {
	c := &connector{client: newClient(baseURL, token), databases: true}
	return syncWith(ctx, c, path, tempDir, sdksync.WithDontExpandGrants())
}

func syncWith(ctx context.Context, c *connector, path, tempDir string, more ...sdksync.SyncOpt) (err error) {
	server, err := connectorbuilder.NewConnector(ctx, c)
	if err != nil {
		return fmt.Errorf("build the reference connector: %w", err)
	}
	listener := bufconn.Listen(1 << 20)
	services := grpc.NewServer()
	v2.RegisterConnectorServiceServer(services, server)
	v2.RegisterResourceTypesServiceServer(services, server)
	v2.RegisterResourcesServiceServer(services, server)
	v2.RegisterResourceGetterServiceServer(services, server)
	v2.RegisterEntitlementsServiceServer(services, server)
	v2.RegisterGrantsServiceServer(services, server)
	go func() { _ = services.Serve(listener) }()
	defer services.Stop()

	connection, err := grpc.NewClient("passthrough:reference",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("connect to the reference connector: %w", err)
	}
	defer func() { err = errors.Join(err, connection.Close()) }()

	options := []sdksync.SyncOpt{
		sdksync.WithC1ZPath(path), sdksync.WithTmpDir(tempDir), sdksync.WithStorageEngine(c1zstore.EngineSQLite),
	}
	syncer, err := sdksync.NewSyncer(ctx, connectorclient.NewConnectorClient(ctx, connection), append(options, more...)...)
	if err != nil {
		return fmt.Errorf("start the SDK's syncer: %w", err)
	}
	return errors.Join(syncer.Sync(ctx), syncer.Close(ctx))
}
