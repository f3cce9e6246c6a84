//! A certificate for a loopback address, from an authority that exists for one server's lifetime.
//!
//! Nothing is trusted that was not handed over: a client has to be given the authority's certificate,
//! as in a company with its own.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::start_error::StartError;

/// The authority's certificate for clients, and the server's side of TLS.
pub(super) struct Identity {
    pub(super) ca_pem: String,
    pub(super) acceptor: TlsAcceptor,
}

impl Identity {
    /// Makes an authority and a certificate for the address, for `localhost` and for further names.
    pub(super) fn new(address: IpAddr, names: Vec<String>, http2: bool) -> Result<Self, StartError> {
        make(address, names, http2).map_err(StartError::Certificate)
    }
}

fn make(
    address: IpAddr,
    mut names: Vec<String>,
    http2: bool,
) -> Result<Identity, Box<dyn std::error::Error + Send + Sync>> {
    let mut ca = CertificateParams::default();
    ca.distinguished_name.push(DnType::CommonName, "Authority of one API double");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let ca_key = KeyPair::generate()?;
    let ca_certificate = ca.self_signed(&ca_key)?;
    let issuer = Issuer::from_params(&ca, &ca_key);

    let key = KeyPair::generate()?;
    names.push("localhost".to_owned());
    let mut leaf = CertificateParams::new(names)?;
    leaf.subject_alt_names.push(SanType::IpAddress(address));
    let certificate = leaf.signed_by(&key, &issuer)?;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    if http2 {
        config.alpn_protocols.push(b"h2".to_vec());
    }
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(Identity { ca_pem: ca_certificate.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) })
}
