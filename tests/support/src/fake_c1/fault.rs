//! What goes wrong, and when.

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// The token exchange.
    Token,
    /// Hello.
    Hello,
    /// GetTask.
    GetTask,
    /// Heartbeat.
    Heartbeat,
    /// UploadAsset.
    Upload,
    /// FinishTask.
    Finish,
}

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// With which call.
    pub at: Method,
    /// So many of them go well first.
    pub after: u32,
    /// So many go wrong; none: all from then on.
    pub times: Option<u32>,
    /// How.
    pub kind: Kind,
}

/// How it goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The answer is a gRPC status with this number.
    Status(i32),
    /// The answer is an HTTP status without gRPC.
    Http(u16),
    /// The connection is closed instead of an answer.
    Gone,
    /// The head of an answer comes, then the connection is closed.
    Half,
    /// No answer ever comes.
    Silence,
    /// An upload is refused when so many parts have come: 0 before the first.
    CutAfter(usize),
}

impl Fault {
    /// It goes wrong so many times, from the first call on.
    pub fn first(at: Method, times: u32, kind: Kind) -> Fault {
        Fault { at, after: 0, times: Some(times), kind }
    }

    /// It always goes wrong.
    pub fn always(at: Method, kind: Kind) -> Fault {
        Fault { at, after: 0, times: None, kind }
    }

    /// Whether it strikes at a call before which there were so many.
    pub(super) fn strikes(&self, at: Method, before: u32) -> bool {
        let end = self.times.map_or(u32::MAX, |times| self.after.saturating_add(times));
        at == self.at && (self.after..end).contains(&before)
    }
}
