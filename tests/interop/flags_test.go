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
		// Not a type that lies only within another: the SDK writes a complete sync without any resource, which
		// reads as everybody having lost access, and the product refuses to (tests/program/file.rs).
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
	// The syncs in each file, oldest first, by the first letters of their types.
	for number, step := range []struct {
		selection    selection
		product, sdk string
		reason       string
	}{
		{selection: targeted, product: "p", sdk: "p"},
		{selection: targeted, product: "pp", sdk: "pp"},
		{selection: full, product: "ppf", sdk: "ppf"},
		{selection: targeted, product: "ppfp", sdk: "ppfp"},
		{selection: resources, product: "ppfpr", sdk: "ppfpr"},
		{selection: full, product: "ppfprf", sdk: "ppfprf"},
		{selection: targeted, product: "ppfprfp", sdk: "prfp",
			reason: "The SDK makes room for a full sync whatever is being written, so a targeted sync costs it one of " +
				"the two to compare. The product keeps two finished full ones."},
		{selection: full, product: "fpf", sdk: "prfpf",
			reason: "When a full sync goes, the syncs from before the earliest kept one go with it, as the SDK's own " +
				"description has it; its code leaves those that came after the one that goes, whose parent is gone then."},
		{selection: full, product: "ff", sdk: "pff", reason: "The same."},
	} {
		server.syncInto(t, ours, step.selection.arguments()...)
		if err := reference.Sync(t.Context(), server.URL, server.Token, theirs, t.TempDir(), step.selection.options(t)...); err != nil {
			t.Fatalf("the reference connector: %v", err)
		}
		if step.reason == "" {
			compareRuns(t, ours, theirs)
		}
		for _, file := range []struct{ path, want string }{{ours, step.product}, {theirs, step.sdk}} {
			if got := letters(runsOf(t, file.path)); got != file.want {
				t.Errorf("step %d: %s holds %s, expected %s", number+1, filepath.Base(file.path), got, file.want)
			}
		}
	}
}

// letters are the first letters of the types of syncs.
func letters(runs []run) string {
	out := ""
	for _, one := range runs {
		out += one.Type[:1]
	}
	return out
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
