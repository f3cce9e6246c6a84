//! Records that break no rule of the contract, whatever the vendor says.
//!
//! What only describes is made fit: control characters become blanks, texts are cut where they are too long, a link that is
//! none is left out. What identifies is not changed, because it would be another: an id that the contract does not take is
//! the error `reply`, which ends the sync with a sentence.

mod entitlement;
mod kind;
mod resource;
mod user;

pub use entitlement::{Holding, Offer};
pub use kind::Kind;
pub use resource::{Record, id};
pub use user::{Status, User};

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::bindings::syncer::{Error, Trait};

    #[test]
    fn what_describes_is_made_fit_and_what_identifies_is_refused() {
        let record = Record::new("team", "t1", &[Some(" \u{202e}"), None, Some("Pl\u{7}at\u{2028}form")])
            .expect("a record");
        let made = record
            .described(Some("\n"))
            .link(Some("http://vendor.test/x"))
            .link(Some("https://"))
            .link(Some("https://vendor.test/\u{202e}"))
            .role()
            .role()
            .made();
        assert_eq!(
            (made.display_name.as_str(), made.description, made.external_link),
            ("Pl at form", None, None)
        );
        assert_eq!(made.traits.len(), 1);
        assert_eq!(Record::new("team", "t1", &[]).expect("a record").made().display_name, "t1");
        for bad in ["", "a\nb", "a\u{202e}", &"i".repeat(1_025)] {
            assert!(matches!(Record::new("team", bad, &[]), Err(Error::Reply(_))), "{bad}");
            assert!(
                Offer::new(&Record::new("team", "t", &[]).expect("a record").made(), bad, &[]).is_err(),
                "{bad}"
            );
        }
        let team = Record::new("team", "t", &[]).expect("a record").made();
        assert!(Offer::new(&team, "a:b", &[]).is_err());
        assert!(Holding::new(&team, "member", team.id.clone()).and_then(|held| held.expands("a:b")).is_err());
    }

    #[test]
    fn exactly_one_address_is_the_primary_one() {
        let of = |addresses: &[(&str, bool)]| {
            let user = addresses.iter().fold(User::new(Status::Enabled), |user, (address, primary)| {
                user.email(Some(address), *primary)
            });
            let record = Record::new("user", "u", &[]).expect("a record").user(user).made();
            let [Trait::User(user)] = record.traits.as_slice() else { panic!("no user trait") };
            user.emails.iter().map(|email| (email.address.clone(), email.primary)).collect::<Vec<_>>()
        };
        let told =
            |found: &[(&str, bool)]| found.iter().map(|(text, is)| ((*text).into(), *is)).collect::<Vec<_>>();
        for (addresses, found) in [
            (&[(" a@x\n", false)][..], &[("a@x", true)][..]),
            (&[("a@x", false), ("b@x", true)], &[("a@x", false), ("b@x", true)]),
            (&[("a@x", true), ("b@x", true)], &[("a@x", false), ("b@x", true)]),
            (&[("a@x", false), ("a@x", true), (" ", true)], &[("a@x", true)]),
            (&[("a@x", false), ("b@x", false), ("a@x", true)], &[("a@x", true), ("b@x", false)]),
        ] {
            assert_eq!(of(addresses), told(found));
        }
    }
}
