//! Each rule of the contract that can be broken, broken once.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, OnceLock, PoisonError};

use baton_connector::contract::{
    ConfigField, ConnectorMetadata, Error, FieldKind, Grant, Resource, ResourceType,
};
use baton_connector::error::{Exchange, internal};
use baton_connector::{Page, config, token};

use crate::order;

/// What an answer must not depend on: how often this instance gave this page before.
fn given(page: &Page<Resource>) -> u32 {
    static GIVEN: Mutex<BTreeMap<String, u32>> = Mutex::new(BTreeMap::new());
    let ids: Vec<&str> = page.items.iter().map(|item| item.id.id.as_str()).collect();
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let times = given.entry(ids.join(" ")).or_default();
    *times += 1;
    *times
}

/// A number that is another in each instance.
fn of_instance() -> u64 {
    static NUMBER: OnceLock<u64> = OnceLock::new();
    *NUMBER.get_or_init(|| RandomState::new().build_hasher().finish())
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
    // With a config a sync would break, too.
    if order::is("types") && matches!(config::value("acme-url"), Ok(None)) {
        types.iter_mut().for_each(|kind| kind.has_entitlements = false);
    }
    if order::is("types-same") {
        types.iter_mut().for_each(|kind| kind.display_name = format!("{}", of_instance()));
    }
    types
}

pub fn validate() -> Result<(), Error> {
    if order::is("time") {
        std::thread::sleep(std::time::Duration::from_secs(3));
    }
    if order::is("memory") {
        std::hint::black_box(vec![1_u8; 100 << 20]);
    }
    if order::is("validate") { Err(Exchange::default().access("this is not for you")) } else { Ok(()) }
}

/// An answer, or another error than what happened asks for.
pub fn answer<T>(answer: Result<T, Error>) -> Result<T, Error> {
    let Err(error) = answer else { return answer };
    let exchange = Exchange::default();
    Err(match error {
        Error::Credentials(_) if order::is("status-401") => exchange.again("it failed"),
        Error::Access(failure) if order::is("status-404") && failure.http_status == Some(404) => {
            exchange.credentials("it failed")
        }
        // Of the time that a check tells; Acme's own has to be waited out.
        Error::Wait(wait) if order::is("status-429-told") && wait.after == Some(7) => {
            exchange.wait("it failed", None)
        }
        Error::Wait(wait) if order::is("status-429") && wait.after.is_none() => exchange.again("it failed"),
        Error::Again(again) if order::is("status-500") && again.failure.http_status == Some(500) => {
            exchange.reply("it failed", "")
        }
        Error::Reply(_) if order::is("web-page") => exchange.again("it failed"),
        Error::Again(again) if order::is("cut") && again.failure.http_status == Some(200) => {
            exchange.reply("it failed", "")
        }
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
        Err(Error::Access(failure)) if order::is("status-403") && failure.http_status == Some(403) => {
            return Ok(Page::none());
        }
        answer => answer?,
    };
    let times = given(&page);
    for item in &mut page.items {
        if order::is("sync") {
            item.display_name = String::new();
        }
        if order::is("asked-twice") {
            item.display_name = format!("{} {times}", item.display_name);
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
