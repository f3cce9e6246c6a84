package interop

// The comparison itself, since every verdict here hangs on it.

import (
	"encoding/json"
	"testing"
)

func TestCompareSeesEveryKindOfDisagreement(t *testing.T) {
	for name, c := range map[string]struct {
		left, right string
		paths       []string
	}{
		"equal":                     {`{"a":[1,{"b":"c"}]}`, `{"a":[1,{"b":"c"}]}`, nil},
		"a value":                   {`{"a":1}`, `{"a":2}`, []string{".a"}},
		"a field missing":           {`{"a":1,"b":2}`, `{"a":1}`, []string{".b"}},
		"a field more":              {`{"a":1}`, `{"a":1,"b":false}`, []string{".b"}},
		"an empty object more":      {`{}`, `{"mfaStatus":{}}`, []string{".mfaStatus"}},
		"an empty object missing":   {`{"mfaStatus":{}}`, `{}`, []string{".mfaStatus"}},
		"a list too long":           {`{"a":[1]}`, `{"a":[1,2]}`, []string{".a"}},
		"another type":              {`{"a":"1"}`, `{"a":1}`, []string{".a"}},
		"an object for a text":      {`{"a":"1"}`, `{"a":{"b":1}}`, []string{".a"}},
		"a list for a text":         {`{"a":"1"}`, `{"a":["1"]}`, []string{".a"}},
		"order of annotations":      {`{"annotations":[{"@type":"x.A"},{"@type":"x.B"}]}`, `{"annotations":[{"@type":"x.B"},{"@type":"x.A"}]}`, nil},
		"an annotation twice":       {`{"annotations":[{"@type":"x.A"}]}`, `{"annotations":[{"@type":"x.A"},{"@type":"x.A"}]}`, []string{".annotations.A"}},
		"a field of an annotation":  {`{"annotations":[{"@type":"x.A","v":1}]}`, `{"annotations":[{"@type":"x.A","v":2}]}`, []string{".annotations.A[0].v"}},
		"one moment, two spellings": {`{"createdAt":"2024-01-01T00:00:00.500Z"}`, `{"createdAt":"2024-01-01T01:00:00.5+01:00"}`, nil},
		"two moments":               {`{"createdAt":"2024-01-01T00:00:00Z"}`, `{"createdAt":"2024-01-01T00:00:01Z"}`, []string{".createdAt"}},
	} {
		t.Run(name, func(t *testing.T) {
			var paths []string
			for _, d := range compare("", parse(t, c.left), parse(t, c.right)) {
				paths = append(paths, d.path)
			}
			if short(paths) != short(c.paths) {
				t.Errorf("differences at %v, expected %v", paths, c.paths)
			}
		})
	}
}

func parse(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
