//! Annotations: what a record says beyond the fields that every record has.
//!
//! Each is a message of its own, packed with its name. A resource carries one for each trait of its type.
#![allow(missing_docs, reason = "names and meanings are those of the c1.connector.v2 package")]

use prost::Message;

use super::records::ResourceId;
use super::well_known::{Any, Struct, Timestamp};

/// What stands before a message's name in its type URL.
const PREFIX: &str = "type.googleapis.com/c1.connector.v2.";

/// A message that is used as an annotation.
pub trait Annotation: Message + Default {
    /// The message's name in its package.
    const NAME: &'static str;

    /// The message with its name.
    fn pack(&self) -> Any {
        Any { type_url: format!("{PREFIX}{}", Self::NAME), value: self.encode_to_vec() }
    }

    /// The message, if this is what was packed.
    fn unpack(any: &Any) -> Option<Self> {
        (any.type_url.strip_prefix(PREFIX) == Some(Self::NAME))
            .then(|| Self::decode(any.value.as_slice()).ok())
            .flatten()
    }
}

macro_rules! annotations {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, prost::Message)]
        pub struct $name { $($(#[$attribute])* pub $field: $kind,)* }

        impl Annotation for $name {
            const NAME: &'static str = stringify!($name);
        }
    )*};
}

annotations! {
    /// What is known of a user.
    UserTrait {
        #[prost(message, repeated, tag = "1")]
        emails: Vec<Email>,
        #[prost(message, optional, tag = "2")]
        status: Option<UserStatus>,
        #[prost(enumeration = "AccountType", tag = "5")]
        account_type: i32,
        #[prost(string, tag = "6")]
        login: String,
        #[prost(string, repeated, tag = "7")]
        login_aliases: Vec<String>,
        #[prost(message, optional, tag = "9")]
        last_login: Option<Timestamp>,
        #[prost(message, optional, tag = "10")]
        mfa_status: Option<MfaStatus>,
        #[prost(message, optional, tag = "11")]
        sso_status: Option<SsoStatus>,
        #[prost(message, optional, tag = "12")]
        structured_name: Option<StructuredName>,
        #[prost(string, repeated, tag = "13")]
        employee_ids: Vec<String>,
    }
    /// What is known of a group.
    GroupTrait {
        #[prost(string, tag = "3")]
        group_source_type: String,
    }
    /// That a resource is a role.
    RoleTrait {}
    /// What is known of an application.
    AppTrait {
        #[prost(string, tag = "1")]
        help_url: String,
    }
    /// What is known of a credential.
    SecretTrait {
        #[prost(message, optional, tag = "3")]
        expires_at: Option<Timestamp>,
        #[prost(message, optional, tag = "4")]
        last_used_at: Option<Timestamp>,
        #[prost(message, optional, tag = "5")]
        created_by_id: Option<ResourceId>,
        #[prost(message, optional, tag = "6")]
        identity_id: Option<ResourceId>,
    }
    /// A type to list with this resource as the parent.
    ChildResourceType {
        #[prost(string, tag = "1")]
        resource_type_id: String,
    }
    /// The resource's page in the vendor's product.
    ExternalLink {
        #[prost(string, tag = "1")]
        url: String,
    }
    /// Resources of the type have neither entitlements nor grants.
    SkipEntitlementsAndGrants {}
    /// Resources of the type have no entitlements.
    SkipEntitlements {}
    /// Resources of the type have no grants.
    SkipGrants {}
    /// What the credentials must be allowed.
    CapabilityPermissions {
        #[prost(message, repeated, tag = "1")]
        permissions: Vec<CapabilityPermission>,
    }
    /// Nobody can revoke the grant in the product.
    GrantImmutable {
        #[prost(string, tag = "1")]
        source_id: String,
        #[prost(message, optional, tag = "2")]
        metadata: Option<Struct>,
    }
    /// How the grant reaches the members of its principal.
    GrantExpandable {
        #[prost(string, repeated, tag = "1")]
        entitlement_ids: Vec<String>,
        #[prost(bool, tag = "2")]
        shallow: bool,
        #[prost(string, repeated, tag = "3")]
        resource_type_ids: Vec<String>,
    }
}

/// One permission of `CapabilityPermissions`.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct CapabilityPermission {
    #[prost(string, tag = "1")]
    pub permission: String,
}

/// An e-mail address of a user.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Email {
    #[prost(string, tag = "1")]
    pub address: String,
    #[prost(bool, tag = "2")]
    pub is_primary: bool,
}

/// The deprecated place of a user's status, which older readers look at.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct UserStatus {
    #[prost(enumeration = "super::records::State", tag = "1")]
    pub status: i32,
    #[prost(string, tag = "2")]
    pub details: String,
}

/// Who is behind an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum AccountType {
    Unspecified = 0,
    Human = 1,
    Service = 2,
    System = 3,
}

/// Whether a second factor is set up. Without this message it is not known.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct MfaStatus {
    #[prost(bool, tag = "1")]
    pub mfa_enabled: bool,
}

/// Whether the user signs in through single sign-on. Without this message it is not known.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct SsoStatus {
    #[prost(bool, tag = "1")]
    pub sso_enabled: bool,
}

/// A name in parts.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct StructuredName {
    #[prost(string, tag = "1")]
    pub given_name: String,
    #[prost(string, tag = "2")]
    pub family_name: String,
    #[prost(string, repeated, tag = "3")]
    pub middle_names: Vec<String>,
    #[prost(string, tag = "4")]
    pub prefix: String,
    #[prost(string, tag = "5")]
    pub suffix: String,
}
