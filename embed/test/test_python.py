"""The package for Python, installed into an environment of somebody else's."""

import json
import subprocess
import unittest

import records
import workshop
from double import Double, changed, manifest, overlapping
from workshop import ENVIRONMENT


class Python(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.python = workshop.python()
        cls.script = cls.python.with_name("planetscale-access")

    def command(self, **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self.script], env={**ENVIRONMENT, **variables}, text=True, encoding="utf-8", capture_output=True
        )

    def user(self, program: str, **variables: str) -> object:
        """What a program that uses the package prints, as JSON."""
        return json.loads(workshop.run(self.python, "-c", program, **variables))

    def test_the_command_prints_the_scenario_s_records(self) -> None:
        with Double() as api:
            done = self.command(**api.variables)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        records.check(self, done.stdout, manifest("demo"))

    def test_an_error_is_json_and_has_the_contract_s_case(self) -> None:
        done = self.command(BATON_PLANETSCALE_SERVICE_TOKEN="no colon")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        error = json.loads(done.stderr)["error"]
        self.assertEqual((error["kind"], error["field"]), ("config", "planetscale-service-token"))
        self.assertNotIn("no colon", done.stderr)

    def test_a_list_whose_pages_overlap_is_an_error_without_the_last_line(self) -> None:
        with Double(changed("thousand", faults=[overlapping("members")])) as api:
            done = self.command(**api.variables)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stderr)["error"]["kind"], "changed")
        self.assertNotIn('{"complete"', done.stdout)

    def test_a_list_that_never_ends_is_an_error(self) -> None:
        component = workshop.steps(workshop.endless(), "endless-steps")
        program = f"""
import json
from planetscale_access import Connector, ConnectorError
try:
    for record in Connector(component={str(component)!r}).sync(): pass
except ConnectorError as error:
    print(json.dumps(error.kind))
"""
        self.assertEqual(self.user(program), "changed")

    def test_what_fails_in_passing_is_tried_again(self) -> None:
        refused = {"kind": "too_many_requests", "advice": {"form": "retry_after_seconds", "seconds": 1}}
        faults = [
            {"at": {"endpoint": "teams"}, "times": 2, "kind": {"kind": "status", "status": 503}},
            {"at": {"endpoint": "members"}, "times": 1, "kind": refused},
        ]
        with Double(changed("demo", faults=faults)) as api:
            done = self.command(**api.variables)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        records.check(self, done.stdout, manifest("demo"))

    def test_records_are_objects_and_the_last_one_counts_them(self) -> None:
        program = """
import json, os
from planetscale_access import Complete, Connector, Grant, Resource
config = {"planetscale-service-token": os.environ["BATON_PLANETSCALE_SERVICE_TOKEN"],
          "planetscale-api-url": os.environ["BATON_PLANETSCALE_API_URL"]}
found = list(Connector(config).sync())
users = [record for record in found if isinstance(record, Resource) and record.user]
print(json.dumps({
    "grants": sorted(record.id for record in found if isinstance(record, Grant)),
    "users": sorted([str(user.id), user.user.login, user.user.mfa_enabled] for user in users),
    "years": sorted({user.created_at.year for user in users}),
    "last": [type(found[-1]).__name__, found[-1].grants],
}))
"""
        with Double() as api:
            found = self.user(program, **api.variables)
        expected = manifest("demo")
        self.assertEqual(found["grants"], [grant["id"] for grant in expected["grants"]])
        users = [record for record in expected["resources"] if "user" in record]
        self.assertEqual(
            found["users"],
            sorted([f"user:{of['id']['resource']}", of["user"]["login"], of["user"].get("mfaEnabled")] for of in users),
        )
        self.assertTrue(all(2000 < year < 2100 for year in found["years"]))
        self.assertEqual(found["last"], ["Complete", len(expected["grants"])])

    def test_one_connector_is_used_from_many_threads(self) -> None:
        program = """
import json, os, threading
from planetscale_access import Connector, Grant
config = {"planetscale-service-token": os.environ["BATON_PLANETSCALE_SERVICE_TOKEN"],
          "planetscale-api-url": os.environ["BATON_PLANETSCALE_API_URL"]}
connector, counts = Connector(config), []
def work(): counts.append(sum(isinstance(record, Grant) for record in connector.sync()))
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
connector.validate()
print(json.dumps(counts))
"""
        with Double() as api:
            self.assertEqual(self.user(program, **api.variables), [len(manifest("demo")["grants"])] * 4)

    def test_a_crash_spoils_nothing_but_its_own_sync(self) -> None:
        component = workshop.steps(workshop.crashing(), "crashing-steps")
        program = f"""
import json
from planetscale_access import Connector, ConnectorCrash
connector, said = Connector(component={str(component)!r}), []
for attempt in range(2):
    try:
        list(connector.sync())
    except ConnectorCrash as error:
        said.append(str(error).splitlines()[0])
print(json.dumps([said, connector.metadata()["displayName"]]))
"""
        said, name = self.user(program)
        self.assertEqual(name, "Toy")
        self.assertEqual(len(said), 2)
        for sentence in said:
            self.assertIn("the component crashed in next", sentence)
            # What is left behind by a crash may not be entered again.
            self.assertNotIn("cannot enter", sentence)

    def test_a_sync_is_stopped_while_it_waits(self) -> None:
        program = """
import json, os, threading
from planetscale_access import Complete, Connector, Stopped
config = {"planetscale-service-token": os.environ["BATON_PLANETSCALE_SERVICE_TOKEN"],
          "planetscale-api-url": os.environ["BATON_PLANETSCALE_API_URL"]}
stop, found = threading.Event(), []
threading.Timer(1, stop.set).start()
try:
    for record in Connector(config).sync(stop): found.append(record)
except Stopped as error:
    print(json.dumps([str(error), any(isinstance(record, Complete) for record in found)]))
"""
        refused = {"kind": "too_many_requests", "advice": {"form": "retry_after_seconds", "seconds": 3_000}}
        with Double(changed("demo", faults=[{"at": {"endpoint": "members"}, "kind": refused}])) as api:
            self.assertEqual(self.user(program, **api.variables), ["the sync was told to stop", False])

    def test_a_pipe_that_is_closed_is_a_clean_end(self) -> None:
        with Double("thousand") as api:
            done = subprocess.run(
                ["bash", "-c", f"set -o pipefail; '{self.script}' | head -n 1"],
                env={**ENVIRONMENT, **api.variables}, text=True, capture_output=True,
            )
        self.assertEqual((done.returncode, done.stderr), (141, ""))
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_its_types_are_strict(self) -> None:
        workshop.run(self.python.with_name("mypy"), "--config-file", "pyproject.toml", cwd=workshop.EMBED / "python")
        # And those of who uses it.
        program = workshop.BUILD / "typed.py"
        program.write_text(
            "from planetscale_access import Connector, Grant\n"
            "held: list[str] = [one.id for one in Connector({}).sync() if isinstance(one, Grant)]\n",
            "utf-8",
        )
        workshop.run(self.python.with_name("mypy"), "--strict", program)
