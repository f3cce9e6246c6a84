"""One format: whoever writes JSON lines, they are the same."""

import json
import tempfile
import unittest
from pathlib import Path

import workshop
from double import Double

# The program has a log for them.
ELSEWHERE = "warning"


def lines(text: str) -> list[str]:
    return sorted(line for line in text.splitlines() if ELSEWHERE not in json.loads(line))


class Lines(unittest.TestCase):
    def test_program_command_and_packages_write_the_same(self) -> None:
        for scenario in ("demo", "scripts"):
            with Double(scenario) as api, tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "access.jsonl"
                program = workshop.workspace() / "baton-planetscale"
                workshop.run(program, "--file", file, cwd=Path(folder), **api.variables)
                written = file.read_text("utf-8")
                self.assertTrue(written.splitlines()[-1].startswith('{"complete":'))
                command = workshop.composed("baton-command", workshop.connector(), "config-cli")
                script = workshop.EMBED / "python/command.py"
                for other in (
                    (workshop.python(), script, command),
                    (workshop.python().with_name("planetscale-access"),),
                    (workshop.node() / "node_modules/.bin/planetscale-access",),
                ):
                    found = workshop.run(*other, **api.variables)
                    self.assertEqual(found.splitlines()[-1], written.splitlines()[-1])
                    self.assertEqual(lines(found), lines(written), other[-1])
