"""A connector for {{Name}}: which lists there are, and how they are asked for."""

from collections.abc import Callable
from typing import Any

import records
from baton_connector import Client, Connector, Page, at, config_field, entitlement, export, metadata, paged, resource_type, value
from wit_world.exports.syncer import (
    ConfigField, ConnectorMetadata, Entitlement, FieldKind_Url, Purpose, Resource, ResourceType, TraitKind,
)


class Vendor(Connector):
    def metadata(self) -> ConnectorMetadata:
        return metadata("{{Name}}", "0.1.0", "Reads the users and groups of {{Name}}.")

    def fields(self) -> list[ConfigField]:
        return [
            config_field("{{name}}-url", "Address", "Where {{Name}} is.", FieldKind_Url()),
            config_field("{{name}}-token", "Token", "A token that may read users and groups.", secret=True),
        ]

    def types(self) -> list[ResourceType]:
        return [
            resource_type("user", "User", TraitKind.USER),
            resource_type("group", "Group", TraitKind.GROUP, held=True),
        ]

    def validate(self) -> str | None:
        self.page(("users",), None, records.user)
        return None

    def resources(self, kind: str, parent: Resource | None, start: str | None) -> Page:
        if parent:
            return Page()
        return self.page((f"{kind}s",), start, records.user if kind == "user" else records.group)

    def entitlements(self, of: Resource) -> list[Entitlement]:
        return [entitlement(of, "member", ["user", "group"], Purpose.ASSIGNMENT)]

    def grants(self, of: Resource, start: str | None) -> Page:
        return self.page(("groups", of.id.id, "members"), start, lambda found: records.member(of, found))

    def page(self, path: tuple[str, ...], start: str | None, record: Callable[[Any], Any]) -> Page:
        """A page of a list as records."""
        client = Client(
            "{{Name}}", value("{{name}}-url"), access="give the token the right to read",
            renew="make a new one and set {{name}}-token",
        ).bearer(value("{{name}}-token"))
        reply = client.get(f"the {' '.join(path)}", *path, query={"cursor": start} if start else {})
        return paged(at(reply, "items", list), record, reply.get("next"))


Syncer = export(Vendor)
