//! The API's replies as types: only what is read, and no more lenient than the records need.
//!
//! Unknown fields are skipped, which is also how the credential metadata in a team's member list stays out of
//! this component: it is stepped over while parsing and never becomes a value. A field that says who has
//! access (ids, roles, slugs, counts, management flags) has no default: without it the reply is an error that
//! names the place. Fields that only describe may be absent or null.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::Exchange;
use crate::json::{self, Fault, Field, Json, Slot, Value, What};
use crate::syncer::Error;

/// The records of a page, whatever their type: what reads a page is compiled once.
pub trait Records: Slot {
    /// How many they are. A fault if they were not there.
    fn count(&self) -> json::Result<usize>;
}

impl<T: Value> Records for Field<Vec<T>> {
    fn count(&self) -> json::Result<usize> {
        Field::count(self)
    }
}

/// What a page says about its list, without the records.
pub struct Envelope {
    /// The page this is, from 1.
    pub current_page: u64,
    /// Records on a full page.
    pub per_page: u64,
    /// The page after this one. It may be null, but it has to be there: it is how a list ends.
    pub next_page: Option<u64>,
    /// Records in the whole list; organizations do not tell.
    pub total_count: Option<u64>,
    /// Pages in the whole list; organizations do not tell.
    pub total_pages: Option<u64>,
}

impl Envelope {
    fn read(json: &mut Json, records: &mut dyn Slot) -> json::Result<Envelope> {
        let mut current_page = Field::new("current_page");
        let mut per_page = Field::new("per_page");
        let mut next_page = Field::new("next_page");
        let mut total_count = Field::new("total_count");
        let mut total_pages = Field::new("total_pages");
        json.object(&mut [
            records,
            &mut current_page,
            &mut per_page,
            &mut next_page,
            &mut total_count,
            &mut total_pages,
        ])?;
        Ok(Envelope {
            current_page: current_page.required()?,
            per_page: per_page.required()?,
            next_page: next_page.required()?,
            total_count: total_count.optional(),
            total_pages: total_pages.optional(),
        })
    }
}

/// An organization.
pub struct Organization {
    pub id: String,
    /// What paths use. It can be renamed.
    pub name: String,
    pub plan: Option<String>,
    pub sso: Option<bool>,
    pub sso_directory: Option<bool>,
    /// Whether roles come from the identity provider and cannot be changed here.
    pub idp_managed_roles: bool,
    pub created_at: Option<String>,
}

impl Value for Organization {
    fn read(json: &mut Json) -> json::Result<Organization> {
        let mut id = Field::new("id");
        let mut name = Field::new("name");
        let mut plan = Field::new("plan");
        let mut sso = Field::new("sso");
        let mut sso_directory = Field::new("sso_directory");
        let mut idp_managed_roles = Field::new("idp_managed_roles");
        let mut created_at = Field::new("created_at");
        json.object(&mut [
            &mut id,
            &mut name,
            &mut plan,
            &mut sso,
            &mut sso_directory,
            &mut idp_managed_roles,
            &mut created_at,
        ])?;
        Ok(Organization {
            id: id.required()?,
            name: name.required()?,
            plan: plan.optional(),
            sso: sso.optional(),
            sso_directory: sso_directory.optional(),
            idp_managed_roles: idp_managed_roles.required()?,
            created_at: created_at.optional(),
        })
    }
}

/// That somebody belongs to an organization.
pub struct Membership {
    pub user: User,
    /// `member`, `admin`, or a word the API's description does not have, such as `analyst`.
    pub role: String,
}

impl Value for Membership {
    fn read(json: &mut Json) -> json::Result<Membership> {
        let mut user = Field::new("user");
        let mut role = Field::new("role");
        json.object(&mut [&mut user, &mut role])?;
        Ok(Membership { user: user.required()?, role: role.required()? })
    }
}

/// That somebody belongs to a team. Its `passwords` are not read.
pub struct TeamMembership {
    pub user: Identity,
}

impl Value for TeamMembership {
    fn read(json: &mut Json) -> json::Result<TeamMembership> {
        let mut user = Field::new("user");
        json.object(&mut [&mut user])?;
        Ok(TeamMembership { user: user.required()? })
    }
}

/// A record of which no more than the id is needed: a member of a team, or a team that is asked for by itself.
pub struct Identity {
    pub id: String,
}

impl Value for Identity {
    fn read(json: &mut Json) -> json::Result<Identity> {
        let mut id = Field::new("id");
        json.object(&mut [&mut id])?;
        Ok(Identity { id: id.required()? })
    }
}

/// An account.
pub struct User {
    pub id: String,
    pub email: String,
    pub display_name: Option<String>,
    pub name: Option<String>,
    pub avatar_url: Option<String>,
    pub created_at: Option<String>,
    pub two_factor_auth_configured: bool,
    pub email_verified: Option<bool>,
    /// Managed by single sign-on.
    pub sso: Option<bool>,
    /// Managed by an authentication provider.
    pub managed: Option<bool>,
    /// Managed by a directory.
    pub directory_managed: Option<bool>,
    pub default_organization: Option<DefaultOrganization>,
}

impl Value for User {
    fn read(json: &mut Json) -> json::Result<User> {
        let mut id = Field::new("id");
        let mut email = Field::new("email");
        let mut display_name = Field::new("display_name");
        let mut name = Field::new("name");
        let mut avatar_url = Field::new("avatar_url");
        let mut created_at = Field::new("created_at");
        let mut two_factor_auth_configured = Field::new("two_factor_auth_configured");
        let mut email_verified = Field::new("email_verified");
        let mut sso = Field::new("sso");
        let mut managed = Field::new("managed");
        let mut directory_managed = Field::new("directory_managed");
        let mut default_organization = Field::new("default_organization");
        json.object(&mut [
            &mut id,
            &mut email,
            &mut display_name,
            &mut name,
            &mut avatar_url,
            &mut created_at,
            &mut two_factor_auth_configured,
            &mut email_verified,
            &mut sso,
            &mut managed,
            &mut directory_managed,
            &mut default_organization,
        ])?;
        Ok(User {
            id: id.required()?,
            email: email.required()?,
            display_name: display_name.optional(),
            name: name.optional(),
            avatar_url: avatar_url.optional(),
            created_at: created_at.optional(),
            two_factor_auth_configured: two_factor_auth_configured.required()?,
            email_verified: email_verified.optional(),
            sso: sso.optional(),
            managed: managed.optional(),
            directory_managed: directory_managed.optional(),
            default_organization: default_organization.optional(),
        })
    }
}

/// Which organization a user sees first.
pub struct DefaultOrganization {
    pub name: Option<String>,
}

impl Value for DefaultOrganization {
    fn read(json: &mut Json) -> json::Result<DefaultOrganization> {
        let mut name = Field::new("name");
        json.object(&mut [&mut name])?;
        Ok(DefaultOrganization { name: name.optional() })
    }
}

/// A team. Its `databases` are not read.
pub struct Team {
    pub id: String,
    /// What paths use. It can be renamed.
    pub slug: String,
    pub display_name: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    /// Whether a directory keeps its members.
    pub managed: bool,
    pub created_at: Option<String>,
    /// Who the list of teams says is in it. Read when an option asks for it, and then it has to be there.
    pub members: Option<Vec<Identity>>,
}

impl Value for Team {
    fn read(json: &mut Json) -> json::Result<Team> {
        let mut id = Field::new("id");
        let mut slug = Field::new("slug");
        let mut display_name = Field::new("display_name");
        let mut name = Field::new("name");
        let mut description = Field::new("description");
        let mut managed = Field::new("managed");
        let mut created_at = Field::new("created_at");
        let mut members = Field::new("members");
        let mut fields: [&mut dyn Slot; 8] = [
            &mut id,
            &mut slug,
            &mut display_name,
            &mut name,
            &mut description,
            &mut managed,
            &mut created_at,
            &mut members,
        ];
        let further = json.1;
        let last = fields.len() - usize::from(!further);
        json.object(fields.get_mut(..last).unwrap_or_default())?;
        Ok(Team {
            id: id.required()?,
            slug: slug.required()?,
            display_name: display_name.optional(),
            name: name.optional(),
            description: description.optional(),
            managed: managed.required()?,
            created_at: created_at.optional(),
            members: if further { Some(members.required()?) } else { None },
        })
    }
}

/// What the API says when it refuses.
pub struct Refusal {
    pub code: Option<String>,
    pub message: Option<String>,
}

impl Value for Refusal {
    fn read(json: &mut Json) -> json::Result<Refusal> {
        let mut code = Field::new("code");
        let mut message = Field::new("message");
        json.object(&mut [&mut code, &mut message])?;
        Ok(Refusal { code: code.optional(), message: message.optional() })
    }
}

/// Read a page of a list, its records into their field. Says what the page says of the list, and how many they are.
pub fn page(
    body: &[u8],
    records: &mut dyn Records,
    further: bool,
    exchange: &Exchange,
) -> Result<(Envelope, usize), Error> {
    utf8(body, exchange)?;
    let mut envelope = None;
    let read = json::read(body, further, &mut |json| {
        envelope = Some(Envelope::read(json, records)?);
        Ok(())
    });
    let count = read.and_then(|()| records.count());
    match (count, envelope) {
        (Ok(count), Some(envelope)) => Ok((envelope, count)),
        (Ok(_), None) => Err(exchange.reply("PlanetScale's reply is empty", "")),
        (Err(fault), _) => Err(misunderstood(*fault, body.len() as u64, exchange)),
    }
}

/// Read a reply that is one record.
pub fn one<T: Value>(body: &[u8], exchange: &Exchange) -> Result<T, Error> {
    utf8(body, exchange)?;
    json::parse(body).map_err(|fault| misunderstood(*fault, body.len() as u64, exchange))
}

/// What is stepped over is not looked into: that all of it is text is checked ahead.
#[inline(never)]
fn utf8(body: &[u8], exchange: &Exchange) -> Result<(), Error> {
    match core::str::from_utf8(body) {
        Ok(_) => Ok(()),
        Err(error) => Err(exchange.reply(
            format!("PlanetScale's reply is not valid UTF-8, from byte {} on", error.valid_up_to() as u64),
            "",
        )),
    }
}

/// The error for a body that is not what the API documents. No value of it is repeated.
#[inline(never)]
fn misunderstood(fault: Fault, bytes: u64, exchange: &Exchange) -> Error {
    const FORM: &str = "PlanetScale's reply has not the documented form";
    let what = match fault.what {
        What::Cut => {
            format!("PlanetScale's reply ends in the middle, after {bytes} bytes; run the sync again")
        }
        What::Longer => "PlanetScale's reply goes on after its end".into(),
        What::Syntax(at) => format!("PlanetScale's reply is not valid JSON, from byte {at} on"),
        What::Kind { expected, found } => {
            format!("{FORM}: expected {expected} at {}, found {found}", fault.path)
        }
        What::Missing => format!("{FORM}: missing field {}", fault.path),
        What::Twice => format!("{FORM}: duplicate field {}", fault.path),
        What::Deep => format!("{FORM}: it nests too deeply"),
    };
    exchange.reply(what, fault.path)
}

/// The first text that is not blank.
pub fn first_of<'a>(texts: &[Option<&'a str>]) -> Option<&'a str> {
    texts.iter().flatten().copied().map(str::trim).find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"{"type":"list","current_page":1,"per_page":100,"next_page":null,"total_count":1,
        "total_pages":1,"data":[{"id":"m1","user":{"id":"u1","email":"a@b.c","two_factor_auth_configured":true,
        "new_field":{"deep":[1,2]}},"role":"admin"}]}"#;

    fn failure_of(body: &str) -> (String, String) {
        let mut data = Field::<Vec<Membership>>::new("data");
        match page(body.as_bytes(), &mut data, false, &Exchange::default()) {
            Err(Error::Reply(failure)) => (failure.failure.message, failure.path),
            _ => panic!("expected a reply error for {body}"),
        }
    }

    #[test]
    fn unknown_fields_are_skipped() {
        let mut data = Field::<Vec<Membership>>::new("data");
        let page = page(PAGE.as_bytes(), &mut data, false, &Exchange::default());
        let (envelope, count) = page.expect("a page");
        assert_eq!((envelope.total_count, count), (Some(1), 1));
        assert_eq!(data.items()[0].user.id, "u1");
    }

    #[test]
    fn a_missing_or_wrong_field_that_access_hangs_on_is_named() {
        for field in ["\"role\":\"admin\"", "\"id\":\"u1\",", "\"next_page\":null,", "\"current_page\":1,"] {
            let cut = PAGE.replace(field, "\"x\":1").replace("\"x\":1\"", "\"x\":1,\"");
            let (message, _) = failure_of(&cut);
            let name = field.split('"').nth(1).unwrap_or_default();
            assert!(message.contains(name), "{message} does not name {name}");
        }
        let (message, path) = failure_of(&PAGE.replace("\"u1\"", "17"));
        assert_eq!(path, "data[0].user.id");
        assert!(!message.contains("17"), "{message} repeats the value");
    }

    #[test]
    fn cut_and_broken_json_say_so() {
        assert!(failure_of(&PAGE[..60]).0.contains("ends in the middle"));
        assert!(failure_of("<html>").0.contains("not valid JSON"));
        assert!(failure_of(&format!("{PAGE}x")).0.contains("after its end"));
    }

    #[test]
    fn invalid_utf_8_is_found_also_where_nothing_is_read() {
        let mut body = PAGE.replace("[1,2]", "\"~\"").into_bytes();
        let at = body.iter().position(|byte| *byte == b'~').expect("the mark");
        body[at] = 0xff;
        let mut data = Field::<Vec<Membership>>::new("data");
        match page(&body, &mut data, false, &Exchange::default()) {
            Err(Error::Reply(failure)) => assert!(failure.failure.message.contains("UTF-8")),
            _ => panic!("expected a reply error"),
        }
    }
}
