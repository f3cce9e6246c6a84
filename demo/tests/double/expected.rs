//! The manifest, against rules that a person can check by eye.

use baton_planetscale_demo::{ExpectedError, Manifest, Resource, Scenario};

fn resource<'a>(manifest: &'a Manifest, name: &str) -> &'a Resource {
    let mut found = manifest.resources.iter().filter(|r| r.display_name == name);
    let first = found.next().unwrap_or_else(|| panic!("{name} is missing"));
    assert!(found.next().is_none(), "{name} is there twice");
    first
}

#[test]
fn the_demo_gives_what_its_story_says() {
    let manifest = Manifest::of(&Scenario::demo());
    let mfa = |name: &str| resource(&manifest, name).user.as_ref().unwrap().mfa_enabled;
    assert_eq!(mfa("Lucía Fernández"), Some(false), "an administrator without a second factor");
    assert_eq!(mfa("Henrik Dahl"), Some(true));
    assert_eq!(mfa("Amara Okafor"), None, "she signs in through SSO, so nobody here knows");
    resource(&manifest, "deploy");
    resource(&manifest, "k.weiss@contractor.example");
    assert_eq!(resource(&manifest, "Platform").group_source.as_deref(), Some("directory_synced"));
    assert_eq!(resource(&manifest, "Brand").group_source.as_deref(), Some("native"));

    let amara = &resource(&manifest, "Amara Okafor").id;
    let hers: Vec<_> = manifest.grants.iter().filter(|g| g.principal == *amara).collect();
    assert_eq!(hers.len(), 2, "administrator of two organizations, one record");
    assert!(hers.iter().all(|g| g.entitlement.ends_with(":admin")));
    for grant in hers {
        // The identity provider manages the roles of kestrel-labs alone.
        let labs = &resource(&manifest, "kestrel-labs").id;
        let there = grant.entitlement == format!("{}:admin", labs.joined());
        assert_eq!(grant.immutable.is_some(), there, "{}", grant.id);
    }
    let empty = &resource(&manifest, "Cold chain").id;
    let nobody = format!("{}:member", empty.joined());
    assert!(manifest.entitlements.iter().any(|e| e.id == nobody));
    assert!(manifest.grants.iter().all(|g| g.entitlement != nobody));
    let warning = &manifest.warnings[0];
    assert_eq!((warning.person.as_str(), warning.role.as_str()), ("Grace Whitfield", "analyst"));
    assert_eq!(manifest.warnings.len(), 1);
}

#[test]
fn a_token_without_access_must_fail_the_sync() {
    let mut scenario = Scenario::demo();
    scenario.organizations[2].access = false;
    let manifest = Manifest::of(&scenario);
    let organization = "osprey-studio".to_owned();
    assert_eq!(manifest.error, Some(ExpectedError::Access { organization }));
    assert!(manifest.resources.is_empty() && manifest.grants.is_empty());
    let empty = Manifest::of(&Scenario::named("empty-organization").unwrap());
    let organization = "just-created".to_owned();
    assert_eq!(empty.error, Some(ExpectedError::Access { organization }));
    let mut unled = Scenario::demo();
    unled.organizations[0].members.retain(|member| member.role == "member");
    let organization = "kestrel-freight".to_owned();
    assert_eq!(
        Manifest::of(&unled).error,
        Some(ExpectedError::Access { organization: organization.clone() })
    );
    unled.organizations[0].members.iter_mut().for_each(|member| "owner".clone_into(&mut member.role));
    assert_eq!(Manifest::of(&unled).error, Some(ExpectedError::Roles { organization }));
    let nothing = Manifest::of(&Scenario::default());
    assert_eq!(nothing.error, Some(ExpectedError::NoOrganization));
}

#[test]
fn every_grant_refers_to_records_that_are_there_and_no_id_comes_twice() {
    for name in ["demo", "shared", "scripts", "random:11"] {
        let manifest = Manifest::of(&Scenario::named(name).unwrap());
        let resources: Vec<_> = manifest.resources.iter().map(|r| r.id.joined()).collect();
        let entitlements: Vec<_> = manifest.entitlements.iter().map(|e| &e.id).collect();
        let grants: Vec<_> = manifest.grants.iter().map(|g| &g.id).collect();
        for grant in &manifest.grants {
            assert!(entitlements.contains(&&grant.entitlement), "{name}");
            assert!(resources.contains(&grant.principal.joined()), "{name}");
        }
        let unique = |n: usize, mut ids: Vec<String>| {
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), n, "{name}");
        };
        unique(manifest.resources.len(), resources.clone());
        unique(grants.len(), grants.iter().map(|g| (*g).clone()).collect());
    }
}
