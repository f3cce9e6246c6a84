"""`cargo component`, the other command that builds components, gives the same as plain cargo."""

import os
import re
import tempfile
import unittest
from pathlib import Path

import workshop

# What a component is for those who use it; the rest of its text is about types.
SURFACE = re.compile(r"^  (?:import|export) .*;$", re.MULTILINE)


class CargoComponent(unittest.TestCase):
    def test_both_have_the_same_imports_and_exports(self) -> None:
        tool = workshop.installed("cargo-component", "cargo-component", "0.21.1")
        # It insists on this target, though our config names another to build for.
        workshop.add_target("wasm32-wasip1")
        # It writes into the folder.
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        checkout = workshop.checkout(folder / "checkout")
        connector = checkout / "connector"
        output = checkout / "target/wasm32-unknown-unknown/release/baton_planetscale_connector.wasm"
        surfaces = []
        path = os.pathsep.join([str(tool.parent), workshop.ENVIRONMENT["PATH"]])
        for build in ("build", "component build"):
            output.unlink(missing_ok=True)
            workshop.run("cargo", *build.split(), "--release", "--locked", cwd=connector, PATH=path)
            surfaces.append(sorted(SURFACE.findall(workshop.run(workshop.wash(), "inspect", output))))
        plain, component = surfaces
        self.assertTrue(plain)
        self.assertEqual(component, plain)
