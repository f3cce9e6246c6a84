"""The package for Node, installed into somebody else's folder."""

import json
import shutil
import subprocess
import unittest
from pathlib import Path

import records
import workshop
from double import Double, changed, manifest, overlapping
from workshop import ENVIRONMENT


class Node(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = workshop.node()
        shutil.copy(Path(__file__).with_name("node_user.js"), cls.folder / "user.js")

    def user(self, program: str, **variables: str) -> dict:
        """What a program that uses the package found. It must end by itself."""
        return json.loads(workshop.run("node", "user.js", program, cwd=self.folder, **variables))

    def command(self, **variables: str) -> subprocess.CompletedProcess:
        command = self.folder / "node_modules/.bin/planetscale-access"
        return subprocess.run([command], env={**ENVIRONMENT, **variables}, text=True, encoding="utf-8", capture_output=True)

    def test_the_command_prints_the_scenario_s_records(self) -> None:
        with Double() as api:
            done = self.command(**api.variables)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        records.check(self, done.stdout, manifest("demo"))

    def test_several_tenants_sync_at_once_and_the_program_goes_on(self) -> None:
        slow = changed("demo", latency_ms=20)
        mine = changed("scripts")
        with Double(slow) as one, Double(mine) as other:
            variables = {name.replace("BATON", "OTHER"): text for name, text in other.variables.items()}
            found = self.user("tenants", **one.variables, **variables)
        self.assertEqual(found["one"], sorted(of["name"] for of in slow["organizations"]))
        self.assertEqual(found["other"], sorted(of["name"] for of in mine["organizations"]))
        self.assertNotEqual(found["one"], found["other"])
        # A sync that ran in the program's own thread would leave it one tick, at the end.
        self.assertGreater(found["ticks"], 10)

    def test_it_says_who_it_is_and_as_whom_it_reads(self) -> None:
        with Double() as api:
            found = self.user("who", **api.variables)
        self.assertEqual(found["metadata"]["displayName"], "PlanetScale")
        self.assertIn("planetscale-service-token", found["fields"])
        self.assertEqual(found["validation"]["warnings"], [])

    def test_an_error_has_the_contract_s_case(self) -> None:
        with Double() as api:
            found = self.user("refused", **api.variables)
        self.assertEqual((found["name"], found["kind"], found["httpStatus"]), ("ConnectorError", "credentials", 401))
        found = self.user("noToken")
        self.assertEqual((found["kind"], found["field"]), ("config", "planetscale-service-token"))

    def test_no_token_comes_from_the_program_s_environment(self) -> None:
        with Double() as api:
            found = self.user("noToken", **api.variables)
            self.assertEqual(api.requests(), 0)
        self.assertEqual(found["kind"], "config")

    def test_what_fails_in_passing_is_tried_again(self) -> None:
        refused = {"kind": "too_many_requests", "advice": {"form": "retry_after_seconds", "seconds": 1}}
        faults = [
            {"at": {"endpoint": "teams"}, "times": 2, "kind": {"kind": "status", "status": 503}},
            {"at": {"endpoint": "members"}, "times": 1, "kind": refused},
        ]
        with Double(changed("demo", faults=faults)) as api:
            done = self.command(**api.variables)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        records.check(self, done.stdout, manifest("demo"))

    def test_a_signal_ends_it_while_it_waits(self) -> None:
        refused = {"kind": "too_many_requests", "advice": {"form": "retry_after_seconds", "seconds": 3_000}}
        with Double(changed("demo", faults=[{"at": {"endpoint": "members"}, "kind": refused}])) as api:
            found = self.user("aborted", **api.variables)
        self.assertEqual(found, {"message": "enough", "complete": False})

    def test_a_loop_that_is_left_leaves_nothing_running(self) -> None:
        with Double(changed("demo", latency_ms=50)) as api:
            self.assertEqual(self.user("left", **api.variables), {"first": "resourceType"})

    def test_a_list_whose_pages_overlap_is_an_error_without_the_last_line(self) -> None:
        with Double(changed("thousand", faults=[overlapping("members")])) as api:
            done = self.command(**api.variables)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stderr)["error"]["kind"], "changed")
        self.assertNotIn('{"complete"', done.stdout)

    def test_a_pipe_that_is_closed_is_a_clean_end(self) -> None:
        with Double("thousand") as api:
            command = f"set -o pipefail; '{self.folder}/node_modules/.bin/planetscale-access' | head -n 1"
            done = subprocess.run(
                ["bash", "-c", command], env={**ENVIRONMENT, **api.variables}, text=True, capture_output=True
            )
        self.assertEqual((done.returncode, done.stderr), (141, ""))
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_it_reaches_no_origin_but_that_of_its_config(self) -> None:
        program = """
            import { guarded, originsOf } from "planetscale-access/guard.js";
        """
        done = subprocess.run(
            ["node", "--input-type=module", "-e", program], cwd=self.folder, env=ENVIRONMENT, text=True, capture_output=True
        )
        # It is not part of the package's face.
        self.assertIn("ERR_PACKAGE_PATH_NOT_EXPORTED", done.stderr)
        program = """
            import { guarded, originsOf } from "./node_modules/planetscale-access/guard.js";
            const origins = originsOf({ url: "https://api.example.com/base", token: "id:value" });
            const handle = guarded((request) => request.authority(), origins);
            const ask = (method, scheme, authority) => {
              try {
                return handle({ method: () => ({ tag: method }), scheme: () => ({ tag: scheme }), authority: () => authority });
              } catch (error) {
                return error.tag;
              }
            };
            console.log(JSON.stringify([
              ask("get", "HTTPS", "api.example.com"), ask("head", "HTTPS", "api.example.com:443"),
              ask("post", "HTTPS", "api.example.com"), ask("get", "HTTP", "api.example.com"),
              ask("get", "HTTPS", "api.example.com:8443"), ask("get", "HTTPS", "evil.example.com"),
            ]));
        """
        found = json.loads(workshop.run("node", "--input-type=module", "-e", program, cwd=self.folder))
        self.assertEqual(found, ["api.example.com", "api.example.com:443", *["HTTP-request-denied"] * 4])

    def test_a_thread_that_ended_is_told_and_not_waited_for(self) -> None:
        program = """
            import { Instance } from "./node_modules/planetscale-access/instance.js";
            const instance = await Instance.start({});
            await instance.end();
            console.log(JSON.stringify(await instance.call("next").catch((error) => error.name)));
        """
        found = json.loads(workshop.run("node", "--input-type=module", "-e", program, cwd=self.folder))
        self.assertEqual(found, "ConnectorCrash")

    def test_its_sources_and_its_declarations_are_free_of_type_errors(self) -> None:
        workshop.run("npm", "run", "check", cwd=workshop.jco())
        source = self.folder / "typed.ts"
        source.write_text(
            """
            import { Connector, ConnectorError, type Line } from "planetscale-access";
            const connector = new Connector({ "planetscale-service-token": "id:value" });
            for await (const line of connector.sync({ signal: AbortSignal.timeout(1000) })) {
              if ("grant" in line) { const id: string = line.grant.principal.id.resource; void id; }
              // @ts-expect-error there is no such kind
              if ("grant" in line) line.grant.nothing;
            }
            const last: Line = { complete: { resourceType: 1, resource: 1, entitlement: 1, grant: 1 } };
            void last; void ((error: ConnectorError) => error.kind === "wait");
            """,
            "utf-8",
        )
        compiler = workshop.jco() / "node_modules/.bin/tsc"
        workshop.run(
            compiler, "--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", "node",
            "--typeRoots", workshop.jco() / "node_modules/@types", source, cwd=self.folder,
        )
