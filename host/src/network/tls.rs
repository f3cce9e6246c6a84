//! TLS, the same for everybody this program talks to: whom this machine trusts, and how.

use std::sync::Arc;

use crate::model::error::Error;

/// Where certificates to trust are named, in place of the system's: a file, and folders.
const CERTIFICATES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The certificates this machine trusts: `SSL_CERT_FILE` and `SSL_CERT_DIR` if set, else the system's.
pub fn platform_roots() -> Result<rustls::RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = rustls::RootCertStore::empty();
    let (added, _ignored) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let named = CERTIFICATES.map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let why = found.errors.first().map(ToString::to_string);
        return Err(Error::Setup(without_certificates(&named, why.as_deref())));
    }
    Ok(roots)
}

/// Without a single certificate to trust: where it was looked, and what to do.
fn without_certificates(named: &[Option<String>; 2], why: Option<&str>) -> String {
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    let places: Vec<String> = CERTIFICATES
        .iter()
        .zip(named)
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_deref()?)))
        .collect();
    match places.as_slice() {
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

/// How connections are encrypted, for who trusts these.
pub fn client_config(roots: rustls::RootCertStore) -> Result<rustls::ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Setup(format!("cannot set up TLS: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_certificates_it_is_told_where_they_were_looked_for_and_what_to_do() {
        let nowhere = without_certificates(&[None, None], None);
        for part in
            ["this machine has no CA certificates", "/etc/ssl/certs", "ca-certificates", "SSL_CERT_FILE"]
        {
            assert!(nowhere.contains(part), "{part}: {nowhere}");
        }
        let named = [None, Some("/a:/b".to_owned())];
        let named = without_certificates(&named, Some("opening directory: no"));
        assert!(
            named.starts_with("there are no CA certificates in SSL_CERT_DIR=/a:/b (opening directory: no)")
        );
        assert!(!named.contains("SSL_CERT_FILE"), "{named}");
    }
}
