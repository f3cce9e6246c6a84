//! How many connections there are: to each origin no more than requests were open to it at the same time.
//!
//! The pool alone makes more. Where no connection is free it begins one, and finishes it even if another becomes free
//! before; with TLS that happens often. Here a connection that would be one too many waits, and the request that wanted
//! it takes the one that becomes free.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use http::Uri;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use crate::model::lock::lock;

/// The connections of one client.
#[derive(Clone, Default)]
pub(crate) struct Connections(Arc<Mutex<HashMap<String, Arc<Origin>>>>);

/// Those to one origin.
struct Origin {
    requests: Mutex<Requests>,
    /// As many as the most requests that were open.
    places: Arc<Semaphore>,
}

/// How many requests are open, and the most that ever were.
#[derive(Default)]
struct Requests {
    open: usize,
    most: usize,
}

/// A request that is open, until its reply has come whole.
pub(crate) struct Open(Arc<Origin>);

impl Connections {
    /// A request begins.
    pub fn open(&self, target: &Uri) -> Open {
        let origin = self.origin(target);
        let mut requests = lock(&origin.requests);
        requests.open += 1;
        if requests.open > requests.most {
            requests.most = requests.open;
            origin.places.add_permits(1);
        }
        drop(requests);
        Open(origin)
    }

    /// Wait until there may be one more connection. An error when nobody wants it any more.
    pub async fn place(&self, target: &Uri) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.origin(target).places.clone().acquire_owned().await
    }

    /// Let nothing wait any longer.
    pub fn close(&self) {
        lock(&self.0).values().for_each(|origin| origin.places.close());
    }

    fn origin(&self, target: &Uri) -> Arc<Origin> {
        let scheme = target.scheme_str().unwrap_or_default();
        let authority = target.authority().map_or("", |authority| authority.as_str());
        lock(&self.0).entry(format!("{scheme}://{authority}")).or_insert_with(Origin::fresh).clone()
    }
}

impl Origin {
    fn fresh() -> Arc<Origin> {
        Arc::new(Origin { requests: Mutex::default(), places: Arc::new(Semaphore::new(0)) })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        lock(&self.0.requests).open -= 1;
    }
}
