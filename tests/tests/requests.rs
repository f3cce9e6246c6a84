//! What the API sees: each request as it wants it, under the path of the config.

use baton_planetscale_demo::{Endpoint, Manifest, Scenario, Server};
use baton_planetscale_support::{Records, options, sync, sync_with};

#[tokio::test(flavor = "multi_thread")]
async fn every_request_is_a_get_by_name_and_version_for_a_hundred_records() {
    let server = Server::start(Scenario::sized(1, 250, 3, 120)).expect("a server");
    sync(&server, options(2)).await.0.expect("a sync");
    for seen in server.requests() {
        assert_eq!((seen.method.as_str(), seen.accept.as_str()), ("GET", "application/json"));
        assert_eq!(seen.user_agent, format!("baton-planetscale/{}", env!("CARGO_PKG_VERSION")));
        assert!(seen.query.ends_with("per_page=100"), "{}", seen.query);
        // The header is the token and nothing else, no scheme word before it.
        assert!(seen.authorized && !seen.token_elsewhere);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_behind_a_path_is_read_with_and_without_a_slash_at_its_end() {
    let scenario = Scenario { base_path: "/proxy/planetscale".into(), ..Scenario::demo() };
    let server = Server::start(scenario.clone()).expect("a server");
    for end in ["", "/", "/v1", "/v1/"] {
        let url = format!("{}{end}", server.url());
        assert!(url.contains("/proxy/planetscale"), "{url}");
        let (result, found) = sync_with(server.service_token(), &url, options(2)).await;
        result.unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(Records::of(&found).difference(&Records::expected(&Manifest::of(&scenario))), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_lists_are_asked_for() {
    let server = Server::start(Scenario::demo()).expect("a server");
    sync(&server, options(2)).await.0.expect("a sync");
    let asked = server.requests();
    assert!(asked.iter().all(|seen| seen.endpoint.is_some_and(|of| Endpoint::LISTS.contains(&of))));
}
