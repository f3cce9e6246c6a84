//! Syncs through `baton-host` from replies that are ready, into nothing: a page's way over the network, into the
//! component and back out of it as records. Two sizes, so that what a page costs can be told from what a sync costs.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot be set up ends"
)]

use baton_planetscale_demo::{Options, Scenario};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod canned;

fn boundary(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let connector = canned::connector().expect("the component loads");
    let token = Options::default().service_token;
    let mut group = criterion.benchmark_group("boundary");
    group.sample_size(20);
    for pages in [1, 50] {
        let bodies = runtime.block_on(canned::bodies(Scenario::sized(1, 100 * pages, 0, 0)));
        let address = canned::serve(&bodies.expect("the double's replies")).expect("a port");
        let url = format!("http://{address}");
        group.throughput(Throughput::Elements(pages as u64));
        group.bench_function(BenchmarkId::new("pages of 100 members", pages), |bencher| {
            bencher.to_async(&runtime).iter(async || {
                let summary = canned::sync(&connector, &url, &token, &mut canned::Nowhere).await;
                assert_eq!(summary.expect("a sync").resources.get("user"), Some(&(100 * pages as u64)));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, boundary);
criterion_main!(benches);
