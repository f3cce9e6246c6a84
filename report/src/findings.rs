//! Findings: every rule applied, and what was accepted set apart.

use time::Date;

use crate::checks_of_people as people;
use crate::checks_of_places as places;
use crate::look::Look;
use crate::model::Id;
use crate::rule::{Case, RULES, Rule, State, Subject};
use crate::rules::Accepted;

/// What a rule found.
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Each case, open ones first.
    pub cases: Vec<Case>,
}

/// Every rule, applied.
pub struct Findings {
    /// Rules that found something, in the order of the rules.
    pub found: Vec<Finding>,
    /// Rules that found nothing.
    pub passed: Vec<&'static Rule>,
    /// Rules that are switched off.
    pub off: Vec<&'static Rule>,
    /// Rules that could not be applied, and why.
    pub not_applied: Vec<(&'static Rule, String)>,
    /// Administrators whose second factor is not known.
    pub second_factor_unknown: Vec<Id>,
}

impl Findings {
    /// Apply every rule, on this day. Of orphans somebody else knows: none when there is no list of people.
    pub fn of(look: Look<'_>, orphans: Option<Vec<Case>>, today: Date) -> Findings {
        let mut all = Findings {
            found: Vec::new(),
            passed: Vec::new(),
            off: Vec::new(),
            not_applied: Vec::new(),
            second_factor_unknown: people::second_factor_unknown(look),
        };
        let mut orphans = Some(orphans);
        for rule in &RULES {
            if look.rules.off.iter().any(|id| id == rule.id) {
                all.off.push(rule);
                continue;
            }
            let checked = match rule.id {
                "admin-without-second-factor" => people::without_second_factor(look),
                "unknown-role" => places::unknown_role(look),
                "orphan" => orphans.take().flatten().ok_or_else(|| "no list of people was given".to_owned()),
                "only-admin" => places::only_admin(look),
                "admin-of-several" => people::admin_of_several(look),
                "group-with-many" => places::group_with_many(look),
                "address-outside" => people::address_outside(look),
                "not-managed" => people::not_managed(look),
                "no-sso" => places::no_sso(look),
                "unverified-address" => people::unverified(look),
                "without-group" => people::without_group(look),
                _ => places::empty_group(look),
            };
            match checked {
                Err(why) => all.not_applied.push((rule, why)),
                Ok(cases) if cases.is_empty() => all.passed.push(rule),
                Ok(mut cases) => {
                    cases.iter_mut().for_each(|case| case.state = state(look, rule, case, today));
                    cases.sort_by_key(|case| !case.is_open());
                    all.found.push(Finding { rule, cases });
                }
            }
        }
        all
    }

    /// How many cases are to be looked at.
    pub fn open(&self) -> usize {
        self.found.iter().map(|finding| finding.cases.iter().filter(|case| case.is_open()).count()).sum()
    }

    /// How many were accepted.
    pub fn accepted(&self) -> usize {
        self.found.iter().map(|finding| finding.cases.len()).sum::<usize>() - self.open()
    }
}

fn state(look: Look<'_>, rule: &Rule, case: &Case, today: Date) -> State {
    let matching = look.rules.accept.iter().filter(|one| one.rule == rule.id && is_about(look, case, one));
    // Of two that match the one that holds longer counts.
    match matching.max_by_key(|one| one.until) {
        None => State::Open,
        Some(one) if one.until >= today => State::Accepted(one.reason.clone(), one.until),
        Some(one) => State::Ended(one.reason.clone(), one.until),
    }
}

fn is_about(look: Look<'_>, case: &Case, accepted: &Accepted) -> bool {
    let Some(who) = &accepted.who else { return true };
    let (subject, text) = match &case.subject {
        Subject::Resource(id) => (Some(*id), false),
        Subject::Text(text) => (None, text.eq_ignore_ascii_case(who)),
    };
    text || subject.into_iter().chain(case.place).any(|id| {
        let resource = look.model.resource(id);
        let emails = resource.account.iter().flat_map(|account| &account.emails);
        resource.name == *who
            || resource.id == *who
            || look.model.joined(id) == *who
            || emails.into_iter().any(|email| email.eq_ignore_ascii_case(who))
    })
}
