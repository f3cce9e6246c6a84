package interop

// Flags that leave something out: the product and the connector on the Go SDK are told the same, and must
// write the same records and the same of their sync, but for the table of differences.

import (
	"path/filepath"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/bid"
	sdksync "github.com/conductorone/baton-sdk/pkg/sync"

	"baton-planetscale/interop/reference"
)

// selection is what is asked of both.
type selection struct {
	name      string
	types     []string
	resources []string // Baton ids
	// The rest is left out.
	skipGrants, skipEntitlementsAndGrants bool
}

func (s selection) arguments() []string {
	var out []string
	if len(s.types) > 0 {
		out = append(out, "--sync-resource-types", strings.Join(s.types, ","))
	}
	for _, id := range s.resources {
		// The flag takes comma-separated values, and ids may hold commas.
		out = append(out, "--sync-resources", `"`+strings.ReplaceAll(id, `"`, `""`)+`"`)
	}
	if s.skipGrants {
		out = append(out, "--skip-grants")
	}
	if s.skipEntitlementsAndGrants {
		out = append(out, "--skip-entitlements-and-grants")
	}
	return out
}

// options are the same for the SDK, in the order in which its command line gives them.
func (s selection) options(t *testing.T) []sdksync.SyncOpt {
	t.Helper()
	var targets []*v2.Resource
	for _, id := range s.resources {
		target, err := bid.ParseResourceBid(id)
		if err != nil {
			t.Fatalf("the SDK does not read %s: %v", id, err)
		}
		targets = append(targets, target)
	}
	return []sdksync.SyncOpt{
		sdksync.WithTargetedSyncResources(targets),
		sdksync.WithSkipEntitlementsAndGrants(s.skipEntitlementsAndGrants),
		sdksync.WithSkipGrants(s.skipGrants),
		sdksync.WithSyncResourceTypes(s.types),
	}
}

// bidOf is the Baton id of a resource as the SDK writes it, with its parent if it is to have one.
func bidOf(t *testing.T, r manifestResource, withParent bool) string {
	t.Helper()
	id := func(i identity) *v2.ResourceId {
		return v2.ResourceId_builder{ResourceType: i.Type, Resource: i.ID}.Build()
	}
	resource := v2.Resource_builder{Id: id(r.ID)}.Build()
	if withParent && r.Parent != nil {
		resource.SetParentResourceId(id(*r.Parent))
	}
	out, err := bid.MakeBid(resource)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// selectionsOf are the ways to read less of a scenario.
func selectionsOf(t *testing.T, m manifest) []selection {
	t.Helper()
	out := []selection{
		{name: "two types", types: []string{"organization", "user"}},
		{name: "one type", types: []string{"organization"}},
		{name: "a type that is only within another", types: []string{"team"}},
		{name: "resources only", skipEntitlementsAndGrants: true},
		{name: "resources of two types only", types: []string{"organization", "team"}, skipEntitlementsAndGrants: true},
	}
	var all []string
	for _, kind := range []string{"organization", "team", "user"} {
		last := 0
		for i, r := range m.Resources {
			if r.ID.Type == kind {
				last = i
			}
		}
		id := bidOf(t, m.Resources[last], true)
		all = append(all, id)
		out = append(out,
			selection{name: "one " + kind, resources: []string{id}},
			selection{name: "one " + kind + " by its id alone", resources: []string{bidOf(t, m.Resources[last], false)}},
			selection{name: "one " + kind + " without grants", resources: []string{id}, skipGrants: true},
			selection{name: "one " + kind + " without entitlements", resources: []string{id}, skipEntitlementsAndGrants: true},
			selection{name: "one " + kind + " and no other type", resources: []string{id}, types: []string{kind}},
		)
	}
	return append(out,
		selection{name: "one of each", resources: all},
		selection{name: "one that is not there", resources: append([]string{"bid:r:team/nowhere"}, all[1])},
	)
}

func TestFlagsLeaveOutWhatTheyLeaveOutInGo(t *testing.T) {
	for _, scenario := range []string{"demo", "scripts", "shared", "random:11"} {
		m := manifestOf(t, scenario)
		server := startAPI(t, scenario)
		for _, s := range selectionsOf(t, m) {
			t.Run(scenario+"/"+s.name, func(t *testing.T) {
				folder := t.TempDir()
				ours, theirs := filepath.Join(folder, "product.c1z"), filepath.Join(folder, "reference.c1z")
				server.syncInto(t, ours, s.arguments()...)
				if err := reference.Sync(t.Context(), server.URL, server.Token, theirs, t.TempDir(), s.options(t)...); err != nil {
					t.Fatalf("the reference connector: %v", err)
				}
				compareContents(t, "as written", readNewest(t, ours), readNewest(t, theirs))
				compareRuns(t, ours, theirs)
			})
		}
	}
}

// TestTheLifeOfAFileIsThatOfGo lets both write one file again and again.
func TestTheLifeOfAFileIsThatOfGo(t *testing.T) {
	m := manifestOf(t, "demo")
	server := startAPI(t, "demo")
	team := m.Resources[0]
	for _, r := range m.Resources {
		if r.ID.Type == "team" {
			team = r
		}
	}
	folder := t.TempDir()
	ours, theirs := filepath.Join(folder, "product.c1z"), filepath.Join(folder, "reference.c1z")
	targeted := selection{name: "targeted", resources: []string{bidOf(t, team, true)}}
	full, resources := selection{name: "full"}, selection{name: "resources only", skipEntitlementsAndGrants: true}
	for _, s := range []selection{targeted, targeted, full, targeted, resources, full, full} {
		server.syncInto(t, ours, s.arguments()...)
		if err := reference.Sync(t.Context(), server.URL, server.Token, theirs, t.TempDir(), s.options(t)...); err != nil {
			t.Fatalf("the reference connector: %v", err)
		}
		t.Logf("%s: %d and %d syncs", s.name, len(runsOf(t, ours)), len(runsOf(t, theirs)))
		compareRuns(t, ours, theirs)
	}
}

func compareRuns(t *testing.T, ours, theirs string) {
	t.Helper()
	product, sdk := runsOf(t, ours), runsOf(t, theirs)
	if len(product) != len(sdk) {
		t.Errorf("the product's file has %d syncs, the reference's %d: %v, %v", len(product), len(sdk), product, sdk)
		return
	}
	for i := range product {
		if product[i].Type != sdk[i].Type || product[i].Parent != sdk[i].Parent || product[i].SupportsDiff != sdk[i].SupportsDiff {
			t.Errorf("sync %d: the product says %v, the reference %v", i+1, product[i], sdk[i])
		}
		for _, d := range compare(".stats", product[i].Stats, sdk[i].Stats) {
			t.Errorf("sync %d: %v", i+1, d)
		}
	}
}
