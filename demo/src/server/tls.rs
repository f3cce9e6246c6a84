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

/// Who vouches for a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authority {
    /// One of its own, with a key on P-256.
    #[default]
    Private,
    /// One of its own, with a key on P-521.
    P521,
    /// The server's certificate is its own authority, as `openssl req -x509` makes them.
    Oneself,
}

impl Identity {
    /// Makes an authority and a certificate for the address, for `localhost` and for further names.
    pub(super) fn new(
        address: IpAddr,
        names: Vec<String>,
        authority: Authority,
        http2: bool,
    ) -> Result<Self, StartError> {
        make(address, names, authority, http2).map_err(StartError::Certificate)
    }
}

fn make(
    address: IpAddr,
    mut names: Vec<String>,
    authority: Authority,
    http2: bool,
) -> Result<Identity, Box<dyn std::error::Error + Send + Sync>> {
    let new_key = || match authority {
        Authority::P521 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512),
        Authority::Private | Authority::Oneself => KeyPair::generate(),
    };
    let key = new_key()?;
    names.push("localhost".to_owned());
    let mut leaf = CertificateParams::new(names)?;
    leaf.subject_alt_names.push(SanType::IpAddress(address));
    let (certificate, ca_certificate) = if authority == Authority::Oneself {
        leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = leaf.self_signed(&key)?;
        (certificate.clone(), certificate)
    } else {
        let mut ca = CertificateParams::default();
        ca.distinguished_name.push(DnType::CommonName, "Authority of one API double");
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let ca_key = new_key()?;
        let ca_certificate = ca.self_signed(&ca_key)?;
        (leaf.signed_by(&key, &Issuer::from_params(&ca, &ca_key))?, ca_certificate)
    };

    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
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
