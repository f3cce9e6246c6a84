"""A whole sync as JSON lines: resource types, resources, entitlements, grants."""

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

from connector import Connector, Overlap, Refusal
from wasmtime.component import Record, Variant


def main() -> None:
    connector = Connector(
        sys.argv[1],
        {
            "planetscale-service-token": os.environ.get("BATON_PLANETSCALE_SERVICE_TOKEN", ""),
            "planetscale-api-url": os.environ.get("BATON_PLANETSCALE_API_URL", "https://api.planetscale.com"),
        },
    )
    types = {}
    for kind in connector.call("list-resource-types"):
        types[kind.id] = kind
        line("resourceType", kind)
    resources: dict[tuple[str, str], Record] = {}
    lists: list[tuple[str, Record | None]] = [(kind, None) for kind in types]
    while lists:
        kind, parent = lists.pop()
        for resource in connector.all("list-resources", kind, parent, warn=warn):
            key = (kind, resource.id.id)
            # A person in two organizations is listed in both, as the same record.
            if key not in resources:
                resources[key] = resource
                line("resource", resource)
                lists.extend((child, resource) for child in getattr(resource, "child-resource-types"))
    for (kind, _), resource in resources.items():
        if getattr(types[kind], "has-entitlements"):
            for entitlement in connector.all("list-entitlements", resource, warn=warn):
                line("entitlement", entitlement)
        if getattr(types[kind], "has-grants"):
            for grant in connector.all("list-grants", resource, warn=warn):
                line("grant", grant)


def warn(warning: Record) -> None:
    line("warning", warning)


def line(key: str, record: Record) -> None:
    print(json.dumps({key: plain(record)}, ensure_ascii=False))


def plain(value: Any) -> Any:
    """A value of the contract as JSON: what is absent is left out, a variant is its case and what it holds."""
    if isinstance(value, Variant):
        return {value.tag: plain(value.payload)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, Record):
        return value
    fields = vars(value)
    if "nanoseconds" in fields:
        return datetime.fromtimestamp(fields["seconds"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if "profile" in fields:
        fields = {**fields, "profile": {entry.key: entry.value for entry in fields["profile"]}}
    return {camel(name): plain(field) for name, field in fields.items() if field is not None}


def camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


try:
    main()
except (Overlap, Refusal) as error:
    sys.exit(str(error))
