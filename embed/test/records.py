"""The lines of a sync (`docs/json-lines.md`), as the records of a manifest."""

import json

KINDS = ("resourceType", "resource", "entitlement", "grant")
PREFIX = "type.googleapis.com/c1.connector.v2."


def read(text: str) -> dict:
    """JSON lines of a whole sync, in the manifest's form and order."""
    found = {kind: [] for kind in (*KINDS, "warning", "complete")}
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
    """A test's claim that the lines are the manifest's records, each once, with their number at the end."""
    found = read(text)
    for kind in ("resourceTypes", "resources", "entitlements", "grants"):
        expected = manifest[kind] if kind == "resourceTypes" else in_order(manifest[kind])
        test.assertEqual(found[kind], expected, kind)
    test.assertEqual(len(found["warnings"]), len(manifest["warnings"]))
    for message, expected in zip(sorted(found["warnings"]), manifest["warnings"]):
        test.assertIn(expected["organization"], message)
        test.assertIn(expected["role"], message)
    last = json.loads(text.splitlines()[-1])
    test.assertEqual(last, {"complete": {kind: len(manifest[f"{kind}s"]) for kind in KINDS}})
    return found


def in_order(records: list[dict]) -> list[dict]:
    return sorted(records, key=lambda record: json.dumps(record["id"], sort_keys=True))


def annotations(record: dict) -> dict:
    return {one["@type"].removeprefix(PREFIX): one for one in record.get("annotations", [])}


def word(name: str, prefix: str) -> str:
    assert name.startswith(prefix), name
    return name.removeprefix(prefix).lower()


def resource_type(record: dict) -> dict:
    more = annotations(record)
    permissions = more.get("CapabilityPermissions", {}).get("permissions", [])
    return {
        "id": record["id"],
        "displayName": record["displayName"],
        "traits": [word(name, "TRAIT_") for name in record.get("traits", [])],
        "permissions": [one["permission"] for one in permissions],
        "hasEntitlementsAndGrants": not any(name.startswith("Skip") for name in more),
    }


def resource(record: dict) -> dict:
    kept = ("id", "displayName", "description", "createdAt")
    result = {name: record[name] for name in kept if name in record}
    types = [one["resourceTypeId"] for one in record.get("annotations", []) if one["@type"].endswith("ChildResourceType")]
    result |= {"childResourceTypes": types, "profile": record.get("profile", {})}
    if "parentResourceId" in record:
        result["parent"] = record["parentResourceId"]
    more = annotations(record)
    if "UserTrait" in more:
        result["user"] = user(more["UserTrait"])
    if "groupSourceType" in more.get("GroupTrait", {}):
        result["groupSource"] = more["GroupTrait"]["groupSourceType"]
    return result


def user(part: dict) -> dict:
    emails = sorted(part.get("emails", []), key=lambda email: not email.get("isPrimary", False))
    result = {
        "emails": [email["address"] for email in emails],
        "status": word(part["status"]["status"], "STATUS_"),
        "accountType": word(part["accountType"], "ACCOUNT_TYPE_"),
    }
    if "login" in part:
        result["login"] = part["login"]
    for name, status, flag in (("mfaEnabled", "mfaStatus", "mfaEnabled"), ("ssoEnabled", "ssoStatus", "ssoEnabled")):
        if status in part:
            result[name] = part[status].get(flag, False)
    return result


def entitlement(record: dict) -> dict:
    kept = {name: record[name] for name in ("id", "slug", "displayName", "description") if name in record}
    types = [kind["id"] for kind in record["grantableTo"]]
    purpose = word(record["purpose"], "PURPOSE_VALUE_")
    return {**kept, "resource": record["resource"]["id"], "purpose": purpose, "grantableTo": types}


def grant(record: dict) -> dict:
    result = {"id": record["id"], "entitlement": record["entitlement"]["id"], "principal": record["principal"]["id"]}
    reason = annotations(record).get("GrantImmutable", {}).get("metadata", {}).get("reason")
    return {**result, "immutable": reason} if reason else result
