// Package reference is a second connector for PlanetScale, written on baton-sdk's connectorbuilder
// the way published Go connectors are: one syncer for each resource type, SDK constructors, page
// numbers as tokens. It exists to be disagreed with. The product and it read the same API; where
// their files differ, one of them is wrong or the difference has a reason that is written down in
// the table of differences. It is no product: it trusts the API, as plain connectors do.
package reference

import (
	"context"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
)

func permission() *v2.CapabilityPermissions {
	return v2.CapabilityPermissions_builder{
		Permissions: []*v2.CapabilityPermission{
			v2.CapabilityPermission_builder{Permission: "read_organization"}.Build(),
		},
	}.Build()
}

var (
	organizationType = rs.NewResourceType("Organization", nil, permission())
	userType         = rs.NewResourceType("User", []v2.ResourceType_Trait{v2.ResourceType_TRAIT_USER},
		&v2.SkipEntitlementsAndGrants{}, permission())
	teamType = rs.NewResourceType("Team", []v2.ResourceType_Trait{v2.ResourceType_TRAIT_GROUP}, permission())
)

type connector struct {
	client *client
	// databases is whether they are read, as the product's option says it.
	databases bool
}

func (c *connector) Metadata(context.Context) (*v2.ConnectorMetadata, error) {
	return v2.ConnectorMetadata_builder{
		DisplayName: "PlanetScale",
		Description: "Connector syncing PlanetScale organizations, users and teams to Baton",
	}.Build(), nil
}

func (c *connector) Validate(ctx context.Context) (annotations.Annotations, error) {
	_, _, err := list[organization](ctx, c.client, "", "organizations")
	return nil, err
}

func (c *connector) ResourceSyncers(context.Context) []connectorbuilder.ResourceSyncerV2 {
	syncers := []connectorbuilder.ResourceSyncerV2{
		&organizations{c.client, c.databases}, &users{c.client}, &teams{c.client},
	}
	if c.databases {
		syncers = append(syncers, &databases{c.client})
	}
	return syncers
}

// next says where a list goes on.
func next(token string) *rs.SyncOpResults { return &rs.SyncOpResults{NextPageToken: token} }

// createdAt is the option that sets a resource's time of creation, when the API's text is a time.
func createdAt(text string) rs.ResourceOption {
	return func(r *v2.Resource) error {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil
		}
		return rs.WithResourceCreatedAt(at)(r)
	}
}

func firstNonBlank(candidates ...string) string {
	for _, c := range candidates {
		if strings.TrimSpace(c) != "" {
			return c
		}
	}
	return ""
}

// put adds a value to a profile when the API gave one.
func put[T any](profile map[string]any, key string, value *T) {
	if value != nil {
		profile[key] = *value
	}
}

// profileText reads back a text that a resource was listed with.
func profileText(r *v2.Resource, key string) string {
	return rs.GetProfile(r).GetFields()[key].GetStringValue()
}

func profileBool(r *v2.Resource, key string) bool {
	return rs.GetProfile(r).GetFields()[key].GetBoolValue()
}

// immutable marks a grant that cannot be taken away in the product.
func immutable(reason string) *v2.GrantImmutable {
	return v2.GrantImmutable_builder{Metadata: mustStruct(map[string]any{"reason": reason})}.Build()
}
