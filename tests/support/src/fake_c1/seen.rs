//! What came, and what is kept between calls.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use baton_service::messages::{
    FinishTaskRequest, GetTaskResponse, HeartbeatRequest, HeartbeatResponse, HelloRequest, Task,
};

use super::fault::{Kind, Method};
use super::options::Options;

/// A call that came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Over which connection, counted from 0.
    pub connection: usize,
    /// Who sent it, as they say.
    pub agent: String,
    /// The access token it came with; empty for the token exchange.
    pub authorization: String,
    /// What it was.
    pub event: Event,
    /// What came of it.
    pub answered: Answered,
}

/// What a call was.
#[derive(Clone, Debug)]
pub enum Event {
    /// A request for a token.
    Token {
        /// The form it sent.
        form: HashMap<String, String>,
    },
    /// A Hello.
    Hello(Box<HelloRequest>),
    /// A request for a task by this host, and the task it got.
    GetTask {
        /// Who asks.
        host_id: String,
        /// What they got.
        task: Option<Box<Task>>,
    },
    /// A heartbeat.
    Heartbeat(HeartbeatRequest),
    /// A file, as far as it came.
    Upload(Upload),
    /// The end of a task.
    Finish(FinishTaskRequest),
}

/// A file, as far as it came.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// Who sent it.
    pub host_id: String,
    /// For which task.
    pub task_id: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The size of each part.
    pub parts: Vec<usize>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It was answered as asked.
    Well,
    /// A fault struck.
    Fault(Kind),
    /// C1 would have refused it: the code, and why.
    Refused(i32, String),
}

impl Event {
    /// Which call it was.
    pub fn method(&self) -> Method {
        match self {
            Event::Token { .. } => Method::Token,
            Event::Hello(_) => Method::Hello,
            Event::GetTask { .. } => Method::GetTask,
            Event::Heartbeat(_) => Method::Heartbeat,
            Event::Upload(_) => Method::Upload,
            Event::Finish(_) => Method::Finish,
        }
    }
}

/// What is kept between calls.
pub(super) struct Shared {
    pub options: Options,
    /// The key that statements are signed with.
    pub public: Vec<u8>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    counts: HashMap<Method, u32>,
    waiting: VecDeque<Task>,
    cancelled: HashSet<String>,
    tokens: HashMap<String, Instant>,
}

impl Shared {
    pub fn new(options: Options, public: Vec<u8>) -> Shared {
        Shared { options, public, state: Mutex::default(), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn push(&self, task: Task) {
        self.state().waiting.push_back(task);
    }

    pub fn cancel(&self, task_id: &str) {
        self.state().cancelled.insert(task_id.to_owned());
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    pub fn note(&self, seen: Seen) {
        self.state().seen.push(seen);
        self.changed.notify_all();
    }

    pub fn wait_for<T>(&self, what: &str, longest: Duration, satisfied: impl Fn(&[Seen]) -> Option<T>) -> T {
        let end = Instant::now() + longest;
        let mut state = self.state();
        loop {
            if let Some(found) = satisfied(&state.seen) {
                return found;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain for {what}; seen: {:#?}", short(&state.seen));
            (state, _) = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Which fault strikes at this call.
    pub fn fault(&self, at: Method) -> Option<Kind> {
        let mut state = self.state();
        let count = state.counts.entry(at).or_default();
        let before = *count;
        *count += 1;
        self.options.faults.iter().find(|fault| fault.strikes(at, before)).map(|fault| fault.kind)
    }

    /// A new token.
    pub fn issue(&self) -> String {
        let mut state = self.state();
        let token = format!("token-{}", state.tokens.len());
        let end = Instant::now() + Duration::from_secs(self.options.token_life);
        state.tokens.insert(token.clone(), end);
        token
    }

    /// Whether a token was issued and holds.
    pub fn holds(&self, authorization: &str) -> bool {
        let Some(token) = authorization.strip_prefix("Bearer ") else { return false };
        self.state().tokens.get(token).is_some_and(|end| Instant::now() < *end)
    }

    pub fn next_task(&self) -> GetTaskResponse {
        GetTaskResponse {
            task: self.state().waiting.pop_front(),
            next_poll: Some(super::tasks::span(self.options.next_poll)),
            next_heartbeat: None,
        }
    }

    pub fn heartbeat(&self, task_id: &str) -> HeartbeatResponse {
        HeartbeatResponse {
            next_heartbeat: Some(super::tasks::span(self.options.next_heartbeat)),
            cancelled: self.state().cancelled.contains(task_id),
        }
    }
}

/// What was seen without polls that brought nothing and without the bytes of files.
fn short(seen: &[Seen]) -> Vec<String> {
    seen.iter()
        .filter(|seen| !matches!(seen.event, Event::GetTask { task: None, .. }))
        .map(|seen| {
            let text = match &seen.event {
                Event::Upload(upload) => {
                    format!("Upload of {} bytes for {}", upload.bytes.len(), upload.task_id)
                }
                other => format!("{other:?}"),
            };
            format!("{text} -> {:?}", seen.answered)
        })
        .collect()
}
