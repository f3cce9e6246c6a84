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
TOOLS = ROOT / "target" / "tools"
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
    BUILD.mkdir(exist_ok=True)
    output = BUILD / "planetscale.wasm"
    run(workspace() / "examples/planetscale-wasm", output)
    return output


def artefact(checkout: Path, output: Path) -> Path:
    """Write the component of a checkout into a file, as for a release."""
    output.parent.mkdir(parents=True, exist_ok=True)
    example = ("-p", "baton-planetscale-component", "--example", "planetscale-wasm")
    run("cargo", "run", "--quiet", "--locked", *example, "--", output, cwd=checkout)
    return output


def checkout(folder: Path) -> Path:
    """A copy of what git has of this checkout, as it is now, in another folder."""
    for name in run("git", "ls-files", "-z", cwd=ROOT).split("\0")[:-1]:
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy, follow_symlinks=False)
    return folder


@cache
def workspace() -> Path:
    """The folder with the API double and the program."""
    progress("the programs for this machine (the build is that of `cargo test`)")
    run("cargo", "build", "--locked", "--bins", "--examples", cwd=ROOT)
    return DEBUG


@cache
def rust() -> Path:
    """The folder with the examples in Rust. Not one build with the program, which their client would get into."""
    progress("the examples in Rust")
    run("cargo", "build", "--locked", "-p", "baton-embed-library", "-p", "baton-embed-bare", cwd=ROOT)
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
def tool(name: str) -> Path:
    """One of our programs for components."""
    progress(f"baton-{name}")
    run("cargo", "build", "--quiet", "--locked", cwd=EMBED / "tools")
    return EMBED / f"tools/target/debug/baton-{name}{EXE}"


@cache
def composed(package: str, connector: Path, name: str) -> Path:
    """An adapter and a connector as one component."""
    socket = adapter(package, "wasm32-wasip2" if package == "baton-command" else "wasm32-unknown-unknown")
    return plugged(socket, connector, name)


def plugged(socket: Path, plug: Path, name: str) -> Path:
    """A component with one of its imports given by another, as one component."""
    progress(f"{name}.wasm")
    BUILD.mkdir(exist_ok=True)
    output = BUILD / f"{name}.wasm"
    run(tool("compose"), socket, plug, output)
    return output


@cache
def jco() -> Path:
    """The folder of the package for Node, with what it is built with."""
    progress("jco")
    run("npm", "ci", "--no-audit", "--no-fund", cwd=EMBED / "node")
    return EMBED / "node"


@cache
def steps(connector: Path, name: str) -> Path:
    """A connector as a sync that goes on when it is asked to: what the packages for Node and Python run."""
    return composed("baton-steps", connector, name)


@cache
def node() -> Path:
    """The package for Node, installed into a folder of somebody else's as it would come out of a registry."""
    folder = jco()
    component = steps(connector(), "planetscale-steps")
    progress("the package for Node")
    run("npm", "run", "build", cwd=folder, COMPONENT=str(component))
    packed = run("npm", "pack", "--silent", "--pack-destination", BUILD, cwd=folder).split()[-1]
    user = BUILD / "node"
    shutil.rmtree(user, ignore_errors=True)
    user.mkdir()
    (user / "package.json").write_text('{ "private": true, "type": "module" }', "utf-8")
    run("npm", "install", "--no-audit", "--no-fund", BUILD / packed, cwd=user)
    return user


@cache
def python() -> Path:
    """The interpreter of an environment that has the package for Python, installed as from a registry."""
    folder = EMBED / "python"
    shutil.copy(steps(connector(), "planetscale-steps"), folder / "src/planetscale_access/planetscale-steps.wasm")
    programs = packages()
    progress("the package for Python")
    run(programs / "pip", "install", "--quiet", "--disable-pip-version-check", "--force-reinstall", "--no-deps", folder)
    return programs / "python"


@cache
def packages() -> Path:
    """The folder of programs of an environment with what the tests use of Python's registry."""
    return environment(BUILD / "python", EMBED / "test/requirements.txt")


@cache
def wash() -> Path:
    """wasmCloud's program; its package installs it as a file beside a script that starts it."""
    folder = environment(BUILD / "wash", EMBED / "http/wasmcloud/requirements.txt").parent
    (program,) = folder.glob("lib/python*/site-packages/wash_cli/wash")
    program.chmod(0o755)
    return program


def environment(folder: Path, requirements: Path) -> Path:
    """A Python environment with pinned packages; returns where its programs are."""
    if not folder.is_dir():
        progress(f"the packages of {requirements.relative_to(EMBED)}")
        run(sys.executable, "-m", "venv", folder)
    run(folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements)
    return folder / "bin"


@cache
def toy() -> Path:
    """The connector in JavaScript."""
    folder = jco()
    progress("the connector in JavaScript")
    BUILD.mkdir(exist_ok=True)
    run("npm", "run", "toy", cwd=folder)
    return BUILD / "toy.wasm"


@cache
def endless() -> Path:
    """The same, but each of its lists is one empty page that follows itself."""
    return altered("endless", "({ items, next: [], warnings: [] })", '({ items: [], next: ["again"], warnings: [] })')


@cache
def crashing() -> Path:
    """The same, but it crashes when it is asked for its types."""
    return altered("crashing", "listResourceTypes: () => [", "listResourceTypes: () => [undefined.nothing, ")


def altered(name: str, part: str, other: str) -> Path:
    """The connector in JavaScript with a part of its text replaced."""
    folder = jco()
    progress(f"the connector in JavaScript, {name}")
    source, output = BUILD / f"{name}.js", BUILD / f"{name}.wasm"
    written = (EMBED / "javascript/connector.js").read_text("utf-8")
    if part not in written:
        raise AssertionError(f"the connector in JavaScript has no {part}")
    BUILD.mkdir(exist_ok=True)
    source.write_text(written.replace(part, other), "utf-8")
    run("npm", "run", "componentize", "--", source, "-o", output, cwd=folder)
    return output


@cache
def wasmtime() -> Path:
    """The `wasmtime` command with what the examples use of it, built once."""
    return installed(
        "wasmtime", "wasmtime-cli", "48.0.8",
        "--no-default-features",
        # `serve` does not compile without `component-model-async`, which nothing here uses.
        "--features", "run,serve,wasi-http,wasi-config,component-model,component-model-async,cranelift",
    )


def installed(program: str, package: str, version: str, *options: str) -> Path:
    """A program from a crate, in the folder of tools, which outlives a build."""
    path = TOOLS / f"{package}-{version}" / "bin" / f"{program}{EXE}"
    if not path.is_file():
        progress(f"{package} {version}")
        # Half of the time of an optimised build, for a program that is slow nowhere in the tests.
        profile = ("--config", "profile.release.opt-level=1", "--config", 'profile.release.lto="off"')
        run(
            "cargo", "install", package, "--version", version, "--locked", *options, *profile,
            "--root", path.parent.parent, "--target-dir", TOOLS / "build", cwd=ROOT,
        )
        # Nothing of it is needed again.
        shutil.rmtree(TOOLS / "build", ignore_errors=True)
    return path
