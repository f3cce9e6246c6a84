"""Run a connector that was composed into a command, as `wasmtime run` does: lines on standard output, an exit code."""

import os
import sys

from wasmtime import Engine, ExitTrap, Store, WasiConfig
from wasmtime.component import Component, Linker


def run(path: str, interface: str, config: dict[str, str], variables: dict[str, str] | None = None) -> int:
    """Run a command component; `interface` is where it looks for its config. Returns its exit code.

    One that takes its config from environment variables is given `variables`.
    """
    engine = Engine()
    component = Component.from_file(engine, path)
    linker = Linker(engine)
    linker.add_wasip2()
    linker.add_wasi_http()
    with linker.root() as root, root.add_instance(interface) as values:
        values.add_func("get", lambda _, key: config.get(key))
        if interface.endswith("rc.1"):
            values.add_func("get-all", lambda _: list(config.items()))
    store = Store(engine)
    wasi = WasiConfig()
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    if variables:
        wasi.env = list(variables.items())
    store.set_wasi(wasi)
    store.set_wasi_http()
    instance = linker.instantiate(store, component)
    command = instance.get_export_index(store, "wasi:cli/run@0.2.0")
    main = instance.get_func(store, instance.get_export_index(store, "run", command))
    try:
        return 0 if main(store).tag == "ok" else 1
    except ExitTrap as exit:
        return exit.code


if __name__ == "__main__":
    values = {
        "planetscale-service-token": os.environ.get("BATON_PLANETSCALE_SERVICE_TOKEN", ""),
        "planetscale-api-url": os.environ.get("BATON_PLANETSCALE_API_URL", "https://api.planetscale.com"),
    }
    sys.exit(run(sys.argv[1], "wasi:config/store@0.2.0-rc.1", values))
