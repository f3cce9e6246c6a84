//! The writer of `.c1z` files: pages of the records that a sync gives, in its order, and the end, where the file is
//! packed.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot be set up ends"
)]

use std::path::Path;

use baton_c1z::{C1z, Options};
use baton_host::records::List;
use baton_host::sink::Sink;
use baton_planetscale_demo::Scenario;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

mod canned;
use canned::Call;

/// A new file into which the first calls of a sync were written.
fn begun(folder: &Path, calls: &[Call]) -> C1z {
    let file = folder.join("sync.c1z");
    // A file that is there would be added to.
    let _ = std::fs::remove_file(&file);
    let mut sink = C1z::create(&file, Options::default()).expect("a file");
    write(&mut sink, calls.to_vec());
    sink
}

fn write(sink: &mut C1z, calls: Vec<Call>) {
    for call in calls {
        match call {
            Call::Write(list, records) => sink.write(&list, records),
            Call::Complete(list) => sink.complete(&list),
        }
        .expect("it is written");
    }
}

/// Where in the calls the first one of this kind is.
fn first(calls: &[Call], fits: impl Fn(&List) -> bool) -> usize {
    let list = |call: &Call| match call {
        Call::Write(list, _) | Call::Complete(list) => fits(list),
    };
    calls.iter().position(list).expect("there are such calls")
}

fn writer(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // 5,000 people in pages of 100; 5,000 + 250 × 40 grants.
    let calls = runtime.block_on(canned::tape(Scenario::sized(1, 5_000, 250, 40))).expect("a sync");
    let resources = first(&calls, |list| matches!(list, List::Resources { .. }));
    let entitlements = first(&calls, |list| matches!(list, List::Entitlements(_)));
    let grants = first(&calls, |list| matches!(list, List::Grants(_)));
    let folder = tempfile::tempdir().expect("a folder");
    let mut group = criterion.benchmark_group("writer");
    group.sample_size(20);
    let steps = [("resources", resources, entitlements, 5_251), ("grants", grants, calls.len(), 15_000)];
    for (name, from, to, records) in steps {
        let (before, these) = (calls.get(..from).expect("calls"), calls.get(from..to).expect("calls"));
        group.throughput(Throughput::Elements(records));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || (begun(folder.path(), before), these.to_vec()),
                |(mut sink, these)| {
                    write(&mut sink, these);
                    sink
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.throughput(Throughput::Elements(5_251 + 15_000));
    group.bench_function("end", |bencher| {
        bencher.iter_batched(
            || begun(folder.path(), &calls),
            |mut sink| {
                sink.finish().expect("a file");
                sink
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, writer);
criterion_main!(benches);
