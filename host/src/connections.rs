//! How many connections there are: to each origin no more than requests were open to it at the same time.
//!
//! The pool alone makes more. Where no connection is free it begins one, and finishes it even if another becomes free
//! before; with TLS that happens often. Here a connection that would be one too many waits, and the request that wanted
//! it takes the one that becomes free.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::Uri;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The connections of one client.
#[derive(Clone, Default)]
pub(crate) struct Connections(Arc<Mutex<HashMap<String, Origin>>>);

/// Those to one origin.
struct Origin {
    /// Requests that are open.
    open: usize,
    /// The most that ever were, which is how many places there are.
    most: usize,
    places: Arc<Semaphore>,
}

/// A request that is open, until its reply has come whole.
pub(crate) struct Open {
    connections: Connections,
    origin: String,
}

impl Connections {
    /// A request begins.
    pub fn open(&self, target: &Uri) -> Open {
        let origin = name(target);
        self.change(&origin, |found| {
            found.open += 1;
            if found.open > found.most {
                found.most = found.open;
                found.places.add_permits(1);
            }
        });
        Open { connections: self.clone(), origin }
    }

    /// Wait until there may be one more connection. An error when nobody wants it any more.
    pub async fn place(&self, target: &Uri) -> Result<OwnedSemaphorePermit, tokio::sync::AcquireError> {
        let places = self.change(&name(target), |found| found.places.clone());
        places.acquire_owned().await
    }

    /// Let nothing wait any longer.
    pub fn close(&self) {
        let origins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        origins.values().for_each(|origin| origin.places.close());
    }

    fn change<T>(&self, origin: &str, change: impl FnOnce(&mut Origin) -> T) -> T {
        let mut origins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = origins.get_mut(origin) {
            return change(found);
        }
        let fresh = Origin { open: 0, most: 0, places: Arc::new(Semaphore::new(0)) };
        change(origins.entry(origin.to_owned()).or_insert(fresh))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.connections.change(&self.origin, |found| found.open -= 1);
    }
}

fn name(target: &Uri) -> String {
    let scheme = target.scheme_str().unwrap_or_default();
    format!("{scheme}://{}", target.authority().map_or("", |authority| authority.as_str()))
}
