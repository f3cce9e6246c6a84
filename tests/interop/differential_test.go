package interop

// The differential test: the product and a connector on the Go SDK read the same generated API, and
// their files must hold the same records, but for what the table of differences allows. The SDK
// reads both files, as they are and converted to its other engine.

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"baton-planetscale/interop/reference"
)

// seedCount is how many generated scenarios are compared, seeds 1 to this. INTEROP_SEEDS asks for
// another number, or with `from-to` for others.
const seedCount = 60

// databaseSeeds is how many of them are compared with databases, too.
const databaseSeeds = 20

func seeds(t *testing.T) (first, last int) {
	t.Helper()
	text := os.Getenv("INTEROP_SEEDS")
	if text == "" {
		return 1, seedCount
	}
	from, to, span := strings.Cut(text, "-")
	first, err := strconv.Atoi(from)
	if err != nil {
		t.Fatalf("INTEROP_SEEDS=%s: %v", text, err)
	}
	if !span {
		return 1, first
	}
	last, err = strconv.Atoi(to)
	if err != nil {
		t.Fatalf("INTEROP_SEEDS=%s: %v", text, err)
	}
	return first, last
}

func TestTheProductAgreesWithAConnectorOnTheGoSDK(t *testing.T) {
	first, last := seeds(t)
	compared := make(chan string, last)
	t.Run("seeds", func(t *testing.T) {
		for seed := first; seed <= last; seed++ {
			scenario := fmt.Sprintf("random:%d", seed)
			t.Run(scenario, func(t *testing.T) {
				t.Parallel()
				compareScenario(t, scenario)
				compared <- scenario
			})
		}
	})
	if len(compared) < min(50, last-first+1) {
		t.Errorf("only %d scenarios were compared to their end", len(compared))
	}
	if t.Failed() || last-first+1 < seedCount {
		return
	}
	for _, row := range disagreements {
		if !row.seen.Load() {
			t.Errorf("no scenario shows the difference %q: take it out of the table", row.name)
		}
	}
}

// TestTheProductAgreesOnDatabases is the same with the databases that teams name, on some seeds and on scenarios
// with odd names and ids.
func TestTheProductAgreesOnDatabases(t *testing.T) {
	scenarios := []string{"demo", "scripts", "S", "thousand"}
	for seed := 1; seed <= databaseSeeds; seed++ {
		scenarios = append(scenarios, fmt.Sprintf("random:%d", seed))
	}
	for _, scenario := range scenarios {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			compareDatabases(t, scenario)
		})
	}
}

func compareDatabases(t *testing.T, scenario string) {
	m := manifestOf(t, scenario, "--databases")
	if m.Error != nil {
		t.Fatalf("scenario %s must not fail to sync (%s): it compares nothing", scenario, m.Error.Kind)
	}
	server := startAPI(t, scenario)
	folder := t.TempDir()
	ours, theirs := filepath.Join(folder, "product.c1z"), filepath.Join(folder, "reference.c1z")
	server.syncInto(t, ours, "--planetscale-databases")
	if err := reference.SyncWithDatabases(t.Context(), server.URL, server.Token, theirs, t.TempDir()); err != nil {
		t.Fatalf("the reference connector: %v", err)
	}
	product := given(readStore(t, ours))
	compareContents(t, "as written", product, readStore(t, theirs))
	// How a grant reaches the members of its principal stands in a column of its own, which readers do not show. What
	// follows from it is judged by the SDK's own expansion.
	for at := range m.Grants {
		m.Grants[at].Expansion = nil
	}
	e := expect(m)
	compareSets(t, "resource types against the manifest", e.types, product.resourceTypes)
	compareSets(t, "resources against the manifest", e.resources, product.resources)
	compareSets(t, "entitlements against the manifest", e.entitlements, product.entitlements)
	compareSets(t, "grants against the manifest", likeStored(e.grants, product.grants), product.grants)
}

// given leaves out the grants that follow from others: of a database to a person.
func given(of contents) contents {
	maps.DeleteFunc(of.grants, func(_ string, grant object) bool {
		return text(grant, "entitlement", "resource", "id", "resourceType") == "database" &&
			text(grant, "principal", "id", "resourceType") == "user"
	})
	return of
}

func compareScenario(t *testing.T, scenario string) {
	m := manifestOf(t, scenario)
	if m.Error != nil {
		t.Fatalf("scenario %s must not fail to sync (%s): it compares nothing", scenario, m.Error.Kind)
	}
	server := startAPI(t, scenario)
	folder := t.TempDir()
	ours, theirs := filepath.Join(folder, "product.c1z"), filepath.Join(folder, "reference.c1z")
	server.syncInto(t, ours)
	if err := reference.Sync(t.Context(), server.URL, server.Token, theirs, t.TempDir()); err != nil {
		t.Fatalf("the reference connector: %v", err)
	}

	product := readStore(t, ours)
	compareContents(t, "as written", product, readStore(t, theirs))
	compareContents(t, "in Pebble", readStore(t, toPebble(t, ours)), readStore(t, toPebble(t, theirs)))

	// The scenario itself is the third opinion: two connectors can make the same mistake.
	e := expect(m)
	compareSets(t, "resource types against the manifest", e.types, product.resourceTypes)
	compareSets(t, "resources against the manifest", e.resources, product.resources)
	compareSets(t, "entitlements against the manifest", e.entitlements, product.entitlements)
	compareSets(t, "grants against the manifest", likeStored(e.grants, product.grants), product.grants)
}

// compareContents reports what differs and is not in the table, a few lines of each kind of record.
func compareContents(t *testing.T, how string, product, reference contents) {
	t.Helper()
	const enough = 5
	theirs := reference.sets()
	for i, ours := range product.sets() {
		var out []string
		for _, id := range unionOf(ours.records, theirs[i].records) {
			a, inProduct := ours.records[id]
			b, inReference := theirs[i].records[id]
			switch {
			case !inReference:
				out = append(out, id+": only the product has it")
			case !inProduct:
				out = append(out, id+": only the reference has it")
			default:
				for _, d := range compare("", a, b) {
					if !allowed(ours.kind, d, a, b) {
						out = append(out, fmt.Sprintf("%s %s: the product has %s, the reference %s", id, d.path, short(d.left), short(d.right)))
					}
				}
			}
		}
		if len(out) > 0 {
			t.Errorf("%s, %ss: %d differences:\n%s", how, ours.kind, len(out), strings.Join(out[:min(len(out), enough)], "\n"))
		}
	}
}
