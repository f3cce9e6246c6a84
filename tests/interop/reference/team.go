package reference

// Teams: groups of an organization's members, found again by the slug and the organization's name
// that their profile keeps.

import (
	"context"
	"fmt"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	"github.com/conductorone/baton-sdk/pkg/types/grant"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
)

type teams struct{ client *client }

func (t *teams) ResourceType(context.Context) *v2.ResourceType { return teamType }

func (t *teams) List(ctx context.Context, parent *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	if parent == nil {
		return nil, nil, nil
	}
	name, err := t.client.organizationName(ctx, parent.GetResource())
	if err != nil {
		return nil, nil, err
	}
	items, token, err := list[team](ctx, t.client, opts.PageToken.Token, "organizations", name, "teams")
	if err != nil {
		return nil, nil, err
	}
	out := make([]*v2.Resource, 0, len(items))
	for _, item := range items {
		source := rs.GroupSourceTypeNative
		if item.Managed {
			source = rs.GroupSourceTypeDirectorySynced
		}
		options := []rs.ResourceOption{
			rs.WithParentResourceID(parent),
			rs.WithResourceProfile(map[string]any{
				"organization_name": name, "slug": item.Slug, "name": item.Name, "managed": item.Managed,
			}),
			createdAt(item.CreatedAt),
		}
		if item.Description != nil && strings.TrimSpace(*item.Description) != "" {
			options = append(options, rs.WithDescription(*item.Description))
		}
		r, err := rs.NewGroupResource(firstNonBlank(item.DisplayName, item.Name, item.Slug), teamType, item.ID,
			[]rs.GroupTraitOption{rs.WithGroupSourceType(source)}, options...)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, r)
	}
	return out, next(token), nil
}

func (t *teams) Entitlements(_ context.Context, r *v2.Resource, _ rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	name := r.GetDisplayName()
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(r, "member",
			entitlement.WithGrantableTo(userType),
			entitlement.WithDisplayName(fmt.Sprintf("%s team member", name)),
			entitlement.WithDescription(fmt.Sprintf("Member of the %s team in PlanetScale", name))),
	}, nil, nil
}

func (t *teams) Grants(ctx context.Context, r *v2.Resource, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	items, token, err := list[membership](ctx, t.client, opts.PageToken.Token,
		"organizations", profileText(r, "organization_name"), "teams", profileText(r, "slug"), "members")
	if err != nil {
		return nil, nil, err
	}
	var extra []grant.GrantOption
	if profileBool(r, "managed") {
		extra = append(extra, grant.WithAnnotation(immutable("A directory manages the members of this team.")))
	}
	out := make([]*v2.Grant, 0, len(items))
	for _, item := range items {
		principal, err := rs.NewResourceID(userType, item.User.ID)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, grant.NewGrant(r, "member", principal, extra...))
	}
	return out, next(token), nil
}
