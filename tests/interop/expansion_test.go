package interop

// Grants that follow from others: what the product works out, and what the SDK's own expander makes of the same
// records. The judge starts from a file in which nothing is expanded.

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"google.golang.org/protobuf/encoding/protojson"

	"baton-planetscale/interop/expander"
)

// graphCount is how many made-up graphs are compared.
const graphCount = 240

func TestWhatFollowsFromGrantsIsWhatTheSDKSays(t *testing.T) {
	folder := t.TempDir()
	out, err := exec.Command(need(t, graphs), "1", fmt.Sprint(graphCount), folder).CombinedOutput()
	if err != nil {
		t.Fatalf("the made-up graphs: %v\n%s", err, out)
	}
	var derived, both, untouched, circles int
	for seed := 1; seed <= graphCount; seed++ {
		plain := filepath.Join(folder, fmt.Sprintf("%d.plain.c1z", seed))
		got := grantsOf(t, filepath.Join(folder, fmt.Sprintf("%d.expanded.c1z", seed)))
		before := grantsOf(t, plain)
		pebble := toPebble(t, plain)
		compareSets(t, fmt.Sprintf("grants of graph %d, by Pebble", seed), withoutExpandable(expandedBySDK(t, pebble)), withoutExpandable(got))
		// On SQLite the SDK ends when the last way is marked, which a circle's is with the first of its entitlements: what
		// it still has to do for the others is lost, now this and now that.
		if hasCircle(before) {
			circles++
		} else {
			compareSets(t, fmt.Sprintf("grants of graph %d, by SQLite", seed), expandedBySDK(t, plain), got)
		}
		for id, grant := range got {
			own := text(grant, "entitlement", "id")
			sources, _ := at(grant, "sources", "sources").(object)
			switch _, direct := sources[own]; {
			case len(sources) == 0:
				untouched++
			case direct:
				both++
			default:
				derived++
				if id != own+":"+text(grant, "principal", "id", "resourceType")+":"+text(grant, "principal", "id", "resource") {
					t.Errorf("graph %d: the derived grant %s has another id", seed, id)
				}
			}
		}
	}
	t.Logf("%d grants that only follow from others, %d that do besides, %d that do not; %d graphs with circles",
		derived, both, untouched, circles)
	if derived < 1000 || both < 100 || untouched < 1000 || circles < 30 || circles > graphCount/2 {
		t.Error("the made-up graphs say too little")
	}
}

// The demo's file as it is written, and as the SDK takes expansion back and does it anew.
func TestTheDemosFileIsExpandedAsByTheSDK(t *testing.T) {
	file := syncFile(t, "demo")
	got := grantsOf(t, file)
	plain := rolledBack(t, file)
	compareSets(t, "grants of the demo", expandedBySDK(t, plain), got)
}

// What the product expanded, the SDK takes back to what the product wrote before.
func TestTheSDKTakesOurExpansionBack(t *testing.T) {
	folder := t.TempDir()
	out, err := exec.Command(need(t, graphs), "1", "20", folder).CombinedOutput()
	if err != nil {
		t.Fatalf("the made-up graphs: %v\n%s", err, out)
	}
	for seed := 1; seed <= 20; seed++ {
		plain := grantsOf(t, filepath.Join(folder, fmt.Sprintf("%d.plain.c1z", seed)))
		back := rolledBack(t, filepath.Join(folder, fmt.Sprintf("%d.expanded.c1z", seed)))
		compareSets(t, fmt.Sprintf("grants of graph %d", seed), plain, grantsOf(t, back))
	}
}

// expandedBySDK are the grants of a file when the SDK has expanded them. The file is changed.
func expandedBySDK(t *testing.T, file string) map[string]object {
	t.Helper()
	if err := expander.Expand(t.Context(), file, t.TempDir()); err != nil {
		t.Fatalf("the SDK does not expand %s: %v", filepath.Base(file), err)
	}
	return grantsOf(t, file)
}

// rolledBack is a file from which the SDK took what follows from other grants. It is the same file.
func rolledBack(t *testing.T, file string) string {
	t.Helper()
	ctx := t.Context()
	//nolint:staticcheck // taking back is a method of this type alone
	store, err := dotc1z.NewC1ZFile(ctx, file, dotc1z.WithTmpDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	latest, err := store.SyncMeta().LatestFullSync(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.RollbackExpansion(ctx, latest.ID, false); err != nil {
		t.Fatalf("the SDK does not take back what %s has: %v", filepath.Base(file), err)
	}
	if err := store.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return file
}

// hasCircle says whether entitlements follow from one another, of grants where nothing is expanded.
func hasCircle(grants map[string]object) bool {
	leads := map[string]map[string]bool{}
	for _, grant := range grants {
		annotations, _ := grant["annotations"].([]any)
		for _, annotation := range annotations {
			sources, _ := at(annotation, "entitlementIds").([]any)
			for _, source := range sources {
				from := source.(string)
				if leads[from] == nil {
					leads[from] = map[string]bool{}
				}
				leads[from][text(grant, "entitlement", "id")] = true
			}
		}
	}
	for start := range leads {
		seen, next := map[string]bool{}, []string{start}
		for len(next) > 0 {
			at := next[0]
			next = next[1:]
			for to := range leads[at] {
				// One that follows from itself is no circle here.
				if to == start && at != start {
					return true
				}
				if !seen[to] {
					seen[to] = true
					next = append(next, to)
				}
			}
		}
	}
	return false
}

// withoutExpandable are grants without how they expand: the reader of Pebble files does not say it.
func withoutExpandable(grants map[string]object) map[string]object {
	out := map[string]object{}
	for id, grant := range grants {
		plain := object{}
		for key, value := range grant {
			plain[key] = value
		}
		kept := []any{}
		annotations, _ := grant["annotations"].([]any)
		for _, annotation := range annotations {
			if text(annotation, "@type") != "type.googleapis.com/c1.connector.v2.GrantExpandable" {
				kept = append(kept, annotation)
			}
		}
		delete(plain, "annotations")
		if len(kept) > 0 {
			plain["annotations"] = kept
		}
		out[id] = plain
	}
	return out
}

// grantsOf are the grants of a file's newest sync by their ids, with how they expand. Of an entitlement and a principal
// only the ids count: a grant refers to them, and how much of them it repeats is the writer's choice.
func grantsOf(t *testing.T, file string) map[string]object {
	t.Helper()
	ctx := t.Context()
	store, err := dotc1z.NewStore(ctx, file, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close(ctx) }()
	latest, err := store.SyncMeta().LatestFinishedSyncOfAnyType(ctx)
	if err != nil || latest == nil {
		t.Fatalf("%s holds no finished sync: %v", filepath.Base(file), err)
	}
	if err := store.SetCurrentSync(ctx, latest.ID); err != nil {
		t.Fatal(err)
	}
	list := store.ListGrants
	if whole, ok := store.(connectorstore.ExpansionGrantLister); ok {
		list = whole.ListGrantsWithExpansion
	}
	records := []any{}
	for page := ""; ; {
		found, err := list(ctx, v2.GrantsServiceListGrantsRequest_builder{PageToken: page}.Build())
		if err != nil {
			t.Fatal(err)
		}
		for _, grant := range found.GetList() {
			grant.SetEntitlement(v2.Entitlement_builder{
				Id:       grant.GetEntitlement().GetId(),
				Resource: v2.Resource_builder{Id: grant.GetEntitlement().GetResource().GetId()}.Build(),
			}.Build())
			grant.SetPrincipal(v2.Resource_builder{Id: grant.GetPrincipal().GetId()}.Build())
			records = append(records, protoObject(t, grant))
		}
		if page = found.GetNextPageToken(); page == "" {
			return indexed(t, "grants", records, idOf("id"))
		}
	}
}

func protoObject(t *testing.T, grant *v2.Grant) object {
	t.Helper()
	text, err := protojson.Marshal(grant)
	if err != nil {
		t.Fatal(err)
	}
	var record object
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err)
	}
	return record
}
