//! What is known of a user.

use alloc::string::String;
use alloc::vec;

use crate::bindings::syncer::{
    AccountState, AccountStatus, AccountType, Email, StructuredName, Timestamp, UserTrait,
};
use crate::text::{details, without_controls};

/// Whether an account can be used; the names are the contract's.
pub use crate::bindings::syncer::AccountState as Status;

/// A user in the making. What the vendor does not tell is left out.
#[derive(Clone, Debug)]
pub struct User(UserTrait);

impl User {
    /// A person whose account is in this state.
    pub fn new(state: AccountState) -> User {
        User(UserTrait {
            status: AccountStatus { state, details: None },
            emails: vec![],
            login: None,
            login_aliases: vec![],
            account_type: AccountType::Human,
            mfa_enabled: None,
            sso_enabled: None,
            name: None,
            last_login: None,
            employee_ids: vec![],
        })
    }

    /// The vendor's own word for the state.
    #[must_use]
    pub fn state(mut self, word: Option<&str>) -> User {
        self.0.status.details = details(word);
        self
    }

    /// An address, unless it is blank or there already. The first one is the primary one, or the one that the vendor calls
    /// so.
    #[must_use]
    pub fn email(mut self, address: Option<&str>, primary: bool) -> User {
        let Some(address) = address.map(fit).filter(|address| !address.is_empty()) else { return self };
        let emails = &mut self.0.emails;
        if primary {
            emails.iter_mut().for_each(|email| email.primary = false);
        }
        match emails.iter_mut().find(|email| email.address == address) {
            Some(email) => email.primary |= primary,
            None => {
                let primary = primary || emails.is_empty();
                emails.push(Email { address, primary });
            }
        }
        // The primary one may have been another that came twice.
        if !emails.iter().any(|email| email.primary)
            && let Some(first) = emails.first_mut()
        {
            first.primary = true;
        }
        self
    }

    /// What it signs in with.
    #[must_use]
    pub fn login(mut self, login: Option<&str>) -> User {
        self.0.login = login.map(fit).filter(|login| !login.is_empty());
        self
    }

    /// Who is behind it, where it is no person.
    #[must_use]
    pub fn kind(mut self, kind: AccountType) -> User {
        self.0.account_type = kind;
        self
    }

    /// Whether a second factor is set up in this product.
    #[must_use]
    pub fn mfa(mut self, enabled: Option<bool>) -> User {
        self.0.mfa_enabled = enabled;
        self
    }

    /// Whether it signs in through single sign-on.
    #[must_use]
    pub fn sso(mut self, enabled: Option<bool>) -> User {
        self.0.sso_enabled = enabled;
        self
    }

    /// Its name in parts, when the vendor keeps them.
    #[must_use]
    pub fn name(mut self, given: Option<&str>, family: Option<&str>) -> User {
        if given.or(family).is_some() {
            self.0.name = Some(StructuredName {
                given_name: given.map(fit).unwrap_or_default(),
                family_name: family.map(fit).unwrap_or_default(),
                middle_names: vec![],
                prefix: None,
                suffix: None,
            });
        }
        self
    }

    /// When it last signed in.
    #[must_use]
    pub fn last_login(mut self, at: Option<Timestamp>) -> User {
        self.0.last_login = at;
        self
    }

    /// Under which number an employer keeps the person.
    #[must_use]
    pub fn employee(mut self, id: Option<&str>) -> User {
        self.0.employee_ids.extend(id.map(fit).filter(|id| !id.is_empty()));
        self
    }

    /// The trait.
    pub fn made(self) -> UserTrait {
        self.0
    }
}

fn fit(text: &str) -> String {
    String::from(without_controls(text).trim())
}
