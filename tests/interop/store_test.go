package interop

// A c1z file as the SDK's own reader sees it: every record as parsed protojson, by its id.

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/conductorone/baton-sdk/pkg/dotc1z/c1zstore"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// contents are the records of one sync of a file.
type contents struct {
	resourceTypes, resources, entitlements, grants map[string]object
}

// sets gives the kinds of records under their names, in the order in which they are reported.
func (c contents) sets() []namedSet {
	return []namedSet{
		{"resource type", c.resourceTypes}, {"resource", c.resources},
		{"entitlement", c.entitlements}, {"grant", c.grants},
	}
}

type namedSet struct {
	kind    string
	records map[string]object
}

// readStore reads a file's newest finished full sync.
func readStore(t *testing.T, file string) contents {
	t.Helper()
	return readSync(t, file, func(ctx context.Context, meta c1zstore.SyncMeta) (*c1zstore.SyncRun, error) {
		return meta.LatestFullSync(ctx)
	})
}

// readNewest reads a file's newest finished sync, of whatever type.
func readNewest(t *testing.T, file string) contents {
	t.Helper()
	return readSync(t, file, func(ctx context.Context, meta c1zstore.SyncMeta) (*c1zstore.SyncRun, error) {
		return meta.LatestFinishedSyncOfAnyType(ctx)
	})
}

func readSync(t *testing.T, file string, pick func(context.Context, c1zstore.SyncMeta) (*c1zstore.SyncRun, error)) contents {
	t.Helper()
	ctx := t.Context()
	store, err := dotc1z.NewStore(ctx, file, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(t.TempDir()))
	if err != nil {
		t.Fatalf("the SDK does not open %s: %v", filepath.Base(file), err)
	}
	defer func() {
		if err := store.Close(ctx); err != nil {
			t.Errorf("close %s: %v", filepath.Base(file), err)
		}
	}()
	latest, err := pick(ctx, store.SyncMeta())
	if err != nil || latest == nil {
		t.Fatalf("%s holds no such finished sync: %v", filepath.Base(file), err)
	}
	if err := store.SetCurrentSync(ctx, latest.ID); err != nil {
		t.Fatal(err)
	}

	identity := func(o object) string { return text(o, "id", "resourceType") + ":" + text(o, "id", "resource") }
	return contents{
		resourceTypes: everyPage(t, idOf("id"), func(page string) ([]*v2.ResourceType, string, error) {
			r, err := store.ListResourceTypes(ctx, v2.ResourceTypesServiceListResourceTypesRequest_builder{PageToken: page}.Build())
			return r.GetList(), r.GetNextPageToken(), err
		}),
		resources: everyPage(t, identity, func(page string) ([]*v2.Resource, string, error) {
			r, err := store.ListResources(ctx, v2.ResourcesServiceListResourcesRequest_builder{PageToken: page}.Build())
			return r.GetList(), r.GetNextPageToken(), err
		}),
		entitlements: everyPage(t, idOf("id"), func(page string) ([]*v2.Entitlement, string, error) {
			r, err := store.ListEntitlements(ctx, v2.EntitlementsServiceListEntitlementsRequest_builder{PageToken: page}.Build())
			return r.GetList(), r.GetNextPageToken(), err
		}),
		grants: everyPage(t, idOf("id"), func(page string) ([]*v2.Grant, string, error) {
			r, err := store.ListGrants(ctx, v2.GrantsServiceListGrantsRequest_builder{PageToken: page}.Build())
			return r.GetList(), r.GetNextPageToken(), err
		}),
	}
}

// everyPage reads a list to its end and keeps each record by its id.
func everyPage[M proto.Message](t *testing.T, id func(object) string, list func(page string) ([]M, string, error)) map[string]object {
	t.Helper()
	records := []any{}
	for page := ""; ; {
		items, next, err := list(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			text, err := protojson.Marshal(item)
			if err != nil {
				t.Fatal(err)
			}
			var record object
			if err := json.Unmarshal(text, &record); err != nil {
				t.Fatal(err)
			}
			records = append(records, record)
		}
		if next == "" {
			return indexed(t, "the SDK's reader", records, id)
		}
		page = next
	}
}

// run is what a file says of one of its syncs, without what differs from run to run. The parent is a
// number: 1 is the file's oldest sync, 0 none.
type run struct {
	Type         string
	Parent       int
	SupportsDiff bool
	Stats        object
}

// runsOf are the syncs of a file, oldest first, every one of them finished.
func runsOf(t *testing.T, file string) []run {
	t.Helper()
	ctx := t.Context()
	//nolint:staticcheck // the list is a method of this type alone
	store, err := dotc1z.NewC1ZFile(ctx, file, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close(ctx) }()
	found, next, err := store.ListSyncRuns(ctx, "", 100)
	if err != nil || next != "" {
		t.Fatalf("the syncs of %s: %v", filepath.Base(file), err)
	}
	slices.SortFunc(found, func(a, b *c1zstore.SyncRun) int { return a.StartedAt.Compare(*b.StartedAt) })
	out := []run{}
	for _, one := range found {
		if one.EndedAt == nil {
			t.Errorf("%s holds a sync that never ended", filepath.Base(file))
		}
		text, err := protojson.Marshal(one.Stats)
		if err != nil {
			t.Fatal(err)
		}
		r := run{Type: string(one.Type), SupportsDiff: one.SupportsDiff}
		if err := json.Unmarshal(text, &r.Stats); err != nil {
			t.Fatal(err)
		}
		r.Parent = 1 + slices.IndexFunc(found, func(other *c1zstore.SyncRun) bool { return other.ID == one.ParentSyncID })
		out = append(out, r)
	}
	return out
}

// toPebble converts a file with the SDK and gives the new one.
func toPebble(t *testing.T, file string) string {
	t.Helper()
	ctx := t.Context()
	//nolint:staticcheck // the conversion is a method of this type alone
	store, err := dotc1z.NewC1ZFile(ctx, file, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close(ctx) }()
	out := filepath.Join(t.TempDir(), "pebble.c1z")
	if _, err := store.ToPebble(ctx, out, "", dotc1z.WithConvertTmpDir(t.TempDir())); err != nil {
		t.Fatalf("the SDK does not convert %s: %v", filepath.Base(file), err)
	}
	return out
}
