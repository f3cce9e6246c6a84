package interop

// Running the official `baton` command, and what each of its lists must say of a scenario.

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"
)

// baton runs the command on a file and gives what it printed.
func baton(t *testing.T, file string, arguments ...string) []byte {
	t.Helper()
	program := need(t, official)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, append([]string{"-f", file}, arguments...)...)
	command.Dir = t.TempDir()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("baton %v: %v\n%s%s", arguments, err, stdout.Bytes(), stderr.Bytes())
	}
	return stdout.Bytes()
}

// batonJSON runs a command that prints one JSON object.
func batonJSON(t *testing.T, file string, arguments ...string) object {
	t.Helper()
	out := baton(t, file, append([]string{"-o", "json"}, arguments...)...)
	var v object
	if err := json.Unmarshal(out, &v); err != nil {
		t.Fatalf("baton %v printed no JSON object: %v\n%s", arguments, err, short(string(out)))
	}
	return v
}

func idOf(keys ...string) func(object) string {
	return func(o object) string { return text(o, keys...) }
}

// resourceKey is the identity of the record under a key, `type:id`.
func resourceKey(key string) func(object) string {
	return func(o object) string {
		return text(o, key, "id", "resourceType") + ":" + text(o, key, "id", "resource")
	}
}

// checkLists compares every list of a file with what its scenario should become.
func checkLists(t *testing.T, file string, e expected) {
	t.Helper()
	compareSets(t, "resource-types", wrapped("resourceType", e.types),
		indexed(t, "resource-types", batonJSON(t, file, "resource-types")["resourceTypes"], idOf("resourceType", "id")))
	compareSets(t, "resources", e.resourceOutputs(e.resources),
		indexed(t, "resources", batonJSON(t, file, "resources")["resources"], resourceKey("resource")))
	compareSets(t, "entitlements", e.entitlementOutputs(),
		indexed(t, "entitlements", batonJSON(t, file, "entitlements")["entitlements"], idOf("entitlement", "id")))
	grants := indexed(t, "grants", batonJSON(t, file, "grants")["grants"], idOf("grant", "id"))
	compareSets(t, "grants", e.grantOutputs(grants), grants)
	compareSets(t, "principals", e.resourceOutputs(e.principals(nil)),
		indexed(t, "principals", batonJSON(t, file, "principals")["resources"], resourceKey("resource")))
	checkFilters(t, file, e)
	checkAccess(t, file, e)
	checkStats(t, file, e)
	checkSyncs(t, file, 1)
}

func wrapped(key string, records map[string]object) map[string]object {
	out := map[string]object{}
	for id, record := range records {
		out[id] = object{key: record}
	}
	return out
}

// resourceOutputs are resources as the command prints them: with their type and parent.
func (e expected) resourceOutputs(records map[string]object) map[string]object {
	out := map[string]object{}
	for id, record := range records {
		line := object{"resource": record, "resourceType": e.types[text(record, "id", "resourceType")]}
		if parent := e.resources[text(record, "parentResourceId", "resourceType")+":"+text(record, "parentResourceId", "resource")]; parent != nil {
			line["parent"] = parent
		}
		out[id] = line
	}
	return out
}

func (e expected) entitlementOutputs() map[string]object {
	out := map[string]object{}
	for id, record := range e.entitlements {
		out[id] = object{
			"entitlement": record, "resource": e.resources[resourceKey("resource")(record)],
			"resourceType": e.types[text(record, "resource", "id", "resourceType")],
		}
	}
	return out
}

// grantOutputs are the grants as the command prints them. Inside the grant itself a writer may keep
// the whole resource or only its id, so the found grants are asked which of the two they hold.
func (e expected) grantOutputs(found map[string]object) map[string]object {
	out := map[string]object{}
	for id, record := range e.grants {
		entitlement := e.entitlements[text(record, "entitlement", "id")]
		if within, ok := at(found[id], "grant", "entitlement", "resource").(object); ok && len(within) == 1 {
			record = thin(record)
		}
		principal := resourceKey("principal")(record)
		out[id] = object{
			"grant": record, "entitlement": entitlement, "resource": e.resources[resourceKey("resource")(entitlement)],
			"resourceType": e.types[text(entitlement, "resource", "id", "resourceType")],
			"principal":    e.resources[principal],
		}
	}
	return out
}

// thin is a grant whose entitlement names its resource without repeating it.
func thin(grant object) object {
	out := object{}
	for key, value := range grant {
		out[key] = value
	}
	out["entitlement"] = object{
		"id":       at(grant, "entitlement", "id"),
		"resource": object{"id": at(grant, "entitlement", "resource", "id")},
	}
	return out
}

// byReference is the scenario as a file of the Pebble engine holds it: an entitlement names its
// resource and the types it can be granted to, and does not repeat them.
func (e expected) byReference() expected {
	out := e
	out.entitlements = map[string]object{}
	for id, record := range e.entitlements {
		short := object{}
		for key, value := range record {
			short[key] = value
		}
		short["resource"] = object{"id": at(record, "resource", "id")}
		types := []any{}
		whole, _ := record["grantableTo"].([]any)
		for _, one := range whole {
			types = append(types, object{"id": at(one, "id")})
		}
		short["grantableTo"] = types
		out.entitlements[id] = short
	}
	return out
}

// principals are the resources that hold a grant which keep accepts; nil accepts all.
func (e expected) principals(keep func(grant object) bool) map[string]object {
	out := map[string]object{}
	for _, grant := range e.grants {
		if keep == nil || keep(grant) {
			id := resourceKey("principal")(grant)
			out[id] = e.resources[id]
		}
	}
	return out
}

// checkFilters asks for the grants and principals of one entitlement and of one resource: the one
// with the most grants, and the one with the fewest.
func checkFilters(t *testing.T, file string, e expected) {
	t.Helper()
	for _, id := range extremes(e.entitlements, e.grantsBy(idOf("entitlement", "id"))) {
		of := func(g object) bool { return text(g, "entitlement", "id") == id }
		compareSets(t, "principals -e "+id, e.resourceOutputs(e.principals(of)),
			indexed(t, "principals -e", batonJSON(t, file, "principals", "-e", id)["resources"], resourceKey("resource")))
		entitlement := e.entitlements[id]
		kind, resource := text(entitlement, "resource", "id", "resourceType"), text(entitlement, "resource", "id", "resource")
		inside := func(g object) bool {
			return text(g, "entitlement", "resource", "id", "resourceType") == kind &&
				text(g, "entitlement", "resource", "id", "resource") == resource
		}
		compareSets(t, "principals -t -r "+kind+" "+resource, e.resourceOutputs(e.principals(inside)),
			indexed(t, "principals -t -r", batonJSON(t, file, "principals", "-t", kind, "-r", resource)["resources"], resourceKey("resource")))
	}
}

// checkAccess asks what single persons can reach: those with the most grants and the fewest.
func checkAccess(t *testing.T, file string, e expected) {
	t.Helper()
	people := map[string]object{}
	for id, record := range e.resources {
		if text(record, "id", "resourceType") == "user" {
			people[id] = record
		}
	}
	for _, id := range extremes(people, e.grantsBy(resourceKey("principal"))) {
		person := people[id]
		got := batonJSON(t, file, "access", "-t", "user", "-r", text(person, "id", "resource"))
		compareSets(t, "access, principal", map[string]object{id: person},
			indexed(t, "access", []any{got["principal"]}, func(o object) string {
				return text(o, "id", "resourceType") + ":" + text(o, "id", "resource")
			}))

		want := map[string]object{}
		for _, grant := range e.grants {
			if resourceKey("principal")(grant) != id {
				continue
			}
			entitlement := e.entitlements[text(grant, "entitlement", "id")]
			key := resourceKey("resource")(entitlement)
			line := want[key]
			if line == nil {
				line = object{
					"resource":     e.resources[key],
					"resourceType": e.types[text(entitlement, "resource", "id", "resourceType")],
				}
				want[key] = line
			}
			held, _ := line["entitlements"].([]any)
			line["entitlements"] = append(held, entitlement)
		}
		found := indexed(t, "access of "+id, got["access"], resourceKey("resource"))
		for _, set := range []map[string]object{want, found} {
			for _, line := range set {
				held, _ := line["entitlements"].([]any)
				slices.SortFunc(held, func(a, b any) int {
					return slices.Compare([]string{text(a, "id")}, []string{text(b, "id")})
				})
			}
		}
		compareSets(t, "access of "+id, want, found)
	}
}

// extremes are the ids with the highest and the lowest count, the same ones in every run.
func extremes(records map[string]object, count map[string]int) []string {
	ids := unionOf(records, nil)
	if len(ids) == 0 {
		return nil
	}
	slices.SortStableFunc(ids, func(a, b string) int { return count[b] - count[a] })
	return slices.Compact([]string{ids[0], ids[len(ids)-1]})
}

// grantsBy counts the grants of each entitlement, or of each principal.
func (e expected) grantsBy(id func(grant object) string) map[string]int {
	counts := map[string]int{}
	for _, grant := range e.grants {
		counts[id(grant)]++
	}
	return counts
}

// checkStats compares the counts, in all and by type; the command leaves zeros out.
func checkStats(t *testing.T, file string, e expected) {
	t.Helper()
	got := batonJSON(t, file, "stats")
	if kind := text(got, "syncType"); kind != "full" {
		t.Errorf("stats: the sync is of type %q, expected full", kind)
	}
	if id := text(got, "id"); len(id) != 27 {
		t.Errorf("stats: sync id %q has not the 27 characters of a KSUID", id)
	}
	counts := func(records map[string]object, kind func(object) string) (int, object) {
		byType := map[string]int{}
		for _, record := range records {
			byType[kind(record)]++
		}
		out := object{}
		for name, n := range byType {
			out[name] = strconv.Itoa(n)
		}
		return len(records), out
	}
	want := object{}
	add := func(total, byType string, records map[string]object, kind func(object) string) {
		n, each := counts(records, kind)
		if n > 0 {
			want[total], want[byType] = strconv.Itoa(n), each
		}
	}
	want["resourceTypes"] = strconv.Itoa(len(e.types))
	add("resources", "resourcesByResourceType", e.resources, idOf("id", "resourceType"))
	add("entitlements", "entitlementsByResourceType", e.entitlements, idOf("resource", "id", "resourceType"))
	add("grants", "grantsByResourceType", e.grants, idOf("entitlement", "resource", "id", "resourceType"))
	for _, d := range compare("stats", want, got["stats"]) {
		t.Error(d)
	}
}

// checkSyncs wants so many full syncs, all of them finished after they began.
func checkSyncs(t *testing.T, file string, count int) {
	t.Helper()
	syncs := indexed(t, "syncs", batonJSON(t, file, "syncs")["syncs"], idOf("id"))
	if len(syncs) != count {
		t.Errorf("syncs: %d, expected %d", len(syncs), count)
	}
	for id, s := range syncs {
		began, err := time.Parse(time.RFC3339Nano, text(s, "startedAt"))
		if err != nil {
			t.Errorf("sync %s: start: %v", id, err)
		}
		ended, err := time.Parse(time.RFC3339Nano, text(s, "endedAt"))
		if err != nil {
			t.Errorf("sync %s: end: %v", id, err)
		}
		if ended.Before(began) {
			t.Errorf("sync %s ended before it began: %s, %s", id, ended, began)
		}
		if kind := text(s, "syncType"); kind != "full" {
			t.Errorf("sync %s is of type %q, expected full", id, kind)
		}
	}
}
