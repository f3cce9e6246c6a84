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
    def served(self, api: Double, allowed: str | None = None, more: str = "") -> Service:
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
        config = config.replace(f"      planetscale-api-url: {api.url}\n", f"      planetscale-api-url: {api.url}\n{more}")
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

    def test_with_a_token_nobody_comes_in_without_it(self) -> None:
        with Double() as api, self.served(api, more="      http-bearer-token: the-door-s-token\n") as service:
            for brought in ({}, {"authorization": "Bearer another"}, {"authorization": "the-door-s-token"}):
                status, body = service.sync(**brought)
                self.assertEqual(status, 401, body)
                self.assertNotIn("the-door-s-token", body)
            self.assertEqual(api.requests(), 0)
            self.assertEqual(service.get("/health")["status"], "ok")
            status, lines = service.sync(authorization="Bearer the-door-s-token")
        self.assertEqual(status, 200)
        records.check(self, lines, manifest("demo"))

    def test_without_a_token_it_is_called_by_names_of_this_machine_or_by_those_it_was_given(self) -> None:
        with Double() as api, self.served(api) as service:
            status, body = service.sync(host="evil.example.com")
            self.assertEqual((status, api.requests()), (421, 0), body)
            self.assertEqual(service.sync(host=f"localhost:{service.port}")[0], 200)
        with Double() as api, self.served(api, more="      http-hosts: access.example.com, other\n") as service:
            self.assertEqual(service.sync()[0], 421)
            self.assertEqual(service.sync(host="Access.example.com:8443")[0], 200)

    def test_the_manifest_for_a_cluster_gives_the_same_config(self) -> None:
        manifest_file = (FOLDER / "workload.yaml").read_text("utf-8")
        for part in ("planetscale-api-url:", "planetscale-service-token:", "http-bearer-token:", f"- {VENDOR}", "kind: WorkloadDeployment"):
            self.assertIn(part, manifest_file)
