//! Made-up groups in groups, as files: for comparing what follows from them with what others say.
//!
//!     cargo run -p baton-planetscale-tests --example graphs -- 1 200 FOLDER
//!
//! For each number of the range there are two files of the same records, `1.plain.c1z`, where nothing is expanded, and
//! `1.expanded.c1z`. The number is the seed: the same one always gives the same records.
#![allow(clippy::expect_used, reason = "a program for tests")]

use std::collections::BTreeSet;
use std::path::Path;

use baton_c1z::{C1z, Options};
use baton_host::contract::{
    Entitlement, EntitlementId, Expansion, Grant, Purpose, Resource, ResourceId, ResourceType,
};
use baton_host::records::{List, Records};
use baton_host::sink::Sink;
use fastrand::Rng;

/// Types: two that hold, and two that offer and hold.
const HOLDERS: [&str; 2] = ["user", "robot"];
const OFFERS: [&str; 2] = ["group", "thing"];
/// What a resource may offer. The last one is named by grants at times, and never listed.
const SLUGS: [&str; 3] = ["member", "owner", "gone"];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("FROM TO FOLDER");
    let (from, to, folder) = (next(), next(), next());
    let number = |text: String| text.parse::<u64>().expect("a number");
    for seed in number(from)..=number(to) {
        for (name, expand) in [("plain", false), ("expanded", true)] {
            write(&Path::new(&folder).join(format!("{seed}.{name}.c1z")), expand, &Graph::new(seed));
        }
    }
}

/// The records of a sync.
struct Graph {
    holders: Vec<ResourceId>,
    offers: Vec<ResourceId>,
    entitlements: Vec<EntitlementId>,
    grants: Vec<Grant>,
}

impl Graph {
    fn new(seed: u64) -> Graph {
        let mut dice = Rng::with_seed(seed);
        let holders = some(&mut dice, &HOLDERS, 8);
        let offers = some(&mut dice, &OFFERS, 8);
        let mut entitlements = Vec::new();
        for resource in &offers {
            let count = dice.usize(1..=2);
            entitlements.extend(SLUGS[..count].iter().map(|slug| offered(resource, slug)));
        }
        let mut graph = Graph { holders, offers, entitlements, grants: Vec::new() };
        // Some are nearly empty, and some full of circles.
        let (people, groups) = (dice.f64() * 0.5, dice.f64().powi(2) * 0.5);
        let is_line = dice.u8(0..8) == 0;
        for (at, entitlement) in graph.entitlements.clone().into_iter().enumerate() {
            for holder in graph.holders.clone() {
                if dice.f64() < people {
                    let immutable = (dice.u8(0..5) == 0).then(|| "A directory keeps it.".to_owned());
                    graph.grants.push(grant(&entitlement, holder, immutable, None));
                }
            }
            for holder in graph.offers.clone() {
                let follows = at.checked_sub(1).map(|at| &graph.entitlements[at].resource) == Some(&holder);
                let wanted = if is_line { follows } else { dice.f64() < groups };
                if wanted {
                    let expansion =
                        (is_line || dice.u8(0..8) > 0).then(|| graph.expansion(&mut dice, &holder));
                    graph.grants.push(grant(&entitlement, holder, None, expansion));
                }
            }
        }
        graph
    }

    fn expansion(&self, dice: &mut Rng, over: &ResourceId) -> Expansion {
        let own: Vec<_> = self.entitlements.iter().filter(|one| one.resource == *over).cloned().collect();
        let mut entitlements: Vec<_> = own.iter().filter(|_| dice.u8(0..3) > 0).cloned().collect();
        if dice.u8(0..10) == 0 {
            entitlements.push(offered(over, SLUGS[2]));
        }
        if entitlements.is_empty() {
            entitlements.extend(own.first().cloned());
        }
        let filtered = dice.u8(0..3) == 0;
        let kinds = HOLDERS.iter().chain(&OFFERS).filter(|_| filtered && dice.bool());
        let resource_types = kinds.map(|kind| (*kind).to_owned()).collect();
        Expansion { entitlements, shallow: dice.u8(0..4) == 0, resource_types }
    }
}

/// Resources of these types, a few of them with colons in their ids.
fn some(dice: &mut Rng, kinds: &[&str], most: usize) -> Vec<ResourceId> {
    let count = dice.usize(1..=most);
    let made = (0..count).map(|number| {
        let id = if dice.u8(0..6) == 0 { format!("a:{number}") } else { format!("{number}") };
        ResourceId { resource_type: kinds[dice.usize(..kinds.len())].to_owned(), id }
    });
    made.collect()
}

fn offered(resource: &ResourceId, slug: &str) -> EntitlementId {
    EntitlementId { resource: resource.clone(), slug: slug.to_owned() }
}

fn grant(
    entitlement: &EntitlementId,
    principal: ResourceId,
    immutable: Option<String>,
    expansion: Option<Expansion>,
) -> Grant {
    Grant { entitlement: entitlement.clone(), principal, immutable, expansion }
}

fn write(path: &Path, expand: bool, graph: &Graph) {
    let mut file = C1z::create(path, Options { expand, ..Options::default() }).expect("a file");
    let mut put = |list: &List, records: Records| {
        file.write(list, records).expect("a page is written");
        file.complete(list).expect("a list is complete");
    };
    let kinds: BTreeSet<_> = HOLDERS.iter().chain(&OFFERS).collect();
    put(&List::ResourceTypes, Records::ResourceTypes(kinds.iter().map(|id| kind(id)).collect()));
    for kind in kinds {
        let all = graph.holders.iter().chain(&graph.offers).filter(|id| id.resource_type == **kind);
        let list = List::Resources { resource_type: (*kind).to_string(), parent: None };
        put(&list, Records::Resources(all.map(resource).collect()));
    }
    for id in &graph.offers {
        let own = graph.entitlements.iter().filter(|one| one.resource == *id);
        put(&List::Entitlements(resource(id)), Records::Entitlements(own.map(entitlement).collect()));
    }
    for id in &graph.offers {
        let own = graph.grants.iter().filter(|one| one.entitlement.resource == *id);
        put(&List::Grants(resource(id)), Records::Grants(own.cloned().collect()));
    }
    file.finish().expect("the file is there");
}

fn kind(id: &str) -> ResourceType {
    ResourceType {
        id: id.to_owned(),
        display_name: id.to_owned(),
        description: None,
        traits: Vec::new(),
        has_entitlements: OFFERS.contains(&id),
        has_grants: OFFERS.contains(&id),
        permissions: Vec::new(),
    }
}

fn resource(id: &ResourceId) -> Resource {
    Resource {
        id: id.clone(),
        parent: None,
        display_name: format!("{} {}", id.resource_type, id.id),
        description: None,
        child_resource_types: Vec::new(),
        external_link: None,
        created_at: None,
        profile: Vec::new(),
        traits: Vec::new(),
    }
}

fn entitlement(id: &EntitlementId) -> Entitlement {
    Entitlement {
        id: id.clone(),
        display_name: id.slug.clone(),
        description: None,
        purpose: Purpose::Assignment,
        grantable_to: HOLDERS.iter().chain(&OFFERS).map(|kind| (*kind).to_owned()).collect(),
    }
}
