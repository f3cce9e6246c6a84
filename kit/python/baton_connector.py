"""What a connector in Python is built on: requests, pages, records and errors of the contract.

One module for componentize-py. A connector is a subclass of `Connector`, and `Syncer = export(YourConnector)` in the module
that is made into a component. Everything here that is named like a type of the contract is one.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.exports import syncer as c
from wit_world.imports import outgoing_handler, store
from wit_world.imports.streams import StreamError_Closed
from wit_world.imports.types import Fields, Method_Get, Method_Post, OutgoingBody, OutgoingRequest, Scheme_Http, Scheme_Https

R = TypeVar("R")

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LARGEST_BODY = 16 << 20


def fit(text: str | None, longest: int = 900) -> str:
    """A text for people: control characters are blanks, and it is cut between letters where it is too long."""
    whole = _CONTROLS.sub(" ", text or "").strip()
    return whole.encode("utf-8", "replace")[:longest].decode("utf-8", "ignore")


def resource_id(kind: str, id: str) -> c.ResourceId:
    """What identifies a resource; an id that the contract does not take ends the sync with a sentence."""
    if not id or len(id.encode()) > 1024 or _CONTROLS.search(id):
        misunderstood(f"a {kind} has an id that is empty, too long or has control characters")
    return c.ResourceId(kind, id)


def failure(message: str, status: int | None = None, request_id: str | None = None) -> c.Failure:
    return c.Failure(message, status, request_id)


def misunderstood(message: str, path: str = "", status: int | None = None) -> NoReturn:
    raise Err(c.Error_Reply(c.ReplyFailure(failure(message, status), path)))


def internal(message: str) -> NoReturn:
    raise Err(c.Error_Internal(failure(message)))


def value(name: str) -> str:
    """A value of the config that has to be there."""
    found = store.get(name)
    if not found:
        raise Err(c.Error_Config(c.ConfigFailure(name, "has no value")))
    return found


def config_field(name: str, label: str, description: str, kind: Any = None, secret: bool = False) -> c.ConfigField:
    return c.ConfigField(name, label, description, None, None, kind or c.FieldKind_Text(), required=True, secret=secret)


@dataclass
class Client:
    """One vendor, at one address. `access` and `renew` say in a sentence what to do about a refusal."""

    product: str
    address: str
    access: str
    renew: str
    headers: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)

    def bearer(self, token: str) -> "Client":
        self.secrets.append(token)
        self.headers["authorization"] = f"Bearer {token}"
        return self

    def get(self, subject: str, *path: str, query: Mapping[str, Any] | None = None) -> Any:
        """The JSON of a good reply; `subject` names in a sentence what is asked for: `the members of team x`."""
        return self._ask(subject, "/" + "/".join(map(self._segment, path)), query or {}, None)

    def post_form(self, subject: str, *path: str, form: Mapping[str, str]) -> Any:
        """The same by POST, for an access token; it leaves only when it is declared and allowed."""
        return self._ask(subject, "/" + "/".join(map(self._segment, path)), {}, urlencode(form).encode())

    def _segment(self, name: str) -> str:
        if name in ("", ".", ".."):
            misunderstood(f'{self.product} gave the name "{name}", which cannot be part of an address')
        return quote(name, safe="")

    def _ask(self, subject: str, path: str, query: Mapping[str, Any], form: bytes | None) -> Any:
        url = urlsplit(self.address)
        target = url.path.rstrip("/") + path + ("?" + urlencode(query) if query else "")
        headers = {"accept": "application/json", **self.headers}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        try:
            status, answered, body = _send(url.scheme, url.netloc, target, headers, form)
        except Err as error:
            why = type(error.value).__name__.rpartition("_")[2]
            raise Err(c.Error_Again(c.PassingFailure(
                failure(f"{self.product} at {url.netloc} gave no whole reply with {subject} ({why})"), None,
            ))) from error
        if not 200 <= status <= 299:
            self._refuse(subject, status, answered, body)
        if body.lstrip()[:1] == b"<":
            misunderstood(f"a web page came in place of {subject}; check the address, and whether a proxy is in the way", "", status)
        try:
            return json.loads(body)
        except ValueError:
            misunderstood(f"{self.product}'s reply with {subject} is not valid JSON", "", status)

    def _refuse(self, subject: str, status: int, headers: dict[str, str], body: bytes) -> NoReturn:
        said = self._words(body)
        about = failure(f"{self.product} refused {subject} (HTTP {status}){said}", status, headers.get("x-request-id"))
        after = _after(headers)
        if status == 401:
            about.message = f"{self.product} does not know the credentials{said}; {self.renew}"
            raise Err(c.Error_Credentials(about))
        if status in (403, 404):
            about.message = f"{self.product} does not show {subject}{said}; {self.access}"
            raise Err(c.Error_Access(about))
        if status == 429:
            raise Err(c.Error_Wait(c.PassingFailure(about, after)))
        if status in (408, 425) or status >= 500:
            raise Err(c.Error_Wait(c.PassingFailure(about, after)) if after else c.Error_Again(c.PassingFailure(about, None)))
        raise Err(c.Error_Reply(c.ReplyFailure(about, "")))

    def _words(self, body: bytes) -> str:
        """What the vendor says, short and without secrets."""
        try:
            told = json.loads(body)
        except ValueError:
            return ""
        names = ("message", "error_description", "detail", "error", "title")
        texts = [told.get(name) for name in names] if isinstance(told, dict) else []
        said = next((text for text in texts if isinstance(text, str)), "")
        for secret in self.secrets:
            said = said.replace(secret, "[redacted]")
        return f" (it says: {fit(said, 200)})" if said else ""


def _after(headers: Mapping[str, str]) -> int | None:
    told = headers.get("retry-after", "").strip()
    if told.isdigit():
        return int(told)
    try:
        return max(0, int((parsedate_to_datetime(told) - parsedate_to_datetime(headers["date"])).total_seconds()))
    except (KeyError, TypeError, ValueError):
        return None


def _send(scheme: str, server: str, target: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, dict[str, str], bytes]:
    request = OutgoingRequest(Fields.from_list([(name, text.encode()) for name, text in headers.items()]))
    request.set_method(Method_Get() if body is None else Method_Post())
    request.set_scheme(Scheme_Http() if scheme == "http" else Scheme_Https())
    request.set_authority(server)
    request.set_path_with_query(target)
    outgoing = request.body()
    reply = outgoing_handler.handle(request, None)
    if body:
        with outgoing.write() as stream:
            for at in range(0, len(body), 4096):
                stream.blocking_write_and_flush(body[at:at + 4096])
    OutgoingBody.finish(outgoing, None)
    with reply.subscribe() as ready:
        ready.block()
    answer = reply.get()
    assert isinstance(answer, Ok)
    if isinstance(answer.value, Err):
        raise answer.value
    response = answer.value.value
    told = {name.lower(): text.decode("latin-1") for name, text in reversed(response.headers().entries())}
    content = bytearray()
    with response.consume() as incoming, incoming.stream() as stream:
        while True:
            try:
                content += stream.blocking_read(1 << 16)
            except Err as error:
                if isinstance(error.value, StreamError_Closed):
                    return response.status(), told, bytes(content)
                raise
            if len(content) > _LARGEST_BODY:
                misunderstood("the reply is larger than 16 MiB", "", response.status())


_kept: tuple[str, str, float] = ("", "", 0.0)


def client_credentials(client: Client, *path: str, id: str, secret: str) -> Client:
    """The client with an access token (RFC 6749, 4.4); declare the POST in `further_requests`."""
    global _kept
    client.secrets.append(secret)
    if _kept[0] != id or time.monotonic() >= _kept[2]:
        form = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
        given = client.post_form("an access token", *path, form=form)
        _kept = (id, text(given, "access_token"), time.monotonic() + given.get("expires_in", 300) - 30)
    return client.bearer(_kept[1])


def at(reply: Any, name: str, kind: type, path: str = "") -> Any:
    """A field of a reply that has to be there and of this kind; the error says where it is not."""
    place = f"{path}.{name}" if path else name
    if not isinstance(reply, dict) or name not in reply:
        misunderstood(f"the reply has not the documented form: missing field {place}", place)
    if not isinstance(reply[name], kind) or (kind is not bool and isinstance(reply[name], bool)):
        misunderstood(f"the reply has not the documented form: another kind of value at {place}", place)
    return reply[name]


def text(reply: Any, name: str, path: str = "") -> str:
    return at(reply, name, str, path)


def resource(kind: str, id: str, *names: str | None, traits: list[Any], **more: Any) -> c.Resource:
    """A resource, named by the first of these names that is not blank; without any by its id."""
    name = next((fit(name) for name in names if fit(name)), fit(id) or "?")
    given = {
        "parent": None, "description": None, "child_resource_types": [], "external_link": None, "created_at": None,
        "profile": [], **more,
    }
    return c.Resource(id=resource_id(kind, id), display_name=name, traits=traits, **given)


def user(state: c.AccountState, email: str | None = None, **more: Any) -> c.Trait_User:
    address = fit(email)
    given = {
        "status": c.AccountStatus(state, None), "emails": [c.Email(address, primary=True)] if address else [],
        "login": address or None, "login_aliases": [], "account_type": c.AccountType.HUMAN, "mfa_enabled": None,
        "sso_enabled": None, "name": None, "last_login": None, "employee_ids": [], **more,
    }
    return c.Trait_User(c.UserTrait(**given))


def entitlement(of: c.Resource, slug: str, to: list[str], purpose: c.Purpose = c.Purpose.UNSPECIFIED) -> c.Entitlement:
    return c.Entitlement(c.EntitlementId(of.id, slug), fit(f"{of.display_name} {slug}"), None, purpose, to)


def grant(of: c.Resource, slug: str, principal: c.ResourceId, expands: str | None = None) -> c.Grant:
    """That a principal holds it; `expands` names what of the principal's others hold who then hold it too."""
    inner = c.Expansion([c.EntitlementId(principal, expands)], shallow=False, resource_types=[]) if expands else None
    return c.Grant(c.EntitlementId(of.id, slug), principal, None, inner)


def resource_type(id: str, name: str, *traits: c.TraitKind, held: bool = False) -> c.ResourceType:
    return c.ResourceType(id, name, None, list(traits), held, held, [])


def metadata(product: str, version: str, description: str, **more: Any) -> c.ConnectorMetadata:
    given = {
        "documentation_url": None, "icon_url": None, "request_limits": [], "further_origins": [], "further_requests": [],
        "credential_headers": [], "cannot_see": [], **more,
    }
    return c.ConnectorMetadata(product, version, description, **given)


@dataclass
class Page:
    """A page of a list. `next` are the positions that follow, in words of your own; each comes back as `start`."""

    items: list[Any] = field(default_factory=list)
    next: list[str] = field(default_factory=list)
    total: int | None = None
    warnings: list[c.Warning] = field(default_factory=list)


def paged(records: Iterable[Any], record: Callable[[Any], R], next: str | None, total: int | None = None) -> Page:
    return Page([record(found) for found in records], [next] if next else [], total)


def _token(list: tuple[str, ...], position: str) -> str:
    return hashlib.sha256("\0".join((*list, position)).encode()).hexdigest()[:16] + "." + position


def _position(list: tuple[str, ...], token: str | None) -> str | None:
    """A token that was altered, or that is of another list, is refused instead of giving the wrong people."""
    if token is None:
        return None
    if token != _token(list, token[17:]):
        internal("the page token was not issued for this list by this version of the connector; start the list again")
    return token[17:]


class Connector:
    """What is known of one vendor. `start` is none for a list's first page."""

    def metadata(self) -> c.ConnectorMetadata: raise NotImplementedError
    def fields(self) -> list[c.ConfigField]: raise NotImplementedError
    def types(self) -> list[c.ResourceType]: raise NotImplementedError
    def validate(self) -> str | None: raise NotImplementedError
    def resources(self, kind: str, parent: c.Resource | None, start: str | None) -> Page: raise NotImplementedError
    def entitlements(self, of: c.Resource) -> list[c.Entitlement]: raise NotImplementedError
    def grants(self, of: c.Resource, start: str | None) -> Page: raise NotImplementedError


def export(connector: type[Connector]) -> type:
    """The class that componentize-py looks for: `Syncer = export(YourConnector)`."""

    class Syncer(exports.Syncer):
        def metadata(self) -> c.ConnectorMetadata:
            return connector().metadata()

        def config_schema(self) -> list[c.ConfigField]:
            return connector().fields()

        def validate(self) -> c.Validation:
            return c.Validation(connector().validate(), None, [])

        def list_resource_types(self) -> list[c.ResourceType]:
            return connector().types()

        def list_resources(self, resource_type: str, parent: c.Resource | None, page_token: str | None) -> c.ResourcePage:
            _known(connector(), resource_type)
            above = (parent.id.resource_type, parent.id.id) if parent else ("", "")
            of = ("resources", resource_type, *above)
            page = connector().resources(resource_type, parent, _position(of, page_token))
            return c.ResourcePage(page.items, [_token(of, next) for next in page.next], page.total, None, page.warnings)

        def list_entitlements(self, resource: c.Resource, page_token: str | None) -> c.EntitlementPage:
            if page_token is not None:
                internal("entitlements have one page only")
            kind = _known(connector(), resource.id.resource_type)
            items = connector().entitlements(resource) if kind.has_entitlements else []
            return c.EntitlementPage(items, [], None, None, [])

        def list_grants(self, resource: c.Resource, page_token: str | None) -> c.GrantPage:
            kind = _known(connector(), resource.id.resource_type)
            of = ("grants", resource.id.resource_type, resource.id.id)
            start = _position(of, page_token)
            page = connector().grants(resource, start) if kind.has_grants else Page()
            return c.GrantPage(page.items, [_token(of, next) for next in page.next], page.total, None, page.warnings)

    return Syncer


def _known(connector: Connector, id: str) -> c.ResourceType:
    for kind in connector.types():
        if kind.id == id:
            return kind
    internal(f"there are no resources of type {id}")
