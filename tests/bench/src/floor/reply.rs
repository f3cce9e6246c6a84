//! The replies, with the fields that are used.
#![allow(clippy::missing_docs_in_private_items, reason = "the names are the API's")]

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub next_page: Option<u64>,
}

#[derive(Deserialize)]
pub struct Organization {
    pub id: String,
    pub name: String,
    pub plan: Option<String>,
    pub sso: Option<bool>,
    pub sso_directory: Option<bool>,
    pub idp_managed_roles: bool,
    pub created_at: Option<String>,
}

#[derive(Deserialize)]
pub struct Membership {
    pub user: User,
    pub role: String,
}

#[derive(Deserialize)]
pub struct TeamMembership {
    pub user: Identity,
}

#[derive(Deserialize)]
pub struct Identity {
    pub id: String,
}

#[derive(Deserialize)]
pub struct User {
    pub id: String,
    pub email: String,
    pub display_name: Option<String>,
    pub name: Option<String>,
    pub avatar_url: Option<String>,
    pub created_at: Option<String>,
    pub two_factor_auth_configured: bool,
    pub email_verified: Option<bool>,
    pub sso: Option<bool>,
    pub managed: Option<bool>,
    pub directory_managed: Option<bool>,
    pub default_organization: Option<DefaultOrganization>,
}

#[derive(Deserialize)]
pub struct DefaultOrganization {
    pub name: Option<String>,
}

#[derive(Deserialize)]
pub struct Team {
    pub id: String,
    pub slug: String,
    pub display_name: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub managed: bool,
    pub created_at: Option<String>,
}
