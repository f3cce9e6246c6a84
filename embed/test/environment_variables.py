"""Run a command component that takes its config from environment variables, as `wasmtime run --env NAME` gives them."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python"))

from command import run

names = ("BATON_PLANETSCALE_SERVICE_TOKEN", "BATON_PLANETSCALE_API_URL")
variables = {name: os.environ[name] for name in names if name in os.environ}
sys.exit(run(sys.argv[1], "wasi:config/store@0.2.0-rc.1", {}, variables))
