//! One page through the component: the reply is there, the component reads it and makes records of it.
//!
//! No network and no host: what is left is reading the body, the JSON, and handing over a list of records. What a new
//! instance costs is measured apart, and so is the reading alone, as the machine does it without a component between.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot be set up ends"
)]

use baton_planetscale_api as api;
use baton_planetscale_demo::Scenario;
use baton_planetscale_support::direct::{Canned, Direct, organization, team};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod canned;
use canned::Bodies;

/// The list of one team's members.
const TEAM: &str = "teams/team-001/members";

/// A full page, with teams of the size that scenario L has.
fn scenario() -> Scenario {
    Scenario::sized(1, 100, 100, 40)
}

/// An instance that is given what the double says, wherever the component looks for it.
async fn instance(bodies: &Bodies) -> Direct {
    let bodies = bodies.clone();
    let answer = move |uri: &http::Uri| {
        let address = uri.path_and_query().map_or("", |it| it.as_str()).trim_start_matches("/base");
        match bodies.get(address) {
            Some(body) => Canned { status: 200, body: body.clone() },
            None => Canned { status: 404, body: Vec::new() },
        }
    };
    Direct::unmetered(answer).await.expect("the component loads")
}

fn parse(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let scenario = scenario();
    let first = scenario.organizations.first().expect("an organization").clone();
    let bodies = runtime.block_on(canned::bodies(scenario)).expect("the double's replies");
    let parent = organization(&first.id, &first.name);
    let one = first.teams.first().map(|it| team(&it.id, &first.name, &it.slug)).expect("a team");
    let body = |list: &str| {
        let path = format!("/v1/organizations/{}/{list}", first.name);
        let found = bodies.iter().find(|(address, _)| address.split('?').next() == Some(&*path));
        found.map(|(_, body)| body.clone()).expect("a body")
    };
    let size = |list: &str| Throughput::Bytes(body(list).len() as u64);

    let mut group = criterion.benchmark_group("parse");
    let cell = tokio::sync::Mutex::new(runtime.block_on(instance(&bodies)));
    for (kind, list) in [("user", "members"), ("team", "teams")] {
        group.throughput(size(list));
        group.bench_function(BenchmarkId::new("100 resources", kind), |bencher| {
            bencher.to_async(&runtime).iter(async || {
                let page = cell.lock().await.resources(kind, Some(&parent), None).await;
                let page = page.expect("no trap").expect("a page");
                assert_eq!(page.items.len(), 100);
            });
        });
    }
    group.throughput(size(TEAM));
    group.bench_function("40 grants of a team", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let page = cell.lock().await.grants(&one, None).await.expect("no trap").expect("a page");
            assert_eq!(page.items.len(), 40);
        });
    });
    group.bench_function("40 grants of a team, on a new instance", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let page = instance(&bodies).await.grants(&one, None).await.expect("no trap").expect("a page");
            assert_eq!(page.items.len(), 40);
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("read");
    let (members, teams, team) = (body("members"), body("teams"), body(TEAM));
    group.throughput(size("members"));
    group.bench_function("100 members", |bencher| bencher.iter(|| api::members(&members).expect("a page")));
    group.throughput(size("teams"));
    group.bench_function("100 teams", |bencher| bencher.iter(|| api::teams(&teams).expect("a page")));
    group.bench_function("100 teams with 40 members each", |bencher| {
        bencher.iter(|| api::teams_with_members(&teams).expect("a page"));
    });
    group.throughput(size(TEAM));
    group.bench_function("40 members of a team", |bencher| {
        bencher.iter(|| api::team_members(&team).expect("a page"));
    });
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
