//! The one way out of a component, and what a program needs that talks to somebody else on the same terms: through the
//! same proxies, with the same trust, and with the same words for what went wrong.

pub(crate) mod allow_list;
pub(crate) mod client;
mod connections;
pub(crate) mod egress;
pub(crate) mod guard;
mod network_error;
pub(crate) mod pace;
mod proxy;
pub(crate) mod replies;
mod resolve;
mod tls;

pub use network_error::{innermost, to_wasi};
pub use proxy::ProxyConnector;
pub use tls::{client_config, platform_roots};
