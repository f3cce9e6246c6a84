//! A task that C1 does not want any more is stopped, in the middle of a call of the component as well.

use baton_planetscale_demo::Scenario;
use baton_planetscale_support::fake_c1::{Event, Fault, Kind, Method, Options, Seen, id, sync};
use baton_planetscale_support::guests::HOSTILE;
use baton_service::messages::FinalState;

use crate::harness::Place;

/// An API that answers nothing in this hour: whoever asks is in the middle of a call.
fn silent() -> Scenario {
    Scenario { latency_ms: 3_600_000, ..Scenario::demo() }
}

#[test]
fn a_cancelled_task_is_stopped_in_mid_call_and_told_as_cancelled() {
    let place = Place::with(silent(), Options::default());
    place.c1.push(sync(1));
    let service = place.start(&[]);
    place.c1.wait_for("a heartbeat", |seen| {
        seen.iter().find(|seen| matches!(seen.event, Event::Heartbeat(_))).map(drop)
    });
    place.c1.cancel(&id(1));
    let finish = place.c1.finished(&id(1));
    assert_eq!(finish.status.expect("a status").message, "task was cancelled");
    assert!(place.left_over().is_empty());
    assert!(place.c1.uploads(&id(1)).is_empty());
    service.stop();
}

#[test]
fn a_cancelled_task_whose_component_computes_for_ever_is_stopped_and_its_place_is_free() {
    let place = Place::new();
    place.c1.push(sync(1));
    let mut program = place.program();
    program
        .env("BATON_MODE", "spin")
        .env("BATON_AT", "list-resources")
        .args(["--task-concurrency", "1", "--component"])
        .arg(place.file("hostile.wasm", HOSTILE));
    let service = place.start_as(program);
    service.logs("Syncing resources...");
    place.c1.push(sync(2));
    place.c1.cancel(&id(1));
    let status = place.c1.finished(&id(1)).status.expect("a status");
    assert_eq!((status.code, status.message.as_str()), (1, "task was cancelled"));
    place.c1.wait_for("a heartbeat of the next task", |seen| {
        let of_next = |seen: &&Seen| matches!(&seen.event, Event::Heartbeat(beat) if beat.task_id == id(2));
        seen.iter().find(of_next).map(drop)
    });
    service.stop();
    assert!(place.left_over().is_empty());
}

#[test]
fn a_task_that_is_cancelled_before_it_began_asks_the_api_nothing() {
    let place = Place::new();
    place.c1.cancel(&id(1));
    place.c1.push(sync(1));
    let service = place.start(&[]);
    let finish = place.c1.finished(&id(1));
    assert_eq!(finish.status.expect("a status").code, 1);
    assert_eq!(place.api.requests().len(), 0);
    service.stop();
}

#[test]
fn the_other_tasks_go_on() {
    let place = Place::with(Scenario { latency_ms: 400, ..Scenario::demo() }, Options::default());
    place.c1.cancel(&id(2));
    (1..=3).for_each(|number| place.c1.push(sync(number)));
    let service = place.start(&[]);
    for number in [1, 3] {
        let finish = place.c1.finished(&id(number));
        assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    }
    assert_eq!(place.c1.finished(&id(2)).status.map(|status| status.code), Some(1));
    service.stop();
}

#[test]
fn a_task_whose_heartbeat_is_lost_is_stopped_and_finished() {
    let lost = Fault { at: Method::Heartbeat, after: 1, times: None, kind: Kind::Status(14) };
    let place = Place::with(silent(), Options { faults: vec![lost], ..Options::default() });
    place.c1.push(sync(1));
    let service = place.start(&[]);
    let status = place.c1.finished(&id(1)).status.expect("a status");
    assert_eq!((status.code, status.message.as_str()), (14, "task failed heartbeat"));
    let beats = place.c1.seen().into_iter().filter(|seen| matches!(seen.event, Event::Heartbeat(_)));
    assert_eq!(beats.count(), 11, "one that went well and ten that did not");
    assert!(place.left_over().is_empty());
    service.stop();
}

#[test]
fn heartbeats_that_fail_now_and_then_disturb_nothing() {
    let some = Fault { at: Method::Heartbeat, after: 1, times: Some(2), kind: Kind::Status(14) };
    let scenario = Scenario { latency_ms: 500, ..Scenario::demo() };
    let place = Place::with(scenario, Options { faults: vec![some], ..Options::default() });
    place.c1.push(sync(1));
    let service = place.start(&[]);
    let finish = place.c1.finished(&id(1));
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    service.stop();
}
