//! Numbers for whoever watches the service, in the text form of Prometheus.
//!
//! They count since the process began. What goes on inside of a sync is counted when it happens, not when the sync has
//! ended, so that one that hangs is seen.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use baton_host::{Event, Observer, clock};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::waits::Waits;

/// How the form is called in an answer.
pub(super) const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// From a small company to one that takes hours under its limit of requests, in seconds.
const DURATIONS: [f64; 9] = [1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0, 10_800.0, 43_200.0];

type Labels = Vec<(&'static str, &'static str)>;

/// All of them.
pub(super) struct Metrics {
    registry: Registry,
    tasks: Family<Labels, Counter>,
    running: Gauge,
    durations: Family<Labels, Histogram, fn() -> Histogram>,
    last_good: Arc<LastGood>,
    requests: Counter,
    waited: Counter<f64>,
    refusals: Counter,
}

impl Metrics {
    pub fn new(version: &str, waits: Arc<Waits>) -> Arc<Metrics> {
        let mut registry = Registry::with_prefix("baton");
        let (tasks, running) = (Family::<Labels, Counter>::default(), Gauge::default());
        let durations = Family::<Labels, Histogram, fn() -> Histogram>::new_with_constructor(histogram);
        let (requests, waited, refusals) =
            (Counter::default(), Counter::<f64>::default(), Counter::default());
        let (started, last_good) = (Gauge::<i64>::default(), Arc::<LastGood>::default());
        let now = clock::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        started.set(i64::try_from(now).unwrap_or_default());
        registry.register("build", "What runs", Info::new(vec![("version", version.to_owned())]));
        registry.register_with_unit("start_time", "When the process began", Unit::Seconds, started);
        registry.register("tasks", "Tasks of C1 that ended, by kind and outcome", tasks.clone());
        registry.register("tasks_running", "Tasks that are being worked on", running.clone());
        let help = "How long syncs took, by outcome";
        registry.register_with_unit("sync_duration", help, Unit::Seconds, durations.clone());
        registry.register("requests", "Requests that syncs and checks sent to the vendor", requests.clone());
        let help = "Time for which requests waited for the vendor's limits, over all workers";
        registry.register_with_unit("request_wait", help, Unit::Seconds, waited.clone());
        let help = "Requests that the guard did not let out";
        registry.register("guard_refusals", help, refusals.clone());
        registry.register_collector(Box::new(last_good.clone()));
        registry.register_collector(Box::new(Waiting(waits)));
        Arc::new(Metrics { registry, tasks, running, durations, last_good, requests, waited, refusals })
    }

    /// As text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = prometheus_text::encode(&mut text, &self.registry);
        text
    }

    /// Count what goes on in a sync, and pass it on.
    pub fn follow(self: &Arc<Self>, next: Option<Observer>) -> Observer {
        let metrics = self.clone();
        Arc::new(move |event| {
            metrics.hear(event);
            if let Some(next) = &next {
                next(event);
            }
        })
    }

    fn hear(&self, event: &Event<'_>) {
        match event {
            Event::Sent { waited } => {
                self.requests.inc();
                self.waited.inc_by(waited.as_secs_f64());
            }
            Event::Refused => drop(self.refusals.inc()),
            _ => {}
        }
    }

    /// A task has begun.
    pub fn begun(&self) {
        self.running.inc();
    }

    /// A task has ended.
    pub fn ended(&self, kind: &'static str, good: bool) {
        self.running.dec();
        self.tasks.get_or_create(&vec![("kind", kind), ("outcome", outcome(good))]).inc();
    }

    /// A sync has ended.
    pub fn synced(&self, good: bool, took: Duration) {
        self.durations.get_or_create(&vec![("outcome", outcome(good))]).observe(took.as_secs_f64());
        if good {
            *self.last_good.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }
}

fn histogram() -> Histogram {
    Histogram::new(DURATIONS)
}

fn outcome(good: bool) -> &'static str {
    if good { "done" } else { "failed" }
}

/// When the last sync ended of which C1 has the file. Before the first one there is no number: none would be true.
#[derive(Debug, Default)]
struct LastGood(Mutex<Option<Instant>>);

impl Collector for LastGood {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(at) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) else { return Ok(()) };
        let help = "Time since the last sync ended well";
        let to =
            encoder.encode_descriptor("last_good_sync_age", help, Some(&Unit::Seconds), MetricType::Gauge)?;
        ConstGauge::new(at.elapsed().as_secs_f64()).encode(to)
    }
}

/// Whether a sync waits.
struct Waiting(Arc<Waits>);

impl fmt::Debug for Waiting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Waiting")
    }
}

impl Collector for Waiting {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let left = self.0.now().map(|wait| wait.until.duration_since(clock::now()));
        let left = left.and_then(Result::ok).unwrap_or_default();
        let help = "How long a sync is still to be left waiting by the vendor; 0: none waits";
        let to = encoder.encode_descriptor("waiting", help, Some(&Unit::Seconds), MetricType::Gauge)?;
        ConstGauge::new(left.as_secs_f64()).encode(to)
    }
}
