"""The double of the PlanetScale API as a process, and what a sync of its scenario must give."""

import json
import subprocess
import tempfile
import urllib.request
from functools import cache
from pathlib import Path

import workshop


@cache
def manifest(scenario: str) -> dict:
    """The records of a scenario, worked out without any product code."""
    return json.loads(workshop.run(program(), "--scenario", scenario, "--print-manifest"))


def program() -> str:
    return str(workshop.workspace() / "examples/planetscale-api")


def changed(scenario: str, **parts: object) -> dict:
    """A scenario as data, with some of its parts replaced."""
    return {**json.loads(workshop.run(program(), "--scenario", scenario, "--print-scenario")), **parts}


def overlapping(endpoint: str) -> dict:
    """A fault: the second page of a list gives the first one's entries, and who stands on the second is missing."""
    return {"at": {"endpoint": endpoint, "page": {"number": 2}}, "kind": {"kind": "items_of_page", "page": 1}}


class Double:
    """Serves a scenario, by name or as data, on a loopback port for as long as the `with` block runs."""

    def __init__(self, scenario: str | dict = "demo") -> None:
        self.scenario = scenario

    def __enter__(self) -> "Double":
        if isinstance(self.scenario, dict):
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "scenario.json"
                file.write_text(json.dumps(self.scenario), "utf-8")
                return self._start(str(file))
        return self._start(self.scenario)

    def _start(self, scenario: str) -> "Double":
        command = [program(), "--scenario", scenario]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ready = json.loads(self._process.stdout.readline())
        self.url, self.token = ready["url"], ready["token"]
        return self

    def __exit__(self, *_) -> None:
        # It serves until its input ends.
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    @property
    def variables(self) -> dict[str, str]:
        """What the examples read their config from."""
        return {"BATON_PLANETSCALE_SERVICE_TOKEN": self.token, "BATON_PLANETSCALE_API_URL": self.url}

    def requests(self) -> int:
        """How many requests it was sent."""
        with urllib.request.urlopen(f"{self.url}/_double/log") as reply:
            return json.load(reply)["requests"]
