//! Whether a journal is of the same work: a digest of what may be known, and a trace of the secrets.

use std::io;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// What must be the same for a journal to be taken up.
#[derive(Clone, Default)]
pub struct Fingerprint {
    open: Vec<u8>,
    secret: Vec<u8>,
}

/// Salt, digest of what is open, sixteen bits of the secrets.
pub(super) const PRINT: usize = 16 + 32 + 2;

impl Fingerprint {
    /// A name for something, short enough for a file's.
    pub fn short(part: &[u8]) -> String {
        digest(&SHA256, part).as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Add something that may be known: the component's bytes, an address, a version.
    pub fn add(&mut self, part: &[u8]) {
        self.open.extend((part.len() as u64).to_le_bytes());
        self.open.extend(digest(&SHA256, part).as_ref());
    }

    /// Add a secret. Of all secrets together only sixteen bits of a keyed digest are written down, under a key
    /// made for the file: enough to notice another secret, and no help to who wants to guess one, because every
    /// 65,536th guess fits.
    pub fn add_secret(&mut self, part: &[u8]) {
        self.secret.extend((part.len() as u64).to_le_bytes());
        self.secret.extend(part);
    }

    /// What is written down of it.
    pub(super) fn print(&self) -> io::Result<Vec<u8>> {
        let mut salt = [0; 16];
        let random = SystemRandom::new();
        random.fill(&mut salt).map_err(|_| io::Error::other("the system gives no random numbers"))?;
        Ok([&salt[..], digest(&SHA256, &self.open).as_ref(), &self.trace(&salt)].concat())
    }

    /// Whether this was written down of it.
    pub(super) fn fits(&self, print: &[u8]) -> bool {
        let part = |from: usize, to: usize| print.get(from..to).unwrap_or_default();
        print.len() == PRINT
            && part(16, 48) == digest(&SHA256, &self.open).as_ref()
            && part(48, 50) == self.trace(part(0, 16))
    }

    fn trace(&self, salt: &[u8]) -> [u8; 2] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), &self.secret);
        match tag.as_ref() {
            [first, second, ..] => [*first, *second],
            _ => [0, 0],
        }
    }
}
