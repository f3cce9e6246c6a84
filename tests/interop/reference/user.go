package reference

// Users: the members of an organization, listed with it as their parent, as most published
// connectors do. MFA is written as the vendor states it.

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
)

type users struct{ client *client }

func (u *users) ResourceType(context.Context) *v2.ResourceType { return userType }

func (u *users) List(ctx context.Context, parent *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	if parent == nil {
		return nil, nil, nil
	}
	name, err := u.client.organizationName(ctx, parent.GetResource())
	if err != nil {
		return nil, nil, err
	}
	items, token, err := list[membership](ctx, u.client, opts.PageToken.Token, "organizations", name, "members")
	if err != nil {
		return nil, nil, err
	}
	out := make([]*v2.Resource, 0, len(items))
	for _, item := range items {
		r, err := userResource(item.User, parent)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, r)
	}
	return out, next(token), nil
}

func userResource(item user, parent *v2.ResourceId) (*v2.Resource, error) {
	profile := map[string]any{
		"user_id": item.ID, "name": item.Name, "email": item.Email,
		"two_factor_auth_configured": item.TwoFactor,
	}
	put(profile, "avatar_url", item.AvatarURL)
	put(profile, "email_verified", item.EmailVerified)
	put(profile, "sso", item.SSO)
	put(profile, "managed", item.Managed)
	put(profile, "directory_managed", item.DirectoryManaged)
	if item.DefaultOrganization != nil {
		profile["default_organization"] = item.DefaultOrganization.Name
	}

	traits := []rs.UserTraitOption{
		rs.WithStatus(v2.UserTrait_Status_STATUS_ENABLED),
		rs.WithAccountType(v2.UserTrait_ACCOUNT_TYPE_HUMAN),
		rs.WithMFAStatus(v2.UserTrait_MFAStatus_builder{MfaEnabled: item.TwoFactor}.Build()),
	}
	if strings.TrimSpace(item.Email) != "" {
		traits = append(traits, rs.WithEmail(item.Email, true), rs.WithUserLogin(item.Email))
	}
	through := isTrue(item.SSO) || isTrue(item.Managed) || isTrue(item.DirectoryManaged)
	if through || item.SSO != nil {
		traits = append(traits, rs.WithSSOStatus(v2.UserTrait_SSOStatus_builder{SsoEnabled: through}.Build()))
	}
	return rs.NewUserResource(
		firstNonBlank(item.DisplayName, item.Name, item.Email, item.ID), userType, item.ID, traits,
		rs.WithParentResourceID(parent), rs.WithResourceProfile(profile), createdAt(item.CreatedAt))
}

func isTrue(b *bool) bool { return b != nil && *b }

func (u *users) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

func (u *users) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}
