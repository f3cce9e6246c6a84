//! What a task wants reaches the sync, and an empty file never reaches C1.

use baton_c1z::baton::{Resource, ResourceId};
use baton_planetscale_demo::{Manifest, Scenario};
use baton_planetscale_support::acme::{Acme, CLIENT, SECRET};
use baton_planetscale_support::fake_c1::{Fault, Kind, Method, Options, id, sync, task};
use baton_planetscale_support::guests::STOCK_RUST;
use baton_service::messages::{FinalState, FinishTaskRequest, SyncFullTask, Task, TaskType};

use crate::harness::{File, Place};

fn with(number: u32, options: SyncFullTask) -> Task {
    task(number, TaskType::SyncFull(options))
}

/// One task's end and file.
fn done(args: &[&str], options: SyncFullTask) -> (FinishTaskRequest, Option<File>) {
    let place = Place::new();
    place.c1.push(with(1, options));
    let service = place.start(args);
    let finish = place.c1.finished(&id(1));
    service.stop();
    assert!(place.left_over().is_empty());
    (finish, place.c1.uploads(&id(1)).pop().map(|upload| File::open(&upload.bytes)))
}

fn file(args: &[&str], options: SyncFullTask) -> File {
    let (finish, file) = done(args, options);
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    file.expect("a file")
}

fn failed(args: &[&str], options: SyncFullTask) -> (i32, bool) {
    let (finish, file) = done(args, options);
    assert!(file.is_none(), "something was uploaded");
    let Some(FinalState::Error(error)) = finish.final_state else { panic!("{finish:?}") };
    (finish.status.expect("a status").code, error.non_retryable)
}

#[test]
fn the_types_of_a_task_count_before_those_of_the_process() {
    let types = |args: &[&str], types: &[&str]| {
        let sync_resource_type_ids = types.iter().map(|kind| (*kind).to_owned()).collect();
        file(args, SyncFullTask { sync_resource_type_ids, ..SyncFullTask::default() })
            .ids("v1_resource_types")
    };
    assert_eq!(types(&[], &["organization"]), ["organization"]);
    let both = ["--sync-resource-types", "organization,team"];
    assert_eq!(types(&both, &["organization", "user"]), ["organization", "user"]);
    assert_eq!(types(&both, &[]), ["organization", "team"]);
}

#[test]
fn what_a_task_skips_is_not_in_the_file() {
    let resources = file(&[], SyncFullTask { skip_entitlements_and_grants: true, ..SyncFullTask::default() });
    assert_eq!(resources.sync_type(), "resources_only");
    assert!(!resources.ids("v1_resources").is_empty() && resources.ids("v1_entitlements").is_empty());
    let entitlements = file(&[], SyncFullTask { skip_grants: true, ..SyncFullTask::default() });
    assert!(!entitlements.ids("v1_entitlements").is_empty() && entitlements.ids("v1_grants").is_empty());
}

#[test]
fn a_task_that_asks_for_another_storage_engine_gets_what_there_is() {
    for engine in ["pebble", "sqlite", ""] {
        let options = SyncFullTask { storage_engine: engine.into(), ..SyncFullTask::default() };
        let grants = Manifest::of(&Scenario::demo()).grants.len();
        assert_eq!(file(&[], options).ids("v1_grants").len(), grants, "{engine}");
    }
}

/// The grants of Acme's groups in groups, as C1 gets them.
fn grants_of_acme(options: SyncFullTask) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let acme = runtime.block_on(Acme::start()).expect("Acme");
    let place = Place::new();
    let component = place.file("acme.wasm", STOCK_RUST);
    place.c1.push(with(1, options));
    let mut program = place.program();
    program.arg("--component").arg(component);
    program.args(["--allow-write", &format!("POST {}/oauth/token", acme.url())]);
    program.env("BATON_ACME_URL", acme.url()).env("BATON_ACME_CLIENT_ID", CLIENT);
    program.env("BATON_ACME_CLIENT_SECRET", SECRET);
    let service = place.start_as(program);
    place.c1.finished(&id(1));
    service.stop();
    let upload = place.c1.uploads(&id(1)).pop().expect("a file");
    File::open(&upload.bytes).ids("v1_grants")
}

#[test]
fn what_follows_from_grants_is_worked_out_unless_c1_does_it() {
    let expanded = grants_of_acme(SyncFullTask::default());
    let plain = grants_of_acme(SyncFullTask { skip_expand_grants: true, ..SyncFullTask::default() });
    let derived: Vec<_> = expanded.iter().filter(|id| !plain.contains(id)).collect();
    assert_eq!((plain.len(), expanded.len(), derived.len()), (11, 26, 15), "{derived:?}");
}

fn named(kind: &str, id: &str) -> Resource {
    let id = ResourceId { resource_type: kind.into(), resource: id.into() };
    Resource { id: Some(id), ..Resource::default() }
}

#[test]
fn a_task_for_single_resources_gets_these_and_no_others() {
    let manifest = Manifest::of(&Scenario::demo());
    let team = manifest.resources.iter().find(|r| r.id.resource_type == "team").expect("a team");
    let name = team.id.joined();
    let targeted = |resources: &[Resource]| SyncFullTask {
        targeted_sync_resources: resources.to_vec(),
        ..SyncFullTask::default()
    };
    let wanted = targeted(&[named("team", &team.id.resource)]);
    let grants: Vec<String> = manifest.grants.iter().map(|grant| grant.id.clone()).collect();
    let of_the_team = |id: &&String| id.starts_with(&format!("{name}:"));
    let alone = file(&[], wanted.clone());
    assert_eq!(alone.sync_type(), "partial");
    assert_eq!(alone.ids("v1_resources"), [name.as_str()]);
    assert_eq!(alone.ids("v1_grants"), grants.iter().filter(of_the_team).cloned().collect::<Vec<_>>());
    // What the process was told counts when the task names nothing.
    let bid = format!("bid:r:team/{}", team.id.resource);
    assert_eq!(
        file(&["--sync-resources", &bid], SyncFullTask::default()).ids("v1_resources"),
        [name.as_str()]
    );
    assert_eq!(file(&["--sync-resources", "bid:r:team/other"], wanted).ids("v1_resources"), [name.as_str()]);

    // A resource that is gone, and one without an id.
    assert_eq!(failed(&[], targeted(&[named("team", "gone")])), (5, false));
    assert_eq!(failed(&[], targeted(&[Resource::default()])), (3, true));
}

#[test]
fn with_skip_full_sync_nothing_is_uploaded() {
    assert_eq!(failed(&["--skip-full-sync"], SyncFullTask::default()), (9, true));
}

#[test]
fn a_sync_that_finds_nothing_is_not_uploaded() {
    // Teams are found through organizations, which this task does not want.
    let options = SyncFullTask { sync_resource_type_ids: vec!["team".into()], ..SyncFullTask::default() };
    assert_eq!(failed(&[], options), (5, false));
}

#[test]
fn a_sync_that_fails_is_not_uploaded_and_says_why() {
    let scenario = Scenario { organizations: Vec::new(), ..Scenario::demo() };
    let place = Place::with(scenario, Options::default());
    place.c1.push(sync(1));
    let service = place.start(&[]);
    let finish = place.c1.finished(&id(1));
    service.stop();
    let status = finish.status.expect("a status");
    assert_eq!(status.code, 7, "{status:?}");
    assert!(status.message.contains("read_organization"), "{status:?}");
    assert!(place.c1.uploads(&id(1)).is_empty() && place.left_over().is_empty());
}

#[test]
fn bad_credentials_of_the_api_are_told_as_such() {
    let place = Place::new();
    place.c1.push(sync(1));
    let mut program = place.program();
    program.env("BATON_PLANETSCALE_SERVICE_TOKEN", "some:other-token");
    let service = place.start_as(program);
    let status = place.c1.finished(&id(1)).status.expect("a status");
    service.stop();
    assert_eq!(status.code, 16);
    assert!(status.message.starts_with("validate failed: "), "{}", status.message);
}

#[test]
fn a_task_whose_log_is_wanted_is_followed_by_its_log() {
    let place = Place::new();
    place.c1.push(Task { debug: true, ..sync(1) });
    place.c1.push(sync(2));
    let service = place.start(&[]);
    place.c1.finished(&id(1));
    place.c1.finished(&id(2));
    service.stop();
    let [_, log] = place.c1.uploads(&id(1)).try_into().expect("a file and a log");
    let log = String::from_utf8(log.bytes).expect("text");
    assert!(log.lines().all(|line| line.starts_with('{')), "{log}");
    assert!(log.contains("Syncing grants..."), "{log}");
    assert!(!log.contains("only_for_the_demo") && !log.contains("token-0"), "{log}");
    assert_eq!(place.c1.uploads(&id(2)).len(), 1);
}

#[test]
fn a_log_that_c1_does_not_take_does_not_undo_the_sync() {
    let refused = Fault { at: Method::Upload, after: 1, times: None, kind: Kind::Status(3) };
    let place = Place::with(Scenario::demo(), Options { faults: vec![refused], ..Options::default() });
    place.c1.push(Task { debug: true, ..sync(1) });
    let service = place.start(&[]);
    let finish = place.c1.finished(&id(1));
    let log = service.stop();
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    assert!(log.contains("C1 did not take the log of the task"), "{log}");
    assert_eq!(place.c1.uploads(&id(1)).len(), 1);
}
