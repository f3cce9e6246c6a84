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
	Scenario      string                 `json:"scenario"`
	ResourceTypes []manifestResourceType `json:"resourceTypes"`
	Resources     []manifestResource     `json:"resources"`
	Entitlements  []manifestEntitlement  `json:"entitlements"`
	Grants        []manifestGrant        `json:"grants"`
	Warnings      []struct {
		Organization string `json:"organization"`
		Person       string `json:"person"`
		PersonID     string `json:"personId"`
		Role         string `json:"role"`
	} `json:"warnings"`
	// Error is why the sync must fail, if it must.
	Error *struct {
		Kind         string `json:"kind"`
		Organization string `json:"organization"`
	} `json:"error"`
	Requests int `json:"requests"`
}

type identity struct {
	Type string `json:"resourceType"`
	ID   string `json:"resource"`
}

type manifestResourceType struct {
	ID                       string   `json:"id"`
	DisplayName              string   `json:"displayName"`
	Traits                   []string `json:"traits"`
	HasEntitlementsAndGrants bool     `json:"hasEntitlementsAndGrants"`
	Permissions              []string `json:"permissions"`
}

type manifestResource struct {
	ID                 identity       `json:"id"`
	Parent             *identity      `json:"parent"`
	DisplayName        string         `json:"displayName"`
	Description        *string        `json:"description"`
	ChildResourceTypes []string       `json:"childResourceTypes"`
	CreatedAt          *string        `json:"createdAt"`
	Profile            map[string]any `json:"profile"`
	User               *manifestUser  `json:"user"`
	GroupSource        *string        `json:"groupSource"`
}

type manifestUser struct {
	// Emails begins with the primary address.
	Emails      []string `json:"emails"`
	Login       *string  `json:"login"`
	Status      string   `json:"status"`
	AccountType string   `json:"accountType"`
	MFAEnabled  *bool    `json:"mfaEnabled"`
	SSOEnabled  *bool    `json:"ssoEnabled"`
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
	ID          string   `json:"id"`
	Entitlement string   `json:"entitlement"`
	Principal   identity `json:"principal"`
	Immutable   *string  `json:"immutable"`
	Expansion   *struct {
		Entitlements []string `json:"entitlements"`
		Shallow      bool     `json:"shallow"`
	} `json:"expansion"`
}

// manifestOf asks the API double what a scenario should become. A field this file does not know
// ends the test: it would be one that nothing compares.
func manifestOf(t *testing.T, scenario string, further ...string) manifest {
	t.Helper()
	arguments := append([]string{"--scenario", scenario, "--print-manifest"}, further...)
	out, err := exec.Command(need(t, apiDouble), arguments...).Output()
	if err != nil {
		t.Fatalf("manifest of scenario %s: %v", scenario, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	decoder.DisallowUnknownFields()
	var m manifest
	if err := decoder.Decode(&m); err != nil {
		t.Fatalf("manifest of scenario %s: %v", scenario, err)
	}
	if m.Error == nil && len(m.Resources) == 0 {
		t.Fatalf("the manifest of scenario %s expects nothing at all", scenario)
	}
	return m
}
