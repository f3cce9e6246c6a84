//! TLS, the same for everybody this program talks to: whom this machine trusts, and how.

use std::collections::HashSet;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use rustls::CertificateError as C;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme};

use crate::model::error::Error;

/// Where certificates to trust are named, in place of the system's: a file, and folders.
const CERTIFICATES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Who is trusted.
#[derive(Debug)]
pub struct Trust {
    roots: RootCertStore,
    /// SHA-256 of each of them.
    digests: HashSet<Vec<u8>>,
}

impl Default for Trust {
    /// Nobody.
    fn default() -> Trust {
        Trust::of(Vec::new())
    }
}

impl Trust {
    /// The certificates this machine trusts: `SSL_CERT_FILE` and `SSL_CERT_DIR` if set, else the system's.
    pub fn of_platform() -> Result<Trust, Error> {
        let found = rustls_native_certs::load_native_certs();
        let trust = Trust::of(found.certs);
        if trust.roots.is_empty() {
            let why = found.errors.first().map(ToString::to_string);
            return Err(Error::Setup(without_certificates(&places(), why.as_deref())));
        }
        Ok(trust)
    }

    fn of(certificates: Vec<CertificateDer<'static>>) -> Trust {
        let digests = certificates.iter().map(|certificate| sha256(certificate)).collect();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(certificates);
        Trust { roots, digests }
    }

    /// How connections are encrypted, for who trusts these.
    pub fn client_config(self) -> Result<rustls::ClientConfig, Error> {
        let no_tls = |error: String| Error::Setup(format!("cannot set up TLS: {error}"));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| no_tls(error.to_string()))?;
        if self.roots.is_empty() {
            return Ok(builder.with_root_certificates(self.roots).with_no_client_auth());
        }
        let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(self.roots), provider)
            .build()
            .map_err(|error| no_tls(error.to_string()))?;
        let verifier = Verifier { usual, trusted: self.digests };
        Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
    }
}

fn sha256(certificate: &CertificateDer<'_>) -> Vec<u8> {
    digest(&SHA256, certificate).as_ref().to_vec()
}

/// The usual verifier, but for servers that show a certificate which is trusted itself: one that is its own authority, as
/// `openssl req -x509` makes them. Who signed it, and that it is an authority's, then does not matter. Its dates and the
/// server's name do.
#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    trusted: HashSet<Vec<u8>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        further: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        if !self.trusted.contains(&sha256(shown)) {
            return self.usual.verify_server_cert(shown, further, name, ocsp, now);
        }
        // The usual verifier looks at the dates before it looks for who signed, and at the name after that.
        match self.usual.verify_server_cert(shown, &[], name, ocsp, now) {
            Err(TlsError::InvalidCertificate(error)) if is_of_the_signer(&error) => {
                verify_server_name(&ParsedCertificate::try_from(shown)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.usual.verify_tls12_signature(message, shown, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.usual.verify_tls13_signature(message, shown, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// Whether what is wrong with a certificate is who signed it, how, or for whom: what has no name of its own is that
/// an authority's certificate is used by a server.
fn is_of_the_signer(error: &C) -> bool {
    matches!(
        error,
        C::UnknownIssuer
            | C::BadSignature
            | C::UnsupportedSignatureAlgorithmContext { .. }
            | C::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
            | C::Other(_)
    )
}

/// The settings that name certificates, as `NAME=value`.
pub(super) fn places() -> Vec<String> {
    let value = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    CERTIFICATES.iter().filter_map(|name| Some(format!("{name}={}", value(name)?))).collect()
}

/// Without a single certificate to trust: where it was looked, and what to do.
fn without_certificates(places: &[String], why: Option<&str>) -> String {
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    match places {
        [] => format!(
            "this machine has no CA certificates, so no https server can be trusted: there are none where systems \
             keep them, such as /etc/ssl/certs and /etc/pki/tls/certs{why}; install them (most systems call the \
             package ca-certificates), or name a PEM file of them in SSL_CERT_FILE"
        ),
        places => format!(
            "there are no CA certificates in {}{why}, so no https server can be trusted; name a PEM file or a folder \
             of them there, or unset it to use those of this machine",
            places.join(" and ")
        ),
    }
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
