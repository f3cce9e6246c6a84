"""What is released: the component, and the contract as a WIT package, for registries."""

import hashlib
import json
import re
import tempfile
import tomllib
import unittest
from functools import cache
from pathlib import Path

import workshop
from registry import Registry

FUNCTION = re.compile(r"^\s+([a-z-]+): func", re.MULTILINE)


@cache
def contract(name: str = "baton-connector") -> Path:
    """The WIT package as wasm."""
    output = workshop.BUILD / f"{name}.wasm"
    output.parent.mkdir(exist_ok=True)
    workshop.run(workshop.tool("package"), "wit", workshop.ROOT / "wit", output)
    return output


def layout(file: Path, folder: Path) -> Path:
    """An OCI layout of it."""
    workshop.run(workshop.tool("package"), "layout", file, folder)
    return folder


class Artefact(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_a_build_in_another_folder_gives_the_same_bytes(self) -> None:
        elsewhere = workshop.checkout(self.folder / "in/another/folder")
        again = workshop.artefact(elsewhere, self.folder / "planetscale.wasm")
        self.assertEqual(digest(again), digest(workshop.connector()))

    def test_it_says_who_it_is(self) -> None:
        workspace = tomllib.loads((workshop.ROOT / "Cargo.toml").read_text("utf-8"))["workspace"]["package"]
        package = tomllib.loads((workshop.ROOT / "connector/Cargo.toml").read_text("utf-8"))["package"]
        folder = layout(workshop.connector(), self.folder / "layout")
        (entry,) = json.loads((folder / "index.json").read_text("utf-8"))["manifests"]
        manifest = json.loads(self.blob(folder, entry, "application/vnd.oci.image.manifest.v1+json"))
        self.assertEqual(
            manifest["annotations"],
            {
                "org.opencontainers.image.title": package["name"],
                "org.opencontainers.image.version": workspace["version"],
                "org.opencontainers.image.licenses": workspace["license"],
                "org.opencontainers.image.source": workspace["repository"],
                "org.opencontainers.image.description": package["description"],
            },
        )

    def test_the_contract_is_a_package_in_wasm(self) -> None:
        shown = workshop.run(workshop.wash(), "inspect", contract())
        self.assertIn("package baton:connector@0.2.0;", shown)
        written = (workshop.ROOT / "wit/connector.wit").read_text("utf-8")
        self.assertEqual(FUNCTION.findall(shown), FUNCTION.findall(written))
        self.assertEqual(digest(contract("again")), digest(contract()))

    def test_what_lies_in_a_layout_is_what_its_digests_say(self) -> None:
        for file in (workshop.connector(), contract()):
            folder = layout(file, self.folder / file.stem)
            (entry,) = json.loads((folder / "index.json").read_text("utf-8"))["manifests"]
            manifest = json.loads(self.blob(folder, entry, "application/vnd.oci.image.manifest.v1+json"))
            config = json.loads(self.blob(folder, manifest["config"], "application/vnd.wasm.config.v0+json"))
            (layer,) = manifest["layers"]
            self.assertEqual(self.blob(folder, layer, "application/wasm"), file.read_bytes())
            self.assertEqual(config["layerDigests"], [layer["digest"]])
            self.assertEqual((config["architecture"], config["os"]), ("wasm", "wasip2"))
            self.assertIn("baton:connector/syncer@0.2.0", config["component"]["exports"])

    def blob(self, folder: Path, descriptor: dict, media_type: str) -> bytes:
        self.assertEqual(descriptor["mediaType"], media_type)
        algorithm, name = descriptor["digest"].split(":")
        content = (folder / "blobs" / algorithm / name).read_bytes()
        self.assertEqual((hashlib.sha256(content).hexdigest(), len(content)), (name, descriptor["size"]))
        return content

    def test_a_client_pulls_both_from_a_registry(self) -> None:
        files = {"planetscale": (workshop.connector(), "0.1.0"), "baton/connector": (contract(), "0.2.0")}
        layouts = {name: layout(file, self.folder / file.stem) for name, (file, _) in files.items()}
        with Registry(layouts) as registry:
            for name, (file, version) in files.items():
                pulled = self.folder / "pulled.wasm"
                reference = f"{registry.address}/{name}:{version}"
                workshop.run(workshop.wash(), "oci", "pull", "--insecure", reference, pulled, HOME=str(self.folder))
                self.assertEqual(digest(pulled), digest(file))


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
