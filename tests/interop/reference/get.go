package reference

// Single resources, for targeted syncs. The API has no request for one by its id, so each is looked for in
// the list it would be in.

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type lister func(ctx context.Context, parent *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error)

// find reads a list to its end, or until the resource comes.
func (l lister) find(ctx context.Context, id, parent *v2.ResourceId) (*v2.Resource, error) {
	for page := ""; ; {
		items, results, err := l(ctx, parent, rs.SyncOpAttrs{PageToken: pagination.Token{Token: page}})
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			if item.GetId().GetResource() == id.GetResource() {
				return item, nil
			}
		}
		if results == nil || results.NextPageToken == "" {
			return nil, status.Errorf(codes.NotFound, "%s %s is not there", id.GetResourceType(), id.GetResource())
		}
		page = results.NextPageToken
	}
}

// findWithin looks in one organization, or in all if none is named.
func (l lister) findWithin(ctx context.Context, c *client, id, parent *v2.ResourceId) (*v2.Resource, error) {
	if parent.GetResource() != "" {
		return l.find(ctx, id, parent)
	}
	for page := ""; ; {
		items, next, err := list[organization](ctx, c, page, "organizations")
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			within, err := rs.NewResourceID(organizationType, item.ID)
			if err != nil {
				return nil, err
			}
			found, err := l.find(ctx, id, within)
			if status.Code(err) != codes.NotFound {
				return found, err
			}
		}
		if next == "" {
			return nil, status.Errorf(codes.NotFound, "%s %s is in no organization", id.GetResourceType(), id.GetResource())
		}
		page = next
	}
}

func (o *organizations) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	found, err := lister(o.List).find(ctx, id, nil)
	return found, nil, err
}

func (u *users) Get(ctx context.Context, id, parent *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	found, err := lister(u.List).findWithin(ctx, u.client, id, parent)
	return found, nil, err
}

func (t *teams) Get(ctx context.Context, id, parent *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	found, err := lister(t.List).findWithin(ctx, t.client, id, parent)
	return found, nil, err
}
