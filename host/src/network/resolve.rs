//! From a server's name to its addresses, without those that a name has no business to lead to.
//!
//! The allow-list knows names. Who answers for a name decides where it leads, and may change their mind between
//! two look-ups: to this machine itself, or to the address at which a cloud gives credentials to its machines. So
//! each look-up is checked, and a connection is only made to the addresses that were.
//!
//! | the config's URL names | it may lead to |
//! |---|---|
//! | an address | that address |
//! | `localhost`, `*.localhost` | this machine |
//! | any other name | any address but those of this machine and of this network link alone |
//!
//! Private networks stay reachable by name: companies run the API's like there. A proxy of the environment is the
//! operator's own choice, and is looked up as it is.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

/// The metadata service of one cloud, which for IPv6 lies in a private network.
const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Found = std::vec::IntoIter<SocketAddr>;

/// Looks names up as the resolver inside does, and checks what came.
#[derive(Clone)]
pub(crate) struct Checked<R>(pub R);

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error(
    "the name {name} leads to {address}, which is this machine's or this network link's alone; name the address \
     itself in the config if that is meant"
)]
struct Local {
    name: String,
    address: IpAddr,
}

impl<R> Service<Name> for Checked<R>
where
    R: Service<Name>,
    R::Response: Iterator<Item = SocketAddr>,
    R::Error: Into<BoxError>,
    R::Future: Send + 'static,
{
    type Response = Found;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Found, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let text = name.as_str().to_owned();
        let found = self.0.call(name);
        Box::pin(async move { Ok(check(&text, found.await.map_err(Into::into)?)?) })
    }
}

fn check(name: &str, found: impl Iterator<Item = SocketAddr>) -> Result<Found, Local> {
    let own = name.trim_end_matches('.').to_ascii_lowercase();
    let is_local = own == "localhost" || own.ends_with(".localhost");
    let (good, bad): (Vec<_>, Vec<_>) = found.partition(|address| is_local || !is_near(address.ip()));
    match bad.first() {
        Some(address) if good.is_empty() => Err(Local { name: name.to_owned(), address: address.ip() }),
        _ => Ok(good.into_iter()),
    }
}

/// Whether an address is of this machine, or of this network link alone.
fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            v4.is_loopback()
                || v4.octets()[0] == 0
                || v4.is_link_local()
                || v4.is_multicast()
                || v4 == Ipv4Addr::BROADCAST
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unicast_link_local()
                || v6.is_multicast()
                || v6 == METADATA
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};

    use super::*;

    fn allows(name: &str, address: &str) -> bool {
        let address = SocketAddr::new(address.parse().expect("an address"), 443);
        check(name, [address].into_iter()).is_ok()
    }

    #[test]
    fn a_public_name_never_leads_to_this_machine_or_a_metadata_service() {
        for address in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "::1",
            "::",
            "fe80::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "fd00:ec2::254",
            "224.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!allows("api.example.com", address), "{address}");
            assert!(!allows("localhost.example.com", address), "{address}");
        }
    }

    #[test]
    fn public_and_private_networks_are_reached_and_localhost_is_this_machine() {
        for address in ["203.0.113.7", "10.0.0.7", "192.168.1.1", "2001:db8::1", "fd12::1"] {
            assert!(allows("api.example.com", address), "{address}");
        }
        for name in ["localhost", "LOCALHOST.", "api.localhost"] {
            assert!(allows(name, "127.0.0.1") && allows(name, "::1"), "{name}");
        }
    }

    /// Answers one thing, then another.
    #[derive(Clone)]
    struct Changing(Arc<Mutex<VecDeque<Vec<SocketAddr>>>>);

    impl Service<Name> for Changing {
        type Response = Found;
        type Error = std::io::Error;
        type Future = std::future::Ready<Result<Found, std::io::Error>>;

        fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), std::io::Error>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _name: Name) -> Self::Future {
            let next = self.0.lock().expect("a lock").pop_front().unwrap_or_default();
            std::future::ready(Ok(next.into_iter()))
        }
    }

    #[tokio::test]
    async fn a_name_that_changes_its_mind_is_checked_each_time() {
        let public: SocketAddr = "203.0.113.7:443".parse().expect("an address");
        let metadata: SocketAddr = "169.254.169.254:443".parse().expect("an address");
        let answers = VecDeque::from([vec![public], vec![metadata, public], vec![metadata]]);
        let mut resolver = Checked(Changing(Arc::new(Mutex::new(answers))));
        let name = || "api.example.com".parse::<Name>().expect("a name");
        for _ in 0..2 {
            let found: Vec<_> = resolver.call(name()).await.expect("an address").collect();
            assert_eq!(found, [public]);
        }
        let error = resolver.call(name()).await.expect_err("a refusal");
        assert!(error.to_string().contains("169.254.169.254"), "{error}");
    }
}
