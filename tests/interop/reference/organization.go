package reference

// Organizations: top-level, without a trait, the parents of users, teams and databases. One entitlement for
// each of the two roles the API documents, one grant for each membership.

import (
	"context"
	"fmt"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	"github.com/conductorone/baton-sdk/pkg/types/grant"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

type organizations struct {
	client    *client
	databases bool
}

func (o *organizations) ResourceType(context.Context) *v2.ResourceType { return organizationType }

func (o *organizations) List(ctx context.Context, parent *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	if parent != nil {
		return nil, nil, nil
	}
	items, token, err := list[organization](ctx, o.client, opts.PageToken.Token, "organizations")
	if err != nil {
		return nil, nil, err
	}
	children := []proto.Message{
		v2.ChildResourceType_builder{ResourceTypeId: userType.GetId()}.Build(),
		v2.ChildResourceType_builder{ResourceTypeId: teamType.GetId()}.Build(),
	}
	if o.databases {
		children = append(children, v2.ChildResourceType_builder{ResourceTypeId: databaseType.GetId()}.Build())
	}
	out := make([]*v2.Resource, 0, len(items))
	for _, item := range items {
		profile := map[string]any{"name": item.Name, "idp_managed_roles": item.IDPManagedRoles}
		put(profile, "plan", item.Plan)
		put(profile, "sso", item.SSO)
		put(profile, "sso_directory", item.SSODirectory)
		r, err := rs.NewResource(item.Name, organizationType, item.ID,
			rs.WithResourceProfile(profile),
			createdAt(item.CreatedAt),
			rs.WithAnnotation(children...))
		if err != nil {
			return nil, nil, err
		}
		out = append(out, r)
	}
	return out, next(token), nil
}

func (o *organizations) Entitlements(_ context.Context, r *v2.Resource, _ rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	name := r.GetDisplayName()
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(r, "member",
			entitlement.WithGrantableTo(userType),
			entitlement.WithDisplayName(fmt.Sprintf("%s organization member", name)),
			entitlement.WithDescription(fmt.Sprintf("Member of the %s organization in PlanetScale", name))),
		entitlement.NewPermissionEntitlement(r, "admin",
			entitlement.WithGrantableTo(userType),
			entitlement.WithDisplayName(fmt.Sprintf("%s organization admin", name)),
			entitlement.WithDescription(fmt.Sprintf("Administrator of the %s organization in PlanetScale", name))),
	}, nil, nil
}

func (o *organizations) Grants(ctx context.Context, r *v2.Resource, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	items, token, err := list[membership](ctx, o.client, opts.PageToken.Token,
		"organizations", profileText(r, "name"), "members")
	if err != nil {
		return nil, nil, err
	}
	var extra []grant.GrantOption
	if profileBool(r, "idp_managed_roles") {
		extra = append(extra, grant.WithAnnotation(
			immutable("The identity provider manages the roles of this organization.")))
	}
	out := make([]*v2.Grant, 0, len(items))
	for _, item := range items {
		role := "member"
		if item.Role == "admin" {
			role = "admin"
		}
		principal, err := rs.NewResourceID(userType, item.User.ID)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, grant.NewGrant(r, role, principal, extra...))
	}
	return out, next(token), nil
}

// mustStruct is for literals of this package, which are always valid.
func mustStruct(fields map[string]any) *structpb.Struct {
	s, err := structpb.NewStruct(fields)
	if err != nil {
		panic(err)
	}
	return s
}
