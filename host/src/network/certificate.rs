//! What is wrong with a server's certificate, in words: of an error that a person has to act on, a library's own text is
//! the number of an algorithm, or a list of them.

use rustls::CertificateError as C;
use rustls::pki_types::{ServerName, UnixTime};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The most names that are repeated of those that a certificate is for.
const NAMES: usize = 5;

/// What is wrong, and what helps. `trusted` are the settings that name certificates here.
pub(super) fn describe(error: &C, trusted: &[String]) -> String {
    match error {
        // Somebody else's of the same name has another key.
        C::UnknownIssuer | C::BadSignature => match trusted {
            [] => "its certificate is signed by an authority that this machine does not trust; if it is a private \
                   one, name a PEM file of its certificate in SSL_CERT_FILE"
                .to_owned(),
            trusted => format!(
                "its certificate is signed by an authority that is not among those of {}",
                trusted.join(" and ")
            ),
        },
        C::ExpiredContext { time, not_after } => format!(
            "its certificate was good until {}, and it is {} here",
            moment(*not_after),
            moment(*time)
        ),
        C::NotValidYetContext { time, not_before } => format!(
            "its certificate is good from {} on, and it is {} here; look at this machine's clock",
            moment(*not_before),
            moment(*time)
        ),
        C::Expired => "its certificate is good no more".to_owned(),
        C::NotValidYet => "its certificate is not good yet; look at this machine's clock".to_owned(),
        C::NotValidForNameContext { expected, presented } => other_names(expected, presented),
        C::NotValidForName => "its certificate is for another name".to_owned(),
        C::InvalidPurpose | C::InvalidPurposeContext { .. } => {
            "its certificate is for another purpose than a server's".to_owned()
        }
        C::UnsupportedSignatureAlgorithmContext { .. }
        | C::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "its certificate, or that of an authority, is signed in a way that is not taken here: RSA of 2048 bits \
             and more, ECDSA on P-256, P-384 and P-521, and Ed25519 are, with SHA-256, SHA-384 and SHA-512"
                .to_owned()
        }
        C::UnhandledCriticalExtension => {
            "its certificate has an extension that has to be understood, and is not known here".to_owned()
        }
        C::BadEncoding => "its certificate cannot be read".to_owned(),
        // Of what has no name of its own, a server meets one: an authority's certificate that is not trusted.
        C::Other(_) => match trusted {
            [] => "its certificate is an authority's own, which this machine does not trust; if it is meant to be, \
                   name a PEM file of it in SSL_CERT_FILE"
                .to_owned(),
            trusted => format!(
                "its certificate is an authority's own, and not itself in {}",
                trusted.join(" or ")
            ),
        },
        _ => "its certificate is not accepted".to_owned(),
    }
}

fn other_names(expected: &ServerName<'_>, presented: &[String]) -> String {
    let expected = expected.to_str();
    // They come as `DnsName("...")`, and are whatever the server says.
    let plain = |name: &String| -> Option<String> {
        let name = name.split_once('(')?.1.strip_suffix(')')?.trim_matches('"');
        name.bytes().all(|byte| byte.is_ascii_graphic()).then(|| name.to_owned())
    };
    let names: Vec<String> = presented.iter().filter_map(plain).take(NAMES).collect();
    match presented.len() - names.len() {
        _ if names.is_empty() => format!("its certificate is not for {expected}, and names nothing else"),
        0 => format!("its certificate is for {}, not for {expected}", names.join(", ")),
        more => format!("its certificate is for {} and {more} more, not for {expected}", names.join(", ")),
    }
}

fn moment(time: UnixTime) -> String {
    let time =
        i64::try_from(time.as_secs()).ok().and_then(|time| OffsetDateTime::from_unix_timestamp(time).ok());
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| "an unknown time".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::OtherError;

    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[test]
    fn dates_are_told_as_dates() {
        let error = C::ExpiredContext { time: at(1_000_086_400), not_after: at(1_000_000_000) };
        assert_eq!(
            describe(&error, &[]),
            "its certificate was good until 2001-09-09T01:46:40Z, and it is 2001-09-10T01:46:40Z here"
        );
    }

    #[test]
    fn names_are_told_as_names_and_no_more_than_a_few() {
        let expected = ServerName::try_from("wanted.test").expect("a name");
        let names = |count: usize| (0..count).map(|at| format!("DnsName(\"{at}.test\")")).collect();
        let told = |presented: Vec<String>| {
            describe(&C::NotValidForNameContext { expected: expected.clone(), presented }, &[])
        };
        assert_eq!(told(names(2)), "its certificate is for 0.test, 1.test, not for wanted.test");
        assert!(told(names(9)).contains("4.test and 4 more, not for wanted.test"));
        assert!(told(Vec::new()).contains("names nothing else"));
        assert!(!told(vec!["DnsName(\"a\u{1b}[2Jb\")".to_owned()]).contains('\u{1b}'));
        assert_eq!(
            told(vec!["IpAddress(10.0.0.7)".to_owned()]),
            "its certificate is for 10.0.0.7, not for wanted.test"
        );
    }

    #[test]
    fn what_is_set_is_not_advised_again() {
        let set = ["SSL_CERT_FILE=/ca.pem".to_owned()];
        for error in [C::UnknownIssuer, C::Other(OtherError(Arc::new(std::io::Error::other("x"))))] {
            assert!(describe(&error, &[]).contains("name a PEM file"), "{error:?}");
            let told = describe(&error, &set);
            assert!(told.contains("SSL_CERT_FILE=/ca.pem") && !told.contains("name a"), "{told}");
        }
    }
}
