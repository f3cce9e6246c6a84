//! Signing a manifest, and looking whether it was signed: Ed25519, by the cryptography that the network uses.
//!
//! A signature says that whoever holds a key saw these bytes. Whose key that is, it does not say: that is known to who
//! brings the public key along.

use std::path::Path;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use data_encoding::BASE64;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What stands before the 32 bytes of an Ed25519 key in a public key of a certificate.
const BEFORE_KEY: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// The only algorithm.
const ALGORITHM: &str = "Ed25519";

/// A signature, as it lies beside the manifest.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    algorithm: String,
    public_key: String,
    signature: String,
}

/// A private key.
pub struct Key(Ed25519KeyPair);

impl Key {
    /// Read one, as `openssl genpkey -algorithm ed25519` writes it.
    pub fn read(path: &Path) -> Result<Key, Error> {
        let text = std::fs::read(path).map_err(Error::io("read", path))?;
        let name = path.display();
        let der = PrivatePkcs8KeyDer::from_pem_slice(&text).map_err(|_| {
            Error::Key(format!(
                "{name} is no private key in PEM; make one with: openssl genpkey -algorithm ed25519 -out {name}"
            ))
        })?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()).map_err(|_| {
            Error::Key(format!(
                "{name} is a private key of another kind than Ed25519; make one with: openssl genpkey -algorithm ed25519"
            ))
        })?;
        Ok(Key(pair))
    }

    /// Sign.
    pub fn sign(&self, bytes: &[u8]) -> Signature {
        Signature {
            algorithm: ALGORITHM.into(),
            public_key: BASE64.encode(self.0.public_key().as_ref()),
            signature: BASE64.encode(self.0.sign(bytes).as_ref()),
        }
    }
}

impl Signature {
    /// Whose it is, if it is one of these bytes.
    pub fn holder(&self, bytes: &[u8]) -> Result<String, Error> {
        let wrong = || {
            Error::Altered(
                "the signature in manifest.sig is not one of this manifest: one of the two was altered"
                    .into(),
            )
        };
        let decoded = |text: &str| BASE64.decode(text.as_bytes()).map_err(|_| wrong());
        if self.algorithm != ALGORITHM {
            return Err(wrong());
        }
        let key = UnparsedPublicKey::new(&ED25519, decoded(&self.public_key)?);
        key.verify(bytes, &decoded(&self.signature)?).map_err(|_| wrong())?;
        Ok(self.public_key.clone())
    }
}

/// Read a public key: PEM as `openssl pkey -pubout` writes it, or the line that signing prints. As that line.
pub fn public_key(path: &Path) -> Result<String, Error> {
    let text = std::fs::read(path).map_err(Error::io("read", path))?;
    if let Ok(der) = SubjectPublicKeyInfoDer::from_pem_slice(&text)
        && let Some(key) = der.as_ref().strip_prefix(&BEFORE_KEY).filter(|key| key.len() == 32)
    {
        return Ok(BASE64.encode(key));
    }
    let line = String::from_utf8_lossy(&text).trim().to_owned();
    match BASE64.decode(line.as_bytes()) {
        Ok(key) if key.len() == 32 => Ok(line),
        _ => Err(Error::Key(format!(
            "{} is no public key of Ed25519; make one with: openssl pkey -in KEYFILE -pubout -out {}",
            path.display(),
            path.display()
        ))),
    }
}
