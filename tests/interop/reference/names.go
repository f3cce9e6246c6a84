package reference

// The path of a list takes an organization's name, the syncer hands over its id: this finds one by
// the other, reading the list of organizations once for each connector.

import (
	"context"
	"fmt"
	"sync"
)

type nameCache struct {
	mu    sync.Mutex
	names map[string]string
}

func (c *client) organizationName(ctx context.Context, id string) (string, error) {
	c.cache.mu.Lock()
	defer c.cache.mu.Unlock()
	if c.cache.names == nil {
		names := map[string]string{}
		for token := ""; ; {
			items, following, err := list[organization](ctx, c, token, "organizations")
			if err != nil {
				return "", err
			}
			for _, item := range items {
				names[item.ID] = item.Name
			}
			if following == "" {
				break
			}
			token = following
		}
		c.cache.names = names
	}
	name, ok := c.cache.names[id]
	if !ok {
		return "", fmt.Errorf("no organization has the id %q", id)
	}
	return name, nil
}
