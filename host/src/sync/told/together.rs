//! The contract's rule for a resource that is told differently by the lists that it is in.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::contract::{ProfileEntry, ProfileValue, Resource, Trait, UserTrait};

/// What was told of one resource, put together.
pub(in crate::sync) struct Together {
    /// The record that stands.
    pub resource: Resource,
    /// Whether lists differ. If not, the one list that told it was read again, or each of them.
    pub differs: bool,
    /// Whether a record names types of children, whose lists are asked with it.
    pub has_children: bool,
}

/// A parent by type and id; none is smaller than any.
type Parent = Option<(String, String)>;

/// Put it together. None of nothing.
pub(super) fn of(told: BTreeMap<Parent, Resource>) -> Option<Together> {
    let records: Vec<Resource> = told.into_values().collect();
    let mut resource = records.first()?.clone();
    let differs = records.iter().any(|record| *record != resource);
    if differs {
        profile(&mut resource, &records);
        for found in &mut resource.traits {
            if let Trait::User(user) = found {
                let others: Vec<&UserTrait> = records.iter().filter_map(user_of).collect();
                put_together(user, &others);
            }
        }
    }
    let has_children = records.iter().any(|record| !record.child_resource_types.is_empty());
    Some(Together { resource, differs, has_children })
}

fn user_of(resource: &Resource) -> Option<&UserTrait> {
    resource.traits.iter().find_map(|found| match found {
        Trait::User(user) => Some(user),
        _ => None,
    })
}

fn put_together(user: &mut UserTrait, others: &[&UserTrait]) {
    user.login_aliases = united(others.iter().flat_map(|other| &other.login_aliases));
    user.employee_ids = united(others.iter().flat_map(|other| &other.employee_ids));
    let sso = others.iter().filter_map(|other| other.sso_enabled);
    user.sso_enabled = sso.reduce(|one, other| one || other);
    let mfa = others.iter().map(|other| other.mfa_enabled).collect::<Option<Vec<bool>>>();
    user.mfa_enabled = mfa.map(|all| all.into_iter().all(|on| on));
}

/// Text lists are those of all records; everything else stays.
fn profile(resource: &mut Resource, records: &[Resource]) {
    let mut lists: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
    for entry in records.iter().flat_map(|record| &record.profile) {
        if let ProfileValue::TextList(texts) = &entry.value {
            lists.entry(&entry.key).or_default().extend(texts);
        }
    }
    for (key, texts) in lists {
        let united = ProfileValue::TextList(texts.into_iter().cloned().collect());
        match resource.profile.iter_mut().find(|entry| entry.key == key) {
            Some(ProfileEntry { value: value @ ProfileValue::TextList(_), .. }) => *value = united,
            Some(_) => {}
            None => resource.profile.push(ProfileEntry { key: key.to_owned(), value: united }),
        }
    }
}

fn united<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    texts.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::contract::{AccountState, AccountStatus, AccountType, ResourceId};

    fn told(number: usize, mfa: Option<bool>, sso: Option<bool>, list: &[&str]) -> (Parent, Resource) {
        let texts = || list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let user = UserTrait {
            status: AccountStatus { state: AccountState::Enabled, details: None },
            emails: vec![],
            login: None,
            login_aliases: texts(),
            account_type: AccountType::Human,
            mfa_enabled: mfa,
            sso_enabled: sso,
            name: None,
            last_login: None,
            employee_ids: texts(),
        };
        let resource = Resource {
            id: ResourceId { resource_type: "user".into(), id: "u".into() },
            parent: None,
            display_name: format!("Name {number}"),
            description: None,
            child_resource_types: vec![],
            external_link: None,
            created_at: None,
            profile: vec![ProfileEntry { key: "teams".into(), value: ProfileValue::TextList(texts()) }],
            traits: vec![Trait::User(user)],
        };
        (Some(("organization".into(), number.to_string())), resource)
    }

    #[test]
    fn sso_wins_when_it_is_on_and_a_second_factor_when_it_is_off_or_unknown() {
        let (on, off) = (Some(true), Some(false));
        for (each, mfa, sso) in [
            ([(on, on), (on, off)], on, on),
            ([(on, None), (off, off)], off, off),
            ([(off, None), (None, None)], None, None),
            ([(None, off), (on, on)], None, on),
        ] {
            let [one, other] = each;
            let told = BTreeMap::from([told(1, one.0, one.1, &[]), told(2, other.0, other.1, &[])]);
            let resource = of(told).expect("a record").resource;
            let user = user_of(&resource).expect("a user");
            assert_eq!((user.mfa_enabled, user.sso_enabled), (mfa, sso), "{each:?}");
        }
    }

    #[test]
    fn text_lists_are_united_and_all_else_is_as_under_the_smallest_parent() {
        let (_, mut alone) = told(3, None, None, &["c"]);
        alone
            .profile
            .push(ProfileEntry { key: "more".into(), value: ProfileValue::TextList(vec!["x".into()]) });
        alone.profile.push(ProfileEntry { key: "plan".into(), value: ProfileValue::Integer(3) });
        let each = [told(2, None, None, &["b", "a"]), told(10, None, None, &["d", "b"]), (None, alone)];
        let found = of(BTreeMap::from(each.clone())).expect("a record");
        assert!(found.differs && !found.has_children);
        let all: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).into();
        assert_eq!(found.resource.display_name, "Name 3");
        let user = user_of(&found.resource).expect("a user");
        assert_eq!((&user.login_aliases, &user.employee_ids), (&all, &all));
        assert_eq!(
            found.resource.profile.first().map(|entry| &entry.value),
            Some(&ProfileValue::TextList(all))
        );
        assert_eq!(found.resource.profile.len(), 3);
        // `10` is smaller than `2`, as bytes. A list that only others have is there, a number is not.
        let [two, ten, (_, alone)] = each;
        let found =
            of(BTreeMap::from([two, ten, (Some(("z".into(), "1".into())), alone)])).expect("a record");
        assert_eq!(found.resource.display_name, "Name 10");
        let keys: Vec<&str> = found.resource.profile.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["teams", "more"]);
    }

    #[test]
    fn one_record_stays_as_it_is() {
        let one = told(1, Some(true), None, &["b", "a", "b"]);
        let found = of(BTreeMap::from([one.clone()])).expect("a record");
        assert!(!found.differs);
        assert_eq!(found.resource, one.1);
    }
}
