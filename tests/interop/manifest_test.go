package interop

// What a scenario should become, as the API double derives it from the scenario itself. This file
// knows the manifest's own form; expected_test.go turns it into what Baton's tools print.

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"
)

type manifest struct {
	Resources    []manifestResource    `json:"resources"`
	Entitlements []manifestEntitlement `json:"entitlements"`
	Grants       []manifestGrant       `json:"grants"`
}

type identity struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type manifestResource struct {
	identity
	Parent      *identity      `json:"parent"`
	DisplayName string         `json:"displayName"`
	Description *string        `json:"description"`
	CreatedAt   *string        `json:"createdAt"`
	Profile     map[string]any `json:"profile"`
	Children    []string       `json:"children"`
	User        *manifestUser  `json:"user"`
	GroupSource *string        `json:"groupSource"`
}

type manifestUser struct {
	Emails []struct {
		Address string `json:"address"`
		Primary bool   `json:"primary"`
	} `json:"emails"`
	Login       *string `json:"login"`
	Status      string  `json:"status"`
	AccountType string  `json:"accountType"`
	MFA         *bool   `json:"mfa"`
	SSO         *bool   `json:"sso"`
}

type manifestEntitlement struct {
	ID          string   `json:"id"`
	Resource    identity `json:"resource"`
	Slug        string   `json:"slug"`
	DisplayName string   `json:"displayName"`
	Description string   `json:"description"`
	Purpose     string   `json:"purpose"`
	GrantableTo []string `json:"grantableTo"`
}

type manifestGrant struct {
	ID            string   `json:"id"`
	EntitlementID string   `json:"entitlementId"`
	Principal     identity `json:"principal"`
	Immutable     *string  `json:"immutable"`
}

// manifestOf asks the API double what a scenario should become. A field this file does not know
// ends the test: it would be one that nothing compares.
func manifestOf(t *testing.T, scenario string) manifest {
	t.Helper()
	out, err := exec.Command(need(t, apiDouble), "--scenario", scenario, "--print-manifest").Output()
	if err != nil {
		t.Fatalf("manifest of scenario %s: %v", scenario, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	decoder.DisallowUnknownFields()
	var m manifest
	if err := decoder.Decode(&m); err != nil {
		t.Fatalf("manifest of scenario %s: %v", scenario, err)
	}
	if len(m.Resources) == 0 {
		t.Fatalf("the manifest of scenario %s expects nothing at all", scenario)
	}
	return m
}
