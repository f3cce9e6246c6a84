//! What C1 and its token endpoint answer.
//!
//! The first byte says to which question: `p` for a task, `h` to a heartbeat, else for a token. The rest is the answer:
//! messages of protocol buffers, and JSON.
//!
//! Whatever it is, the service goes on asking within its bounds; and a token is sent on whole, in a header that nobody
//! logs, or refused in a sentence that holds nothing of the answer.

use std::time::Duration;

use baton_service::foreign;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The longest pause that C1 may ask for.
const LONGEST: Duration = Duration::from_secs(300);

/// Try it.
pub fn try_bytes(bytes: &[u8]) {
    match bytes.split_first() {
        Some((b'p', reply)) => {
            let Some(poll) = foreign::poll(reply) else { return };
            assert!(poll.pause <= LONGEST, "{:?} until the next question", poll.pause);
            assert!(poll.task.is_some() || !poll.pause.is_zero(), "nothing to do, and no pause");
        }
        Some((b'h', reply)) => {
            let Some(Some(pause)) = foreign::heartbeat(reply) else { return };
            assert!(!pause.is_zero() && pause <= LONGEST, "{pause:?} until the next heartbeat");
        }
        _ => token(bytes),
    }
}

fn token(body: &[u8]) {
    match foreign::authorization(body) {
        Ok(authorization) => {
            assert!(authorization.is_sensitive(), "a log would show it");
            let text = std::str::from_utf8(body).unwrap_or_else(|_| panic!("what is no text was taken"));
            let Ok(answer) = serde_json::from_str::<Value>(text) else {
                // A number too large for a value, or a nest too deep, in what nobody asks for.
                assert!(serde_json::from_str::<IgnoredAny>(text).is_ok(), "what is no JSON was taken");
                return;
            };
            let token = answer["access_token"].as_str().unwrap_or_default();
            assert!(!token.is_empty() && authorization.as_bytes().ends_with(format!(" {token}").as_bytes()));
        }
        Err(told) => assert!(
            ["the answer is no token", "the answer holds none"].iter().any(|words| told.ends_with(words)),
            "{told}"
        ),
    }
}
