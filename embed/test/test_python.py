"""The component in Python."""

import subprocess
import unittest

import records
import workshop
from double import Double, manifest


class Python(unittest.TestCase):
    def test_a_whole_sync_gives_the_scenario_s_records(self) -> None:
        script = workshop.EMBED / "python/access.py"
        with Double() as api:
            lines = workshop.run(workshop.python(), script, workshop.connector(), **api.variables)
        records.check(self, lines, manifest("demo"))

    def test_an_error_is_an_exception_with_the_contract_s_case(self) -> None:
        script = workshop.EMBED / "python/access.py"
        done = subprocess.run(
            [workshop.python(), script, workshop.connector()],
            env={**workshop.ENVIRONMENT, "BATON_PLANETSCALE_SERVICE_TOKEN": "no colon"}, text=True, capture_output=True,
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("config: planetscale-service-token", done.stderr)
        self.assertNotIn("no colon at", done.stderr)
