package reference

// The vendor's API as this connector sees it: GET requests for one page of a list. It is a plain
// net/http client, so that nothing is shared with the connector under judgement: neither code, nor
// ideas of paging, nor the reading of JSON.

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/conductorone/baton-sdk/pkg/uhttp"
	"google.golang.org/grpc/status"
)

const pageSize = 100

type client struct {
	base  string
	token string
	http  *http.Client
	cache nameCache
}

func newClient(baseURL, token string) *client {
	return &client{base: strings.TrimRight(baseURL, "/"), token: token, http: &http.Client{}}
}

// page is the envelope around every list.
type page[T any] struct {
	NextPage *int `json:"next_page"`
	Data     []T  `json:"data"`
}

type organization struct {
	ID              string  `json:"id"`
	Name            string  `json:"name"`
	Plan            *string `json:"plan"`
	SSO             *bool   `json:"sso"`
	SSODirectory    *bool   `json:"sso_directory"`
	IDPManagedRoles bool    `json:"idp_managed_roles"`
	CreatedAt       string  `json:"created_at"`
}

type membership struct {
	User user   `json:"user"`
	Role string `json:"role"`
}

type user struct {
	ID                  string  `json:"id"`
	DisplayName         string  `json:"display_name"`
	Name                string  `json:"name"`
	Email               string  `json:"email"`
	AvatarURL           *string `json:"avatar_url"`
	CreatedAt           string  `json:"created_at"`
	TwoFactor           bool    `json:"two_factor_auth_configured"`
	SSO                 *bool   `json:"sso"`
	Managed             *bool   `json:"managed"`
	DirectoryManaged    *bool   `json:"directory_managed"`
	EmailVerified       *bool   `json:"email_verified"`
	DefaultOrganization *struct {
		Name string `json:"name"`
	} `json:"default_organization"`
}

type team struct {
	ID          string  `json:"id"`
	Slug        string  `json:"slug"`
	Name        string  `json:"name"`
	DisplayName string  `json:"display_name"`
	Description *string `json:"description"`
	Managed     bool    `json:"managed"`
	CreatedAt   string  `json:"created_at"`

	Databases        []database `json:"databases"`
	AnalystDatabases []database `json:"analyst_databases"`
}

type database struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// list fetches one page. The token is the number of the page, empty for the first; the answer's
// token is empty after the last.
func list[T any](ctx context.Context, c *client, token string, segments ...string) ([]T, string, error) {
	number := 1
	if token != "" {
		n, err := strconv.Atoi(token)
		if err != nil {
			return nil, "", fmt.Errorf("page token %q is no number: %w", token, err)
		}
		number = n
	}
	path := c.base + "/v1"
	for _, s := range segments {
		path += "/" + url.PathEscape(s)
	}
	path += fmt.Sprintf("?page=%d&per_page=%d", number, pageSize)

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Authorization", c.token)
	req.Header.Set("Accept", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		_, _ = io.Copy(io.Discard, res.Body)
		return nil, "", status.Errorf(uhttp.GrpcCodeFromHTTPStatus(res.StatusCode), "GET %s: %s", path, res.Status)
	}
	var p page[T]
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
		return nil, "", fmt.Errorf("GET %s: %w", path, err)
	}
	if p.NextPage == nil {
		return p.Data, "", nil
	}
	return p.Data, strconv.Itoa(*p.NextPage), nil
}
