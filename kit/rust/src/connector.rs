//! What a connector is to its author, and how the contract is kept around it.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::bindings::syncer::{
    ConfigField, ConnectorMetadata, Entitlement, EntitlementPage, Error, Grant, GrantPage, Guest, RateLimit,
    Resource, ResourcePage, ResourceType, Validation, Warning,
};
use crate::error::internal;
use crate::token;

/// A connector: what is known of one vendor.
///
/// A value of it is one call: it is made from the config when a host asks something that needs it, and nothing of it is
/// kept. Lists are asked for in pages. `from` is none for the first one; a page names those that follow in
/// [`Page::next`], in words of the author's own, and gets them back as `from`. They travel as tokens that are refused in
/// any other list.
pub trait Connector: Sized {
    /// What a catalog shows; see [`metadata`].
    fn metadata() -> ConnectorMetadata;

    /// The fields of the config; see [`config::field`](crate::config::field).
    fn fields() -> Vec<ConfigField>;

    /// The kinds of resources. They may depend on the config, not on the network.
    ///
    /// # Errors
    /// The config cannot be used.
    fn types() -> Result<Vec<ResourceType>, Error>;

    /// Read the config, and sign in.
    ///
    /// # Errors
    /// The config cannot be used, or the vendor does not take it.
    fn open() -> Result<Self, Error>;

    /// Whether the credentials are good: one cheap request.
    ///
    /// # Errors
    /// They are not.
    fn validate(&self) -> Result<Validation, Error>;

    /// A page of the resources of a type: those without parent, or those of one.
    ///
    /// # Errors
    /// The vendor does not give it.
    fn resources(
        &self,
        kind: &str,
        parent: Option<&Resource>,
        from: Option<&str>,
    ) -> Result<Page<Resource>, Error>;

    /// What a resource offers. Only asked where its type says that it offers something.
    ///
    /// # Errors
    /// The vendor does not tell.
    fn entitlements(&self, of: &Resource) -> Result<Vec<Entitlement>, Error>;

    /// A page of who holds what a resource offers. Only asked where its type says that somebody may.
    ///
    /// # Errors
    /// The vendor does not tell.
    fn grants(&self, of: &Resource, from: Option<&str>) -> Result<Page<Grant>, Error>;
}

/// A page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// Its records.
    pub items: Vec<T>,
    /// The pages that are known to follow: each comes back as `from`.
    pub next: Vec<String>,
    /// How many records the list has, where the vendor tells, and each of them is given.
    pub total: Option<u32>,
    /// What the vendor says of its limits.
    pub rate_limit: Option<RateLimit>,
    /// What the operator should know.
    pub warnings: Vec<Warning>,
}

impl<T> Page<T> {
    /// A page with these records, after which nothing comes.
    pub fn of(items: Vec<T>) -> Page<T> {
        Page { items, next: vec![], total: None, rate_limit: None, warnings: vec![] }
    }

    /// A page without records: of a type that has none here.
    pub fn none() -> Page<T> {
        Page::of(vec![])
    }
}

/// What a catalog shows of a connector. The rest is written where it is needed:
///
/// ```
/// # use baton_connector::{contract::ConnectorMetadata, metadata};
/// let metadata = ConnectorMetadata { credential_headers: vec!["x-api-key".into()], ..metadata("Acme", "1.0.0", "Reads Acme.") };
/// ```
pub fn metadata(product: &str, version: &str, description: &str) -> ConnectorMetadata {
    ConnectorMetadata {
        display_name: product.into(),
        version: version.into(),
        description: description.into(),
        documentation_url: None,
        icon_url: None,
        request_limits: vec![],
        further_origins: vec![],
        further_requests: vec![],
        credential_headers: vec![],
        cannot_see: vec![],
    }
}

/// The type with this id.
fn known<T: Connector>(id: &str) -> Result<ResourceType, Error> {
    let found = T::types()?.into_iter().find(|kind| kind.id == id);
    found.ok_or_else(|| internal(alloc::format!("there are no resources of type {id}")))
}

/// The position that a token of this list stands for.
fn position<'a>(list: &[&str], token: Option<&'a str>) -> Result<Option<&'a str>, Error> {
    token.map(|token| token::read(list, token)).transpose()
}

fn tokens(list: &[&str], next: &[String]) -> Vec<String> {
    next.iter().map(|position| token::issue(list, position)).collect()
}

impl<T: Connector> Guest for T {
    fn metadata() -> ConnectorMetadata {
        <T as Connector>::metadata()
    }

    fn config_schema() -> Vec<ConfigField> {
        T::fields()
    }

    fn validate() -> Result<Validation, Error> {
        Connector::validate(&T::open()?)
    }

    fn list_resource_types() -> Result<Vec<ResourceType>, Error> {
        T::types()
    }

    fn list_resources(
        resource_type: String,
        parent: Option<Resource>,
        page_token: Option<String>,
    ) -> Result<ResourcePage, Error> {
        known::<T>(&resource_type)?;
        let (above, id) =
            parent.as_ref().map_or(("", ""), |parent| (&parent.id.resource_type, &parent.id.id));
        let list = ["resources", &resource_type, above, id];
        let from = position(&list, page_token.as_deref())?;
        let page = T::open()?.resources(&resource_type, parent.as_ref(), from)?;
        let Page { items, next, total, rate_limit, warnings } = page;
        Ok(ResourcePage { items, next: tokens(&list, &next), total, rate_limit, warnings })
    }

    fn list_entitlements(resource: Resource, page_token: Option<String>) -> Result<EntitlementPage, Error> {
        let kind = known::<T>(&resource.id.resource_type)?;
        if page_token.is_some() {
            return Err(internal("entitlements have one page only"));
        }
        let items = if kind.has_entitlements { T::open()?.entitlements(&resource)? } else { vec![] };
        Ok(EntitlementPage { items, next: vec![], total: None, rate_limit: None, warnings: vec![] })
    }

    fn list_grants(resource: Resource, page_token: Option<String>) -> Result<GrantPage, Error> {
        let kind = known::<T>(&resource.id.resource_type)?;
        let list = ["grants", &resource.id.resource_type, &resource.id.id];
        let from = position(&list, page_token.as_deref())?;
        let page = if kind.has_grants { T::open()?.grants(&resource, from)? } else { Page::none() };
        let Page { items, next, total, rate_limit, warnings } = page;
        Ok(GrantPage { items, next: tokens(&list, &next), total, rate_limit, warnings })
    }
}
