package interop

// The expected records in the words of Baton's protojson: what `baton -o json` must print for a
// scenario, every field of it. Values that the manifest derives from the scenario are taken from
// there; what is the same for every customer (the three resource types) is written out here.

import (
	"strings"
)

type object = map[string]any

// expected holds the records of one scenario by their ids.
type expected struct {
	resources    map[string]object // by `type:id`
	entitlements map[string]object // by entitlement id
	grants       map[string]object // by grant id
	source       manifest
}

// immutableReason is the key under which the reason of a GrantImmutable annotation is kept.
const immutableReason = "reason"

func anyOf(name string, fields object) object {
	out := object{"@type": "type.googleapis.com/c1.connector.v2." + name}
	for key, value := range fields {
		out[key] = value
	}
	return out
}

// resourceTypes are those of every file, by id.
func resourceTypes() map[string]object {
	permissions := func() object {
		return anyOf("CapabilityPermissions", object{"permissions": []any{object{"permission": "read_organization"}}})
	}
	return map[string]object{
		"organization": {"id": "organization", "displayName": "Organization", "annotations": []any{permissions()}},
		"user": {
			"id": "user", "displayName": "User", "traits": []any{"TRAIT_USER"},
			"annotations": []any{anyOf("SkipEntitlementsAndGrants", nil), permissions()},
		},
		"team": {"id": "team", "displayName": "Team", "traits": []any{"TRAIT_GROUP"}, "annotations": []any{permissions()}},
	}
}

func (i identity) object() object { return object{"resourceType": i.Type, "resource": i.ID} }
func (i identity) String() string { return i.Type + ":" + i.ID }

func expect(m manifest) expected {
	e := expected{
		resources: map[string]object{}, entitlements: map[string]object{}, grants: map[string]object{}, source: m,
	}
	for _, r := range m.Resources {
		e.resources[r.identity.String()] = r.object()
	}
	for _, n := range m.Entitlements {
		types := []any{}
		for _, id := range n.GrantableTo {
			types = append(types, resourceTypes()[id])
		}
		e.entitlements[n.ID] = object{
			"id": n.ID, "slug": n.Slug, "displayName": n.DisplayName, "description": n.Description,
			"purpose":     "PURPOSE_VALUE_" + strings.ToUpper(n.Purpose),
			"grantableTo": types, "resource": e.resources[n.Resource.String()],
		}
	}
	for _, g := range m.Grants {
		record := object{
			"id":          g.ID,
			"entitlement": object{"id": g.EntitlementID, "resource": e.entitlements[g.EntitlementID]["resource"]},
			"principal":   object{"id": g.Principal.object()},
		}
		if g.Immutable != nil {
			record["annotations"] = []any{anyOf("GrantImmutable", object{"metadata": object{immutableReason: *g.Immutable}})}
		}
		e.grants[g.ID] = record
	}
	return e
}

func (r manifestResource) object() object {
	out := object{"id": r.identity.object(), "displayName": r.DisplayName}
	if len(r.Profile) > 0 {
		out["profile"] = r.Profile
	}
	if r.Parent != nil {
		out["parentResourceId"] = r.Parent.object()
	}
	if r.Description != nil {
		out["description"] = *r.Description
	}
	if r.CreatedAt != nil {
		out["createdAt"] = *r.CreatedAt
	}
	annotations := []any{}
	for _, child := range r.Children {
		annotations = append(annotations, anyOf("ChildResourceType", object{"resourceTypeId": child}))
	}
	if r.GroupSource != nil {
		annotations = append(annotations, anyOf("GroupTrait",
			object{"groupSourceType": strings.ReplaceAll(*r.GroupSource, "-", "_")}))
	}
	if r.User != nil {
		status := strings.ToUpper(r.User.Status)
		annotations = append(annotations, anyOf("UserTrait", r.User.trait()))
		out["status"] = object{"status": "RESOURCE_STATUS_" + status}
	}
	if len(annotations) > 0 {
		out["annotations"] = annotations
	}
	return out
}

func (u manifestUser) trait() object {
	out := object{
		// Readers older than Resource.status look here; both say the same.
		"status":      object{"status": "STATUS_" + strings.ToUpper(u.Status)},
		"accountType": "ACCOUNT_TYPE_" + strings.ToUpper(u.AccountType),
	}
	emails := []any{}
	for _, e := range u.Emails {
		email := object{"address": e.Address}
		if e.Primary {
			email["isPrimary"] = true
		}
		emails = append(emails, email)
	}
	if len(emails) > 0 {
		out["emails"] = emails
	}
	if u.Login != nil {
		out["login"] = *u.Login
	}
	// protojson leaves a false out: present and empty says "known to be off".
	flag := func(key, inner string, value *bool) {
		switch {
		case value == nil:
		case *value:
			out[key] = object{inner: true}
		default:
			out[key] = object{}
		}
	}
	flag("mfaStatus", "mfaEnabled", u.MFA)
	flag("ssoStatus", "ssoEnabled", u.SSO)
	return out
}
