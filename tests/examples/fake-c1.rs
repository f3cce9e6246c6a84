//! A C1 of this machine as a program, for services that are not started by a test of this crate.
//!
//!     cargo run -p baton-planetscale-tests --example fake-c1 -- FOLDER
//!
//! It hands out a list of tasks, waits until every one of them has its answer, and writes to the folder: `ca.pem`,
//! the certificate to trust; `environment.json`, the variables a service needs; the files it took; and
//! at the end `seen.json`, what was asked of it, in the order in which it came.
#![allow(clippy::expect_used, reason = "a program for tests")]

use std::path::Path;

use baton_c1z::baton::{Entitlement, Resource, ResourceId};
use baton_planetscale_demo::{Manifest, Scenario};
use baton_planetscale_support::fake_c1::{CLIENT_ID, Event, FakeC1, Options, Seen, id, task};
use baton_service::messages::{Empty, FinalState, GrantTask, SyncFullTask, TaskType};
use serde_json::{Value, json};

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let folder = Path::new(&folder);
    let c1 = FakeC1::start(Options::default()).expect("a C1");
    let write = |name: &str, bytes: &[u8]| {
        // A reader that waits for the file must not see half of it.
        let partial = folder.join(format!(".{name}"));
        std::fs::write(&partial, bytes).expect("a file");
        std::fs::rename(partial, folder.join(name)).expect("a file");
    };
    write("ca.pem", c1.ca_pem().as_bytes());
    let kinds = kinds();
    for (number, (_, kind)) in (1..).zip(&kinds) {
        c1.push(task(number, kind.clone()));
    }
    let environment = json!({
        "BATON_CLIENT_ID": CLIENT_ID,
        "BATON_CLIENT_SECRET": c1.client_secret(),
        "BATON_C1_API_HOST": c1.host(),
        "SSL_CERT_FILE": folder.join("ca.pem"),
    });
    write("environment.json", environment.to_string().as_bytes());
    for (number, (name, _)) in (1..).zip(&kinds) {
        match *name {
            "hello" => c1.wait_for("the second Hello", |seen| {
                seen.iter()
                    .find(|seen| matches!(&seen.event, Event::Hello(hello) if hello.task_id == id(number)))
                    .map(drop)
            }),
            _ => drop(c1.finished(&id(number))),
        }
        for (at, upload) in c1.uploads(&id(number)).iter().enumerate() {
            write(&format!("{name}-{at}.c1z"), &upload.bytes);
        }
    }
    let seen: Vec<Value> = c1.seen().iter().filter_map(told).collect();
    write("seen.json", json!(seen).to_string().as_bytes());
}

/// The tasks, by a name that is theirs alone. The targeted one is of the demo's company.
fn kinds() -> Vec<(&'static str, TaskType)> {
    let team = ResourceId { resource_type: "team".into(), resource: "t1".into() };
    let resource = Some(Resource { id: Some(team), ..Resource::default() });
    let entitlement = Some(Entitlement {
        resource: resource.clone(),
        id: "team:t1:member".into(),
        ..Entitlement::default()
    });
    let sqlite = SyncFullTask { storage_engine: "sqlite".into(), ..SyncFullTask::default() };
    let manifest = Manifest::of(&Scenario::demo());
    let team_there =
        manifest.resources.iter().find(|found| found.id.resource_type == "team").expect("a team");
    let id = ResourceId { resource_type: "team".into(), resource: team_there.id.resource.clone() };
    let targeted = SyncFullTask {
        targeted_sync_resources: vec![Resource { id: Some(id), ..Resource::default() }],
        ..sqlite.clone()
    };
    vec![
        ("hello", TaskType::Hello(Empty {})),
        ("sync", TaskType::SyncFull(sqlite)),
        ("targeted", TaskType::SyncFull(targeted)),
        ("grant", TaskType::Grant(GrantTask { entitlement, principal: resource })),
        ("event feed", TaskType::EventFeed(Empty {})),
        ("list event feeds", TaskType::ListEventFeeds(Empty {})),
        ("list actions", TaskType::ActionListSchemas(Empty {})),
    ]
}

/// A call without what differs from run to run; nothing for a poll that brought nothing.
fn told(seen: &Seen) -> Option<Value> {
    let (call, what) = match &seen.event {
        Event::Token { form } => {
            let mut fields: Vec<_> = form.keys().collect();
            fields.sort();
            ("token", json!({ "fields": fields }))
        }
        Event::Hello(hello) => {
            let metadata = hello.connector_metadata.clone().unwrap_or_default();
            let capabilities = metadata.capabilities.unwrap_or_default();
            let types: Vec<_> = capabilities
                .resource_type_capabilities
                .iter()
                .map(|kind| {
                    let id = kind.resource_type.as_ref().map(|kind| kind.id.clone());
                    let permissions = kind.permissions.clone().unwrap_or_default().permissions;
                    let permissions: Vec<_> = permissions.into_iter().map(|one| one.permission).collect();
                    json!({ "id": id, "capabilities": kind.capabilities, "permissions": permissions })
                })
                .collect();
            let what = json!({
                "host_id": hello.host_id,
                "task_id": hello.task_id,
                "os": hello.os_info.as_ref().map(|os| json!({
                    "hostname": os.hostname,
                    "os": os.os,
                    "platform": os.platform,
                    "platform_version": os.platform_version,
                    "platform_family": os.platform_family,
                    "kernel_version": os.kernel_version,
                    "kernel_arch": os.kernel_arch,
                    "virtualization_system": os.virtualization_system,
                })),
                "build": hello.build_info.as_ref().map(|build| format!("{build:?}")),
                "display_name": metadata.display_name,
                "help_url": metadata.help_url,
                "description": metadata.description,
                "types": types,
                "capabilities": capabilities.connector_capabilities,
            });
            ("hello", what)
        }
        Event::GetTask { task: None, .. } => return None,
        Event::GetTask { host_id, task: Some(task) } => {
            ("task", json!({ "host_id": host_id, "task_id": task.id }))
        }
        Event::Heartbeat(beat) => ("heartbeat", json!({ "host_id": beat.host_id, "task_id": beat.task_id })),
        Event::Upload(upload) => (
            "upload",
            json!({ "host_id": upload.host_id, "task_id": upload.task_id, "parts": upload.parts.len() }),
        ),
        Event::Finish(finish) => {
            let status = finish.status.as_ref().map(|status| (status.code, status.message.clone()));
            let state = match &finish.final_state {
                Some(FinalState::Success(success)) => {
                    json!({ "success": success.response.as_ref().map(|any| any.type_url.clone()) })
                }
                Some(FinalState::Error(error)) => json!({ "error": { "for_good": error.non_retryable } }),
                None => Value::Null,
            };
            let what = json!({
                "host_id": finish.host_id,
                "task_id": finish.task_id,
                "status": status,
                "state": state,
            });
            ("finish", what)
        }
    };
    let answered = format!("{:?}", seen.answered);
    Some(json!({ "call": call, "agent": seen.agent, "answered": answered, "what": what }))
}
