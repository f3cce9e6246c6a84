"""The SCIM connector against an independent server, which is started here: every rule is kept, and the records are right.

Run by `.ci/kit`. It needs cargo, and the program `baton-kit` in the folder that BATON_KIT names.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
KIT = os.environ.get("BATON_KIT", str(ROOT / "target/debug/baton-kit"))
TOKEN = "a-token-of-the-scim-server"
SCHEMAS = "urn:ietf:params:scim:schemas:"
CORE, ENTERPRISE = f"{SCHEMAS}core:2.0:", f"{SCHEMAS}extension:enterprise:2.0:User"


class Server:
    """A SCIM server of somebody else's, from its package."""

    def __init__(self) -> None:
        environment = ROOT / "target/scim"
        if not environment.is_dir():
            subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [environment / "bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [environment / "bin/scim2-server", "--bearer-token", TOKEN, "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{port}/v2"
        for _ in range(600):
            try:
                self.get("/Users?count=0")
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError("the SCIM server does not start")

    def get(self, path: str) -> Any:
        return self.ask(urllib.request.Request(self.url + path))

    def make(self, endpoint: str, **what: Any) -> str:
        data = json.dumps(what).encode()
        request = urllib.request.Request(f"{self.url}/{endpoint}", data, {"content-type": "application/scim+json"})
        return str(self.ask(request)["id"])

    def ask(self, request: urllib.request.Request) -> Any:
        request.add_header("authorization", f"Bearer {TOKEN}")
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)


class Scim(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        build = ["cargo", "build", "--release", "--locked", "--package", "baton-scim", "--target-dir", ROOT / "target/scim-build"]
        subprocess.run(build, cwd=HERE.parent, check=True)
        cls.component = ROOT / "target/scim-build/wasm32-wasip2/release/baton_scim.wasm"
        cls.server = server = Server()
        cls.addClassCleanup(server.process.wait)
        cls.addClassCleanup(server.process.terminate)
        # More than a page.
        cls.people = [server.make(
            "Users", schemas=[f"{CORE}User", ENTERPRISE], userName=f"person{number}", active=number % 5 != 0,
            name={"givenName": "Person", "familyName": str(number)}, userType="Employee",
            emails=[{"value": f"home{number}@example.org"}, {"value": f"person{number}@example.com", "primary": True}],
            **{ENTERPRISE: {"employeeNumber": str(1000 + number)}},
        ) for number in range(130)]
        group = lambda name, *members: server.make("Groups", schemas=[f"{CORE}Group"], displayName=name, members=list(members))
        user = lambda id: {"value": id, "type": "User"}
        cls.inner = group("Platform", user(cls.people[0]), user(cls.people[1]))
        cls.outer = group("Engineering", {"value": cls.inner, "type": "Group"}, user(cls.people[2]))
        cls.empty = group("Nobody")

    def kit(self, *args: str, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
        variables = {**os.environ, "BATON_SCIM_URL": self.server.url, "BATON_SCIM_TOKEN": token}
        done = subprocess.run([KIT, *args], env=variables, capture_output=True, text=True)
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        return done

    def test_it_keeps_every_rule(self) -> None:
        done = self.kit("check", str(self.component), "--format", "json")
        lines = json.loads(done.stdout)
        self.assertEqual([line for line in lines if line["outcome"] != "kept"], [])
        self.assertEqual(done.returncode, 0)

    def test_the_records_are_those_of_the_server(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for file in ("scim.jsonl", "scim.c1z"):
                done = self.kit("run", str(self.component), "--file", str(Path(folder, file)))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("2 resource types, 133 resources, 3 entitlements, 4 grants, 0 warnings", done.stdout)
            lines = [json.loads(line) for line in Path(folder, "scim.jsonl").read_text("utf-8").splitlines()]
        grants = {line["grant"]["id"] for line in lines if "grant" in line}
        member = lambda group, kind, id: f"group:{group}:member:{kind}:{id}"
        self.assertEqual(grants, {
            member(self.inner, "user", self.people[0]), member(self.inner, "user", self.people[1]),
            member(self.outer, "group", self.inner), member(self.outer, "user", self.people[2]),
        })
        text = json.dumps(lines)
        for part in ("person7@example.com", "1007", "GrantExpandable", "Engineering"):
            self.assertIn(part, text)

    def test_a_wrong_token_is_told_in_the_servers_words(self) -> None:
        done = self.kit("run", str(self.component), "--file", "never.jsonl", token="another")
        self.assertEqual(done.returncode, 16)
        self.assertIn("does not know the bearer token (it says: Authorization failure", done.stderr)
        self.assertIn("make a new one and set scim-token", done.stderr)


if __name__ == "__main__":
    unittest.main()
