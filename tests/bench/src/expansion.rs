//! What it takes to work out what follows from grants: a file of teams and of what is granted to them, written without
//! and with that, and the same work done by another program on the file without it.

use std::path::Path;
use std::time::Duration;

use baton_c1z::{C1z, Options};
use baton_host::contract::{
    Entitlement, EntitlementId, Expansion, Grant, Purpose, Resource, ResourceId, ResourceType,
};
use baton_host::records::{List, Records};
use baton_host::sink::Sink;
use comfy_table::Table;

use crate::measured::{Cost, measure};
use crate::outcome::Result;

/// Teams that things are granted to.
const TEAMS: u32 = 1_000;
/// People to choose members from.
const PEOPLE: u32 = 5_000;
/// Nothing takes longer.
const LONGEST: Duration = Duration::from_secs(3_600);

/// What is made.
#[derive(Clone, Copy)]
pub struct Size {
    /// Grants to a team, each of a thing of its own.
    pub grants: u32,
    /// Members of each team.
    pub members: u32,
}

/// Measure, and print.
pub fn expansion(size: Size, against: Option<&str>) -> Result {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let here = |file: &str, expand: &str| {
        let own = std::env::current_exe().map(|own| own.to_string_lossy().into_owned());
        own.map(|own| {
            let numbers = [size.grants, size.members].map(|number| number.to_string());
            let [grants, members] = numbers;
            vec![own, "expansion-here".into(), path(file), grants, members, expand.into()]
        })
    };
    let log = folder.path().join("log");
    let cost = |command: &[String]| -> Result<Cost> {
        let variables = std::env::vars().filter(|(name, _)| name == "PATH").collect::<Vec<_>>();
        let cost = measure(command, folder.path(), &variables, &log, LONGEST)?;
        match cost.code {
            Some(0) => Ok(cost),
            _ => Err(format!("{command:?} failed: {}", std::fs::read_to_string(&log)?).into()),
        }
    };
    let mut table = Table::new();
    table.set_header(["", "wall s", "CPU s", "memory MB", "file MB"]);
    let mut add = |name: &str, cost: Cost, file: &str| -> Result {
        let mega = |bytes: u64| format!("{:.0}", bytes as f64 / f64::from(1 << 20));
        let bytes = std::fs::metadata(path(file))?.len();
        let (wall, cpu) = (format!("{:.1}", cost.wall), format!("{:.1}", cost.cpu));
        table.add_row([name.to_owned(), wall, cpu, mega(cost.memory), mega(bytes)]);
        Ok(())
    };
    add("written, not expanded", cost(&here("plain.c1z", "false")?)?, "plain.c1z")?;
    add("written and expanded", cost(&here("expanded.c1z", "true")?)?, "expanded.c1z")?;
    if let Some(against) = against {
        let line = against.replace("{file}", &path("plain.c1z"));
        add("the other, expanding", cost(&["sh".into(), "-c".into(), line])?, "plain.c1z")?;
    }
    let derived = u64::from(size.grants) * u64::from(size.members);
    println!("{} grants to teams of {} lead to {derived} more.\n{table}", size.grants, size.members);
    Ok(())
}

/// Write such a file, in a process of its own.
pub fn here(file: &Path, size: Size, expand: bool) -> Result {
    let mut sink = C1z::create(file, Options { expand, ..Options::default() })?;
    let kinds = ["team", "thing", "user"];
    sink.write(&List::ResourceTypes, Records::ResourceTypes(kinds.map(kind).into()))?;
    for (name, count) in kinds.into_iter().zip([TEAMS, size.grants, PEOPLE]) {
        let list = List::Resources { resource_type: name.to_owned(), parent: None };
        for first in (0..count).step_by(1_000) {
            let page = (first..count.min(first + 1_000)).map(|number| resource(id(name, number)));
            sink.write(&list, Records::Resources(page.collect()))?;
        }
    }
    let offering = || {
        let teams = (0..TEAMS).map(|number| offered("team", number, "member"));
        teams.chain((0..size.grants).map(|number| offered("thing", number, "admin")))
    };
    for id in offering() {
        let list = List::Entitlements(resource(id.resource.clone()));
        sink.write(&list, Records::Entitlements(vec![entitlement(id)]))?;
        sink.complete(&list)?;
    }
    for number in 0..TEAMS {
        let member = |at| id("user", (number * 7 + at) % PEOPLE);
        let grants = (0..size.members).map(|at| grant(offered("team", number, "member"), member(at), None));
        sink.write(&List::Grants(resource(id("team", number))), Records::Grants(grants.collect()))?;
    }
    for number in 0..size.grants {
        let team = number % TEAMS;
        let entitlements = vec![offered("team", team, "member")];
        let expansion = Expansion { entitlements, shallow: true, resource_types: vec!["user".to_owned()] };
        let grants = vec![grant(offered("thing", number, "admin"), id("team", team), Some(expansion))];
        sink.write(&List::Grants(resource(id("thing", number))), Records::Grants(grants))?;
    }
    sink.finish()?;
    Ok(())
}

fn id(kind: &str, number: u32) -> ResourceId {
    ResourceId { resource_type: kind.to_owned(), id: format!("{number:012}") }
}

fn offered(kind: &str, number: u32, slug: &str) -> EntitlementId {
    EntitlementId { resource: id(kind, number), slug: slug.to_owned() }
}

fn grant(entitlement: EntitlementId, principal: ResourceId, expansion: Option<Expansion>) -> Grant {
    Grant { entitlement, principal, immutable: None, expansion }
}

fn kind(id: &str) -> ResourceType {
    ResourceType {
        id: id.to_owned(),
        display_name: id.to_owned(),
        description: None,
        traits: Vec::new(),
        has_entitlements: id != "user",
        has_grants: id != "user",
        permissions: Vec::new(),
    }
}

fn resource(id: ResourceId) -> Resource {
    Resource {
        display_name: format!("{} {}", id.resource_type, id.id),
        id,
        parent: None,
        description: None,
        child_resource_types: Vec::new(),
        external_link: None,
        created_at: None,
        profile: Vec::new(),
        traits: Vec::new(),
    }
}

fn entitlement(id: EntitlementId) -> Entitlement {
    Entitlement {
        display_name: id.slug.clone(),
        id,
        description: None,
        purpose: Purpose::Permission,
        grantable_to: vec!["user".to_owned(), "team".to_owned()],
    }
}
