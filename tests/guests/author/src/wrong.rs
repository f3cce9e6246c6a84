//! Each rule of the contract that can be broken, broken once.

use std::sync::atomic::{AtomicU32, Ordering};

use baton_connector::contract::{
    ConfigField, ConnectorMetadata, Error, FieldKind, Grant, Resource, ResourceType,
};
use baton_connector::error::{Exchange, internal};
use baton_connector::{Page, config, token};

use crate::order;

/// What an answer must not depend on: how often this instance, or any before it, was asked.
fn counted() -> u32 {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    CALLS.fetch_add(1, Ordering::Relaxed)
}

/// A number that is another in each instance.
fn of_instance() -> u64 {
    use std::collections::hash_map::RandomState;
    use std::hash::{BuildHasher, Hasher};
    RandomState::new().build_hasher().finish()
}

pub fn metadata(mut metadata: ConnectorMetadata) -> ConnectorMetadata {
    if order::is("metadata") {
        metadata.version = "one two".into();
    }
    if order::is("metadata-same") {
        metadata.version = format!("{}", of_instance());
    }
    metadata
}

pub fn fields(mut fields: Vec<ConfigField>) -> Vec<ConfigField> {
    if order::is("fields") {
        let mut field = config::field("log-level", "Level", "It is the host's.", FieldKind::Text);
        field.required = false;
        fields.push(field);
    }
    if order::is("fields-same") {
        fields.iter_mut().for_each(|field| field.description = format!("{}", of_instance()));
    }
    fields
}

pub fn types(mut types: Vec<ResourceType>) -> Vec<ResourceType> {
    if order::is("types") {
        types.iter_mut().for_each(|kind| kind.has_entitlements = false);
    }
    if order::is("types-same") {
        types.iter_mut().for_each(|kind| kind.display_name = format!("{}", of_instance()));
    }
    types
}

pub fn open() -> Result<(), Error> {
    if order::is("time") {
        std::thread::sleep(std::time::Duration::from_secs(3));
    }
    if order::is("memory") {
        std::hint::black_box(vec![1_u8; 100 << 20]);
    }
    Ok(())
}

pub fn validate() -> Result<(), Error> {
    if order::is("validate") { Err(Exchange::default().access("this is not for you")) } else { Ok(()) }
}

/// An answer, or another error than what happened asks for.
pub fn answer<T>(answer: Result<T, Error>) -> Result<T, Error> {
    let Err(error) = answer else { return answer };
    let exchange = Exchange::default();
    Err(match error {
        Error::Credentials(_) if order::is("status-401") => exchange.again("it failed"),
        Error::Access(failure) if order::is("status-403") && failure.http_status == Some(403) => {
            exchange.again("it failed")
        }
        Error::Access(failure) if order::is("status-404") && failure.http_status == Some(404) => {
            exchange.credentials("it failed")
        }
        Error::Wait(wait) if order::is("status-429-told") && wait.after.is_some() => {
            exchange.wait("it failed", None)
        }
        Error::Wait(wait) if order::is("status-429") && wait.after.is_none() => exchange.again("it failed"),
        Error::Again(again) if order::is("status-500") && again.failure.http_status == Some(500) => {
            exchange.reply("it failed", "")
        }
        Error::Reply(_) if order::is("web-page") => exchange.again("it failed"),
        Error::Again(_) if order::is("cut") => exchange.reply("it failed", ""),
        Error::Again(again) if order::is("slow") && again.failure.http_status.is_none() => {
            internal("it failed")
        }
        Error::Access(_) if order::is("echo") => {
            let secret = config::text("acme-client-secret")?;
            exchange.access(format!("it does not take {secret}"))
        }
        other => other,
    })
}

/// A page of resources in which a rule is broken.
pub fn resources(page: Result<Page<Resource>, Error>) -> Result<Page<Resource>, Error> {
    let mut page = match answer(page) {
        // To a reviewer, nothing there and no access look the same.
        Err(Error::Access(_)) if order::is("gap") => return Ok(Page::none()),
        answer => answer?,
    };
    let asked = counted();
    for item in &mut page.items {
        if order::is("sync") {
            item.display_name = String::new();
        }
        if order::is("asked-twice") {
            item.display_name = format!("{} {asked}", item.display_name);
        }
        if order::is("two-instances") {
            item.display_name = format!("{} {}", item.display_name, of_instance());
        }
    }
    Ok(page)
}

/// A page of grants in which a rule is broken.
pub fn grants(page: Result<Page<Grant>, Error>) -> Result<Page<Grant>, Error> {
    let mut page = answer(page)?;
    for grant in &mut page.items {
        if let Some(expansion) = grant.expansion.as_mut().filter(|_| order::is("expansion")) {
            expansion.entitlements.iter_mut().for_each(|over| over.slug = "nothing".into());
        }
    }
    Ok(page)
}

/// A token of a list, or one that its list should not take. Without one a list begins.
pub fn token(list: &[&str], given: Option<String>) -> Option<String> {
    let text = given.as_deref()?;
    if token::read(list, text).is_ok() {
        return given;
    }
    let lists = [
        ["resources", "user", "", ""].as_slice(),
        &["resources", "group", "", ""],
        &["resources", "role", "", ""],
        &["grants", "group", "g2"],
    ];
    let is_foreign = lists.iter().any(|list| token::read(list, text).is_ok());
    let is_taken = order::is(if is_foreign { "foreign-token" } else { "altered-token" });
    given.filter(|_| !is_taken)
}
