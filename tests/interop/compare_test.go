package interop

// Comparing two pieces of parsed JSON field by field, both ways: what is missing, what is more, and
// what differs, each with its path.

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// difference is one field in which two records disagree. An absent side is nil.
type difference struct {
	path        string
	left, right any
}

func (d difference) String() string {
	return fmt.Sprintf("%s: %s, expected %s", d.path, short(d.right), short(d.left))
}

func short(v any) string {
	if v == nil {
		return "nothing"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if len(text) > 300 {
		return string(text[:300]) + "…"
	}
	return string(text)
}

// compare lists the differences of two values. The order of annotations means nothing, two texts of
// one moment are equal, and nothing else is forgiven.
func compare(path string, left, right any) []difference {
	switch l := left.(type) {
	case object:
		r, ok := right.(object)
		if !ok {
			return []difference{{path, left, right}}
		}
		var out []difference
		for _, key := range keysOf(l, r) {
			a, b := l[key], r[key]
			switch key {
			case "annotations":
				a, b = byType(a), byType(b)
			case "createdAt":
				a, b = moment(a), moment(b)
			}
			out = append(out, compare(path+"."+key, a, b)...)
		}
		return out
	case []any:
		r, ok := right.([]any)
		if !ok || len(l) != len(r) {
			return []difference{{path, left, right}}
		}
		var out []difference
		for i := range l {
			out = append(out, compare(fmt.Sprintf("%s[%d]", path, i), l[i], r[i])...)
		}
		return out
	default:
		if equalLeaf(left, right) {
			return nil
		}
		return []difference{{path, left, right}}
	}
}

// equalLeaf compares values that hold no others.
func equalLeaf(left, right any) bool {
	switch right.(type) {
	case object, []any:
		return false
	}
	return left == right
}

func keysOf(maps ...object) []string {
	var keys []string
	for _, m := range maps {
		for key := range m {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// byType turns a list of annotations into an object: the name of the type to its annotations, which
// are sorted when there are several.
func byType(list any) any {
	items, ok := list.([]any)
	if !ok {
		return list
	}
	out := object{}
	for _, item := range items {
		fields, ok := item.(object)
		if !ok {
			return list
		}
		url, _ := fields["@type"].(string)
		name := url[strings.LastIndex(url, ".")+1:]
		same, _ := out[name].([]any)
		out[name] = append(same, item)
	}
	for name, same := range out {
		slices.SortFunc(same.([]any), func(a, b any) int {
			x, _ := json.Marshal(a)
			y, _ := json.Marshal(b)
			return strings.Compare(string(x), string(y))
		})
		out[name] = same
	}
	return out
}

func moment(text any) any {
	s, ok := text.(string)
	if !ok {
		return text
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return text
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// compareSets compares records by their ids and reports at most a few of the disagreements.
func compareSets(t *testing.T, what string, want, got map[string]object) {
	t.Helper()
	const enough = 10
	var out []string
	for _, id := range unionOf(want, got) {
		w, wanted := want[id]
		g, given := got[id]
		switch {
		case !given:
			out = append(out, fmt.Sprintf("%s: missing", id))
		case !wanted:
			out = append(out, fmt.Sprintf("%s: not expected: %s", id, short(g)))
		default:
			for _, d := range compare("", w, g) {
				out = append(out, id+" "+d.String())
			}
		}
	}
	if len(out) > 0 {
		t.Errorf("%s: %d differences (%d expected, %d found):\n%s",
			what, len(out), len(want), len(got), strings.Join(out[:min(len(out), enough)], "\n"))
	}
}

func unionOf(a, b map[string]object) []string {
	var ids []string
	for id := range a {
		ids = append(ids, id)
	}
	for id := range b {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// indexed makes a set of a list and complains about an id that comes twice.
func indexed(t *testing.T, what string, list any, id func(object) string) map[string]object {
	t.Helper()
	out := map[string]object{}
	items, _ := list.([]any)
	for _, item := range items {
		record, ok := item.(object)
		if !ok {
			t.Fatalf("%s: %s is no record", what, short(item))
		}
		key := id(record)
		if _, twice := out[key]; twice {
			t.Errorf("%s: %s is listed twice", what, key)
		}
		out[key] = record
	}
	return out
}

// at follows keys into nested objects; nil where there is nothing.
func at(value any, keys ...string) any {
	for _, key := range keys {
		fields, ok := value.(object)
		if !ok {
			return nil
		}
		value = fields[key]
	}
	return value
}

func text(value any, keys ...string) string {
	s, _ := at(value, keys...).(string)
	return s
}
