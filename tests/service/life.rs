//! With five variables the program registers, takes a sync, uploads it, says so, and goes on.

use baton_planetscale_demo::{Manifest, Scenario};
use baton_planetscale_support::fake_c1::{Event, Options, id, sync, task};
use baton_service::messages::{Empty, FinalState, TaskType};
use serde_json::Value;

use crate::harness::{File, HOST_ID, Place, story};

#[test]
fn a_full_sync_is_taken_read_uploaded_and_finished() {
    let place = Place::new();
    place.c1.push(sync(1));
    let service = place.start(&[]);
    let finish = place.c1.finished(&id(1));
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    assert_eq!(finish.status, None);
    let log = service.stop();
    for line in [
        "Registering with C1",
        "C1 knows this connector now",
        "Syncing resource types...",
        "Sync complete.",
        "Task complete!",
    ] {
        assert!(log.contains(line), "{line} is not in {log}");
    }

    let seen = place.c1.seen();
    let words = story(&seen);
    assert_eq!(words.get(..3), Some(["token", "hello", "task"].as_slice()));
    let rest: Vec<_> = words.iter().skip(3).filter(|word| **word != "heartbeat").copied().collect();
    assert_eq!(rest, ["upload", "finish"]);
    assert_eq!(words.get(3), Some(&"heartbeat"), "before any work");

    let [upload] = place.c1.uploads(&id(1)).try_into().expect("one file");
    let (file, manifest) = (File::open(&upload.bytes), Manifest::of(&Scenario::demo()));
    assert_eq!(file.sync_type(), "full");
    let mut expected: Vec<_> = manifest.grants.iter().map(|grant| grant.id.clone()).collect();
    expected.sort();
    assert_eq!(file.ids("v1_grants"), expected);
    assert_eq!(file.ids("v1_resources").len(), manifest.resources.len());
    assert_eq!(file.ids("v1_entitlements").len(), manifest.entitlements.len());
    assert_eq!(place.left_over(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn every_call_names_the_host_and_comes_over_one_connection_with_one_token() {
    let place = Place::new();
    place.c1.push(sync(1));
    place.c1.push(task(2, TaskType::Hello(Empty {})));
    let service = place.start(&[]);
    place.c1.finished(&id(1));
    place.c1.wait_for("the second Hello", |seen| {
        seen.iter()
            .find(|seen| matches!(&seen.event, Event::Hello(hello) if hello.task_id == id(2)))
            .map(drop)
    });
    service.stop();
    let mut hellos = Vec::new();
    for seen in place.c1.seen() {
        assert_eq!(seen.connection, 0, "{seen:?}");
        let host = match seen.event {
            Event::Token { .. } => continue,
            Event::Hello(hello) => {
                let host = hello.host_id.clone();
                hellos.push(hello);
                host
            }
            Event::GetTask { host_id, .. } => host_id,
            Event::Heartbeat(beat) => beat.host_id,
            Event::Upload(upload) => upload.host_id,
            Event::Finish(finish) => finish.host_id,
        };
        assert_eq!(host, HOST_ID);
        assert_eq!(seen.authorization, "Bearer token-0");
        assert!(seen.agent.starts_with("tall-fox-1 baton-planetscale/"), "{}", seen.agent);
    }

    let [first, second] = hellos.try_into().expect("two Hellos");
    assert_eq!((first.task_id.as_str(), second.task_id), ("", id(2)));
    let metadata = first.connector_metadata.expect("metadata");
    assert_eq!(metadata.display_name, "PlanetScale");
    let types: Vec<_> = metadata
        .capabilities
        .expect("capabilities")
        .resource_type_capabilities
        .into_iter()
        .map(|capability| capability.resource_type.expect("a type").id)
        .collect();
    assert_eq!(types, ["organization", "team", "user"]);
}

#[test]
fn hello_tells_the_types_as_they_are_configured() {
    let place = Place::new();
    let service = place.start(&["--planetscale-databases"]);
    let hello = place.c1.wait_for("a Hello", |seen| {
        seen.iter().find_map(|seen| match &seen.event {
            Event::Hello(hello) => Some(hello.clone()),
            _ => None,
        })
    });
    service.stop();
    let capabilities = hello.connector_metadata.and_then(|metadata| metadata.capabilities);
    let types = capabilities.expect("capabilities").resource_type_capabilities;
    let types: Vec<_> = types.into_iter().map(|of| of.resource_type.expect("a type").id).collect();
    assert_eq!(types, ["database", "organization", "team", "user"]);
}

#[test]
fn lines_of_tasks_that_run_at_the_same_time_say_whose_they_are() {
    let place = Place::with(Scenario { latency_ms: 100, ..Scenario::demo() }, Options::default());
    (1..=2).for_each(|number| place.c1.push(sync(number)));
    let service = place.start(&["--workers", "2"]);
    (1..=2).for_each(|number| drop(place.c1.finished(&id(number))));
    let log = service.stop();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    // The warning about a role comes from a page that a worker read, the others from the walk and the service.
    for text in
        ["Task received.", "Syncing grants...", "counted as member", "Sync complete.", "Task complete!"]
    {
        let of_text = |line: &Value| line["msg"].as_str().is_some_and(|message| message.contains(text));
        let mut tasks: Vec<Value> =
            lines.clone().filter(of_text).map(|mut line| line["task_id"].take()).collect();
        tasks.sort_by_key(Value::to_string);
        assert_eq!(tasks, [id(1), id(2)], "{text} in {log}");
    }
}

#[test]
fn two_replicas_share_the_tasks_and_do_none_twice() {
    let place = Place::new();
    for number in 0..12 {
        place.c1.push(sync(number));
    }
    let services = ["replica-1", "replica-2"].map(|name| {
        let mut program = place.program();
        program.env("BATON_HOST_ID", name).args(["--task-concurrency", "1"]);
        place.start_as(program)
    });
    for number in 0..12 {
        place.c1.finished(&id(number));
    }
    for service in services {
        service.stop();
    }
    let mut done: Vec<(String, String)> = Vec::new();
    for seen in place.c1.seen() {
        if let Event::Finish(finish) = seen.event {
            assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
            done.push((finish.task_id, finish.host_id));
        }
    }
    let hosts: std::collections::BTreeSet<_> = done.iter().map(|(_, host)| host.as_str()).collect();
    assert_eq!(hosts.len(), 2, "both took part");
    done.sort();
    let tasks: Vec<_> = done.into_iter().map(|(task, _)| task).collect();
    assert_eq!(tasks, (0..12).map(id).collect::<Vec<_>>());
    for number in 0..12 {
        assert_eq!(place.c1.uploads(&id(number)).len(), 1);
    }
}
