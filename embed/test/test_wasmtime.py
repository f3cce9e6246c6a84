"""The component under the `wasmtime` command, one call at a time."""

import json
import re
import subprocess
import unittest
from typing import Any

import contract_records as records
import wave_text as wave
import workshop
from double import Double, changed, manifest

# So that there is more than one.
PAGES = {"max_per_page": 5, "default_per_page": 5}
CALL = re.compile(r"""^    run (["'])(.*)\1\n    (.*)$""", re.MULTILINE)
VARIABLE = re.compile(r"^    organization='(.*)'$", re.MULTILINE)
EXPORTS = {
    "metadata", "config-schema", "validate", "list-resource-types", "list-resources", "list-entitlements",
    "list-grants",
}


class Wasmtime(unittest.TestCase):
    def setUp(self) -> None:
        self.api = self.enterContext(Double(changed("demo", **PAGES)))

    def invoke(self, call: str, token: str | None = None) -> subprocess.CompletedProcess:
        config = {"planetscale-service-token": token or self.api.token, "planetscale-api-url": self.api.url}
        values = [part for name, value in config.items() for part in ("-S", f"config-var={name}={value}")]
        return subprocess.run(
            [workshop.wasmtime(), "run", "-S", "http,config", *values, "--invoke", call, workshop.connector()],
            env=workshop.ENVIRONMENT, text=True, encoding="utf-8", capture_output=True,
        )

    def answer(self, function: str, *arguments: Any) -> Any:
        done = self.invoke(f"{function}({', '.join(map(wave.write, arguments))})")
        self.assertEqual(done.returncode, 0, done.stderr)
        return wave.read(done.stdout)

    def ok(self, function: str, *arguments: Any) -> Any:
        result = self.answer(function, *arguments)
        self.assertEqual(result.name, "ok", result)
        return result.value

    def all(self, lines: list, function: str, *arguments: Any) -> list[dict]:
        """All items of a list, page after page; warnings become lines."""
        found, tokens = [], [wave.Case("none")]
        while tokens:
            page = self.ok(function, *arguments, tokens.pop())
            lines += [{"warning": wave.plain(warning)} for warning in page.get("warnings", [])]
            found += page["items"]
            tokens += [wave.Case("some", token) for token in page["next"]]
        return found

    def test_a_whole_sync_by_hand_gives_the_scenario_s_records(self) -> None:
        lines: list[dict] = []
        types = {kind["id"]: kind for kind in self.ok("list-resource-types")}
        lines += [{"resourceType": wave.plain(kind)} for kind in types.values()]
        resources: dict[str, dict] = {}
        lists = [(kind, wave.Case("none")) for kind in types]
        while lists:
            kind, parent = lists.pop()
            for resource in self.all(lines, "list-resources", kind, parent):
                if resource["id"]["id"] not in resources:
                    resources[resource["id"]["id"]] = resource
                    lines.append({"resource": wave.plain(resource)})
                    children = resource["child-resource-types"]
                    lists += [(child, wave.Case("some", resource)) for child in children]
        for resource in resources.values():
            kind = types[resource["id"]["resource-type"]]
            if kind["has-entitlements"]:
                items = self.all(lines, "list-entitlements", resource)
                lines += [{"entitlement": wave.plain(item)} for item in items]
            if kind["has-grants"]:
                lines += [{"grant": wave.plain(item)} for item in self.all(lines, "list-grants", resource)]
        records.check(self, "\n".join(map(json.dumps, lines)), manifest("demo"))

    def test_who_the_connector_is_and_what_it_needs(self) -> None:
        self.assertEqual(self.answer("metadata")["display-name"], "PlanetScale")
        names = [field["name"] for field in self.answer("config-schema") if field["required"]]
        self.assertEqual(names, ["planetscale-service-token", "planetscale-api-url"])
        self.ok("validate")

    def test_an_error_is_printed_and_the_exit_code_is_still_none(self) -> None:
        done = self.invoke("validate()", token="id:wrong")
        self.assertEqual(done.returncode, 0)
        result = wave.read(done.stdout)
        self.assertEqual((result.name, result.value.name), ("err", "credentials"))

    def test_the_readme_shows_what_the_command_prints_for_each_export(self) -> None:
        text = (workshop.EMBED / "wasmtime/README.md").read_text("utf-8")
        organization = VARIABLE.search(text).group(1)
        shown = CALL.findall(text)
        self.assertEqual({call.split("(")[0] for _, call, _ in shown}, EXPORTS)
        token = ""
        for _, call, printed in shown:
            call = call.replace("$organization", organization).replace("$token", token).replace('\\"', '"')
            done = self.invoke(call)
            self.assertEqual(done.returncode, 0, done.stderr)
            _, _, following = done.stdout.partition("next: [")
            token = following.split('"')[1] if following.startswith('"') else ""
            # What is long is cut there.
            pieces = map(re.escape, printed.split("…"))
            self.assertRegex(done.stdout.strip(), re.compile("^" + ".*".join(pieces) + "$", re.DOTALL))
