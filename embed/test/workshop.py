"""Builds what the tests run, each thing once, and says where it is."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

EMBED = Path(__file__).resolve().parent.parent
ROOT = EMBED.parent
BUILD = EMBED / "build"
DEBUG = ROOT / "target" / "debug"
EXE = ".exe" if os.name == "nt" else ""

# The inner builds decide for themselves where they put things.
ENVIRONMENT = {name: text for name, text in os.environ.items() if not name.startswith(("CARGO_", "BATON_"))}


def run(*command: str | Path, cwd: Path = EMBED, **variables: str) -> str:
    """Run a command and return what it wrote; what it says of a failure is the test's failure."""
    done = subprocess.run(
        command, cwd=cwd, env={**ENVIRONMENT, **variables}, text=True, encoding="utf-8", capture_output=True
    )
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def progress(text: str) -> None:
    print(f"-- {text}", file=sys.stderr, flush=True)


@cache
def connector() -> Path:
    """The PlanetScale component, as it is released."""
    progress("the component")
    add_target("wasm32-unknown-unknown")
    run("cargo", "build", "--release", "--locked", cwd=ROOT / "connector")
    return ROOT / "target/wasm32-unknown-unknown/release/baton_planetscale_connector.wasm"


@cache
def workspace() -> Path:
    """The folder with the API double, the program and the Rust examples, of one build."""
    progress("the programs for this machine (the build is that of `cargo test`)")
    run("cargo", "build", "--locked", "--workspace", "--bins", "--examples", cwd=ROOT)
    return DEBUG


@cache
def add_target(target: str) -> None:
    libraries = run("rustc", "--print", "target-libdir", "--target", target, cwd=ROOT).strip()
    if not Path(libraries).is_dir():
        run("rustup", "target", "add", target, cwd=ROOT)


@cache
def adapter(package: str, target: str) -> Path:
    """One of the components that run a connector."""
    progress(package)
    add_target(target)
    run("cargo", "build", "--release", "--locked", "-p", package, "--target", target, cwd=EMBED / "adapter")
    name = f"{package}.wasm" if target == "wasm32-wasip2" else f"{package.replace('-', '_')}.wasm"
    return EMBED / "adapter/target" / target / "release" / name


@cache
def composed(package: str, connector: Path, name: str) -> Path:
    """An adapter and a connector as one component."""
    target = "wasm32-wasip2" if package == "baton-command" else "wasm32-unknown-unknown"
    socket = adapter(package, target)
    progress(f"{name}.wasm")
    BUILD.mkdir(exist_ok=True)
    output = BUILD / f"{name}.wasm"
    run("cargo", "run", "--quiet", "--locked", "--", socket, connector, output, cwd=EMBED / "compose")
    return output


@cache
def node() -> Path:
    """The folder of the Node example, with jco installed."""
    progress("jco")
    run("npm", "ci", "--no-audit", "--no-fund", cwd=EMBED / "node")
    return EMBED / "node"


@cache
def python() -> Path:
    """The interpreter that has wasmtime's package."""
    environment = EMBED / "python/.venv"
    if not environment.is_dir():
        progress("wasmtime for Python")
        run(sys.executable, "-m", "venv", environment)
    run(environment / "bin/pip", "install", "--quiet", "-r", EMBED / "python/requirements.txt")
    return environment / "bin/python"


@cache
def toy() -> Path:
    """The connector in JavaScript."""
    jco = node()
    progress("the connector in JavaScript")
    BUILD.mkdir(exist_ok=True)
    run("npm", "run", "toy", cwd=jco)
    return BUILD / "toy.wasm"


def wasmtime() -> Path | None:
    """The `wasmtime` command, if it is installed."""
    found = shutil.which("wasmtime", path=f"{BUILD / 'tools/bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    return Path(found) if found else None
