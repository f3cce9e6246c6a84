"""What {{Name}} tells, and what the contract calls it."""

from typing import Any

import baton_connector as baton
from wit_world.exports.syncer import AccountState, Grant, GroupSource, GroupTrait, Resource, Trait_Group


def user(found: Any) -> Resource:
    state = AccountState.ENABLED if baton.at(found, "active", bool) else AccountState.DISABLED
    email = found.get("email")
    return baton.resource("user", baton.text(found, "id"), found.get("name"), email, traits=[baton.user(state, email)])


def group(found: Any) -> Resource:
    return baton.resource("group", baton.text(found, "id"), found.get("name"), traits=[Trait_Group(GroupTrait(GroupSource.NATIVE))])


def member(of: Resource, found: Any) -> Grant:
    """Who is in a group that is a member is a member, too: the host works that out."""
    kind = baton.text(found, "kind")
    principal = baton.resource_id(kind, baton.text(found, "id"))
    return baton.grant(of, "member", principal, expands="member" if kind == "group" else None)
