"""A program that serves HTTP on loopback, for as long as a `with` block runs."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import workshop

# For a start on a machine that has other things to do.
PATIENCE = 120


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


class Service:
    """The program is ready when `GET /health` answers."""

    def __init__(
        self, *command: str | Path, port: int, cwd: Path = workshop.EMBED, variables: dict[str, str] | None = None
    ) -> None:
        self._command, self._cwd, self.port, self._variables = command, cwd, port, variables or {}

    def __enter__(self) -> "Service":
        self._process = subprocess.Popen(
            self._command, cwd=self._cwd, env={**workshop.ENVIRONMENT, **self._variables}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.get("/health")
                return self
            except (ConnectionError, urllib.error.URLError):
                time.sleep(0.1)
        self._process.kill()
        raise AssertionError(f"{self._command[0]} does not serve:\n{self._process.communicate()[0]}")

    def __exit__(self, *_) -> None:
        self._process.terminate()
        self._process.communicate()

    def get(self, path: str) -> object:
        """The JSON of a reply."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as reply:
            return json.load(reply)

    def sync(self, **headers: str) -> tuple[int, str]:
        """Status and body of `POST /sync`."""
        try:
            request = urllib.request.Request(f"http://127.0.0.1:{self.port}/sync", method="POST", headers=headers)
            with urllib.request.urlopen(request) as reply:
                return reply.status, reply.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8")

    def peak(self) -> int:
        """The most memory that the program held so far, in bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
