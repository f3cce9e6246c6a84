package interop

// The tables that `baton export csv` and `baton export xlsx` write: one row for each person,
// entitlement and grant, in no particular order.

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var columns = []string{
	"Type", "Last Name", "First Name", "User ID", "User Status", "Email Address",
	"Entitlement Display Name", "Entitlement", "Resource Type", "Resource Name",
	"Entitlement Description", "Entitlement Slug",
}

func readCSV(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func readXLSX(t *testing.T, file string) [][]string {
	t.Helper()
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	// A spreadsheet keeps no empty cells at the end of a row.
	for i := range rows {
		for len(rows[i]) < len(columns) {
			rows[i] = append(rows[i], "")
		}
	}
	return rows
}

// checkTable compares the rows with the scenario as multisets, both ways.
func checkTable(t *testing.T, e expected, got [][]string) {
	t.Helper()
	if len(got) == 0 || !slices.Equal(got[0], columns) {
		t.Fatalf("the first row is not the header: %q", got)
	}
	want := map[string]int{}
	add := func(cells ...string) { want[line(cells)]++ }
	person := func(record object) (id, email string) {
		annotations, _ := byType(record["annotations"]).(object)
		traits, _ := annotations["UserTrait"].([]any)
		emails, _ := at(traits[0], "emails").([]any)
		for _, one := range emails {
			if at(one, "isPrimary") == true {
				email = text(one, "address")
			}
		}
		return text(record, "profile", "user_id"), email
	}
	for _, record := range e.resources {
		if text(record, "id", "resourceType") == "user" {
			id, email := person(record)
			add("Identity", "", "", id, "Enabled", email, "", "", "", "", "", "")
		}
	}
	about := func(entitlement object) []string {
		return []string{
			text(entitlement, "displayName"), text(entitlement, "id"), text(entitlement, "resource", "id", "resourceType"),
			text(entitlement, "resource", "displayName"), text(entitlement, "description"), text(entitlement, "slug"),
		}
	}
	for _, entitlement := range e.entitlements {
		add(append([]string{"Entitlement", "", "", "", "", ""}, about(entitlement)...)...)
	}
	for _, grant := range e.grants {
		id, email := person(e.resources[resourceKey("principal")(grant)])
		add(append([]string{"Grant", "", "", id, "", email}, about(e.entitlements[text(grant, "entitlement", "id")])...)...)
	}
	for _, row := range got[1:] {
		want[line(row)]--
	}
	for row, n := range want {
		switch {
		case n > 0:
			t.Errorf("row missing (%d): %q", n, row)
		case n < 0:
			t.Errorf("row not expected (%d): %q", -n, row)
		}
	}
}

func line(cells []string) string { return strings.Join(cells, "\x1f") }
