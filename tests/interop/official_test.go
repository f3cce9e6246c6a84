package interop

// The official command on files of the product, scenario by scenario: every list on the file itself
// and on everything the command makes of it.

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// scenarios are the shapes whose files go through every command.
var scenarios = []string{"demo", "thousand", "scripts", "shared"}

func TestTheOfficialCommandReadsWhatTheScenarioHolds(t *testing.T) {
	for _, scenario := range scenarios {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			e := expect(manifestOf(t, scenario))
			file := syncFile(t, scenario)
			before := read(t, file)
			made := t.TempDir()

			t.Run("lists", func(t *testing.T) { checkLists(t, file, e) })
			t.Run("export c1z", func(t *testing.T) {
				out := filepath.Join(made, "exported.c1z")
				baton(t, file, "export", "c1z", "--out", out)
				checkLists(t, out, e)
			})
			t.Run("to-pebble", func(t *testing.T) {
				out := filepath.Join(made, "pebble.c1z")
				baton(t, file, "to-pebble", "--out", out)
				checkLists(t, out, e.byReference())
			})
			t.Run("recalculate-stats", func(t *testing.T) {
				out := filepath.Join(made, "recalculated.c1z")
				if err := os.WriteFile(out, before, 0o600); err != nil {
					t.Fatal(err)
				}
				baton(t, out, "recalculate-stats")
				checkLists(t, out, e)
			})
			t.Run("export csv", func(t *testing.T) {
				out := filepath.Join(made, "sync.csv")
				baton(t, file, "export", "csv", "--out", out)
				checkTable(t, e, readCSV(t, out))
			})
			t.Run("export xlsx", func(t *testing.T) {
				out := filepath.Join(made, "sync.xlsx")
				baton(t, file, "export", "xlsx", "--out", out)
				checkTable(t, e, readXLSX(t, out))
			})
			t.Run("sanitize", func(t *testing.T) { checkSanitized(t, file, filepath.Join(made, "clean.c1z"), e) })
			t.Run("the file is as it was", func(t *testing.T) {
				if !bytes.Equal(before, read(t, file)) {
					t.Error("a reading command changed the file")
				}
			})
		})
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// checkSanitized wants a copy that lost every name but kept the shape: as many records of each kind,
// and each entitlement held by as many principals.
func checkSanitized(t *testing.T, file, out string, e expected) {
	t.Helper()
	baton(t, file, "sanitize", "--out", out)
	resources, entitlements, grants := batonJSON(t, out, "resources"), batonJSON(t, out, "entitlements"), batonJSON(t, out, "grants")

	shape := func(counts map[string]int) []int {
		var out []int
		for _, n := range counts {
			out = append(out, n)
		}
		slices.Sort(out)
		return out
	}
	holders, wantHolders := map[string]int{}, map[string]int{}
	for _, g := range indexed(t, "sanitized grants", grants["grants"], idOf("grant", "id")) {
		holders[text(g, "entitlement", "id")]++
	}
	for _, g := range e.grants {
		wantHolders[text(g, "entitlement", "id")]++
	}
	if got, want := shape(holders), shape(wantHolders); !slices.Equal(got, want) {
		t.Errorf("sanitize: holders of entitlements %v, expected %v", got, want)
	}
	if got := len(indexed(t, "sanitized resources", resources["resources"], resourceKey("resource"))); got != len(e.resources) {
		t.Errorf("sanitize: %d resources, expected %d", got, len(e.resources))
	}
	if got := len(indexed(t, "sanitized entitlements", entitlements["entitlements"], idOf("entitlement", "id"))); got != len(e.entitlements) {
		t.Errorf("sanitize: %d entitlements, expected %d", got, len(e.entitlements))
	}

	printed, err := json.Marshal([]any{resources, entitlements, grants})
	if err != nil {
		t.Fatal(err)
	}
	for id, record := range e.resources {
		if email := text(record, "profile", "email"); email != "" && strings.Contains(string(printed), email) {
			t.Errorf("sanitize left the e-mail address of %s in the file: the record holds it where the tool does not look", id)
		}
	}
}

// TestTheOfficialCommandComparesTwoSyncsOfOneFile syncs twice into one file: the same organization
// again, where nothing may differ, and another one, where everything does.
func TestTheOfficialCommandComparesTwoSyncsOfOneFile(t *testing.T) {
	t.Run("the same data", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "sync.c1z")
		server := startAPI(t, "demo")
		server.syncInto(t, file)
		server.syncInto(t, file)
		checkSyncs(t, file, 2)
		checkDiff(t, file, expected{}, expected{})
	})
	t.Run("other data", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "sync.c1z")
		startAPI(t, "shared").syncInto(t, file)
		startAPI(t, "demo").syncInto(t, file)
		checkSyncs(t, file, 2)
		checkDiff(t, file, expect(manifestOf(t, "shared")), expect(manifestOf(t, "demo")))
	})
}

func checkDiff(t *testing.T, file string, old, new expected) {
	t.Helper()
	got := batonJSON(t, file, "diff")
	flat := func(o object) string { return text(o, "id", "resourceType") + ":" + text(o, "id", "resource") }
	for _, kind := range []struct {
		name     string
		old, new map[string]object
		id       func(object) string
	}{
		{"resources", old.resources, new.resources, flat},
		{"entitlements", old.entitlements, new.entitlements, idOf("id")},
		{"grants", old.grants, new.grants, idOf("id")},
	} {
		part := func(name string) map[string]object {
			return indexed(t, kind.name+" "+name, at(got, kind.name, name), kind.id)
		}
		created, deleted, modified := map[string]object{}, map[string]object{}, map[string]object{}
		for id, record := range kind.new {
			before, was := kind.old[id]
			switch {
			case !was:
				created[id] = record
			case len(compare("", before, record)) > 0:
				modified[id] = record
			}
		}
		for id, record := range kind.old {
			if _, is := kind.new[id]; !is {
				deleted[id] = record
			}
		}
		for name, want := range map[string]map[string]object{"created": created, "deleted": deleted, "modified": modified} {
			found := part(name)
			if kind.name == "grants" {
				want = likeStored(want, found)
			}
			compareSets(t, kind.name+" "+name, want, found)
		}
	}
}

// likeStored thins the expected grants where the found ones are thin.
func likeStored(want, found map[string]object) map[string]object {
	out := map[string]object{}
	for id, record := range want {
		if within, ok := at(found[id], "entitlement", "resource").(object); ok && len(within) == 1 {
			record = thin(record)
		}
		out[id] = record
	}
	return out
}
