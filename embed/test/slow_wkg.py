"""`wkg`, the package manager of components, takes what the layouts hold."""

import tempfile
import unittest
from pathlib import Path

import workshop
from registry import Registry
from test_artefact import contract, digest, layout


class Wkg(unittest.TestCase):
    def test_it_pulls_the_component_and_the_contract(self) -> None:
        command = workshop.installed("wkg", "wkg", "0.16.1")
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        files = {"planetscale": (workshop.connector(), "0.1.0"), "baton/connector": (contract(), "0.2.0")}
        layouts = {name: layout(file, folder / file.stem) for name, (file, _) in files.items()}
        with Registry(layouts) as registry:
            for name, (file, version) in files.items():
                pulled = folder / "pulled.wasm"
                reference = f"{registry.address}/{name}:{version}"
                workshop.run(command, "oci", "pull", reference, "--insecure", registry.address, "-o", pulled)
                self.assertEqual(digest(pulled), digest(file))
