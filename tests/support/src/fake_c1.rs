//! A C1 of this machine: token endpoint and gRPC on one TLS port, with a certificate made for it alone.
//!
//! It checks what it is sent as C1 does (the signed statement, the token, the bounds of every field), hands out the
//! tasks it was given, keeps the files it gets, and goes wrong as a list of [`Fault`]s says. What a connector did
//! is judged from what was [`Seen`] here, in the order in which it came.

mod checks;
mod connection;
mod fault;
mod grpc;
mod options;
mod seen;
mod tasks;

pub use fault::{Fault, Kind, Method};
pub use options::{CLIENT_ID, Options};
pub use seen::{Answered, Event, Seen, Upload};
pub use tasks::{id, sync, task};

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use baton_service::messages::Task;
use data_encoding::BASE64URL_NOPAD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::sync::{oneshot, watch};
use tokio_rustls::TlsAcceptor;

use seen::Shared;

/// A running C1. It stops when it is dropped.
pub struct FakeC1 {
    shared: Arc<Shared>,
    address: SocketAddr,
    ca_pem: String,
    secret: String,
    there: watch::Sender<bool>,
    gone: Mutex<mpsc::Receiver<()>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

impl FakeC1 {
    /// Starts on a loopback port.
    ///
    /// # Errors
    /// The system lends no port, thread or random bytes.
    pub fn start(options: Options) -> Result<FakeC1, AnyError> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (ca_pem, acceptor) = certificate(address)?;
        let mut seed = [0; 32];
        ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut seed)
            .map_err(|_| "no random bytes")?;
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| "no key")?;
        let public = key.public_key().as_ref().to_vec();
        let jwk = serde_json::json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "d": BASE64URL_NOPAD.encode(&seed),
            "x": BASE64URL_NOPAD.encode(&public),
        });
        let secret = format!("a:b:v1:{}", BASE64URL_NOPAD.encode(jwk.to_string().as_bytes()));
        let shared = Arc::new(Shared::new(options, public));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (there, is_there) = watch::channel(true);
        let (went, gone) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let accept = connection::accept(listener, address, acceptor, shared.clone(), is_there, went);
        let thread = std::thread::Builder::new().name("fake-c1".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        })?;
        let (stop, thread, gone) = (Some(stop), Some(thread), Mutex::new(gone));
        Ok(FakeC1 { shared, address, ca_pem, secret, there, gone, stop, thread })
    }

    /// Where it is: `127.0.0.1:PORT`.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// The certificate that its own one was signed with.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The secret of [`CLIENT_ID`].
    pub fn client_secret(&self) -> &str {
        &self.secret
    }

    /// Hand out a task, after those that wait already.
    pub fn push(&self, task: Task) {
        self.shared.push(task);
    }

    /// Tell whoever works on this task that it is cancelled, with the next heartbeat.
    pub fn cancel(&self, task_id: &str) {
        self.shared.cancel(task_id);
    }

    /// Everything that came so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen()
    }

    /// Wait until what was seen satisfies somebody, and return what they made of it.
    ///
    /// # Panics
    /// When that has not come after two minutes: then it never will.
    pub fn wait_for<T>(&self, what: &str, satisfied: impl Fn(&[Seen]) -> Option<T>) -> T {
        self.shared.wait_for(what, Duration::from_secs(120), satisfied)
    }

    /// Wait until a task is finished, and return how.
    ///
    /// # Panics
    /// As [`FakeC1::wait_for`].
    pub fn finished(&self, task_id: &str) -> baton_service::messages::FinishTaskRequest {
        self.wait_for(&format!("the end of task {task_id}"), |seen| {
            seen.iter().filter(|seen| seen.answered == Answered::Well).find_map(|seen| match &seen.event {
                Event::Finish(finish) if finish.task_id == task_id => Some(finish.clone()),
                _ => None,
            })
        })
    }

    /// The files that were taken for a task.
    pub fn uploads(&self, task_id: &str) -> Vec<Upload> {
        let whole = |seen: Seen| match seen.event {
            Event::Upload(upload) if upload.task_id == task_id && seen.answered == Answered::Well => {
                Some(upload)
            }
            _ => None,
        };
        self.seen().into_iter().filter_map(whole).collect()
    }

    /// Close the port and every connection. They are closed when this returns.
    pub fn go_away(&self) {
        if self.there.send_replace(false)
            && let Ok(gone) = self.gone.lock()
        {
            // An error would mean that all of it has ended.
            let _ = gone.recv();
        }
    }

    /// Be there again, at the same port.
    pub fn come_back(&self) {
        self.there.send_replace(true);
    }
}

impl Drop for FakeC1 {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn certificate(address: SocketAddr) -> Result<(String, TlsAcceptor), AnyError> {
    let mut ca = CertificateParams::default();
    ca.distinguished_name.push(DnType::CommonName, "Authority of one fake C1");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let ca_key = KeyPair::generate()?;
    let ca_certificate = ca.self_signed(&ca_key)?;
    let issuer = Issuer::from_params(&ca, &ca_key);
    let key = KeyPair::generate()?;
    let mut leaf = CertificateParams::new(vec!["localhost".to_owned()])?;
    leaf.subject_alt_names.push(SanType::IpAddress(address.ip()));
    let certificate = leaf.signed_by(&key, &issuer)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    config.alpn_protocols.push(b"h2".to_vec());
    Ok((ca_certificate.pem(), TlsAcceptor::from(Arc::new(config))))
}
