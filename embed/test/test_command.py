"""A connector composed into a command, under the `wasmtime` command and in Python."""

import json
import subprocess
import unittest

import records
import workshop
from double import Double, changed, manifest, overlapping

SCRIPT = workshop.EMBED / "python/command.py"


def composed() -> object:
    return workshop.composed("baton-command", workshop.connector(), "planetscale-cli")


def wasmtime(component: object, **config: str) -> subprocess.CompletedProcess:
    """`wasmtime run`, with the config in flags."""
    values = [part for name, value in config.items() for part in ("-S", f"config-var={name.replace('_', '-')}={value}")]
    return subprocess.run(
        [workshop.wasmtime(), "run", "-S", "http,config", *values, component],
        env=workshop.ENVIRONMENT, text=True, encoding="utf-8", capture_output=True,
    )


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

    def test_another_connector_in_another_language_composes_unchanged(self) -> None:
        done = wasmtime(workshop.composed("baton-command", workshop.toy(), "toy-cli"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        found = records.read(done.stdout)
        self.assertEqual([grant["id"] for grant in found["grants"]], ["team:1:member:user:ada"])
        self.assertEqual([record["displayName"] for record in found["resources"]], ["Engines", "Ada Lovelace"])
