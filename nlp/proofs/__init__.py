"""Proofs of what is judged by rules: a module a task, with ``measure(folder)``; the folder is scanned.

``measure`` takes the folder of data sets (which it need not use) and gives the metrics of the task in per cent with
their number of rows: ``{"metric": (value, rows)}``. The floors are the rows of ``nlp/quality.json`` whose ``head`` is
``proof``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

Measured = Mapping[str, tuple[float, int]]


def tasks() -> list[str]:
    """Tasks that have a proof, sorted; modules whose name begins with ``_`` are shared code."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def measure(task: str, folder: Path) -> Measured:
    """The metrics of ``task``."""
    measured: Measured = import_module(f"{__name__}.{task}").measure(folder)
    return measured
