"""A connector composed into a command, under the `wasmtime` command and in Python."""

import json
import subprocess
import unittest
from pathlib import Path

import records
import workshop
from double import Double, changed, manifest, overlapping

SCRIPT = workshop.EMBED / "python/command.py"


def composed() -> object:
    return workshop.composed("baton-command", workshop.connector(), "config-cli")


def wasmtime(component: object, **config: str) -> subprocess.CompletedProcess:
    """`wasmtime run`, with the config in flags."""
    values = [part for name, value in config.items() for part in ("-S", f"config-var={name.replace('_', '-')}={value}")]
    return subprocess.run(
        [workshop.wasmtime(), "run", "-S", "http,config", *values, component],
        env=workshop.ENVIRONMENT, text=True, encoding="utf-8", capture_output=True,
    )


def refusal(seconds: int) -> dict:
    """A fault: 429, and how long to wait."""
    return {"kind": "too_many_requests", "advice": {"form": "retry_after_seconds", "seconds": seconds}}


class Command(unittest.TestCase):
    def test_a_whole_sync_on_standard_output(self) -> None:
        with Double() as api:
            done = wasmtime(composed(), planetscale_service_token=api.token, planetscale_api_url=api.url)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.check(done.stdout)

    def test_python_runs_it_as_well(self) -> None:
        with Double() as api:
            lines = workshop.run(workshop.python(), SCRIPT, composed(), **api.variables)
        self.check(lines)

    def test_the_token_may_come_as_a_variable(self) -> None:
        variables = workshop.adapter("baton-environment", "wasm32-unknown-unknown")
        component = workshop.plugged(composed(), variables, "planetscale-cli")
        script = Path(__file__).with_name("environment_variables.py")
        with Double() as api:
            lines = workshop.run(workshop.python(), script, component, **api.variables)
        self.check(lines)

    def check(self, lines: str) -> None:
        expected = manifest("demo")
        found = records.check(self, lines, expected)
        (counts,) = found["complete"]
        self.assertEqual(counts["grant"], len(expected["grants"]))
        self.assertTrue(lines.splitlines()[-1].startswith('{"complete"'))

    def test_an_error_is_on_standard_error_and_the_sync_is_not_complete(self) -> None:
        with Double() as api:
            done = wasmtime(composed(), planetscale_service_token="id:wrong", planetscale_api_url=api.url)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stderr)["kind"], "credentials")
        self.assertNotIn("complete", done.stdout)

    def test_a_list_whose_pages_overlap_is_an_error(self) -> None:
        with Double(changed("thousand", faults=[overlapping("members")])) as api:
            done = wasmtime(composed(), planetscale_service_token=api.token, planetscale_api_url=api.url)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stderr)["kind"], "changed")
        self.assertNotIn("complete", done.stdout)

    def test_a_list_that_never_ends_is_an_error(self) -> None:
        done = wasmtime(workshop.composed("baton-command", workshop.endless(), "endless-cli"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stderr)["kind"], "changed")
        self.assertNotIn("complete", done.stdout)

    def test_a_passing_refusal_is_waited_out(self) -> None:
        faults = [
            {"at": {"endpoint": "teams"}, "times": 2, "kind": {"kind": "status", "status": 503}},
            {"at": {"endpoint": "members"}, "times": 1, "kind": refusal(1)},
        ]
        with Double(changed("demo", faults=faults)) as api:
            done = wasmtime(composed(), planetscale_service_token=api.token, planetscale_api_url=api.url)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.check(done.stdout)

    def test_a_refusal_for_a_day_is_an_error_at_once(self) -> None:
        with Double(changed("demo", faults=[{"at": {"endpoint": "members"}, "kind": refusal(86_400)}])) as api:
            done = wasmtime(composed(), planetscale_service_token=api.token, planetscale_api_url=api.url)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(json.loads(done.stderr)["kind"], "wait")
            self.assertNotIn("complete", done.stdout)

    def test_what_is_gone_is_left_out_but_not_half_of_it_and_not_much(self) -> None:
        def after_teams_go(scenario: dict) -> subprocess.CompletedProcess:
            gone = [team["id"] for of in scenario["organizations"] for team in of["teams"]]
            after = {"endpoint": "team_members", "requests": 1}
            changes = [{"after": after, "change": {"kind": "remove_team", "team": team}} for team in gone]
            with Double({**scenario, "changes": changes}) as api:
                return wasmtime(composed(), planetscale_service_token=api.token, planetscale_api_url=api.url)

        demo = changed("demo")
        # All but the team that was asked for first, in few lists.
        few = after_teams_go(demo)
        found = records.read(few.stdout)
        self.assertEqual((few.returncode, len(found["complete"])), (0, 1))
        teams = sum(len(of["teams"]) for of in demo["organizations"])
        self.assertEqual(len([text for text in found["warnings"] if "deleted while the sync ran" in text]), teams - 1)
        # Whatever the order, the first list asked for has a second page, and is gone before it.
        half = after_teams_go({**demo, "max_per_page": 1, "default_per_page": 1})
        self.assertEqual((half.returncode, json.loads(half.stderr)["kind"]), (1, "changed"))
        many = after_teams_go(changed("M", latency_ms=0))
        self.assertEqual((many.returncode, json.loads(many.stderr)["kind"]), (1, "changed"))
        self.assertIn("had to be left out", json.loads(many.stderr)["message"])

    def test_another_connector_in_another_language_composes_unchanged(self) -> None:
        done = wasmtime(workshop.composed("baton-command", workshop.toy(), "toy-cli"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        found = records.read(done.stdout)
        self.assertEqual([grant["id"] for grant in found["grants"]], ["team:1:member:user:ada"])
        self.assertEqual([record["displayName"] for record in found["resources"]], ["Engines", "Ada Lovelace"])
