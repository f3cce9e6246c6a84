"""The connectors of `tests/stock`, made as their authors would, and the server that they talk to."""

import json
import subprocess
from functools import cache
from pathlib import Path

import workshop

FOLDER = workshop.ROOT / "tests/stock"
WIT = workshop.ROOT / "wit"


@cache
def rust() -> Path:
    """Plain cargo's, as the tests of the host have it."""
    output = workshop.BUILD / "acme-rust.wasm"
    output.parent.mkdir(exist_ok=True)
    workshop.run(server(), "--write-connector", output)
    return output


@cache
def python() -> Path:
    """What `componentize-py` makes."""
    programs = workshop.packages()
    workshop.progress("the stock connector in Python")
    output = workshop.BUILD / "acme-python.wasm"
    recipe = ("-d", WIT, "-w", "connector", "componentize", "connector", "-o", output)
    workshop.run(programs / "componentize-py", *recipe, cwd=FOLDER / "python")
    return output


@cache
def javascript() -> Path:
    """What `jco` makes."""
    return componentized(FOLDER / "javascript/connector.js", WIT, "connector", "acme-javascript")


def componentized(source: Path, wit: Path, world: str, name: str) -> Path:
    jco = workshop.jco() / "node_modules/.bin/jco"
    workshop.progress(name)
    output = workshop.BUILD / f"{name}.wasm"
    recipe = ("componentize", source, "--wit", wit, "--world-name", world, "-o", output)
    workshop.run(jco, *recipe, cwd=source.parent)
    return output


def server() -> str:
    return str(workshop.workspace() / "examples/acme-api")


class Acme:
    """Acme on a loopback port, for as long as the `with` block runs."""

    def __init__(self, *options: str) -> None:
        self._options = options

    def __enter__(self) -> "Acme":
        command = [server(), *self._options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ready = json.loads(self._process.stdout.readline())
        self.url, self._client, self.secret = ready["url"], ready["id"], ready["secret"]
        return self

    def __exit__(self, *_) -> None:
        # It serves until its input ends.
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def sync(self, component: Path, folder: Path, secret: str | None = None) -> subprocess.CompletedProcess:
        """Run the program with a connector; the records are in `acme.jsonl` in the folder."""
        config = {
            "BATON_ACME_URL": self.url, "BATON_ACME_CLIENT_ID": self._client,
            "BATON_ACME_CLIENT_SECRET": secret or self.secret,
        }
        flags = ("--component", component, "--file", "acme.jsonl", "--allow-write", f"POST {self.url}/oauth/token")
        # What is compiled is kept between runs: a language's whole interpreter takes long.
        return subprocess.run(
            [workshop.workspace() / "baton-planetscale", *flags], cwd=folder,
            env={**workshop.ENVIRONMENT, **config}, text=True, encoding="utf-8", capture_output=True,
        )
