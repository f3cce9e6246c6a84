"""The component in Python."""

import subprocess
import unittest

import records
import workshop
from double import Double, changed, manifest, overlapping

SCRIPT = workshop.EMBED / "python/access.py"


class Python(unittest.TestCase):
    def test_a_whole_sync_gives_the_scenario_s_records(self) -> None:
        with Double() as api:
            lines = workshop.run(workshop.python(), SCRIPT, workshop.connector(), **api.variables)
        records.check(self, lines, manifest("demo"))

    def test_an_error_is_an_exception_with_the_contract_s_case(self) -> None:
        done = subprocess.run(
            [workshop.python(), SCRIPT, workshop.connector()],
            env={**workshop.ENVIRONMENT, "BATON_PLANETSCALE_SERVICE_TOKEN": "no colon"}, text=True, capture_output=True,
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("config: planetscale-service-token", done.stderr)
        self.assertNotIn("no colon at", done.stderr)

    def test_a_list_whose_pages_overlap_is_an_error(self) -> None:
        with Double(changed("thousand", faults=[overlapping("members")])) as api:
            done = subprocess.run(
                [workshop.python(), SCRIPT, workshop.connector()],
                env={**workshop.ENVIRONMENT, **api.variables}, text=True, capture_output=True,
            )
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r'^\{"resource-type": "user", .* came twice in one list')

    def test_a_list_that_never_ends_is_an_error(self) -> None:
        done = subprocess.run(
            [workshop.python(), SCRIPT, workshop.endless()], env=workshop.ENVIRONMENT, text=True, capture_output=True
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn('"again" came twice in one list', done.stderr)
