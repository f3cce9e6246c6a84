//! Being told to stop: running tasks are finished as cancelled, nothing is left, and the exit code is 0.

use baton_planetscale_demo::Scenario;
use baton_planetscale_support::fake_c1::{Event, Fault, Kind, Method, Options, id, sync};
use rustix::process::Signal;

use crate::harness::Place;

#[test]
fn tasks_in_the_middle_of_a_call_are_finished_as_cancelled() {
    for signal in [Signal::INT, Signal::TERM] {
        let place = Place::with(Scenario { latency_ms: 3_600_000, ..Scenario::demo() }, Options::default());
        (0..2).for_each(|number| place.c1.push(sync(number)));
        let service = place.start(&[]);
        place.c1.wait_for("two heartbeats", |seen| {
            let of = |number| {
                seen.iter()
                    .any(|seen| matches!(&seen.event, Event::Heartbeat(beat) if beat.task_id == id(number)))
            };
            (of(0) && of(1)).then_some(())
        });
        service.signal(signal);
        let (code, log) = service.end();
        assert_eq!(code, Some(0), "{log}");
        for number in 0..2 {
            let status = place.c1.finished(&id(number)).status.expect("a status");
            assert_eq!((status.code, status.message.as_str()), (1, "the connector is shutting down"));
        }
        assert!(place.left_over().is_empty());
    }
}

#[test]
fn a_service_that_does_nothing_stops() {
    let place = Place::new();
    let service = place.start(&[]);
    place.c1.wait_for("a poll", |seen| {
        seen.iter().find(|seen| matches!(seen.event, Event::GetTask { .. })).map(drop)
    });
    service.stop();
}

#[test]
fn a_service_that_c1_does_not_know_yet_stops() {
    let faults = vec![Fault::always(Method::Hello, Kind::Status(14))];
    let place = Place::with(Scenario::demo(), Options { faults, ..Options::default() });
    let service = place.start(&[]);
    service.logs("the first Hello to C1 failed");
    service.stop();
}

#[test]
fn a_c1_that_cannot_be_reached_does_not_keep_a_service_from_stopping() {
    let place = Place::with(Scenario { latency_ms: 3_600_000, ..Scenario::demo() }, Options::default());
    place.c1.push(sync(1));
    let service = place.start(&[]);
    place.c1.wait_for("a heartbeat", |seen| {
        seen.iter().find(|seen| matches!(seen.event, Event::Heartbeat(_))).map(drop)
    });
    place.c1.go_away();
    let log = service.stop();
    assert!(log.contains("C1 was not told how the task ended"), "{log}");
    assert!(place.left_over().is_empty());
}
