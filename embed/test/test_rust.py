"""The component in Rust programs: on our host, and on wasmtime alone."""

import json
import tempfile
import unittest
from pathlib import Path

import workshop
from double import Double, manifest


class Rust(unittest.TestCase):
    def test_the_host_as_a_library_writes_the_scenario_s_records(self) -> None:
        program = workshop.rust() / "baton-embed-library"
        with Double() as api, tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "access.jsonl"
            workshop.run(program, workshop.connector(), file, **api.variables)
            lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        expected = manifest("demo")
        for kind in ("entitlement", "grant"):
            found = sorted(line[kind]["id"] for line in lines if kind in line)
            self.assertEqual(found, [record["id"] for record in expected[f"{kind}s"]])
        found = {(line["resource"]["id"]["resourceType"], line["resource"]["id"]["resource"], line["resource"]["displayName"]) for line in lines if "resource" in line}
        self.assertEqual(
            found,
            {(record["id"]["resourceType"], record["id"]["resource"], record["displayName"]) for record in expected["resources"]},
        )

    def test_the_lines_in_the_readme_compile(self) -> None:
        done = workshop.run("cargo", "test", "--locked", "--doc", "-p", "baton-embed-library", cwd=workshop.ROOT)
        self.assertIn("1 passed", done)

    def test_wasmtime_alone_prints_every_organization(self) -> None:
        program = workshop.rust() / "baton-embed-bare"
        with Double() as api:
            lines = workshop.run(program, workshop.connector(), **api.variables).splitlines()
        # Nothing else is listed without a parent.
        expected = [
            f"organization:{record['id']['resource']} {record['displayName']}"
            for record in manifest("demo")["resources"]
            if record["id"]["resourceType"] == "organization"
        ]
        self.assertTrue(expected)
        self.assertEqual(sorted(lines), sorted(expected))
