"""The component in Node."""

import json
import subprocess
import unittest

import workshop
from double import Double, changed, manifest, overlapping


class Node(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = workshop.node()
        workshop.run("npm", "run", "build", cwd=cls.folder, COMPONENT=str(workshop.connector()))

    def test_prints_the_organizations_and_the_grants_of_their_teams(self) -> None:
        with Double() as api:
            lines = workshop.run("node", "access.js", cwd=self.folder, **api.variables).splitlines()
        found = [json.loads(line) for line in lines]
        expected = manifest("demo")
        organizations = {
            (record["id"]["resource"], record["displayName"])
            for record in expected["resources"]
            if record["id"]["resourceType"] == "organization"
        }
        self.assertEqual(
            {(line["organization"]["id"], line["organization"]["name"]) for line in found if "organization" in line},
            organizations,
        )
        grants = [line["grant"] for line in found if "grant" in line]
        self.assertEqual(
            sorted(f"team:{grant['team']}:{grant['slug']}:user:{grant['user']}" for grant in grants),
            [grant["id"] for grant in expected["grants"] if grant["id"].startswith("team:")],
        )

    def test_an_error_is_the_typed_variant(self) -> None:
        with Double() as api:
            done = self.failed({**api.variables, "BATON_PLANETSCALE_SERVICE_TOKEN": "id:wrong"})
        error = json.loads(done)
        self.assertEqual((error["tag"], error["val"]["httpStatus"]), ("credentials", 401))

    def test_a_list_whose_pages_overlap_is_an_error(self) -> None:
        few = {"max_per_page": 5, "default_per_page": 5}
        with Double(changed("thousand", faults=[overlapping("team_members")], **few)) as api:
            done = self.failed(api.variables)
        self.assertRegex(done, r'"resourceType":"user",.* came twice in one list')

    def failed(self, variables: dict[str, str]) -> str:
        """What the script says when it does not come to its end."""
        done = subprocess.run(
            ["node", "access.js"],
            cwd=self.folder, env={**workshop.ENVIRONMENT, **variables}, text=True, capture_output=True,
        )
        self.assertEqual(done.returncode, 1)
        return done.stderr

    def test_the_script_fits_the_declarations_that_jco_writes(self) -> None:
        workshop.run("npm", "run", "check", cwd=self.folder)
