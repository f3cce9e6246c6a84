package reference

// The reference connector against a small API of its own, so that a fault here is not taken for a
// disagreement with the product. The API knows three organizations, one of them without anybody,
// and gives two items a page whatever is asked for.

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
)

const token = "id:value"

func person(id, email string) map[string]any {
	return map[string]any{
		"id": id, "display_name": " ", "name": "", "email": email, "avatar_url": "https://example.com/a.png",
		"created_at": "2024-05-06T07:08:09Z", "two_factor_auth_configured": true, "sso": nil,
	}
}

func member(role string, person map[string]any) map[string]any {
	return map[string]any{"id": "membership", "role": role, "user": person}
}

func smallAPI(t *testing.T) *httptest.Server {
	t.Helper()
	ann, bob, cas := person("u1", "ann@example.com"), person("u:2", "bob@example.com"), person("u/3", "")
	lists := map[string][]map[string]any{
		"/v1/organizations": {
			{"id": "o1", "name": "acme", "idp_managed_roles": true, "created_at": "not a time"},
			{"id": "o2", "name": "émoji 🦀", "idp_managed_roles": false, "created_at": "2024-01-01T00:00:00Z"},
			{"id": "o3", "name": "empty", "idp_managed_roles": false},
		},
		"/v1/organizations/acme/members":            {member("admin", ann), member("member", bob), member("analyst", cas)},
		"/v1/organizations/émoji 🦀/members":         {member("member", ann)},
		"/v1/organizations/empty/members":           {},
		"/v1/organizations/acme/teams":              {{"id": "t1", "slug": "core", "name": "core", "display_name": "Core", "managed": true}},
		"/v1/organizations/émoji 🦀/teams":           {},
		"/v1/organizations/empty/teams":             {},
		"/v1/organizations/acme/teams/core/members": {{"user": ann}, {"user": bob}, {"user": cas}},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		items, known := lists[r.URL.Path]
		switch {
		case r.Header.Get("Authorization") != token:
			w.WriteHeader(http.StatusUnauthorized)
		case !known:
			w.WriteHeader(http.StatusNotFound)
		default:
			page, _ := strconv.Atoi(r.URL.Query().Get("page"))
			from := min((page-1)*2, len(items))
			to := min(from+2, len(items))
			reply := map[string]any{"data": items[from:to], "next_page": nil}
			if to < len(items) {
				reply["next_page"] = page + 1
			}
			_ = json.NewEncoder(w).Encode(reply)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestSyncWritesEveryRecordOfASmallAPI(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "sync.c1z")
	if err := Sync(ctx, smallAPI(t).URL, token, path, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithReadOnly(true))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close(ctx)
	latest, err := store.SyncMeta().LatestFullSync(ctx)
	if err != nil || latest == nil {
		t.Fatalf("no finished full sync: %v", err)
	}
	if err := store.SetCurrentSync(ctx, latest.ID); err != nil {
		t.Fatal(err)
	}

	resources, err := store.ListResources(ctx, &v2.ResourcesServiceListResourcesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range resources.GetList() {
		ids = append(ids, r.GetId().GetResourceType()+":"+r.GetId().GetResource()+" "+r.GetDisplayName())
	}
	expect(t, "resources", ids, []string{
		"organization:o1 acme", "organization:o2 émoji 🦀", "organization:o3 empty",
		"team:t1 Core", "user:u/3 u/3", "user:u1 ann@example.com", "user:u:2 bob@example.com",
	})

	grants, err := store.ListGrants(ctx, &v2.GrantsServiceListGrantsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	ids = nil
	for _, g := range grants.GetList() {
		id := g.GetId()
		if len(g.GetAnnotations()) > 0 {
			id += " immutable"
		}
		ids = append(ids, id)
	}
	expect(t, "grants", ids, []string{
		"organization:o1:admin:user:u1 immutable", "organization:o1:member:user:u/3 immutable",
		"organization:o1:member:user:u:2 immutable", "organization:o2:member:user:u1",
		"team:t1:member:user:u/3 immutable", "team:t1:member:user:u1 immutable", "team:t1:member:user:u:2 immutable",
	})
}

func TestSyncFailsWhenTheTokenIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sync.c1z")
	err := Sync(context.Background(), smallAPI(t).URL, "id:other", path, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "Unauthenticated") {
		t.Fatalf("expected an Unauthenticated error, got %v", err)
	}
}

func expect(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}
