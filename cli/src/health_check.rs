//! `health-check`: asks a service that runs on this machine whether it is well, for containers without a shell or
//! an HTTP client in them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use crate::failure::Failure;
use crate::given::typed;
use crate::print::print;
use crate::service;
use crate::settings::Sources;

/// The largest answer that is read.
const LARGEST: usize = 64 * 1024;

/// Ask. Anything but a good answer is a failure.
pub async fn run(sources: &Sources<'_>) -> Result<(), Failure> {
    let value = |name| typed(sources.typed, name).and_then(|mut texts| texts.pop()).unwrap_or_default();
    let (endpoint, timeout) = (value("endpoint"), value("timeout"));
    let seconds = timeout.parse::<u64>().ok().filter(|seconds| *seconds > 0).ok_or_else(|| {
        Failure::Usage(format!(
            "invalid argument {timeout:?} for \"--timeout\" flag: a number of seconds is needed"
        ))
    })?;
    if !["health", "ready", "live"].contains(&endpoint.as_str()) {
        return Err(Failure::Usage(format!(
            "invalid argument {endpoint:?} for \"--endpoint\" flag: health, ready or live is needed"
        )));
    }
    let address = reachable(service::health(sources)?);
    let url = format!("http://{address}/{endpoint}");
    let uri = url.parse().map_err(|_| Failure::Setting(format!("{url} is not a URL")))?;
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let asked = async {
        let reply = client.get(uri).await.map_err(|error| {
            Failure::Unreachable(format!(
                "{url} does not answer ({error}); is the service running, with --health-check?"
            ))
        })?;
        let status = reply.status();
        let body = Limited::new(reply.into_body(), LARGEST).collect().await;
        let body = body.map(|body| body.to_bytes()).unwrap_or_default();
        Ok::<_, Failure>((status, String::from_utf8_lossy(&body).into_owned()))
    };
    let (status, body) = tokio::time::timeout(Duration::from_secs(seconds), asked)
        .await
        .map_err(|_| Failure::Unreachable(format!("{url} gave no answer within {seconds} s")))??;
    if !status.is_success() {
        return Err(Failure::Setting(format!("{url} answered {status}: {body}")));
    }
    print(&format!("{body}\n"))
}

/// Whoever listens everywhere is asked on this machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
