package interop

// The table of differences: where the product and the connector on the Go SDK disagree on purpose.
// A row allows one field of one kind of record to differ in one way, and says why. Whatever is not
// in the table fails the differential test, and so does a row that no scenario shows any more.

import (
	"strings"
	"sync/atomic"
)

type disagreement struct {
	name   string
	kind   string // of record
	reason string
	// allows looks at the field and at the product's and the reference's whole records.
	allows func(d difference, product, reference object) bool
	seen   atomic.Bool
}

var disagreements = []*disagreement{
	{
		name: "a user has no parent",
		kind: "resource",
		reason: "A person can belong to several organizations and is one record. Go connectors list users " +
			"under the organization they were read through, so a person's parent is whichever list came " +
			"last, and changes from run to run. The product gives users no parent: membership is a grant.",
		allows: func(d difference, product, reference object) bool {
			return d.path == ".parentResourceId" && d.left == nil &&
				text(product, "id", "resourceType") == "user" &&
				text(reference, "parentResourceId", "resourceType") == "organization"
		},
	},
	{
		name: "no second factor here says nothing of people who come through SSO",
		kind: "resource",
		reason: "PlanetScale offers them no second factor of its own: their identity provider asks for it, " +
			"or does not. Written as a plain false it reads as a weak sign-in, so the product writes that it " +
			"does not know. The flag as the API gives it is in the profile of both.",
		allows: func(d difference, product, reference object) bool {
			return d.path == ".annotations.UserTrait[0].mfaStatus" && d.left == nil && short(d.right) == "{}" &&
				at(reference, "profile", "two_factor_auth_configured") == false && throughSSO(reference)
		},
	},
	{
		name: "a grant names its entitlement's resource and does not repeat it",
		kind: "grant",
		reason: "Go's constructor stores the whole resource again inside every grant of it. Readers join the " +
			"resource by its id, and the conversion to Pebble drops the copy: the file is smaller without it.",
		allows: func(d difference, product, reference object) bool {
			return strings.HasPrefix(d.path, ".entitlement.resource.") && d.left == nil &&
				short(at(product, "entitlement", "resource")) == short(object{"id": at(reference, "entitlement", "resource", "id")})
		},
	},
}

// throughSSO is whether a person's profile says that somebody else's directory vouches for them.
func throughSSO(user object) bool {
	for _, key := range []string{"sso", "managed", "directory_managed"} {
		if at(user, "profile", key) == true {
			return true
		}
	}
	return false
}

// allowed finds the row that allows a difference.
func allowed(kind string, d difference, product, reference object) bool {
	for _, row := range disagreements {
		if row.kind == kind && row.allows(d, product, reference) {
			row.seen.Store(true)
			return true
		}
	}
	return false
}
