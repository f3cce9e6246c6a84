"""A connector for Acme, a made-up system: plain Python, componentize-py, and the contract."""

import hashlib
from collections.abc import Callable
from typing import Any

from acme import config, page
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.syncer import (
    AccountState, AccountStatus, AccountType, BlindSpot, ConfigField, ConnectorMetadata, Email, Entitlement,
    EntitlementId, EntitlementPage, Error_Internal, Expansion, Failure, FieldKind, FieldKind_Text, FieldKind_Url,
    FurtherRequest, Grant, GrantPage, GroupSource, GroupTrait, ProfileEntry, ProfileValue_Integer, Purpose, Resource,
    ResourceId, ResourcePage, ResourceType, SecretTrait, Timestamp, Trait, Trait_Group, Trait_Role, Trait_Secret,
    Trait_User, TraitKind, UserTrait, Validation,
)

STATES = {"active": AccountState.ENABLED, "invited": AccountState.PENDING}


class Syncer(exports.Syncer):
    def metadata(self) -> ConnectorMetadata:
        return ConnectorMetadata(
            display_name="Acme",
            version="0.1.0",
            description="Reads the users, groups, roles and credentials of Acme.",
            documentation_url=None,
            icon_url=None,
            request_limits=[],
            further_origins=[],
            further_requests=[FurtherRequest(
                "POST", "{acme-url}/oauth/token", "Acme gives an access token for the client's id and secret.",
            )],
            credential_headers=[],
            cannot_see=[BlindSpot("Acme does not tell who made a credential.", ["credential"])],
        )

    def config_schema(self) -> list[ConfigField]:
        def field(name: str, label: str, description: str, kind: FieldKind, secret: bool = False) -> ConfigField:
            return ConfigField(name, label, description, None, None, kind, required=True, secret=secret)

        return [
            field("acme-url", "Address", "Where your Acme is.", FieldKind_Url()),
            field("acme-client-id", "Client id", "Of a client that may read.", FieldKind_Text()),
            field("acme-client-secret", "Client secret", "The client's secret.", FieldKind_Text(), secret=True),
        ]

    def validate(self) -> Validation:
        page("/api/users", None)
        return Validation(identity=config("acme-client-id"), rate_limit=None, warnings=[])

    def list_resource_types(self) -> list[ResourceType]:
        def of(id: str, name: str, kind: TraitKind, holds: bool) -> ResourceType:
            return ResourceType(id, name, None, [kind], holds, holds, ["read"])

        return [
            of("user", "User", TraitKind.USER, False),
            of("group", "Group", TraitKind.GROUP, True),
            of("role", "Role", TraitKind.ROLE, True),
            of("credential", "Credential", TraitKind.SECRET, False),
        ]

    def list_resources(self, resource_type: str, parent: Resource | None, page_token: str | None) -> ResourcePage:
        if parent:
            return ResourcePage([], [], None, None, [])
        items, next, total = listed(f"/api/{resource_type}s", page_token, RECORDS[resource_type])
        return ResourcePage(items, next, total, None, [])

    def list_entitlements(self, resource: Resource, page_token: str | None) -> EntitlementPage:
        return EntitlementPage([entitlement(resource)], [], None, None, [])

    def list_grants(self, resource: Resource, page_token: str | None) -> GrantPage:
        part = "members" if resource.id.resource_type == "group" else "assignments"
        path = f"/api/{resource.id.resource_type}s/{resource.id.id}/{part}"
        items, next, total = listed(path, page_token, lambda found: grant(resource, found))
        return GrantPage(items, next, total, None, [])


def listed(path: str, token: str | None, record: Callable[[Any], Any]) -> tuple[list[Any], list[str], int]:
    """A page of a list as records, the token of the next page, and how many the list has."""
    # A page token is Acme's cursor behind a digest of the list that it belongs to.
    mark = hashlib.sha256(path.encode()).hexdigest()[:16] + "."
    if token and not token.startswith(mark):
        raise Err(Error_Internal(Failure("the page token is of another list", None, None)))
    found = page(path, token.removeprefix(mark) if token else None)
    next = [mark + found["next"]] if found["next"] else []
    return [record(item) for item in found["items"]], next, found["total"]


def user(found: Any) -> Resource:
    email, state = found["email"], found["state"]
    trait = UserTrait(
        status=AccountStatus(STATES.get(state, AccountState.DISABLED), state),
        emails=[Email(email, primary=True)] if email else [],
        login=email,
        login_aliases=[],
        account_type=AccountType.SERVICE if found["service"] else AccountType.HUMAN,
        mfa_enabled=None, sso_enabled=None, name=None, last_login=None, employee_ids=[],
    )
    return resource("user", found, Trait_User(trait), [ProfileEntry("logins", ProfileValue_Integer(found["logins"]))])


def group(found: Any) -> Resource:
    return resource("group", found, Trait_Group(GroupTrait(GroupSource.NATIVE)))


def role(found: Any) -> Resource:
    return resource("role", found, Trait_Role())


def credential(found: Any) -> Resource:
    expires, owner = Timestamp(found["expires"], 0), ResourceId("user", found["user"])
    return resource("credential", found, Trait_Secret(SecretTrait(expires, None, None, owner)))


RECORDS = {"user": user, "group": group, "role": role, "credential": credential}


def entitlement(of: Resource) -> Entitlement:
    """The one thing that a group or a role offers."""
    slug, purpose = "assigned", Purpose.PERMISSION
    if of.id.resource_type == "group":
        slug, purpose = "member", Purpose.ASSIGNMENT
    name = f"{of.display_name} {slug}"
    return Entitlement(EntitlementId(of.id, slug), name, None, purpose, ["user", "group"])


def grant(of: Resource, found: Any) -> Grant:
    """That a member is in the group, or has the role. Who is in a group that is a member is one, too."""
    principal = ResourceId(found["kind"], found["id"])
    inner = [EntitlementId(principal, "member")]
    expansion = Expansion(inner, shallow=False, resource_types=[]) if found["kind"] == "group" else None
    return Grant(entitlement(of).id, principal, None, expansion)


def resource(kind: str, found: Any, trait: Trait, profile: list[ProfileEntry] | None = None) -> Resource:
    id = ResourceId(kind, found["id"])
    return Resource(id, None, found["name"], None, [], None, None, profile or [], [trait])
