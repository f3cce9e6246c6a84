//! Certificates as OpenSSL makes them, put to the verifier. Nobody has their keys any more.
#![allow(clippy::expect_used, reason = "tests")]

use std::time::Duration;

use rustls::pki_types::pem::PemObject;

use super::*;

/// `openssl req -x509 -new -key P-256 -addext subjectAltName=DNS:server.test`: good from 2026 to 2126.
const SELF_SIGNED: &[u8] = include_bytes!("tls/self-signed.pem");

/// Authorities and what they signed with `-sha512`, for as long.
const SHA_512: [(&[u8], &[u8]); 2] = [
    (include_bytes!("tls/p256-authority.pem"), include_bytes!("tls/p256-server.pem")),
    (include_bytes!("tls/p384-authority.pem"), include_bytes!("tls/p384-server.pem")),
];

const NAME: &str = "server.test";

fn certificate(pem: &[u8]) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem).expect("a certificate")
}

/// What comes of a server that shows a certificate in a year, for who trusts another.
fn verify(trusted: &[u8], shown: &[u8], name: &str, year: u64) -> Result<(), TlsError> {
    let Trust { roots, digests } = Trust::of(vec![certificate(trusted)]);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    let verifier = Verifier { usual: usual.expect("a verifier"), trusted: digests };
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let now = UnixTime::since_unix_epoch(Duration::from_secs((year - 1970) * 31_557_600));
    verifier.verify_server_cert(&certificate(shown), &[], &name, &[], now).map(drop)
}

#[test]
fn an_authority_that_signs_with_sha_512_is_trusted() {
    for (authority, server) in SHA_512 {
        assert_eq!(verify(authority, server, NAME, 2030), Ok(()));
        assert!(verify(authority, server, "other.test", 2030).is_err());
        assert!(verify(SELF_SIGNED, server, NAME, 2030).is_err());
    }
}

#[test]
fn a_certificate_that_is_trusted_itself_still_has_dates_and_names() {
    assert_eq!(verify(SELF_SIGNED, SELF_SIGNED, NAME, 2030), Ok(()));
    let wrong = |name, year| match verify(SELF_SIGNED, SELF_SIGNED, name, year) {
        Err(TlsError::InvalidCertificate(error)) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(wrong("other.test", 2030), C::NotValidForNameContext { .. }));
    assert!(matches!(wrong(NAME, 2020), C::NotValidYetContext { .. }));
    assert!(matches!(wrong(NAME, 2200), C::ExpiredContext { .. }));
}

#[test]
fn a_server_certificate_may_be_trusted_without_its_authority() {
    for (_, server) in SHA_512 {
        assert_eq!(verify(server, server, NAME, 2030), Ok(()));
        assert!(verify(server, server, "other.test", 2030).is_err());
        assert!(verify(server, server, NAME, 2200).is_err());
    }
}

#[test]
fn nobody_else_is_trusted_for_having_the_same_name() {
    assert!(verify(SHA_512[0].1, SELF_SIGNED, NAME, 2030).is_err());
    assert!(verify(SELF_SIGNED, SHA_512[0].1, NAME, 2030).is_err());
}

#[test]
fn without_certificates_it_is_told_where_they_were_looked_for_and_what_to_do() {
    let nowhere = without_certificates(&[], None);
    for part in ["this machine has no CA certificates", "/etc/ssl/certs", "ca-certificates", "SSL_CERT_FILE"]
    {
        assert!(nowhere.contains(part), "{part}: {nowhere}");
    }
    let named = without_certificates(&["SSL_CERT_DIR=/a:/b".to_owned()], Some("opening directory: no"));
    assert!(named.starts_with("there are no CA certificates in SSL_CERT_DIR=/a:/b (opening directory: no)"));
    assert!(!named.contains("SSL_CERT_FILE"), "{named}");
}
