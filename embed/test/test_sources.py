"""The workspaces that are apart from the root's are held to the same rules."""

import unittest

import workshop


class Sources(unittest.TestCase):
    def test_they_are_formatted(self) -> None:
        for folder in ("adapter", "tools"):
            workshop.run("cargo", "fmt", "--all", "--check", cwd=workshop.EMBED / folder)

    def test_the_adapters_are_free_of_lints(self) -> None:
        workshop.add_target("wasm32-wasip2")
        lint("adapter", "--release", "--target", "wasm32-wasip2")

    def test_the_tools_are_free_of_lints(self) -> None:
        lint("tools", "--all-targets")


def lint(folder: str, *options: str) -> None:
    workshop.run(
        "cargo", "clippy", "--workspace", "--locked", *options, "--", "-D", "warnings", cwd=workshop.EMBED / folder
    )
