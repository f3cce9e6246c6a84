"""The HTTP component on wasmCloud's own host, with the files that are in `http/wasmcloud`."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import records
import workshop
from double import Double, manifest
from service import Service, free_port

FOLDER = workshop.EMBED / "http/wasmcloud"
VENDOR = "https://api.planetscale.com"
ADDRESS = "127.0.0.1:8000"


class WasmCloud(unittest.TestCase):
    def served(self, api: Double, allowed: str | None = None) -> Service:
        """The folder's own config with the double for the vendor."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        component = workshop.composed("baton-http", workshop.connector(), "planetscale-http")
        shutil.copy(component, folder / "planetscale-http.wasm")
        port = free_port()
        config = (FOLDER / ".wash/config.yaml").read_text("utf-8")
        self.assertEqual(config.count(VENDOR), 2)
        config = config.replace(ADDRESS, f"127.0.0.1:{port}")
        config = config.replace(f'allowedHosts: ["{VENDOR}"]', f'allowedHosts: ["{allowed or api.url}"]')
        config = config.replace(VENDOR, api.url)
        (folder / ".wash").mkdir()
        (folder / ".wash/config.yaml").write_text(config, "utf-8")
        (folder / "secrets").mkdir()
        secret = folder / "secrets/planetscale-service-token"
        secret.write_text(api.token, "utf-8")
        secret.chmod(0o600)
        return Service(workshop.wash(), "--non-interactive", "dev", port=port, cwd=folder)

    def test_a_sync_streams_the_scenario_s_records(self) -> None:
        with Double() as api, self.served(api) as service:
            self.assertEqual(service.get("/health"), {"status": "ok", "connector": "PlanetScale"})
            status, lines = service.sync()
        self.assertEqual(status, 200)
        records.check(self, lines, manifest("demo"))

    def test_only_the_allowed_host_is_reached(self) -> None:
        with Double() as api, self.served(api, allowed="https://elsewhere.example") as service:
            status, body = service.sync()
            self.assertEqual(api.requests(), 0)
        self.assertNotEqual(status, 200)
        self.assertIn("error", json.loads(body))

    def test_the_manifest_for_a_cluster_gives_the_same_config(self) -> None:
        manifest_file = (FOLDER / "workload.yaml").read_text("utf-8")
        for part in ("planetscale-api-url:", "planetscale-service-token:", f"- {VENDOR}", "kind: WorkloadDeployment"):
            self.assertIn(part, manifest_file)
