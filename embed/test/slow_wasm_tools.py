"""`wasm-tools metadata` reads who the component is."""

import json
import tomllib
import unittest

import workshop


class WasmTools(unittest.TestCase):
    def test_it_shows_the_component_s_metadata(self) -> None:
        command = workshop.installed(
            "wasm-tools", "wasm-tools", "1.263.0", "--no-default-features", "--features", "metadata"
        )
        shown = json.loads(workshop.run(command, "metadata", "show", "--json", workshop.connector()))
        found = shown["component"]["metadata"]
        workspace = tomllib.loads((workshop.ROOT / "Cargo.toml").read_text("utf-8"))["workspace"]["package"]
        package = tomllib.loads((workshop.ROOT / "connector/Cargo.toml").read_text("utf-8"))["package"]
        self.assertEqual((found["name"], found["description"]), (package["name"], package["description"]))
        self.assertEqual(
            (found["version"], found["licenses"], found["source"]),
            (workspace["version"], workspace["license"], workspace["repository"]),
        )
