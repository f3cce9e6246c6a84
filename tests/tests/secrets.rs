//! The token is in the Authorization header and nowhere else: not in what is kept, told or asked, whatever comes back.

use std::sync::{Arc, Mutex};

use baton_host::journal::{Journal, Kind};
use baton_host::{Error, SyncOptions};
use baton_planetscale_demo::{CREDENTIAL_MARK, Endpoint, Fault, FaultKind, Place, Scenario, Server};
use baton_planetscale_support::{listener, options, sync};

/// Keeps what a sync writes down.
#[derive(Default)]
pub struct Written(Mutex<Vec<(Kind, Vec<u8>)>>);

impl Written {
    pub fn of(&self, wanted: Kind) -> Vec<Vec<u8>> {
        let all = self.0.lock().expect("a lock");
        all.iter().filter(|(kind, _)| *kind == wanted).map(|(_, entry)| entry.clone()).collect()
    }
}

impl Journal for Written {
    fn find(&self, _: Kind, _: u128) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, kind: Kind, _: u128, entry: &[u8]) {
        self.0.lock().expect("a lock").push((kind, entry.to_vec()));
    }

    fn forget_pages(&self, _: &[u128]) {}

    fn forget_replies(&self) {}
}

fn half(server: &Server) -> &str {
    server.service_token().split_once(':').expect("two halves").1
}

/// The token that every double accepts, and what each reply then holds of it.
fn echoing(pointer: &str, text: &str) -> Scenario {
    let faults = Endpoint::LISTS
        .map(|endpoint| Fault {
            at: Place { endpoint: Some(endpoint), ..Place::default() },
            times: None,
            kind: FaultKind::Set { pointer: pointer.to_owned(), json: format!("{text:?}") },
        })
        .to_vec();
    Scenario { faults, ..Scenario::demo() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_a_good_reply_is_in_nothing_that_is_kept_or_told() {
    let token = baton_planetscale_demo::Options::default().service_token;
    let server = Server::start(echoing("/extra", &format!("you sent {token}"))).expect("a server");
    let written = Arc::new(Written::default());
    let (observer, heard) = listener();
    let options = SyncOptions { journal: Some(written.clone()), observer: Some(observer), ..options(2) };
    let (result, found) = sync(&server, options).await;
    result.expect("a sync");
    // Replies are written down compressed, so that none is there is the whole proof.
    assert!(written.of(Kind::Reply).is_empty());
    let pages = written.of(Kind::Page);
    assert!(!pages.is_empty());
    let told = format!("{:?} {:?} {:?}", heard.lock(), found.resources, found.grants);
    for secret in [half(&server), CREDENTIAL_MARK] {
        let holds = |page: &Vec<u8>| page.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!pages.iter().any(holds), "{secret}");
        assert!(!told.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_a_name_ends_the_sync_and_is_not_written_down() {
    let token = baton_planetscale_demo::Options::default().service_token;
    for pointer in ["/data/0/user/display_name", "/data/0/display_name", "/data/0/plan"] {
        let server = Server::start(echoing(pointer, &token)).expect("a server");
        let written = Arc::new(Written::default());
        let options = SyncOptions { journal: Some(written.clone()), ..options(2) };
        let (result, found) = sync(&server, options).await;
        let error = result.expect_err("a secret in a record");
        assert!(matches!(error, Error::Contract { .. }), "{pointer}: {error}");
        assert!(!found.finished);
        let secret = half(&server);
        assert!(!format!("{error} {error:?}").contains(secret), "{error}");
        let holds = |page: &Vec<u8>| page.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!written.of(Kind::Page).iter().any(holds), "{pointer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_holds_the_token_in_its_one_header_only() {
    let server = Server::start(Scenario::random(7)).expect("a server");
    let (result, _) = sync(&server, options(2)).await;
    result.expect("a sync");
    let requests = server.requests();
    assert!(!requests.is_empty());
    assert!(requests.iter().all(|seen| seen.authorized && !seen.token_elsewhere));
}
