"""Any connector of the world `baton:connector@0.2.0`, in Python.

wasmtime's package brings WASI with outgoing HTTP; the one import that is missing in it, `wasi:config/store`, is
a function here. A component gets nothing else: no file, no environment variable. Each request opens a connection of its
own, to any address.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from wasmtime import Engine, Store, WasiConfig
from wasmtime.component import Component, Linker, Variant

CONFIG = "wasi:config/store@0.2.0-rc.1"
SYNCER = "baton:connector/syncer@0.2.0"
MEMORY = 128 << 20


class Refusal(Exception):
    """An answer that is an error: `kind` is the case of the contract's `error`, `details` its record."""

    def __init__(self, error: Variant) -> None:
        self.kind, self.details = error.tag, error.payload
        failure = getattr(self.details, "failure", self.details)
        # A message about the config has the field for its subject.
        field = f"{failure.field} " if self.kind == "config" else ""
        super().__init__(f"{self.kind}: {field}{failure.message}")


class Overlap(Exception):
    """A list whose pages overlap."""


class Connector:
    """One instance of a component. Records are objects with the contract's own names as attributes."""

    def __init__(self, path: str, config: dict[str, str]) -> None:
        engine = Engine()
        component = Component.from_file(engine, path)
        linker = Linker(engine)
        linker.add_wasip2()
        linker.add_wasi_http()
        with linker.root() as root, root.add_instance(CONFIG) as store:
            store.add_func("get", lambda _, key: config.get(key))
        self._store = Store(engine)
        self._store.set_limits(memory_size=MEMORY)
        self._store.set_wasi(WasiConfig())
        self._store.set_wasi_http()
        self._instance = linker.instantiate(self._store, component)
        self._syncer = self._instance.get_export_index(self._store, SYNCER)
        if self._syncer is None:
            raise ValueError(f"{path} is not a connector: it does not export {SYNCER}")

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a function of `syncer` by its name in the contract."""
        index = self._instance.get_export_index(self._store, name, self._syncer)
        function = self._instance.get_func(self._store, index)
        answer = function(self._store, *arguments)
        function.post_return(self._store)
        # Of the contract's results only an error is a variant.
        if isinstance(answer, Variant):
            raise Refusal(answer)
        return answer

    def all(self, name: str, *arguments: Any, warn: Callable[[Any], None]) -> Iterator[Any]:
        """All items of a list: a page names those that follow, none, one or several."""
        tokens, seen = [None], set()
        while tokens:
            page = self.call(name, *arguments, tokens.pop())
            for warning in page.warnings:
                warn(warning)
            for item in page.items:
                once(seen, item.id if hasattr(item, "id") else [item.entitlement, item.principal])
                yield item
            for token in page.next:
                once(seen, token)
                tokens.append(token)


def once(seen: set[str], part: Any) -> None:
    """Note a part of a list. Unnoticed, a list that has one twice would lack another or never end."""
    key = json.dumps(part, default=vars)
    if key in seen:
        raise Overlap(f"{key} came twice in one list, which changed while it was read: start again")
    seen.add(key)
