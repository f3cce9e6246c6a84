package interop

// A c1z file as the SDK's own reader sees it: every record as parsed protojson, by its id.

import (
	"encoding/json"
	"path/filepath"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// contents are the records of a file's newest finished full sync.
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

func readStore(t *testing.T, file string) contents {
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
	latest, err := store.SyncMeta().LatestFullSync(ctx)
	if err != nil || latest == nil {
		t.Fatalf("%s holds no finished full sync: %v", filepath.Base(file), err)
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
