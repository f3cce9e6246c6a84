"""The contract's own records, as the `wasmtime` command prints them, as the records of a manifest."""

import json


def read(text: str) -> dict:
    """JSON lines of a whole sync, in the manifest's form and order."""
    found = {"resourceType": [], "resource": [], "entitlement": [], "grant": [], "warning": [], "complete": []}
    for line in text.splitlines():
        ((kind, record),) = json.loads(line).items()
        found[kind].append(record)
    return {
        "resourceTypes": [resource_type(record) for record in found["resourceType"]],
        "resources": in_order([resource(record) for record in found["resource"]]),
        "entitlements": in_order([entitlement(record) for record in found["entitlement"]]),
        "grants": in_order([grant(record) for record in found["grant"]]),
        "warnings": [record["message"] for record in found["warning"]],
        "complete": found["complete"],
    }


def check(test, text: str, manifest: dict) -> dict:
    """A test's claim that the lines are the manifest's records, each once."""
    found = read(text)
    for kind in ("resourceTypes", "resources", "entitlements", "grants"):
        expected = manifest[kind] if kind == "resourceTypes" else in_order(manifest[kind])
        test.assertEqual(found[kind], expected, kind)
    test.assertEqual(len(found["warnings"]), len(manifest["warnings"]))
    for message, expected in zip(sorted(found["warnings"]), manifest["warnings"]):
        test.assertIn(expected["organization"], message)
        test.assertIn(expected["role"], message)
    return found


def in_order(records: list[dict]) -> list[dict]:
    return sorted(records, key=lambda record: json.dumps(record["id"], sort_keys=True))


def reference(of: dict) -> dict:
    return {"resourceType": of["resourceType"], "resource": of["id"]}


def joined(of: dict) -> str:
    return f"{of['resourceType']}:{of['id']}"


def resource_type(record: dict) -> dict:
    holds = record["hasEntitlements"] and record["hasGrants"]
    kept = {name: record[name] for name in ("id", "displayName", "traits", "permissions")}
    return {**kept, "hasEntitlementsAndGrants": holds}


def resource(record: dict) -> dict:
    kept = ("displayName", "description", "childResourceTypes", "createdAt", "profile")
    result = {"id": reference(record["id"]), **{name: record[name] for name in kept if name in record}}
    if "parent" in record:
        result["parent"] = reference(record["parent"])
    for part in record["traits"]:
        if "user" in part:
            result["user"] = user(part["user"])
        if "source" in part.get("group", {}):
            result["groupSource"] = part["group"]["source"].replace("-", "_")
    return result


def user(part: dict) -> dict:
    kept = {name: part[name] for name in ("login", "accountType", "mfaEnabled", "ssoEnabled") if name in part}
    emails = sorted(part["emails"], key=lambda email: not email["primary"])
    return {**kept, "emails": [email["address"] for email in emails], "status": part["status"]["state"]}


def entitlement(record: dict) -> dict:
    on, slug = record["id"]["resource"], record["id"]["slug"]
    kept = ("displayName", "description", "purpose", "grantableTo")
    kept = {name: record[name] for name in kept if name in record}
    return {**kept, "id": f"{joined(on)}:{slug}", "resource": reference(on), "slug": slug}


def grant(record: dict) -> dict:
    on, who = record["entitlement"], record["principal"]
    held = f"{joined(on['resource'])}:{on['slug']}"
    kept = {name: record[name] for name in ("immutable",) if name in record}
    return {**kept, "id": f"{held}:{joined(who)}", "entitlement": held, "principal": reference(who)}
