"""A whole sync as JSON lines on standard output; an error on standard error, with exit code 1."""

import io
import json
import os
import sys

from planetscale_access.connector import Connector, ConnectorCrash, ConnectorError

# 128 + SIGPIPE, as other commands end whose output nobody takes any more.
_CLOSED = 141


def main() -> int:
    """Read the config from the variables that the program reads, and print every line."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    fields = [field["name"] for field in Connector().config_schema()]
    config = {name: os.environ.get(f"BATON_{name.upper().replace('-', '_')}") for name in fields}
    try:
        for line in Connector(config).lines():
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED
    except (ConnectorError, ConnectorCrash) as error:
        told = error.told if isinstance(error, ConnectorError) else {"kind": "crash", "message": str(error)}
        sys.stdout.flush()
        print(json.dumps({"error": told}), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
