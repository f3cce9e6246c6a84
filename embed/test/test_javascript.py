"""A connector that is not Rust, in our program."""

import json
import tempfile
import unittest
from pathlib import Path

import workshop


class JavaScript(unittest.TestCase):
    def test_the_program_runs_it(self) -> None:
        program = workshop.workspace() / "baton-planetscale"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "toy.jsonl"
            workshop.run(program, "--component", workshop.toy(), "--file", file, cwd=Path(folder))
            lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        self.assertEqual([line["grant"]["id"] for line in lines if "grant" in line], ["team:1:member:user:ada"])
        names = sorted(line["resource"]["displayName"] for line in lines if "resource" in line)
        self.assertEqual(names, ["Ada Lovelace", "Engines"])
