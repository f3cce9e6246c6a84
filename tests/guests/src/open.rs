//! Opens ten thousand requests at once, and waits for none.

use crate::bindings::syncer::Error;
use crate::http;
use crate::order::report;

pub fn act() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    let mut open = Vec::new();
    for number in 0..10_000 {
        if let Ok(future) = http::begin("GET", &scheme, &authority, &format!("/v1/{number}"), &[]) {
            open.push(future);
        }
    }
    let refused = open.iter().filter(|future| http::end(future).is_err()).count();
    Err(report(format!("{refused} of {} requests had no reply", open.len())))
}
