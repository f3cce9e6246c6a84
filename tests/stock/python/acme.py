"""Requests to Acme: the access token, and one page of a list."""

import json
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from componentize_py_types import Err, Ok
from wit_world.exports.syncer import (
    ConfigFailure, Error_Access, Error_Again, Error_Config, Error_Credentials, Error_Gone, Error_Reply, Error_Wait,
    Failure, PassingFailure, ReplyFailure,
)
from wit_world.imports import outgoing_handler, store
from wit_world.imports.streams import StreamError_Closed
from wit_world.imports.types import (
    Fields, Method, Method_Get, Method_Post, OutgoingBody, OutgoingRequest, Scheme_Http, Scheme_Https,
)

# The access token and when it ends. Another instance asks for its own.
_token: tuple[str, float] = ("", 0.0)


def config(name: str) -> str:
    value = store.get(name)
    if not value:
        raise Err(Error_Config(ConfigFailure(name, "has no value")))
    return value


def page(path: str, cursor: str | None) -> Any:
    """A page of the list at `path`, from `cursor` on."""
    query = f"?cursor={cursor}" if cursor else ""
    return send(Method_Get(), path + query, {"authorization": f"Bearer {token()}"})


def token() -> str:
    global _token
    if time.monotonic() >= _token[1]:
        form = {
            "grant_type": "client_credentials",
            "client_id": config("acme-client-id"),
            "client_secret": config("acme-client-secret"),
        }
        headers = {"content-type": "application/x-www-form-urlencoded"}
        reply = send(Method_Post(), "/oauth/token", headers, urlencode(form).encode())
        _token = (reply["access_token"], time.monotonic() + reply["expires_in"] - 30)
    return _token[0]


def send(method: Method, path: str, headers: dict[str, str], body: bytes = b"") -> Any:
    url = urlsplit(config("acme-url"))
    request = OutgoingRequest(Fields.from_list([(name, value.encode()) for name, value in headers.items()]))
    request.set_method(method)
    request.set_scheme(Scheme_Http() if url.scheme == "http" else Scheme_Https())
    request.set_authority(url.netloc)
    request.set_path_with_query(url.path.rstrip("/") + path)
    outgoing = request.body()
    try:
        reply = outgoing_handler.handle(request, None)
        if body:
            with outgoing.write() as stream:
                stream.blocking_write_and_flush(body)
        OutgoingBody.finish(outgoing, None)
        with reply.subscribe() as ready:
            ready.block()
        answer = reply.get()
        assert isinstance(answer, Ok)
        if isinstance(answer.value, Err):
            raise answer.value
        response = answer.value.value
        with response.consume() as incoming, incoming.stream() as stream:
            status, content = response.status(), read(stream)
    except Err as error:
        failure = Failure(f"Acme at {url.netloc} did not answer: {type(error.value).__name__}", None, None)
        raise Err(Error_Again(PassingFailure(failure, None))) from error
    if status == 200:
        try:
            return json.loads(content)
        except ValueError as error:
            failure = Failure(f"Acme's reply to {path} is no JSON", status, None)
            raise Err(Error_Reply(ReplyFailure(failure, ""))) from error
    failure = Failure(f"Acme answered {path} with status {status}", status, None)
    after = response.headers().get("retry-after")
    passing = PassingFailure(failure, int(after[0]) if after and after[0].isdigit() else None)
    if status == 429:
        raise Err(Error_Wait(passing))
    if status >= 500:
        raise Err(Error_Again(passing))
    # Acme answers 404 for what was deleted, and for nothing else.
    known = {401: Error_Credentials, 403: Error_Access, 404: Error_Gone}
    raise Err(known[status](failure) if status in known else Error_Reply(ReplyFailure(failure, "")))


def read(stream: Any) -> bytes:
    content = b""
    while True:
        try:
            content += stream.blocking_read(1 << 16)
        except Err as error:
            if isinstance(error.value, StreamError_Closed):
                return content
            raise
