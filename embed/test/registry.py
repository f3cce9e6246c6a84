"""A registry on loopback that gives what an OCI layout holds: enough of the protocol to pull from."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class Registry:
    """Serves layouts by name, for as long as the `with` block runs."""

    def __init__(self, layouts: dict[str, Path]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                media_type, body = answer(layouts, self.path)
                self.send_response(200 if body is not None else 404)
                self.send_header("content-type", media_type)
                self.send_header("content-length", str(len(body or b"")))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body or b"")

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Registry":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def answer(layouts: dict[str, Path], path: str) -> tuple[str, bytes | None]:
    """Media type and body for `/v2/NAME/manifests/TAG`, or a digest, and `/v2/NAME/blobs/DIGEST`."""
    if path.rstrip("/") == "/v2":
        return "application/json", b"{}"
    _, _, *name, what, reference = path.split("/")
    layout = layouts.get("/".join(name))
    if layout is None:
        return "application/json", None
    index = json.loads((layout / "index.json").read_text("utf-8"))
    tags = {entry["annotations"]["org.opencontainers.image.ref.name"]: entry for entry in index["manifests"]}
    if what == "tags":
        return "application/json", json.dumps({"name": "/".join(name), "tags": list(tags)}).encode()
    if what == "manifests":
        entry = tags.get(reference) or {entry["digest"]: entry for entry in tags.values()}.get(reference)
        return (entry["mediaType"], blob(layout, entry["digest"])) if entry else ("application/json", None)
    return "application/octet-stream", blob(layout, reference)


def blob(layout: Path, digest: str) -> bytes | None:
    """What lies under a digest."""
    file = layout / "blobs" / digest.replace(":", "/")
    return file.read_bytes() if file.is_file() else None
