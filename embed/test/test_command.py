"""A connector composed into a command."""

import subprocess
import unittest

import records
import workshop
from double import Double, manifest

SCRIPT = workshop.EMBED / "python/command.py"


class Command(unittest.TestCase):
    def test_a_whole_sync_on_standard_output(self) -> None:
        component = workshop.composed("baton-command", workshop.connector(), "planetscale-cli")
        with Double() as api:
            lines = workshop.run(workshop.python(), SCRIPT, component, **api.variables)
        expected = manifest("demo")
        found = records.check(self, lines, expected)
        (counts,) = found["complete"]
        self.assertEqual(counts["grant"], len(expected["grants"]))
        self.assertTrue(lines.splitlines()[-1].startswith('{"complete"'))

    def test_an_error_is_on_standard_error_and_the_sync_is_not_complete(self) -> None:
        component = workshop.composed("baton-command", workshop.connector(), "planetscale-cli")
        with Double() as api:
            variables = {**api.variables, "BATON_PLANETSCALE_SERVICE_TOKEN": "id:wrong"}
            done = subprocess.run(
                [workshop.python(), SCRIPT, component],
                env={**workshop.ENVIRONMENT, **variables}, text=True, capture_output=True,
            )
        self.assertEqual(done.returncode, 1)
        self.assertIn('"kind":"credentials"', done.stderr)
        self.assertNotIn("complete", done.stdout)

    def test_another_connector_in_another_language_composes_unchanged(self) -> None:
        component = workshop.composed("baton-command", workshop.toy(), "toy-cli")
        found = records.read(workshop.run(workshop.python(), SCRIPT, component))
        self.assertEqual([grant["id"] for grant in found["grants"]], ["team:1:member:user:ada"])
        self.assertEqual([record["displayName"] for record in found["resources"]], ["Engines", "Ada Lovelace"])
