//! TLS, the same for everybody this program talks to: whom this machine trusts, and how.

use std::sync::Arc;

use crate::model::error::Error;

/// The certificates this machine trusts: `SSL_CERT_FILE` and `SSL_CERT_DIR` if set, else the system's.
pub fn platform_roots() -> Result<rustls::RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = rustls::RootCertStore::empty();
    let (added, _ignored) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let why = found.errors.first().map(ToString::to_string).unwrap_or_default();
        return Err(Error::Setup(format!(
            "no trusted certificates were found, so no https server can be reached; install the system's \
             CA certificates or set SSL_CERT_FILE {why}"
        )));
    }
    Ok(roots)
}

/// How connections are encrypted, for who trusts these.
pub fn client_config(roots: rustls::RootCertStore) -> Result<rustls::ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Setup(format!("cannot set up TLS: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
