//! One vendor: how sentences call it, what no text may hold, and the error for each way in which it fails.
//!
//! | status | error |
//! |---|---|
//! | 401 | `credentials` |
//! | 403 | `access` |
//! | 404 | `access`, as most vendors mean it; [`Call::find`](crate::client::Call::find) lets the caller say |
//! | 429 | `wait`, as long as the vendor says |
//! | 408, 425, 5xx | `wait` where the vendor says how long, else `again` |
//! | 3xx, another | `reply` |
//! | none, or half a reply | `again` |

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::address::{self, Address};
use crate::bindings::syncer::Error;
use crate::bindings::wasi::http::types::ErrorCode;
use crate::config::redacted;
use crate::error::Exchange;
use crate::http::{Failed, Response};
use crate::refusal;
use crate::text::on_one_line;
use crate::wait;

/// How sentences call things.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The product, as its vendor writes it.
    pub product: &'static str,
    /// What the connector signs in with: `service token`.
    pub credential: &'static str,
    /// What to do when the vendor does not know it: `create a new one and set acme-token`.
    pub renew: &'static str,
    /// What to do when it does not reach far enough: `give the token the access read`.
    pub access: &'static str,
    /// The field with the address: `acme-url`.
    pub address: &'static str,
}

/// Whom requests go to.
#[derive(Clone, Debug)]
pub struct Vendor {
    /// How sentences call it.
    pub words: &'static Words,
    /// Its host and port.
    pub server: String,
    /// What no text may hold.
    pub secrets: Vec<String>,
}

impl Vendor {
    /// A text of the vendor's without secrets and control characters.
    pub fn redact(&self, text: &str) -> String {
        redacted(text, &self.secrets)
    }

    /// The error for a status that is none of success.
    pub fn refusal(&self, response: &Response, subject: &str) -> Error {
        let Words { product, credential, renew, access, address } = self.words;
        let exchange = response.exchange();
        let says = self.vendor_words(response);
        let status = u64::from(response.status);
        match status {
            401 => exchange.credentials(format!("{product} does not know the {credential}{says}; {renew}")),
            403 => exchange.access(format!("{product} refuses to show {subject}{says}; {access}")),
            429 => exchange.wait(
                format!("{product} takes no more requests for now, while reading {subject}"),
                wait::after(response),
            ),
            408 | 425 | 500..=599 => {
                let what = format!("{product} failed to give {subject} (HTTP {status}){says}");
                match wait::told(response) {
                    Some(seconds) => exchange.wait(what, Some(seconds)),
                    None => exchange.again(what),
                }
            }
            300..=399 => {
                let to = response.header("location").and_then(|to| origin(&to));
                let to = to.map(|to| on_one_line(&self.redact(&format!(" to {to}")))).unwrap_or_default();
                let what = format!(
                    "the API redirects{to} instead of giving {subject}, and redirects are not followed; set {address} to the \
                     API itself"
                );
                exchange.reply(what, "")
            }
            _ => exchange
                .reply(format!("{product} answered with HTTP {status} in place of {subject}{says}"), ""),
        }
    }

    /// What the vendor says of a refusal, for a sentence: short, on one line, without secrets.
    fn vendor_words(&self, response: &Response) -> String {
        let body = response.body.as_deref().unwrap_or_default();
        if is_html(body) {
            return " (a web page came: is a proxy in the way?)".to_owned();
        }
        match refusal::words(body) {
            // Redacted before it is cut: half a token would not be recognised.
            Some(said) => format!(" (it says: {})", on_one_line(&self.redact(&said))),
            None => String::new(),
        }
    }

    /// The error for a request that brought no whole reply.
    pub fn unanswered(&self, failed: &Failed) -> Error {
        let (product, server, address) = (self.words.product, &self.server, self.words.address);
        let exchange = Exchange::default();
        let code = match failed {
            Failed::NoReply(code) => code,
            Failed::Cut(status, code) => {
                let why = code.as_ref().map(|code| format!(": {}", describe(code))).unwrap_or_default();
                return Exchange { status: Some(*status), request_id: None }.again(format!(
                    "the connection to the {product} API ended in the middle of a reply{why}"
                ));
            }
        };
        match code {
            ErrorCode::HttpRequestDenied => {
                crate::error::internal(format!("the host did not let the connector talk to {server}"))
            }
            ErrorCode::TlsCertificateError => exchange.again(format!(
                "{server} showed a certificate that is not accepted here; check {address}, and the certificates that this \
                 machine trusts"
            )),
            ErrorCode::DnsError(_) | ErrorCode::DnsTimeout => exchange.again(format!(
                "the name of {server} could not be resolved; check {address} and the network"
            )),
            _ => exchange.again(format!("the {product} API at {server} could not be reached: {}", describe(code))),
        }
    }
}

fn describe(code: &ErrorCode) -> &'static str {
    match code {
        ErrorCode::ConnectionRefused => "the connection was refused",
        ErrorCode::ConnectionTerminated => "the connection was closed",
        ErrorCode::ConnectionTimeout => "connecting took too long",
        ErrorCode::ConnectionReadTimeout | ErrorCode::HttpResponseTimeout => "the reply took too long",
        ErrorCode::HttpResponseIncomplete => "the reply was cut off",
        ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => "the TLS connection failed",
        ErrorCode::DestinationUnavailable | ErrorCode::DestinationNotFound => "there is no way to it",
        ErrorCode::HttpProtocolError => "it does not speak HTTP as expected",
        _ => "the request failed",
    }
}

/// Whether a body is a web page.
pub fn is_html(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

/// Scheme and host of a URL: the rest may hold anything.
fn origin(url: &str) -> Option<String> {
    let address = Address::parse(url).filter(|address| address::is_server(address.server))?;
    Some(format!("{}://{}", address.scheme(), address.server))
}
