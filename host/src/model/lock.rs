//! One way to lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a mutex guards, also after a thread that held it stopped unexpectedly: that ends the sync with an error of its
/// own, and nobody waits for this lock in vain.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
