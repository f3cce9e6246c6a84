"""A server that stands in for {{Name}} on this machine: three users, two groups, one in the other, two records a page."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LISTS = {
    "/users": [
        {"id": "u1", "name": "Ada Lovelace", "email": "ada@example.com", "active": True},
        {"id": "u2", "name": "Bob", "email": "bob@example.com", "active": False},
        {"id": "u3", "name": "Grace Hopper", "email": None, "active": True},
    ],
    "/groups": [{"id": "g1", "name": "Everyone"}, {"id": "g2", "name": "Engineering"}, {"id": "g3", "name": "Nobody"}],
    "/groups/g1/members": [{"kind": "group", "id": "g2"}, {"kind": "user", "id": "u2"}, {"kind": "user", "id": "u3"}],
    "/groups/g2/members": [{"kind": "user", "id": "u1"}],
    "/groups/g3/members": [],
}


class Vendor(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlsplit(self.path)
        items = LISTS.get(url.path)
        if self.headers.get("authorization") != "Bearer a-token-for-tests":
            return self.answer(401, {"message": "no token"})
        if items is None:
            return self.answer(404, {"message": "no such list"})
        start = int(parse_qs(url.query).get("cursor", ["0"])[0])
        next = str(start + 2) if start + 2 < len(items) else None
        self.answer(200, {"items": items[start:start + 2], "next": next})

    def answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    print("listening on http://127.0.0.1:8017", flush=True)
    ThreadingHTTPServer(("127.0.0.1", 8017), Vendor).serve_forever()
