"""The HTTP component for Spin. The engine itself is in no package registry; what it gives and takes is."""

import re
import tomllib
import unittest
from pathlib import Path

import records
import workshop
from double import Double, manifest

# Of what Spin 4 gives a component, by its WIT: the versions 0.2.x are one to a host.
GIVEN = {
    "wasi:clocks/monotonic-clock@0.2", "wasi:config/store@0.2.0-draft-2024-09-27", "wasi:http/outgoing-handler@0.2",
    "wasi:http/types@0.2", "wasi:io/error@0.2", "wasi:io/poll@0.2", "wasi:io/streams@0.2",
}


def with_variables() -> Path:
    """The connector with Spin's variables for its config."""
    variables = workshop.adapter("baton-spin", "wasm32-unknown-unknown")
    return workshop.plugged(workshop.connector(), variables, "planetscale-variables")


class Spin(unittest.TestCase):
    def test_spin_s_variables_are_the_connector_s_config(self) -> None:
        component = workshop.composed("baton-command", with_variables(), "planetscale-variables-cli")
        script = Path(__file__).with_name("spin_variables.py")
        with Double() as api:
            lines = workshop.run(workshop.python(), script, component, **api.variables)
        records.check(self, lines, manifest("demo"))

    def test_it_asks_for_nothing_that_spin_does_not_give(self) -> None:
        # The service has values of its own, so the variables come last.
        service = workshop.composed("baton-http", workshop.connector(), "planetscale-http")
        variables = workshop.adapter("baton-spin", "wasm32-unknown-unknown")
        component = workshop.plugged(service, variables, "planetscale-spin")
        world = workshop.run(workshop.wash(), "inspect", component)
        imports = re.findall(r"^  import (.*);$", world, re.MULTILINE)
        self.assertEqual({re.sub(r"@0\.2\.\d+$", "@0.2", name) for name in imports}, GIVEN)
        (handler,) = re.findall(r"^  export (.*);$", world, re.MULTILINE)
        self.assertRegex(handler, r"^wasi:http/incoming-handler@0\.2\.\d+$")

    def test_the_manifest_gives_a_variable_for_each_field(self) -> None:
        file = tomllib.loads((workshop.EMBED / "http/spin.toml").read_text("utf-8"))
        component = file["component"]["planetscale"]
        fields = {"planetscale_service_token", "planetscale_api_url", "http_bearer_token", "http_hosts"}
        self.assertEqual(set(file["variables"]), fields)
        self.assertEqual(component["variables"], {field: f"{{{{ {field} }}}}" for field in fields})
        self.assertEqual(component["allowed_outbound_hosts"], ["{{ planetscale_api_url }}"])
        for secret in ("planetscale_service_token", "http_bearer_token"):
            self.assertTrue(file["variables"][secret]["secret"])
