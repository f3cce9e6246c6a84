//! What goes wrong between the service and C1: it goes on where that helps, and ends where nothing would.

use std::time::Duration;

use baton_planetscale_demo::Scenario;
use baton_planetscale_support::fake_c1::{Answered, Event, Fault, Kind, Method, Options, Seen, id, sync};
use baton_service::messages::FinalState;

use crate::harness::Place;

fn place(faults: Vec<Fault>) -> Place {
    Place::with(Scenario::demo(), Options { faults, ..Options::default() })
}

fn count(seen: &[Seen], at: Method) -> usize {
    seen.iter().filter(|seen| seen.event.method() == at).count()
}

/// A sync comes to a good end although of this; returns what was seen.
fn survives(place: &Place) -> Vec<Seen> {
    place.c1.push(sync(1));
    let service = place.start(&[]);
    let finish = place.c1.finished(&id(1));
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    service.stop();
    assert!(place.left_over().is_empty());
    assert_eq!(place.c1.uploads(&id(1)).len(), 1);
    place.c1.seen()
}

#[test]
fn a_token_that_is_refused_ends_the_process_with_16() {
    let place = place(vec![Fault::always(Method::Token, Kind::Http(401))]);
    let (code, log) = place.start(&[]).end();
    assert_eq!(code, Some(16));
    assert!(log.contains("failed to get token: 401 Unauthorized"), "{log}");
}

#[test]
fn a_token_endpoint_that_is_down_for_a_moment_is_asked_again() {
    for kind in [Kind::Http(503), Kind::Gone] {
        let seen = survives(&place(vec![Fault::first(Method::Token, 2, kind)]));
        assert_eq!(count(&seen, Method::Token), 3);
    }
}

#[test]
fn a_hello_with_a_final_answer_ends_the_process_with_its_code() {
    for code in [3, 5, 7, 9, 12, 16] {
        let place = place(vec![Fault::always(Method::Hello, Kind::Status(code))]);
        let (ended, log) = place.start(&[]).end();
        assert_eq!(ended, Some(code), "{log}");
        assert_eq!(count(&place.c1.seen(), Method::GetTask), 0);
    }
}

#[test]
fn a_hello_with_a_passing_answer_is_said_again() {
    for kind in [Kind::Status(14), Kind::Status(8), Kind::Http(502), Kind::Gone] {
        let seen = survives(&place(vec![Fault::first(Method::Hello, 2, kind)]));
        assert_eq!(count(&seen, Method::Hello), 3, "{kind:?}");
    }
}

#[test]
fn polls_that_fail_are_repeated_whatever_the_answer() {
    for kind in [Kind::Status(16), Kind::Status(12), Kind::Status(13), Kind::Http(404), Kind::Gone] {
        survives(&place(vec![Fault::first(Method::GetTask, 2, kind)]));
    }
    let seen = survives(&place(vec![Fault::first(Method::GetTask, 4, Kind::Status(14))]));
    assert!(count(&seen, Method::GetTask) > 4);
}

#[test]
fn a_token_that_ends_in_mid_sync_is_renewed_ahead_of_time() {
    let scenario = Scenario { latency_ms: 700, ..Scenario::demo() };
    // Renewed ten seconds before its end, so this one is renewed every second.
    let place = Place::with(scenario, Options { token_life: 11, ..Options::default() });
    let seen = survives(&place);
    assert!(count(&seen, Method::Token) > 2);
    assert!(seen.iter().all(|seen| seen.answered == Answered::Well), "no call came with an old token");
}

#[test]
fn a_token_endpoint_that_is_silent_does_not_stop_who_has_a_token_that_holds() {
    let silence = Fault { at: Method::Token, after: 1, times: Some(1), kind: Kind::Silence };
    let scenario = Scenario { latency_ms: 700, ..Scenario::demo() };
    let place =
        Place::with(scenario, Options { token_life: 11, faults: vec![silence], ..Options::default() });
    let seen = survives(&place);
    let good = |seen: &&Seen| seen.answered == Answered::Well;
    assert_eq!(seen.len() - seen.iter().filter(good).count(), 1, "the request for a token alone");
}

#[test]
fn a_call_without_an_answer_is_given_up_and_made_again_over_another_connection() {
    let seen = survives(&place(vec![Fault::first(Method::Hello, 1, Kind::Silence)]));
    let hellos: Vec<_> = seen.iter().filter(|seen| seen.event.method() == Method::Hello).collect();
    assert_eq!(hellos.iter().map(|seen| seen.connection).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_token_that_c1_does_not_take_any_more_is_replaced_at_once() {
    for at in [Method::GetTask, Method::Heartbeat, Method::Upload, Method::Finish] {
        let seen = survives(&place(vec![Fault::first(at, 1, Kind::Status(16))]));
        assert_eq!(count(&seen, Method::Token), 2, "{at:?}");
    }
}

#[test]
fn an_upload_that_is_cut_anywhere_is_sent_again_from_its_beginning() {
    for parts in [0, 1, 2, 3] {
        let seen = survives(&place(vec![Fault::first(Method::Upload, 2, Kind::CutAfter(parts))]));
        assert_eq!(count(&seen, Method::Upload), 3, "after {parts} parts");
    }
    let seen = survives(&place(vec![Fault::first(Method::Upload, 2, Kind::Gone)]));
    assert_eq!(count(&seen, Method::Upload), 3);
}

#[test]
fn an_upload_that_does_not_reach_c1_is_tried_more_than_three_times() {
    let seen = survives(&place(vec![Fault::first(Method::Upload, 4, Kind::Gone)]));
    assert_eq!(count(&seen, Method::Upload), 5);
}

#[test]
fn an_upload_that_fails_three_times_fails_the_task() {
    let place = place(vec![Fault::first(Method::Upload, 3, Kind::Status(13))]);
    place.c1.push(sync(1));
    place.c1.push(sync(2));
    let service = place.start(&["--task-concurrency", "1"]);
    assert_eq!(place.c1.finished(&id(1)).status.map(|status| status.code), Some(13));
    let finish = place.c1.finished(&id(2));
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    service.stop();
    assert_eq!(place.c1.uploads(&id(1)).len(), 0);
    // Of each task by itself: a fault that is left over would strike the next one.
    let attempts = |task: &str| {
        let of_task = |seen: &&Seen| matches!(&seen.event, Event::Upload(upload) if upload.task_id == task);
        place.c1.seen().iter().filter(of_task).count()
    };
    assert_eq!([attempts(&id(1)), attempts(&id(2))], [3, 1]);
}

#[test]
fn an_end_that_c1_does_not_take_is_told_once_and_the_service_goes_on() {
    let place = place(vec![Fault::first(Method::Finish, 1, Kind::Status(9))]);
    place.c1.push(sync(1));
    place.c1.push(sync(2));
    let service = place.start(&["--task-concurrency", "1"]);
    let finish = place.c1.finished(&id(2));
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    service.stop();
    assert_eq!(count(&place.c1.seen(), Method::Finish), 2);
}

#[test]
fn an_end_that_does_not_reach_c1_is_told_again() {
    let seen = survives(&place(vec![Fault::first(Method::Finish, 2, Kind::Gone)]));
    assert_eq!(count(&seen, Method::Finish), 3);
}

#[test]
fn a_first_heartbeat_that_does_not_get_through_is_repeated() {
    let seen = survives(&place(vec![Fault::first(Method::Heartbeat, 2, Kind::Gone)]));
    let asked = seen.iter().position(|seen| seen.event.method() == Method::Upload);
    let before = seen.iter().take(asked.expect("an upload"));
    assert!(before.filter(|seen| seen.event.method() == Method::Heartbeat).count() >= 3);
}

/// C1 may have taken it, or not: what is told twice does no harm.
#[test]
fn an_answer_that_is_cut_after_its_head_is_as_none() {
    for at in [Method::Heartbeat, Method::Finish] {
        let seen = survives(&place(vec![Fault::first(at, 2, Kind::Half)]));
        assert!(count(&seen, at) >= 3, "{at:?}");
    }
    let seen = survives(&place(vec![Fault::first(Method::Upload, 4, Kind::Half)]));
    assert_eq!(count(&seen, Method::Upload), 5, "more often than an upload that C1 refuses");
}

#[test]
fn a_first_heartbeat_is_repeated_for_as_long_as_a_c1_may_be_away() {
    let seen = survives(&place(vec![Fault::first(Method::Heartbeat, 12, Kind::Status(14))]));
    assert!(count(&seen, Method::Heartbeat) >= 13);
}

#[test]
fn a_c1_that_is_gone_in_mid_sync_and_comes_back_gets_the_file() {
    let scenario = Scenario { latency_ms: 400, ..Scenario::demo() };
    let place = Place::with(scenario, Options::default());
    place.c1.push(sync(1));
    let service = place.start(&[]);
    service.logs("Syncing resources...");
    place.c1.go_away();
    service.logs("a heartbeat did not reach C1");
    service.logs("C1 could not be asked for a task");
    place.c1.come_back();
    let log = service.logs("C1 answers again");
    assert!(log.contains("\"level\":\"info\""), "{log}");
    let finish = place.c1.finished(&id(1));
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    place.c1.push(sync(2));
    place.c1.finished(&id(2));
    service.stop();
}

#[test]
fn a_c1_that_is_gone_for_a_minute_gets_the_file_that_was_read_meanwhile() {
    let options = Options { next_heartbeat: Duration::from_secs(30), ..Options::default() };
    let place = Place::with(Scenario { latency_ms: 100, ..Scenario::demo() }, options);
    place.c1.push(sync(1));
    let service = place.start(&[]);
    service.logs("Syncing resources...");
    place.c1.go_away();
    service.logs("the upload failed");
    std::thread::sleep(Duration::from_secs(60));
    place.c1.come_back();
    let finish = place.c1.finished(&id(1));
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    assert_eq!(place.c1.uploads(&id(1)).len(), 1);
    place.c1.push(sync(2));
    place.c1.finished(&id(2));
    service.stop();
    assert!(place.left_over().is_empty());
}

#[test]
fn why_c1_cannot_be_reached_is_told_with_what_helps() {
    let place = place(Vec::new());
    let other = Place::new();
    let mut program = place.program();
    program.env("SSL_CERT_FILE", other.file("other.pem", other.c1.ca_pem().as_bytes()));
    let service = place.start_as(program);
    let line = service.logs("the first Hello to C1 failed");
    assert!(line.contains("C1 cannot be reached: its certificate is signed by an authority"), "{line}");
    assert!(line.contains("not among those of SSL_CERT_FILE="), "{line}");
    service.stop();

    place.c1.go_away();
    let service = place.start(&[]);
    let line = service.logs("the first Hello to C1 failed");
    assert!(line.contains("failed to get token: C1 cannot be reached: Connection refused"), "{line}");
    service.stop();
}

#[test]
fn mistakes_in_the_credentials_are_told_before_anything_is_sent() {
    let place = place(Vec::new());
    for (name, value, text) in [
        ("BATON_CLIENT_ID", "nonsense", "invalid client id: BATON_CLIENT_ID (or --client-id) is not"),
        ("BATON_CLIENT_ID", "\"tall-fox-1@localhost/ccc\"", "invalid client id"),
        ("BATON_CLIENT_ID", "tall-fox-1@/ccc", "invalid client id"),
        ("BATON_C1_API_HOST", "https://localhost:1", "write HOST or HOST:PORT, without https://"),
        ("BATON_C1_API_HOST", "localhost/path", "write HOST or HOST:PORT, without https://"),
        (
            "BATON_CLIENT_SECRET",
            "a:b:v1:nonsense",
            "invalid client secret: BATON_CLIENT_SECRET (or --client-secret) is not",
        ),
        ("BATON_CLIENT_SECRET", "", "missing [client-secret]"),
    ] {
        let mut program = place.program();
        program.env(name, value);
        let (code, log) = place.start_as(program).end();
        assert_eq!(code, Some(2), "{log}");
        assert!(log.contains(text), "{log}");
    }
    assert!(place.c1.seen().is_empty());
}

#[test]
fn no_task_at_a_time_is_a_mistake() {
    let place = place(Vec::new());
    let (code, log) = place.start(&["--task-concurrency", "0"]).end();
    assert_eq!(code, Some(2));
    assert!(
        log.contains("field task-concurrency: value must be greater than or equal to 1 but got 0"),
        "{log}"
    );
}
