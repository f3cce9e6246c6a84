"""The lines of a sync as objects. `docs/json-lines.md` describes the lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_PREFIX = "type.googleapis.com/c1.connector.v2."


@dataclass(frozen=True, slots=True)
class ResourceId:
    """What identifies a resource: its type, and its id among those of the type."""

    resource_type: str
    resource: str

    def __str__(self) -> str:
        return f"{self.resource_type}:{self.resource}"


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resources. `traits` are `user`, `group`, `role`, `app`, `secret`."""

    id: str
    display_name: str
    description: str | None
    traits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Email:
    """An address of a user's."""

    address: str
    primary: bool


@dataclass(frozen=True, slots=True)
class User:
    """What is known of a user. None is not known, which is not the same as False."""

    status: str | None
    account_type: str | None
    login: str | None
    emails: tuple[Email, ...]
    mfa_enabled: bool | None
    sso_enabled: bool | None
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing of the vendor's. `annotations` are all that the line has, by the last part of their names."""

    id: ResourceId
    parent: ResourceId | None
    display_name: str
    description: str | None
    created_at: datetime | None
    profile: Mapping[str, Any]
    user: User | None
    annotations: Mapping[str, Mapping[str, Any]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Something a resource offers that a principal can hold. `id` is `type:id:slug`."""

    id: str
    resource: ResourceId
    slug: str
    display_name: str
    description: str | None
    purpose: str | None
    grantable_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """That a principal holds an entitlement, which is named by its id. `immutable` says why nobody can revoke it."""

    id: str
    entitlement: str
    resource: ResourceId
    principal: ResourceId
    immutable: str | None
    expands_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """What the operator should know although the sync is complete."""

    message: str
    resource: ResourceId | None


@dataclass(frozen=True, slots=True)
class Complete:
    """The end: how many lines of each kind there were."""

    resource_types: int
    resources: int
    entitlements: int
    grants: int


Record = ResourceType | Resource | Entitlement | Grant | Warned | Complete


def read(line: str) -> Record:
    """The record of a line."""
    ((kind, of),) = json.loads(line).items()
    match kind:
        case "resourceType":
            traits = tuple(_word(name, "TRAIT_") for name in of.get("traits", ()))
            return ResourceType(of["id"], of["displayName"], of.get("description"), traits)
        case "resource":
            return _resource(of)
        case "entitlement":
            return Entitlement(
                of["id"], _id(of["resource"]["id"]), of["slug"], of["displayName"], of.get("description"),
                _word(of["purpose"], "PURPOSE_VALUE_") if "purpose" in of else None,
                tuple(kind["id"] for kind in of.get("grantableTo", ())),
            )
        case "grant":
            more = _annotations(of)
            immutable = more.get("GrantImmutable", {}).get("metadata", {}).get("reason")
            expands = tuple(more.get("GrantExpandable", {}).get("entitlementIds", ()))
            on = of["entitlement"]
            return Grant(of["id"], on["id"], _id(on["resource"]["id"]), _id(of["principal"]["id"]), immutable, expands)
        case "warning":
            return Warned(of["message"], _id(of["resource"]) if "resource" in of else None)
        case "complete":
            return Complete(of["resourceType"], of["resource"], of["entitlement"], of["grant"])
    raise ValueError(f"a line of the kind {kind}, which this version does not know")


def _resource(of: dict[str, Any]) -> Resource:
    more = _annotations(of)
    return Resource(
        id=_id(of["id"]),
        parent=_id(of["parentResourceId"]) if "parentResourceId" in of else None,
        display_name=of["displayName"],
        description=of.get("description"),
        created_at=_moment(of.get("createdAt")),
        profile=of.get("profile", {}),
        user=_user(more["UserTrait"]) if "UserTrait" in more else None,
        annotations=more,
    )


def _user(of: Mapping[str, Any]) -> User:
    status = of.get("status", {}).get("status")
    return User(
        status=_word(status, "STATUS_") if status else None,
        account_type=_word(of["accountType"], "ACCOUNT_TYPE_") if "accountType" in of else None,
        login=of.get("login"),
        emails=tuple(Email(email["address"], email.get("isPrimary", False)) for email in of.get("emails", ())),
        mfa_enabled=of["mfaStatus"].get("mfaEnabled", False) if "mfaStatus" in of else None,
        sso_enabled=of["ssoStatus"].get("ssoEnabled", False) if "ssoStatus" in of else None,
        last_login=_moment(of.get("lastLogin")),
    )


def _annotations(of: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["@type"].removeprefix(_PREFIX): one for one in of.get("annotations", ())}


def _id(of: dict[str, str]) -> ResourceId:
    return ResourceId(of["resourceType"], of["resource"])


def _word(name: str, prefix: str) -> str:
    return name.removeprefix(prefix).lower()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
