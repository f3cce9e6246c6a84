//! What must not be shown: the values of secret fields, and the credentials that a connector sent.
//!
//! The second kind is found while a sync goes on: an access token that came in a reply is a secret from the moment in
//! which it is sent. It is the sync's own, so another sync of the same process does not look for it.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use data_encoding::BASE64_NOPAD;

use super::secret::Secret;

/// A secret shorter than this is in texts by accident.
pub(crate) const SHORTEST: usize = 6;

/// A cookie's value shorter than this is more often a word than a credential.
const SHORTEST_COOKIE: usize = 16;

/// Credentials that were sent and are looked for: the last ones. Each worker may have its own access token.
const MOST_SENT: usize = 256;

/// The secrets of one sync.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    known: Vec<Secret>,
    sent: Arc<RwLock<VecDeque<Secret>>>,
}

impl Secrets {
    /// The value of a secret field.
    pub fn add(&mut self, value: &Secret) {
        self.known.push(value.clone());
        // A compound secret (`id:value`) must not leak by its longer half either.
        if let Some((_, half)) = value.reveal().split_once(':').filter(|(_, half)| half.len() >= SHORTEST) {
            self.known.push(half.into());
        }
    }

    /// The same, with nothing sent.
    pub fn for_sync(&self) -> Secrets {
        Secrets { known: self.known.clone(), sent: Arc::default() }
    }

    /// A header that carries a credential was sent. Whether there is something new in it.
    pub fn note_sent(&self, header: &str, value: &str) -> bool {
        let mut new = false;
        for part in parts(header, value) {
            let part = part.as_ref();
            if part.len() < SHORTEST || self.any(|secret| secret == part) {
                continue;
            }
            let mut sent = self.sent.write().unwrap_or_else(PoisonError::into_inner);
            if sent.len() == MOST_SENT {
                sent.pop_front();
            }
            sent.push_back(part.into());
            new = true;
        }
        new
    }

    /// Show each of them.
    pub fn each(&self, mut see: impl FnMut(&str)) {
        self.known.iter().for_each(|secret| see(secret.reveal()));
        let sent = self.sent.read().unwrap_or_else(PoisonError::into_inner);
        sent.iter().for_each(|secret| see(secret.reveal()));
    }

    /// Whether this is true of one of them.
    pub fn any(&self, is: impl Fn(&str) -> bool) -> bool {
        let mut found = false;
        self.each(|secret| found = found || is(secret));
        found
    }
}

/// What of a header's value is secret: the whole of it, and what a vendor would tell of it: the part behind the scheme
/// (`Bearer`), the pair and the password in it (`Basic`), or the value of each cookie.
fn parts<'a>(header: &str, value: &'a str) -> Vec<Cow<'a, str>> {
    let value = value.trim();
    let mut parts = vec![value.into()];
    if header == "cookie" {
        let values = value.split(';').filter_map(|pair| pair.split_once('='));
        let long = values.map(|(_, value)| value.trim()).filter(|value| value.len() >= SHORTEST_COOKIE);
        parts.extend(long.map(Cow::from));
    } else if let Some((scheme, rest)) = value.split_once(' ') {
        let rest = rest.trim();
        parts.push(rest.into());
        if scheme.eq_ignore_ascii_case("basic")
            && let Some(pair) = decoded(rest)
        {
            if let Some((_, password)) = pair.split_once(':') {
                parts.push(password.to_owned().into());
            }
            parts.push(pair.into());
        }
    }
    parts
}

/// The user and the password that stand in Base64 behind `Basic`, with or without the padding.
fn decoded(text: &str) -> Option<String> {
    let bytes = BASE64_NOPAD.decode(text.trim_end_matches('=').as_bytes()).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(secrets: &Secrets) -> Vec<String> {
        let mut all = Vec::new();
        secrets.each(|secret| all.push(secret.to_owned()));
        all
    }

    #[test]
    fn what_was_sent_is_a_secret_of_this_sync_alone() {
        let mut known = Secrets::default();
        known.add(&"id:value-of-it".into());
        let (one, other) = (known.for_sync(), known.for_sync());
        assert!(one.note_sent("authorization", "Bearer token-one"));
        assert!(!one.clone().note_sent("authorization", "Bearer token-one"));
        assert!(!one.note_sent("authorization", "id:value-of-it"));
        assert_eq!(all(&one), ["id:value-of-it", "value-of-it", "Bearer token-one", "token-one"]);
        assert_eq!(all(&other), ["id:value-of-it", "value-of-it"]);
    }

    #[test]
    fn of_basic_the_pair_and_the_password_are_secrets_too() {
        // `user:a-password`.
        for (value, more) in
            [("Basic dXNlcjphLXBhc3N3b3Jk", true), ("basic dXNlcjphLXBhc3N3b3Jk", true), ("Basic ???", false)]
        {
            let secrets = Secrets::default();
            assert!(secrets.note_sent("authorization", value));
            let all = all(&secrets);
            assert_eq!(
                all.contains(&"a-password".to_owned()) && all.contains(&"user:a-password".to_owned()),
                more
            );
        }
    }

    #[test]
    fn of_cookies_the_long_values_are_secrets_and_words_are_not() {
        let secrets = Secrets::default();
        assert!(secrets.note_sent("cookie", "lang=english; session=0123456789abcdef"));
        assert_eq!(all(&secrets), ["lang=english; session=0123456789abcdef", "0123456789abcdef"]);
        assert!(!secrets.note_sent("x-api-key", "short"));
    }

    #[test]
    fn credentials_without_end_take_no_memory_without_end() {
        let secrets = Secrets::default();
        for number in 0..10_000 {
            secrets.note_sent("x-api-key", &format!("key number {number}"));
        }
        assert_eq!(all(&secrets).len(), MOST_SENT);
        assert!(secrets.any(|secret| secret == "key number 9999"));
    }
}
