"""WAVE, the text in which the `wasmtime` command takes arguments and prints results: read, written, and as JSON."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<name>%?[a-z][a-z0-9-]*)|(?P<mark>[][{}(),:]))"""
)
ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|(.))")
PLAIN = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass
class Case:
    """A case of a variant, an enum, an option or a result."""

    name: str
    value: Any = None


def read(text: str) -> Any:
    """A value: records are dictionaries, cases are `Case`, the rest is as in JSON."""
    tokens = [match for match in TOKEN.finditer(text)]
    if "".join(match.group(0) for match in tokens).strip() != text.strip():
        raise ValueError(f"not WAVE: {text[:200]}")
    value, rest = _value(tokens)
    if rest:
        raise ValueError(f"more than a value: {text[:200]}")
    return value


def _value(tokens: list) -> tuple[Any, list]:
    first, *rest = tokens
    if first["text"]:
        return ESCAPE.sub(_unescaped, first["text"][1:-1]), rest
    if first["number"]:
        return (float if set(first["number"]) & set(".eE") else int)(first["number"]), rest
    if first["mark"] == "[":
        return _many(rest, "]", _value)
    if first["mark"] == "{":
        fields, rest = _many(rest, "}", _field)
        return dict(fields), rest
    name = first["name"]
    if name in ("true", "false"):
        return name == "true", rest
    if rest and rest[0]["mark"] == "(":
        (value,), rest = _many(rest[1:], ")", _value)
        return Case(name, value), rest
    return Case(name), rest


def _field(tokens: list) -> tuple[tuple[str, Any], list]:
    name, _, *rest = tokens
    value, rest = _value(rest)
    return (name["name"].removeprefix("%"), value), rest


def _many(tokens: list, end: str, item: Any) -> tuple[list, list]:
    items = []
    while tokens[0]["mark"] != end:
        value, tokens = item(tokens)
        items.append(value)
        if tokens[0]["mark"] == ",":
            tokens = tokens[1:]
    return items, tokens[1:]


def _unescaped(match: re.Match) -> str:
    code, letter = match.groups()
    return chr(int(code, 16)) if code else PLAIN.get(letter, letter)


def write(value: Any) -> str:
    """A value as an argument."""
    if isinstance(value, Case):
        return value.name if value.value is None else f"{value.name}({write(value.value)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {write(field)}" for name, field in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(write, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(_escaped(letter) for letter in value) + '"'
    return json.dumps(value)


def _escaped(letter: str) -> str:
    return f"\\{letter}" if letter in '"\\' else letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}"


def plain(value: Any) -> Any:
    """A record of the contract in the form in which the other examples print it."""
    if isinstance(value, Case):
        if value.name == "some":
            return plain(value.value)
        return value.name if value.value is None else {value.name: plain(value.value)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "nanoseconds" in value:
        return datetime.fromtimestamp(value["seconds"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if "profile" in value:
        # Here a value carries the name of its type.
        entries = {entry["key"]: plain(entry["value"].value) for entry in value["profile"]}
        return {**{_camel(name): plain(field) for name, field in value.items()}, "profile": entries}
    return {_camel(name): plain(field) for name, field in value.items()}


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)
