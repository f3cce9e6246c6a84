"""Connectors as stock toolchains make them, in our program: all languages give the same, and fail so that one can help."""

import json
import tempfile
import unittest
from pathlib import Path

import stock
import workshop
from stock import Acme

# A connector that wants something which no connector may have.
WORLD = """
package acme:greedy;

interface queue {
  send: func(message: string);
}

world connector {
  include baton:connector/connector@0.2.0;
  import queue;
}
"""


class Stock(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def records(self, component: Path) -> list[str]:
        """The lines of a sync, which has to be good."""
        with Acme() as acme:
            done = acme.sync(component, self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn(acme.secret, done.stderr)
        return sorted((self.folder / "acme.jsonl").read_text("utf-8").splitlines())

    def failed(self, code: int, component: Path, *options: str, secret: str | None = None) -> str:
        """What the program says last of a sync that fails."""
        with Acme(*options) as acme:
            done = acme.sync(component, self.folder, secret)
            self.assertNotIn(secret or acme.secret, done.stderr)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertFalse((self.folder / "acme.jsonl").exists())
        return done.stderr

    def test_python_and_javascript_give_what_rust_gives(self) -> None:
        expected = self.records(stock.rust())
        kinds = [next(iter(json.loads(line))) for line in expected]
        self.assertEqual({kind: kinds.count(kind) for kind in ("resource", "entitlement", "grant")},
                         {"resource": 13, "entitlement": 6, "grant": 11})
        self.assertEqual(self.records(stock.python()), expected)
        self.assertEqual(self.records(stock.javascript()), expected)

    def test_a_wrong_secret_is_told_as_the_vendor_s_word(self) -> None:
        for component in (stock.rust(), stock.python(), stock.javascript()):
            said = self.failed(16, component, secret="not-the-secret-of-the-client")
            self.assertIn("Acme answered /oauth/token with status 401", said)
            self.assertNotIn("Traceback", said)

    def test_a_crash_in_python_shows_the_traceback(self) -> None:
        said = self.failed(13, stock.python(), "--broken")
        self.assertIn("crashed in list-resources", said)
        self.assertIn("KeyError: 'items'", said)
        self.assertIn("connector.py", said)

    def test_a_crash_in_javascript_shows_the_error(self) -> None:
        said = self.failed(13, stock.javascript(), "--broken")
        # The first that reads a list.
        self.assertIn("crashed in validate", said)
        self.assertRegex(said, r"TypeError: .*(found\.items|undefined)")

    def test_an_import_that_no_connector_may_have_is_refused_by_name(self) -> None:
        wit = self.folder / "wit"
        (wit / "deps").mkdir(parents=True)
        (wit / "world.wit").write_text(WORLD, "utf-8")
        for package in stock.WIT.joinpath("deps").iterdir():
            (wit / "deps" / package.name).symlink_to(package)
        (wit / "deps/connector").mkdir()
        (wit / "deps/connector/connector.wit").symlink_to(stock.WIT / "connector.wit")
        written = (stock.FOLDER / "javascript/connector.js").read_text("utf-8")
        source = self.folder / "greedy.js"
        greedy = 'import { send as push } from "acme:greedy/queue";\n' + written.replace("metadata: () => ({", 'metadata: () => (push("hello"), {')
        self.assertIn('push("hello")', greedy)
        source.write_text(greedy, "utf-8")
        component = stock.componentized(source, wit, "connector", "acme-greedy")
        said = self.failed(2, component)
        self.assertIn("acme:greedy/queue", said)
