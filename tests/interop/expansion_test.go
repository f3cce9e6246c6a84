package interop

// Grants that follow from others: what the product works out, and what the SDK's own expander makes of the same
// records. The judge starts from a file in which nothing is expanded.

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/conductorone/baton-sdk/pkg/dotc1z/c1zstore"
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
	var derived, both, untouched int
	for seed := 1; seed <= graphCount; seed++ {
		plain := filepath.Join(folder, fmt.Sprintf("%d.plain.c1z", seed))
		want, got := expandedBySDK(t, plain), grantsOf(t, filepath.Join(folder, fmt.Sprintf("%d.expanded.c1z", seed)))
		compareSets(t, fmt.Sprintf("grants of graph %d", seed), want, got)
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
	t.Logf("%d grants that only follow from others, %d that do besides, %d that do not", derived, both, untouched)
	if derived < 1000 || both < 100 || untouched < 1000 {
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

// grantsOf are the grants of a file's newest sync by their ids, with how they expand. Of an entitlement and a principal
// only the ids count: a grant refers to them, and how much of them it repeats is the writer's choice.
func grantsOf(t *testing.T, file string) map[string]object {
	t.Helper()
	ctx := t.Context()
	//nolint:staticcheck // the list is a method of this type alone
	store, err := dotc1z.NewC1ZFile(ctx, file, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close(ctx) }()
	var latest *c1zstore.SyncRun
	if latest, err = store.SyncMeta().LatestFinishedSyncOfAnyType(ctx); err != nil || latest == nil {
		t.Fatalf("%s holds no finished sync: %v", filepath.Base(file), err)
	}
	if err := store.SetCurrentSync(ctx, latest.ID); err != nil {
		t.Fatal(err)
	}
	list := func(ctx context.Context, page string) ([]*v2.Grant, string, error) {
		r, err := store.ListGrantsWithExpansion(ctx, v2.GrantsServiceListGrantsRequest_builder{PageToken: page}.Build())
		return r.GetList(), r.GetNextPageToken(), err
	}
	records := []any{}
	for page := ""; ; {
		grants, next, err := list(ctx, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, grant := range grants {
			grant.SetEntitlement(v2.Entitlement_builder{
				Id:       grant.GetEntitlement().GetId(),
				Resource: v2.Resource_builder{Id: grant.GetEntitlement().GetResource().GetId()}.Build(),
			}.Build())
			grant.SetPrincipal(v2.Resource_builder{Id: grant.GetPrincipal().GetId()}.Build())
			records = append(records, protoObject(t, grant))
		}
		if page = next; page == "" {
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
