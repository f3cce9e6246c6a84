//! What came of asking: a good reply, or none.

use alloc::format;
use alloc::string::String;

use serde::de::DeserializeOwned;

use crate::bindings::syncer::{Error, RateLimit};
use crate::error::Exchange;
use crate::http::Response;
use crate::json;
use crate::text::on_one_line;
use crate::vendor::{Vendor, Words, is_html};
use crate::wait;

/// What came of asking.
pub enum Found<'a> {
    /// A good reply.
    Reply(Reply<'a>),
    /// 404.
    Missing(Missing<'a>),
}

/// A 404.
pub struct Missing<'a> {
    vendor: &'a Vendor,
    /// What an error tells of it.
    pub exchange: Exchange,
    subject: String,
}

impl Missing<'_> {
    /// It is there, and not shown to these credentials. `why` is empty, or in brackets after a blank.
    pub fn no_access(&self, why: &str) -> Error {
        let Words { product, credential, access, .. } = self.vendor.words;
        let subject = &self.subject;
        self.exchange.access(format!("{product} does not show {subject} to this {credential}{why}; {access}"))
    }

    /// It was deleted since it was listed. Only for whoever made sure of it.
    pub fn gone(&self) -> Error {
        let product = self.vendor.words.product;
        self.exchange
            .gone(format!("{} is not in {product} any more: it was deleted while the sync ran", self.subject))
    }
}

/// A good reply.
pub struct Reply<'a> {
    vendor: &'a Vendor,
    response: Response,
    subject: String,
}

impl<'a> Reply<'a> {
    /// The body; none when it is larger than 16 MiB.
    pub fn body(&self) -> Option<&[u8]> {
        self.response.body.as_deref()
    }

    /// What the body holds.
    ///
    /// # Errors
    /// It is something else, or larger than 16 MiB.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let body = self.body().ok_or_else(|| self.too_large())?;
        self.understood(json::read(body), body)
    }

    /// What was read of the body, or the error for it.
    ///
    /// # Errors
    /// It is something else.
    pub fn understood<T>(&self, read: json::Result<T>, body: &[u8]) -> Result<T, Error> {
        json::understood(read, self.vendor.words.product, body, &self.exchange())
            .map_err(|error| self.in_place(error))
    }

    /// What the vendor says of its limits.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        wait::limits(&self.response)
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<String> {
        self.response.header(name)
    }

    /// What an error tells of it.
    pub fn exchange(&self) -> Exchange {
        self.response.exchange()
    }

    /// The error for a reply that is larger than is read.
    pub fn too_large(&self) -> Error {
        let product = self.vendor.words.product;
        self.exchange().reply(format!("{product}'s reply with {} is larger than 16 MiB", self.subject), "")
    }

    /// Say which list an error is about.
    pub fn in_place(&self, mut error: Error) -> Error {
        let failure = match &mut error {
            Error::Reply(reply) => &mut reply.failure,
            Error::Changed(failure) => failure,
            _ => return error,
        };
        failure.message = format!("{} (in {})", failure.message, self.subject);
        error
    }

    /// The answer to a question about `subject`, unless it is a refusal.
    ///
    /// # Errors
    /// It is one.
    pub(crate) fn of(vendor: &'a Vendor, response: Response, subject: &str) -> Result<Found<'a>, Error> {
        let is_page = response.body.as_deref().is_some_and(is_html);
        let subject = String::from(subject);
        // A web page with this status is somebody else's.
        if response.status == 404 && !is_page {
            return Ok(Found::Missing(Missing { vendor, exchange: response.exchange(), subject }));
        }
        Reply { vendor, response, subject }.accept().map(Found::Reply)
    }

    fn accept(self) -> Result<Reply<'a>, Error> {
        let (vendor, response, subject) = (self.vendor, &self.response, &self.subject);
        let Words { product, address, .. } = vendor.words;
        if !matches!(response.status, 200..=299) {
            return Err(vendor.refusal(response, subject));
        }
        let coding = response.header("content-encoding");
        if let Some(coding) = coding.filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
            let coding = on_one_line(&vendor.redact(&coding));
            let what =
                format!("{product}'s reply with {subject} is compressed ({coding}), which was not asked for");
            return Err(self.exchange().reply(what, ""));
        }
        if response.body.as_deref().is_some_and(is_html) {
            let what = format!(
                "a web page came in place of {subject}; check {address}, and whether a proxy is in the way"
            );
            return Err(self.exchange().reply(what, ""));
        }
        Ok(self)
    }
}
