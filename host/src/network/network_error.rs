//! What became of a request that brought no reply: the system's words for a person, WASI's code for the component.
//!
//! Clients wrap errors in errors. Some wrap them in I/O errors, whose own idea of a cause leaves out the error they
//! hold; so the chain is walked here.

use std::error::Error;
use std::io::{self, ErrorKind};

use wasmtime_wasi_http::Error as HttpError;

type Cause<'a> = &'a (dyn Error + 'static);

fn causes<'a>(error: Cause<'a>) -> impl Iterator<Item = Cause<'a>> {
    fn next(error: Cause<'_>) -> Option<Cause<'_>> {
        match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as Cause<'_>),
            None => error.source(),
        }
    }
    std::iter::successors(Some(error), |error: &Cause<'a>| next(*error))
}

/// The last of a chain of causes: the system's own words.
pub fn innermost(error: Cause<'_>) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

/// Which of WASI's codes it is.
pub fn to_wasi(error: Cause<'_>) -> HttpError {
    let tls = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(_)) => return HttpError::TlsCertificateError,
        Some(_) => return HttpError::TlsProtocolError,
        None => {}
    }
    // The connector's error for a name that could not be looked up has no type of its own.
    if causes(error).any(|cause| cause.to_string().starts_with("dns error")) {
        return HttpError::DnsError { rcode: None, info_code: None };
    }
    match causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last().map(io::Error::kind) {
        Some(ErrorKind::ConnectionRefused) => HttpError::ConnectionRefused,
        Some(ErrorKind::TimedOut) => HttpError::ConnectionTimeout,
        Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof) => {
            HttpError::ConnectionTerminated
        }
        Some(_) => HttpError::DestinationUnavailable,
        None => {
            let ended = |hyper: &hyper::Error| {
                hyper.is_incomplete_message() || hyper.is_closed() || hyper.is_canceled()
            };
            match causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
                Some(hyper) if ended(hyper) => HttpError::ConnectionTerminated,
                _ => HttpError::HttpProtocolError,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_inside_two_others_is_found() {
        let certificate = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let wrapped = io::Error::other(io::Error::new(ErrorKind::InvalidData, certificate));
        assert!(matches!(to_wasi(&wrapped), HttpError::TlsCertificateError));
        assert!(innermost(&wrapped).contains("UnknownIssuer"), "{}", innermost(&wrapped));
    }

    #[test]
    fn the_systems_own_kinds_have_their_codes() {
        for (kind, code) in [
            (ErrorKind::ConnectionRefused, "ConnectionRefused"),
            (ErrorKind::TimedOut, "ConnectionTimeout"),
            (ErrorKind::UnexpectedEof, "ConnectionTerminated"),
            (ErrorKind::NetworkUnreachable, "DestinationUnavailable"),
        ] {
            let wrapped = io::Error::other(io::Error::from(kind));
            assert!(format!("{:?}", to_wasi(&wrapped)).starts_with(code), "{kind}");
        }
    }
}
