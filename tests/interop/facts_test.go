package interop

// The table that the product keeps beside Baton's own, with what a sync knew of itself. The official tools know nothing
// of it: they read, compare, convert and expand such a file as if it were not there (what they print of one is compared
// record by record elsewhere, too), and where they write the same database again, it is still in it.

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/conductorone/baton-sdk/pkg/sdk"
	"github.com/conductorone/baton-sdk/pkg/sync"
	"github.com/klauspost/compress/zstd"
	_ "modernc.org/sqlite"
)

func TestTheTableOfFactsIsLeftAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sync.c1z")
	if err := os.WriteFile(file, read(t, syncFile(t, "demo")), 0o600); err != nil {
		t.Fatal(err)
	}
	want := factsOf(t, file)
	if len(want) != 1 {
		t.Fatalf("%d syncs tell of themselves, expected 1", len(want))
	}
	for sync, data := range want {
		var told struct {
			Product  string
			Requests int
			Origins  []string
		}
		if err := json.Unmarshal([]byte(data), &told); err != nil {
			t.Fatal(err)
		}
		if told.Product != "PlanetScale" || told.Requests == 0 || len(told.Origins) != 1 {
			t.Errorf("sync %s tells %s", sync, data)
		}
	}
	before := readStore(t, file)

	t.Run("stats", func(t *testing.T) {
		baton(t, file, "recalculate-stats")
		same(t, want, factsOf(t, file))
	})
	t.Run("expand", func(t *testing.T) {
		expand(t, file)
		same(t, want, factsOf(t, file))
		if after := readStore(t, file); len(after.grants) < len(before.grants) {
			t.Errorf("%d grants became %d", len(before.grants), len(after.grants))
		}
	})
	t.Run("convert", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "pebble.c1z")
		baton(t, file, "to-pebble", "--out", out)
		if got := readStore(t, out); len(got.resources) != len(before.resources) {
			t.Errorf("%d resources became %d", len(before.resources), len(got.resources))
		}
	})
	t.Run("export", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "exported.c1z")
		baton(t, file, "export", "c1z", "--out", out)
		if got := readStore(t, out); len(got.resources) != len(before.resources) {
			t.Errorf("%d resources became %d", len(before.resources), len(got.resources))
		}
	})
}

// factsOf is what each sync of a file tells of itself.
func factsOf(t *testing.T, file string) map[string]string {
	t.Helper()
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	database, err := decoder.DecodeAll(read(t, file)[5:], nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sync.db")
	if err := os.WriteFile(path, database, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), "select sync_id, data from baton_host_facts")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	found := map[string]string{}
	for rows.Next() {
		var sync, data string
		if err := rows.Scan(&sync, &data); err != nil {
			t.Fatal(err)
		}
		found[sync] = data
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

func same(t *testing.T, want, got map[string]string) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%d syncs told of themselves, now %d", len(want), len(got))
	}
	for sync, data := range want {
		if got[sync] != data {
			t.Errorf("sync %s tells %q, expected %q", sync, got[sync], data)
		}
	}
}

// expand lets the SDK expand the newest full sync of a file, in its place.
func expand(t *testing.T, file string) {
	t.Helper()
	ctx := t.Context()
	id := newest(ctx, t, file)
	connector, err := sdk.NewEmptyConnector()
	if err != nil {
		t.Fatal(err)
	}
	syncer, err := sync.NewSyncer(ctx, connector,
		sync.WithC1ZPath(file), sync.WithSyncID(id), sync.WithOnlyExpandGrants(), sync.WithTmpDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(syncer.Sync(ctx), syncer.Close(ctx)); err != nil {
		t.Fatal(err)
	}
}

func newest(ctx context.Context, t *testing.T, file string) string {
	t.Helper()
	store, err := dotc1z.NewStore(ctx, file, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close(ctx) }()
	latest, err := store.SyncMeta().LatestFullSync(ctx)
	if err != nil || latest == nil {
		t.Fatalf("%s holds no finished full sync: %v", file, err)
	}
	return latest.ID
}
