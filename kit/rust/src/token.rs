//! Page tokens that hold for one list alone.
//!
//! A position in a list (a vendor's cursor, a number) travels in a token behind a digest over it and the list's
//! arguments. A token that was altered, or that belongs to another list, is refused instead of giving the wrong people.
//! The digest has no key: it is against slips and mixed-up lists, not against an adversary, who is the host.

use alloc::format;
use alloc::string::String;
use core::hash::{Hash, Hasher};

use fnv::FnvHasher;

use crate::bindings::syncer::Error;
use crate::error::internal;

/// The digits of a digest.
const DIGITS: usize = 16;

/// The token of a position in the list with these arguments: the function, the type, the id of a parent.
pub fn issue(list: &[&str], position: &str) -> String {
    let digest = digest(list, position);
    format!("{digest:016x}.{position}")
}

/// The position that a token stands for.
///
/// # Errors
/// It was not issued for this list.
pub fn read<'a>(list: &[&str], token: &'a str) -> Result<&'a str, Error> {
    let position = token.get(DIGITS + 1..).unwrap_or_default();
    // Written again it has to be the same text: no second spelling of a token is one.
    if issue(list, position) == token {
        return Ok(position);
    }
    Err(internal(
        "the page token was not issued for this list by this version of the connector; start the list again",
    ))
}

fn digest(list: &[&str], position: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    (list, position).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    const LIST: [&str; 3] = ["grants", "team", "t1"];

    #[test]
    fn a_token_reads_back_and_only_in_its_own_list() {
        for position in ["", "7", "a.b/=-é", "0123456789abcdef."] {
            let token = issue(&LIST, position);
            assert_eq!(read(&LIST, &token).ok(), Some(position));
            for other in [["grants", "team", "t2"], ["resources", "team", "t1"], ["grants", "teamt", "1"]] {
                assert!(matches!(read(&other, &token), Err(Error::Internal(_))), "{token}");
            }
        }
    }

    #[test]
    fn no_altered_token_is_taken() {
        let token = issue(&LIST, "2.150");
        for at in 0..token.len() {
            for letter in ["0", "1", ".", "-", "f", "F", " ", ""] {
                let mut altered = token.clone();
                altered.replace_range(at..=at, letter);
                if altered != token {
                    assert!(read(&LIST, &altered).is_err(), "{altered}");
                }
            }
        }
        for token in ["", "x", "é", &"0".repeat(17), &"é".repeat(17).to_string()] {
            assert!(read(&LIST, token).is_err(), "{token}");
        }
    }
}
