//! Log lines on stderr: what the connector writes, where it crashed, and what the host tells of itself.

use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, fmt, registry};

/// Begin to write lines of this level and above. Only this product's own modules are heard: a library deep in the network
/// stack must not be able to write a header into a log.
pub fn start(level: Level) {
    let ours =
        filter_fn(move |metadata| metadata.target().starts_with("baton") && *metadata.level() <= level);
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false).without_time();
    // Somebody else's subscriber would be as good.
    let _ = tracing::subscriber::set_global_default(registry().with(lines.with_filter(ours)));
}
