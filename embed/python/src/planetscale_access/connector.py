"""A connector with the config of one tenant, on the package wasmtime.

Every sync and every call has an instance of the component of its own. So a connector may be used from several threads at
the same time, a crash spoils nothing but its own sync, and what one left behind is found by nobody.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from wasmtime import Engine, Store, Trap, WasiConfig, WasmtimeError
from wasmtime.component import Component, Linker

from planetscale_access.records import Record, Warned, read

_COMPONENT = Path(__file__).with_name("planetscale-steps.wasm")
_CONFIG = "wasi:config/store@0.2.0-rc.1"
_SYNC = "baton:steps/sync@0.1.0"
_MEMORY = 128 << 20


class ConnectorError(Exception):
    """The connector has no answer, and says why. `kind` is the case of the contract's `error`, by what to do next."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.kind: str = told["kind"]
        self.field: str | None = told.get("field")
        self.http_status: int | None = told.get("httpStatus")
        self.request_id: str | None = told.get("requestId")
        self.after: int | None = told.get("after")
        self.told = dict(told)
        super().__init__(f"{self.kind}: {f'{self.field} ' if self.field else ''}{told['message']}")


class ConnectorCrash(Exception):
    """The component crashed. The next call has a new instance."""


class Stopped(Exception):
    """The sync was told to stop."""


class Connector:
    """A connector with the config of one tenant: a value for each field, by the field's name."""

    def __init__(self, config: Mapping[str, str | None] | None = None, component: Path | str = _COMPONENT) -> None:
        given = {name: value for name, value in (config or {}).items() if value is not None}
        self._config = {"planetscale-api-url": "https://api.planetscale.com", **given}
        self._component = str(component)

    def metadata(self) -> dict[str, Any]:
        """Who the connector is."""
        return _object(self._instance().call("metadata"))

    def config_schema(self) -> list[dict[str, Any]]:
        """The fields of the config."""
        fields = json.loads(self._instance().call("config-schema"))
        assert isinstance(fields, list)
        return fields

    def validate(self) -> tuple[str | None, list[Warned]]:
        """Whether config, credentials and access are good: as whom it reads, and what the operator should know."""
        told = _object(self._instance().answer("validate"))
        warnings = [read(json.dumps({"warning": warning})) for warning in told["warnings"]]
        return told.get("identity"), [warning for warning in warnings if isinstance(warning, Warned)]

    def sync(self, stop: threading.Event | None = None) -> Iterator[Record]:
        """A whole sync, as fast as the records are taken; the last one is `Complete`.

        It waits when PlanetScale asks for it, and tries again what failed in passing. `stop` ends it with `Stopped`,
        also while it waits.
        """
        return map(read, self.lines(stop))

    def lines(self, stop: threading.Event | None = None) -> Iterator[str]:
        """The same, each line as its text."""
        stop = stop or threading.Event()
        instance = self._instance()
        while not stop.is_set():
            # The package gives the cases of a step by what they hold, without their names.
            step = instance.answer("next")
            if step is None:
                return
            if isinstance(step, str):
                # Not `splitlines`: a text may have what it takes for the end of a line.
                yield from step.split("\n")[:-1]
            elif stop.wait(step / 1000):
                break
        raise Stopped("the sync was told to stop")

    def _instance(self) -> "_Instance":
        return _Instance(self._component, self._config)


class _Instance:
    """One instance. It is given its config and the network, and no file or environment variable."""

    def __init__(self, path: str, config: dict[str, str]) -> None:
        engine, component = _compiled(path)
        linker = Linker(engine)
        linker.add_wasip2()
        linker.add_wasi_http()
        with linker.root() as root, root.add_instance(_CONFIG) as values:
            values.add_func("get", lambda _, key: config.get(key))
            values.add_func("get-all", lambda _: list(config.items()))
        self._store = Store(engine)
        self._store.set_limits(memory_size=_MEMORY)
        self._store.set_wasi(WasiConfig())
        self._store.set_wasi_http()
        self._instance = linker.instantiate(self._store, component)
        self._sync = self._instance.get_export_index(self._store, _SYNC)
        if self._sync is None:
            raise ValueError(f"{path} is not a connector made into steps: it does not export {_SYNC}")

    def call(self, name: str) -> Any:
        """Call a function."""
        index = self._instance.get_export_index(self._store, name, self._sync)
        assert index is not None
        function = self._instance.get_func(self._store, index)
        assert function is not None
        try:
            answer = function(self._store)
            function.post_return(self._store)
        except (Trap, WasmtimeError) as error:
            raise ConnectorCrash(f"the component crashed in {name}: {error}") from error
        return answer

    def answer(self, name: str) -> Any:
        """Call a function whose answer may be an error."""
        answer = self.call(name)
        if answer.tag == "err":
            raise ConnectorError(_object(answer.payload))
        return answer.payload


@cache
def _compiled(path: str) -> tuple[Engine, Component]:
    """The component's code, made once for all instances and threads."""
    engine = Engine()
    return engine, Component.from_file(engine, path)


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    assert isinstance(found, dict)
    return found
