"""Run a connector that was composed into a command, as `wasmtime run` does: lines on standard output, an exit code."""

import os
import sys

from wasmtime import Engine, ExitTrap, Store, WasiConfig
from wasmtime.component import Component, Linker

config = {
    "planetscale-service-token": os.environ.get("BATON_PLANETSCALE_SERVICE_TOKEN", ""),
    "planetscale-api-url": os.environ.get("BATON_PLANETSCALE_API_URL", "https://api.planetscale.com"),
}
engine = Engine()
component = Component.from_file(engine, sys.argv[1])
linker = Linker(engine)
linker.add_wasip2()
linker.add_wasi_http()
with linker.root() as root, root.add_instance("wasi:config/store@0.2.0-rc.1") as values:
    values.add_func("get", lambda _, key: config.get(key))
store = Store(engine)
wasi = WasiConfig()
wasi.inherit_stdout()
wasi.inherit_stderr()
store.set_wasi(wasi)
store.set_wasi_http()
instance = linker.instantiate(store, component)
command = instance.get_export_index(store, "wasi:cli/run@0.2.0")
run = instance.get_func(store, instance.get_export_index(store, "run", command))
try:
    ended = run(store).tag
except ExitTrap as exit:
    sys.exit(exit.code)
sys.exit(0 if ended == "ok" else 1)
