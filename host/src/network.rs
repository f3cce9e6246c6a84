//! The one way out of a component, and what a program needs that talks to somebody else on the same terms: through the
//! same proxies, with the same trust, and with the same words for what went wrong.

pub(crate) mod allow_list;
pub(crate) mod between;
mod certificate;
pub(crate) mod client;
mod coding;
mod connections;
pub(crate) mod egress;
pub(crate) mod guard;
mod heads;
mod network_error;
mod no_proxy;
pub(crate) mod pace;
mod proxy;
pub(crate) mod replies;
mod resolve;
mod tls;
mod tunnel;

pub use between::{Between, Instead};
pub use heads::with_large_heads;
pub use network_error::{innermost, to_wasi};
pub use proxy::{Proxies, ProxyConnector, Settings as ProxySettings, Way};
pub use tls::Trust;
