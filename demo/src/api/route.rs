//! Which endpoint a request's address means.
//!
//! Segments are separated before they are decoded: an organization may be called `a/b`, and its path
//! segment is then `a%2Fb`. What is not understood is refused, never guessed: a client that builds
//! addresses carelessly must notice here.

use percent_encoding::percent_decode_str;

use crate::endpoint::Endpoint;

/// An address that means something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) endpoint: Endpoint,
    pub(crate) organization: Option<String>,
    pub(crate) team: Option<String>,
    /// The last segment of a single member's address.
    pub(crate) member: Option<String>,
    pub(crate) page: u64,
    pub(crate) per_page: Option<u64>,
}

/// Why an address means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unroutable {
    /// There is nothing there: 404.
    NotFound,
    /// The query makes no sense: 400.
    BadQuery,
}

/// Reads path and query.
pub(crate) fn route(base: &str, path: &str, query: Option<&str>) -> Result<Route, Unroutable> {
    let rest = path.strip_prefix(base).and_then(|p| p.strip_prefix("/v1/"));
    let decoded: Option<Vec<String>> = rest.ok_or(Unroutable::NotFound)?.split('/').map(decode).collect();
    let segments = decoded.ok_or(Unroutable::NotFound)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    use Endpoint as E;
    let (endpoint, organization, team, member) = match *segments {
        ["organizations"] => (E::Organizations, None, None, None),
        ["organizations", o] => (E::Organization, Some(o), None, None),
        ["organizations", o, "members"] => (E::Members, Some(o), None, None),
        ["organizations", o, "members", m] => (E::Member, Some(o), None, Some(m)),
        ["organizations", o, "teams"] => (E::Teams, Some(o), None, None),
        ["organizations", o, "teams", t] => (E::Team, Some(o), Some(t), None),
        ["organizations", o, "teams", t, "members"] => (E::TeamMembers, Some(o), Some(t), None),
        ["organizations", o, "teams", t, "members", m] => (E::TeamMember, Some(o), Some(t), Some(m)),
        _ => return Err(Unroutable::NotFound),
    };
    let (page, per_page) = paging(query.unwrap_or_default()).ok_or(Unroutable::BadQuery)?;
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Ok(Route {
        endpoint,
        organization: owned(organization),
        team: owned(team),
        member: owned(member),
        page: page.unwrap_or(1),
        per_page,
    })
}

/// A segment's text; empty ones and bytes that are no UTF-8 lead nowhere.
fn decode(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.is_empty()).then(|| text.into_owned())
}

/// `page` and `per_page`; `None` when a value is no number from 1 on, or the key is another one.
fn paging(query: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (mut page, mut per_page) = (None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=')?;
        let number = value.parse().ok().filter(|n| *n >= 1)?;
        match key {
            "page" if page.is_none() => page = Some(number),
            "per_page" if per_page.is_none() => per_page = Some(number),
            _ => return None,
        }
    }
    Some((page, per_page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_may_hold_what_separates_segments() {
        let found = route("", "/v1/organizations/a%2Fb/teams/c%3Fd%25/members", Some("page=2&per_page=100"));
        let found = found.ok();
        assert_eq!(found.as_ref().map(|r| r.endpoint), Some(Endpoint::TeamMembers));
        assert_eq!(found.as_ref().and_then(|r| r.organization.as_deref()), Some("a/b"));
        assert_eq!(found.as_ref().and_then(|r| r.team.as_deref()), Some("c?d%"));
        assert_eq!(found.map(|r| (r.page, r.per_page)), Some((2, Some(100))));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for path in [
            "/",
            "/v1",
            "/v1/",
            "/v1/organizations/",
            "/v1//organizations",
            "/v2/organizations",
            "/v1/organizations/%ff",
        ] {
            assert_eq!(route("", path, None), Err(Unroutable::NotFound), "{path}");
        }
        for query in ["page=0", "page=x", "page", "per_page=-1", "page=1&page=2", "limit=3"] {
            assert_eq!(route("", "/v1/organizations", Some(query)), Err(Unroutable::BadQuery), "{query}");
        }
        assert_eq!(route("/proxy", "/v1/organizations", None), Err(Unroutable::NotFound));
        assert!(route("/proxy", "/proxy/v1/organizations", None).is_ok());
    }
}
