//! A kind of fault, with what must come of it; and the common ones in few words.

use baton_planetscale_demo::{Endpoint, FaultKind, PagePlace};

use super::expect::Expect;

/// What comes of a fault at an endpoint and page; none when it is no case.
pub type Rule = Box<dyn Fn(Endpoint, PagePlace) -> Option<Expect>>;

/// What a case needs to come to its end soon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Needs {
    /// Nothing: it ends by itself.
    Nothing,
    /// Short time limits: nothing else ends it.
    Haste,
    /// Several attempts: the fault lasts a moment.
    Patience,
}

/// A fault.
pub struct Kind {
    pub name: String,
    pub kind: FaultKind,
    pub at: Vec<Endpoint>,
    pub once: Rule,
    pub always: Rule,
    pub needs: Needs,
}

/// In passing: the API or the network fails.
pub(super) const AGAIN: i32 = 14;
/// The reply is not understood.
pub(super) const REPLY: i32 = 13;
/// The list goes on changing.
pub(super) const CHANGED: i32 = 10;

pub(super) fn always(expect: Expect) -> Rule {
    Box::new(move |_, _| Some(expect.clone()))
}

pub(super) fn fails(code: i32) -> Expect {
    Expect::Fails(vec![code])
}

pub(super) fn kind(name: impl Into<String>, kind: FaultKind, once: Expect, every: Expect) -> Kind {
    Kind {
        name: name.into(),
        kind,
        at: Endpoint::LISTS.to_vec(),
        once: always(once),
        always: always(every),
        needs: Needs::Nothing,
    }
}

/// The same whether once or every time.
pub(super) fn same(name: impl Into<String>, fault: FaultKind, expect: Expect) -> Kind {
    kind(name, fault, expect.clone(), expect)
}

pub(super) fn passing(name: impl Into<String>, fault: FaultKind) -> Kind {
    kind(name, fault, Expect::Equal, fails(AGAIN))
}

pub(super) fn rereading(name: impl Into<String>, fault: FaultKind) -> Kind {
    kind(name, fault, Expect::Equal, fails(CHANGED))
}
