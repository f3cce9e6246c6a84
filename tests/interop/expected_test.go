package interop

// The expected records in the words of Baton's protojson: what `baton -o json` must print for a
// scenario, every field of it.

import (
	"strings"
)

type object = map[string]any

// expected holds the records of one scenario by their ids.
type expected struct {
	types        map[string]object // by type id
	resources    map[string]object // by `type:id`
	entitlements map[string]object // by entitlement id
	grants       map[string]object // by grant id
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

// object is a resource type as printed. A type whose resources offer nothing says so, which spares
// readers and syncers the question.
func (t manifestResourceType) object() object {
	annotations := []any{}
	if !t.HasEntitlementsAndGrants {
		annotations = append(annotations, anyOf("SkipEntitlementsAndGrants", nil))
	}
	permissions := []any{}
	for _, name := range t.Permissions {
		permissions = append(permissions, object{"permission": name})
	}
	annotations = append(annotations, anyOf("CapabilityPermissions", object{"permissions": permissions}))
	out := object{"id": t.ID, "displayName": t.DisplayName, "annotations": annotations}
	traits := []any{}
	for _, name := range t.Traits {
		traits = append(traits, "TRAIT_"+strings.ToUpper(name))
	}
	if len(traits) > 0 {
		out["traits"] = traits
	}
	return out
}

func (i identity) object() object { return object{"resourceType": i.Type, "resource": i.ID} }
func (i identity) String() string { return i.Type + ":" + i.ID }

func expect(m manifest) expected {
	e := expected{
		types: map[string]object{}, resources: map[string]object{},
		entitlements: map[string]object{}, grants: map[string]object{},
	}
	for _, kind := range m.ResourceTypes {
		e.types[kind.ID] = kind.object()
	}
	for _, r := range m.Resources {
		e.resources[r.ID.String()] = r.object()
	}
	for _, n := range m.Entitlements {
		types := []any{}
		for _, id := range n.GrantableTo {
			types = append(types, e.types[id])
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
			"entitlement": object{"id": g.Entitlement, "resource": e.entitlements[g.Entitlement]["resource"]},
			"principal":   object{"id": g.Principal.object()},
		}
		annotations := []any{}
		if g.Immutable != nil {
			annotations = append(annotations, anyOf("GrantImmutable", object{"metadata": object{immutableReason: *g.Immutable}}))
		}
		if g.Expansion != nil {
			over := []any{}
			for _, id := range g.Expansion.Entitlements {
				over = append(over, id)
			}
			annotations = append(annotations, anyOf("GrantExpandable", object{"entitlementIds": over, "shallow": g.Expansion.Shallow}))
		}
		if len(annotations) > 0 {
			record["annotations"] = annotations
		}
		e.grants[g.ID] = record
	}
	return e
}

func (r manifestResource) object() object {
	out := object{"id": r.ID.object(), "displayName": r.DisplayName}
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
	for _, child := range r.ChildResourceTypes {
		annotations = append(annotations, anyOf("ChildResourceType", object{"resourceTypeId": child}))
	}
	if r.GroupSource != nil {
		annotations = append(annotations, anyOf("GroupTrait", object{"groupSourceType": *r.GroupSource}))
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
	for i, address := range u.Emails {
		email := object{"address": address}
		if i == 0 {
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
	flag("mfaStatus", "mfaEnabled", u.MFAEnabled)
	flag("ssoStatus", "ssoEnabled", u.SSOEnabled)
	return out
}
