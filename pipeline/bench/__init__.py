"""``huiying bench``: figures of one run, each a ratio against a named peer or a ceiling.

A figure is a file here with ``ABOUT`` (one line) and ``measure(store) -> list[Row]``; the folder is scanned.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from pipeline.errors import CallError

Row = dict[str, Any]
"""``{"name", "value", "unit", "against", "bound", "ok", "detail"}`` (contract)."""


def names() -> list[str]:
    """Names of the figures, sorted; modules whose name begins with ``_`` are shared code."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def listing() -> dict[str, str]:
    """Name → what it measures."""
    return {name: import_module(f"{__name__}.{name}").ABOUT for name in names()}


def run(wanted: Sequence[str], store: str | None) -> Iterator[Row]:
    """Measure the figures named (``all``: every one). Raises CallError for an unknown name."""
    known = names()
    chosen = known if list(wanted) == ["all"] else list(wanted)
    for name in chosen:
        if name not in known:
            raise CallError(f"no such figure {name!r}; known: {', '.join(known)}, all")
    for name in chosen:
        yield from import_module(f"{__name__}.{name}").measure(store)


def row(name: str, value: float, unit: str, against: str, bound: float, least: bool, detail: str) -> Row:
    """One line; ``least``: the value must be at least ``bound``, else at most."""
    ok = value >= bound if least else value <= bound
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "against": against,
        "bound": bound,
        "ok": ok,
        "detail": detail,
    }
