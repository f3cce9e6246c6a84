"""Run a command component with what Spin gives for config: an earlier version, and names with `_`."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python"))

from command import run

# A name that is none in Spin has no value there.
variables = {
    "planetscale_service_token": os.environ["BATON_PLANETSCALE_SERVICE_TOKEN"],
    "planetscale_api_url": os.environ["BATON_PLANETSCALE_API_URL"],
}
sys.exit(run(sys.argv[1], "wasi:config/store@0.2.0-draft-2024-09-27", variables))
