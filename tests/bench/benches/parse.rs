//! One page through the component: the reply is there, the component reads it and makes records of it.
//!
//! No network and no host: what is left is reading the body, the JSON, and handing over a list of records. What a new
//! instance costs is measured apart.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot be set up ends"
)]

use baton_planetscale_demo::Scenario;
use baton_planetscale_support::direct::{Canned, Direct, organization, team};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod canned;
use canned::Bodies;

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
    let size = |end: &str| {
        let body =
            bodies.iter().find(|(address, _)| address.split('?').next().is_some_and(|it| it.ends_with(end)));
        body.map_or(0, |(_, body)| body.len() as u64)
    };

    let mut group = criterion.benchmark_group("parse");
    let cell = tokio::sync::Mutex::new(runtime.block_on(instance(&bodies)));
    for (kind, end) in [("user", "/members"), ("team", "/teams")] {
        group.throughput(Throughput::Bytes(size(end)));
        group.bench_function(BenchmarkId::new("100 resources", kind), |bencher| {
            bencher.to_async(&runtime).iter(async || {
                let page = cell.lock().await.resources(kind, Some(&parent), None).await;
                let page = page.expect("no trap").expect("a page");
                assert_eq!(page.items.len(), 100);
            });
        });
    }
    group.throughput(Throughput::Bytes(size("/team-001/members")));
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
}

criterion_group!(benches, parse);
criterion_main!(benches);
