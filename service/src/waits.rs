//! What the syncs of this service wait for, so that a health check can say why nothing goes on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use baton_host::{Event, Observer, clock};

/// A wait that somebody else asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wait {
    /// Its end, as far as it is known.
    pub until: SystemTime,
    /// Why.
    pub reason: String,
}

/// The waits of all syncs that run.
#[derive(Default)]
pub(super) struct Waits(Mutex<State>);

#[derive(Default)]
struct State {
    /// Syncs that were followed so far.
    followed: u64,
    waits: HashMap<u64, Wait>,
}

/// A sync that is followed, until this is dropped.
struct Followed {
    number: u64,
    waits: Arc<Waits>,
}

impl Waits {
    /// What follows one sync.
    pub fn follow(self: &Arc<Self>) -> Observer {
        let number = self.change(|state| {
            state.followed += 1;
            state.followed
        });
        let followed = Followed { number, waits: self.clone() };
        Arc::new(move |event| followed.hear(event))
    }

    /// The wait that ends last, if a sync waits now.
    pub fn now(&self) -> Option<Wait> {
        let now = clock::now();
        self.change(|state| {
            state.waits.retain(|_, wait| wait.until > now);
            state.waits.values().max_by_key(|wait| wait.until).cloned()
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Followed {
    fn hear(&self, event: &Event<'_>) {
        match event {
            Event::Waiting { until, reason, .. } => {
                let wait = Wait { until: *until, reason: (*reason).to_owned() };
                self.waits.change(|state| state.waits.insert(self.number, wait));
            }
            Event::GoingOn => self.end(),
            Event::Page { .. }
            | Event::Phase(_)
            | Event::Warning(_)
            | Event::Sent { .. }
            | Event::Refused => {}
        }
    }

    fn end(&self) {
        self.waits.change(|state| state.waits.remove(&self.number));
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use baton_host::records::List;

    use super::*;

    #[test]
    fn a_wait_is_known_until_its_end_until_it_is_over_or_the_end_of_its_sync() {
        let waits = Arc::new(Waits::default());
        let wait = |observer: &Observer, seconds: u64, reason: &str| {
            let until = clock::now() + Duration::from_secs(seconds);
            observer(&Event::Waiting { seconds, until, reason });
        };
        let reason = |waits: &Arc<Waits>| waits.now().map(|wait| wait.reason);
        let (first, second) = (waits.follow(), waits.follow());
        assert_eq!(waits.now(), None);
        wait(&first, 600, "long");
        wait(&second, 60, "short");
        assert_eq!(reason(&waits).as_deref(), Some("long"));
        // A page that was asked for before.
        first(&Event::Page { list: &List::ResourceTypes, records: 1, left: 0 });
        assert_eq!(reason(&waits).as_deref(), Some("long"));
        first(&Event::GoingOn);
        assert_eq!(reason(&waits).as_deref(), Some("short"));
        drop(second);
        assert_eq!(waits.now(), None);
        wait(&first, 0, "over");
        assert_eq!(waits.now(), None);
    }
}
