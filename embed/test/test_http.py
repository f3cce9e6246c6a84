"""A connector composed into an HTTP component, under `wasmtime serve`."""

import json
import socket
import time
import unittest
import urllib.error

import records
import workshop
from crowd import GRANTS, crowd
from double import Double, changed, manifest
from service import Service, free_port

# A component that kept the grants would need more than ten times as much.
GUEST_MEMORY = 4 << 20


def served(api: Double, *options: str, token: str | None = None) -> Service:
    component = workshop.composed("baton-http", workshop.connector(), "planetscale-http")
    config = {"planetscale-service-token": token or api.token, "planetscale-api-url": api.url}
    values = [part for name, value in config.items() for part in ("-S", f"config-var={name}={value}")]
    port = free_port()
    # The trimmed command has no pool of instances, which `serve` otherwise uses.
    address = ("--addr", f"127.0.0.1:{port}", "-O", "pooling-allocator=n")
    return Service(
        workshop.wasmtime(), "serve", *address, "-S", "config", *values, *options, component, port=port
    )


class Http(unittest.TestCase):
    def test_a_sync_streams_the_scenario_s_records(self) -> None:
        with Double() as api, served(api) as service:
            status, lines = service.sync()
        self.assertEqual(status, 200)
        records.check(self, lines, manifest("demo"))
        self.assertTrue(lines.splitlines()[-1].startswith('{"complete"'))

    def test_schema_health_and_what_is_not_there(self) -> None:
        with Double() as api, served(api) as service:
            fields = service.get("/schema")
            self.assertEqual(service.get("/health"), {"status": "ok", "connector": "PlanetScale"})
            with self.assertRaises(urllib.error.HTTPError) as unknown:
                service.get("/elsewhere")
            with self.assertRaises(urllib.error.HTTPError) as wrong:
                service.get("/sync")
        # What may be left out is not of interest here.
        names = [(field["name"], field["secret"]) for field in fields if field["required"]]
        self.assertEqual(names, [("planetscale-service-token", True), ("planetscale-api-url", False)])
        self.assertEqual(unknown.exception.code, 404)
        self.assertEqual((wrong.exception.code, wrong.exception.headers["allow"]), (405, "POST"))

    def test_bad_credentials_are_a_status(self) -> None:
        with Double() as api, served(api, token="id:wrong") as service:
            status, body = service.sync()
        self.assertEqual(status, 502, body)
        self.assertEqual(json.loads(body)["error"]["kind"], "credentials")
        self.assertNotIn("id:wrong", body)

    def test_tokens_come_as_variables_and_nobody_comes_in_without_the_service_s_own(self) -> None:
        service = workshop.composed("baton-http", workshop.connector(), "planetscale-http")
        variables = workshop.adapter("baton-environment", "wasm32-unknown-unknown")
        component = workshop.plugged(service, variables, "planetscale-serve")
        port = free_port()
        with Double() as api:
            given = {**api.variables, "BATON_HTTP_BEARER_TOKEN": "the-door-s-token"}
            # Named, and not told: this is what the list of processes shows.
            names = [part for name in given for part in ("--env", name)]
            command = ("serve", "--addr", f"127.0.0.1:{port}", "-O", "pooling-allocator=n", "-S", "cli", *names, component)
            with Service(workshop.wasmtime(), *command, port=port, variables=given) as service:
                self.assertEqual(service.sync()[0], 401)
                self.assertEqual(api.requests(), 0)
                status, lines = service.sync(authorization="Bearer the-door-s-token")
        self.assertEqual(status, 200)
        records.check(self, lines, manifest("demo"))

    def test_what_goes_wrong_later_is_the_last_line(self) -> None:
        broken = {"at": {"endpoint": "team_members"}, "kind": {"kind": "html"}}
        # A list that tells no members inside, so that each team is asked for its own.
        scenario = changed("demo", faults=[broken], inline_members="empty")
        with Double(scenario) as api, served(api) as service:
            status, lines = service.sync()
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(lines.splitlines()[-1])["error"]["kind"], "reply")
        self.assertNotIn('{"complete"', lines)

    def test_a_hundred_thousand_grants_fit_into_the_memory_of_none(self) -> None:
        with Double(crowd()) as api, served(api, "-W", f"max-memory-size={GUEST_MEMORY}") as service:
            before = service.peak()
            status, lines = service.sync()
            grown = service.peak() - before
        self.assertEqual(status, 200)
        last = json.loads(lines.splitlines()[-1])
        self.assertIn("complete", last, last)
        self.assertEqual(last["complete"]["grant"], GRANTS)
        self.assertEqual(lines.count('{"grant":'), GRANTS)
        self.assertLess(grown, len(lines) / 2, "the engine kept what it should have sent")

    def test_a_client_that_does_not_read_stops_the_sync_until_it_does(self) -> None:
        with Double(crowd()) as api, served(api) as service, socket.socket() as client:
            # So that little is under way between the two.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
            client.connect(("127.0.0.1", service.port))
            client.sendall(b"POST /sync HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            asked = standstill(api)
            body = b"".join(iter(lambda: client.recv(1 << 20), b""))
            total = api.requests()
        self.assertIn(b'{"complete"', body)
        self.assertGreater(asked, 0)
        self.assertLess(asked, total * 3 / 4, "the sync went on without anybody to read it")


def standstill(api: Double) -> int:
    """The number of requests when it has not grown for two seconds, but is more than none."""
    last, since = 0, time.monotonic()
    while not last or time.monotonic() - since < 2:
        time.sleep(0.1)
        now = api.requests()
        if now != last:
            last, since = now, time.monotonic()
    return last
