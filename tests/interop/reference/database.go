package reference

// Databases: what the organization's teams name, as children of the organization. What a team may do with
// one is granted to the team and expands to its members.

import (
	"context"
	"fmt"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	"github.com/conductorone/baton-sdk/pkg/types/grant"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
)

var databaseType = rs.NewResourceType("Database", nil, permission())

type databases struct{ client *client }

func (d *databases) ResourceType(context.Context) *v2.ResourceType { return databaseType }

func (d *databases) List(ctx context.Context, parent *v2.ResourceId, _ rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	if parent == nil {
		return nil, nil, nil
	}
	organization, err := d.client.organizationName(ctx, parent.GetResource())
	if err != nil {
		return nil, nil, err
	}
	names, order := map[string]string{}, []string{}
	admins, analysts := map[string][]any{}, map[string][]any{}
	note := func(team string, named []database, holders map[string][]any) {
		for _, one := range named {
			if _, known := names[one.ID]; !known {
				names[one.ID] = one.Name
				order = append(order, one.ID)
			}
			held := holders[one.ID]
			if len(held) == 0 || held[len(held)-1] != team {
				holders[one.ID] = append(held, team)
			}
		}
	}
	for token := ""; ; {
		teams, following, err := list[team](ctx, d.client, token, "organizations", organization, "teams")
		if err != nil {
			return nil, nil, err
		}
		for _, one := range teams {
			note(one.ID, one.Databases, admins)
			note(one.ID, one.AnalystDatabases, analysts)
		}
		if following == "" {
			break
		}
		token = following
	}
	out := make([]*v2.Resource, 0, len(order))
	for _, id := range order {
		r, err := rs.NewResource(firstNonBlank(strings.TrimSpace(names[id]), id), databaseType, id,
			rs.WithParentResourceID(parent),
			rs.WithResourceProfile(map[string]any{
				"name": names[id], "admin_team_ids": orEmpty(admins[id]), "analyst_team_ids": orEmpty(analysts[id]),
			}))
		if err != nil {
			return nil, nil, err
		}
		out = append(out, r)
	}
	return out, nil, nil
}

func orEmpty(list []any) []any {
	if list == nil {
		return []any{}
	}
	return list
}

func (d *databases) Entitlements(_ context.Context, r *v2.Resource, _ rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	name := r.GetDisplayName()
	offer := func(slug, description string) *v2.Entitlement {
		return entitlement.NewPermissionEntitlement(r, slug,
			entitlement.WithGrantableTo(organizationType, teamType),
			entitlement.WithDisplayName(fmt.Sprintf("%s database %s", name, slug)),
			entitlement.WithDescription(description))
	}
	return []*v2.Entitlement{
		offer("admin", fmt.Sprintf("Database Administrator of the %s database in PlanetScale. PlanetScale does not tell "+
			"who was made Database Administrator one by one, or by creating a database: they are not among the holders.", name)),
		offer("analyst", fmt.Sprintf("Reads the %s database in PlanetScale, production included.", name)),
	}, nil, nil
}

func (d *databases) Grants(_ context.Context, r *v2.Resource, _ rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	out := []*v2.Grant{grant.NewGrant(r, "admin", r.GetParentResourceId(),
		grant.WithAnnotation(
			immutable("Comes with the role Administrator of the organization."),
			expandable(r.GetParentResourceId(), "admin")))}
	for slug, key := range map[string]string{"admin": "admin_team_ids", "analyst": "analyst_team_ids"} {
		for _, id := range rs.GetProfile(r).GetFields()[key].GetListValue().GetValues() {
			principal, err := rs.NewResourceID(teamType, id.GetStringValue())
			if err != nil {
				return nil, nil, err
			}
			out = append(out, grant.NewGrant(r, slug, principal, grant.WithAnnotation(expandable(principal, "member"))))
		}
	}
	return out, nil, nil
}

// expandable says that whoever holds something of the principal directly holds the grant, too.
func expandable(principal *v2.ResourceId, slug string) *v2.GrantExpandable {
	id := principal.GetResourceType() + ":" + principal.GetResource() + ":" + slug
	return v2.GrantExpandable_builder{EntitlementIds: []string{id}, Shallow: true}.Build()
}

func (d *databases) Get(ctx context.Context, id, parent *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	found, err := lister(d.List).findWithin(ctx, d.client, id, parent)
	return found, nil, err
}
