//! What can go wrong with an API, as data.
//!
//! A fault says where it strikes (endpoint, page, organization, team), how often, and what happens.
//! There is one list of kinds for everything between a refused connection and a field of the wrong
//! type, because a test wants to go through all of them at all places. JSON pointers (RFC 6901) name
//! places in a reply; in them `-` stands for the last element of a list.
//!
//! A fault that cannot happen, because its pointer leads nowhere in this reply, does not use up its
//! turn; the server counts how often each one struck, so that a test can tell.

use serde::{Deserialize, Serialize};

use crate::advice::Advice;
use crate::endpoint::Endpoint;

/// Something that goes wrong at some requests. Of several that fit a request the first one strikes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Where.
    #[serde(default)]
    pub at: Place,
    /// How many times; every time when `None`.
    #[serde(default)]
    pub times: Option<u32>,
    /// What.
    pub kind: FaultKind,
}

/// Which requests a fault strikes: those that fit everything that is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Place {
    /// The endpoint.
    pub endpoint: Option<Endpoint>,
    /// The organization's name, as in the path.
    pub organization: Option<String>,
    /// The team's slug, as in the path.
    pub team: Option<String>,
    /// The page.
    pub page: PagePlace,
}

/// Which page of a list. A list of one page has it as first, middle and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PagePlace {
    /// Each.
    #[default]
    Any,
    /// The first.
    First,
    /// Half way, rounded up: page 2 of 3 or 4.
    Middle,
    /// The last.
    Last,
    /// This one.
    Number(u64),
}

impl PagePlace {
    /// Whether the page lies here in a list of so many.
    #[must_use]
    pub fn fits(self, page: u64, pages: u64) -> bool {
        match self {
            Self::Any => true,
            Self::First => page == 1,
            Self::Middle => page == pages.max(1).div_ceil(2),
            Self::Last => page == pages.max(1),
            Self::Number(number) => page == number,
        }
    }
}

/// A moment in the sending of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The request is read, nothing is sent.
    BeforeHeader,
    /// Half of the header is sent.
    InHeader,
    /// The header is sent, nothing of the body.
    AfterHeader,
    /// Half of the body is sent.
    InBody,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::BeforeHeader, Self::InHeader, Self::AfterHeader, Self::InBody];
}

/// How a connection ends too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// With a reset, as when a process dies.
    #[default]
    Reset,
    /// With an orderly end, as when a proxy gives up.
    Close,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Another status than 200.
    Status {
        /// The status.
        status: u16,
        /// The body; the vendor's `{"code","message"}` for the status when `None`.
        #[serde(default)]
        body: Option<String>,
        /// The content type; JSON when `None`.
        #[serde(default)]
        content_type: Option<String>,
    },
    /// 429, with or without advice.
    TooManyRequests {
        /// How long to wait.
        advice: Advice,
    },
    /// A redirect.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// A path on the same host, or the URL of another.
        location: String,
    },
    /// An error whose message repeats the Authorization header, as careless proxies do.
    EchoToken {
        /// The status.
        status: u16,
    },
    /// The request's connection is cut, all others too, and new ones are refused for a time.
    Refuse {
        /// How long; until the server stops when `None`.
        #[serde(default)]
        for_ms: Option<u64>,
    },
    /// The connection ends too early.
    Cut {
        /// When.
        phase: Phase,
        /// How.
        #[serde(default)]
        cut: Cut,
    },
    /// Nothing is sent for a time, then the rest as if nothing had been.
    Stall {
        /// When.
        phase: Phase,
        /// How long; until the client gives up when `None`.
        #[serde(default)]
        for_ms: Option<u64>,
    },
    /// Header and body come in small pieces.
    Drip {
        /// Size of a piece.
        bytes: usize,
        /// Pause after each.
        every_ms: u64,
    },
    /// Content-Length tells more than there is, or less.
    Length {
        /// By how much.
        more: i64,
    },
    /// A header of the reply is set, or taken away.
    Header {
        /// In lower case, for example `content-type`.
        name: String,
        /// Taken away when `None`.
        #[serde(default)]
        value: Option<String>,
    },
    /// The body is compressed though nobody asked.
    Gzip,
    /// Only so much of the body is sent, with a Content-Length to match: well-formed HTTP, cut JSON.
    CutJson {
        /// How much of the body.
        keep_percent: u8,
    },
    /// 200 with this body, as JSON.
    Body {
        /// The body.
        text: String,
    },
    /// 200 with a proxy's page in HTML.
    Html,
    /// A value is replaced by this JSON text, which need not be valid; a key that is not there is
    /// added. Nulls, wrong types and huge numbers are made with it.
    Set {
        /// Where.
        pointer: String,
        /// The text.
        json: String,
    },
    /// A field is left out, or an element.
    Remove {
        /// Where.
        pointer: String,
    },
    /// A key comes a second time, with this JSON text.
    Twice {
        /// Where the first is.
        pointer: String,
        /// The text of the second.
        json: String,
    },
    /// A value is replaced by lists within lists.
    Deep {
        /// Where; a key that is not there is added.
        pointer: String,
        /// How many.
        levels: usize,
    },
    /// The reply has a further field with a text of so many bytes.
    Pad {
        /// How many.
        bytes: usize,
    },
    /// A value is replaced by a string of bytes that are no UTF-8.
    InvalidUtf8 {
        /// Where.
        pointer: String,
    },
    /// `next_page` is this page plus a step: 0 repeats, -1 goes back, 2 leaves a page out.
    NextPage {
        /// The step.
        step: i64,
    },
    /// The items of another page, under this page's numbers.
    ItemsOfPage {
        /// The other page.
        page: u64,
    },
    /// There is always a next page: past the end come the items of page 1 again, and the counts grow.
    Endless,
    /// Counts that are not true.
    Counts {
        /// `total_count`, when given.
        #[serde(default)]
        total_count: Option<i64>,
        /// `total_pages`, when given.
        #[serde(default)]
        total_pages: Option<i64>,
    },
    /// An item is left out, the counts stay.
    DropItem {
        /// Its place on the page.
        index: usize,
    },
    /// An item comes twice, the counts stay.
    RepeatItem {
        /// Its place on the page.
        index: usize,
    },
}
