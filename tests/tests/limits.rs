//! Limits that hold over a whole reply or a whole sync, as the other end sees them: sizes that add up, times that do not
//! begin anew with each piece, and a vendor's word that every worker heeds.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use baton_host::{Limits, SyncOptions};
use baton_planetscale_demo::{Advice, Endpoint, Fault, FaultKind, Form, Place, Scenario, Seen, Server};
use baton_planetscale_support::guests::misbehave;
use baton_planetscale_support::{options, sync};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that sends a head at once and then a byte again and again. Where it is, and for how long the first connection
/// took bytes, once that has ended.
async fn dripping(every: Duration) -> (String, Arc<Mutex<Option<Duration>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("a port"));
    let taken = Arc::new(Mutex::new(None));
    let told = taken.clone();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut asked = [0; 1_024];
            assert!(connection.read(&mut asked).await.is_ok_and(|length| length > 0), "no request");
            let began = Instant::now();
            let mut piece: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            while connection.write_all(piece).await.is_ok() {
                piece = b"1\r\nx\r\n";
                tokio::time::sleep(every).await;
            }
            told.lock().expect("a lock").get_or_insert(began.elapsed());
        }
    });
    (url, taken)
}

/// What a component says that reads such a reply for as long as it goes on.
async fn read_on(url: &str, limits: Limits) -> String {
    let values = [("mode", "slow"), ("at", "validate"), ("api-url", url), ("path", "/")];
    let limits = Limits { call: Duration::from_secs(20), ..limits };
    let (result, _) = misbehave(&values, SyncOptions { limits, ..options(1) }).await;
    result.expect_err("it never ends").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_size_of_a_reply_adds_up_over_its_pieces() {
    let (url, _) = dripping(Duration::from_millis(1)).await;
    let said = read_on(&url, Limits { reply: 100, ..Limits::default() }).await;
    assert!(
        said.contains(
            "the reply broke off after 100 bytes: Some(ErrorCode::HttpResponseBodySize(Some(100)))"
        ),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_reply_adds_up_over_its_pieces() {
    let (url, taken) = dripping(Duration::from_millis(20)).await;
    let request = Duration::from_secs(1);
    let said = read_on(&url, Limits { request, ..Limits::default() }).await;
    assert!(said.contains("the reply broke off after"), "{said}");
    assert!(said.contains("ErrorCode::ConnectionReadTimeout"), "{said}");
    let ended = async {
        loop {
            if let Some(taken) = *taken.lock().expect("a lock") {
                return taken;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // By the server's clock: not at the first pause, nor with the call.
    let taken = tokio::time::timeout(Duration::from_secs(20), ended).await.expect("it hung up");
    assert!(taken >= request && taken < Duration::from_secs(15), "{taken:?}");
}

fn at_team_members(kind: FaultKind, times: Option<u32>) -> Scenario {
    let at = Place { endpoint: Some(Endpoint::TeamMembers), ..Place::default() };
    Scenario { faults: vec![Fault { at, times, kind }], latency_ms: 200, ..Scenario::sized(1, 40, 60, 10) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_stops_every_worker_and_then_one_asks_alone() {
    let kind = FaultKind::TooManyRequests { advice: Advice { form: Form::RetryAfterSeconds, seconds: 2 } };
    let server = Server::start(at_team_members(kind, Some(1))).expect("a server");
    let (result, _) = sync(&server, options(8)).await;
    result.expect("a sync");
    let seen = server.requests();
    assert!(server.counters().most_at_once > 4, "several ask at the same time where nothing is refused");
    let refused = seen.iter().find(|request| request.status == Some(429)).expect("a refusal").at_ms;
    // What was on its way arrives while the refusal is. Its head takes the latency to be known.
    let quiet = |request: &&Seen| (refused + 400..refused + 1_900).contains(&request.at_ms);
    assert_eq!(seen.iter().filter(quiet).count(), 0, "nobody asks while the vendor wants to be left alone");
    let mut after = seen.iter().map(|request| request.at_ms).filter(|at| *at >= refused + 1_900);
    let (first, second) = (after.next().expect("one asks again"), after.next().expect("and then others"));
    assert!(
        second >= first + 200,
        "the second asked at {second}, before the first at {first} had its answer"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_call_is_made_as_often_as_it_may_with_pauses_that_grow() {
    let kind = FaultKind::Status { status: 500, body: None, content_type: None };
    let scenario = Scenario { latency_ms: 0, ..at_team_members(kind, None) };
    let server = Server::start(scenario).expect("a server");
    let mut options = options(1);
    options.retry.attempts = 5;
    options.retry.first = Duration::from_millis(100);
    options.retry.longest = Duration::from_millis(300);
    let (result, _) = sync(&server, options).await;
    assert_eq!(result.expect_err("it lasts").code(), 14);
    let seen = server.requests();
    let failed: Vec<u64> =
        seen.iter().filter(|seen| seen.status == Some(500)).map(|seen| seen.at_ms).collect();
    assert_eq!(failed.len(), 5);
    // Each pause is between a half and the whole of 100, 200, 300 and 300 ms.
    for (pair, least) in failed.windows(2).zip([50, 100, 150, 150]) {
        assert!(pair[1] - pair[0] >= least, "{failed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_refuses_again_and_again_is_asked_as_often_as_it_may_be() {
    let kind = FaultKind::TooManyRequests { advice: Advice { form: Form::None, seconds: 0 } };
    let scenario = Scenario { latency_ms: 0, ..at_team_members(kind, None) };
    let server = Server::start(scenario).expect("a server");
    let mut options = options(1);
    options.retry.waits = 2;
    let (result, _) = sync(&server, options).await;
    assert_eq!(result.expect_err("it lasts").code(), 14);
    assert_eq!(server.counters().too_many, 3);
}
