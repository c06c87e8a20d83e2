"""A row of quality: what was measured, beside the floor that is wanted of it and the guard that our tests hold.

``floor`` and ``aim`` are what the project's task asks for; ``guard`` is a figure of our own, near what is reached, so
that a later change cannot lose it unseen. A guard below the floor never makes a row ``ok``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MANY, MOST_ECE = 1000, 5.0
"""From so many held-out rows on, the calibration error may be at most MOST_ECE per cent."""


def row_of(entry: Mapping[str, Any], value: float, rows: int) -> dict[str, Any]:
    """{"set", "task", "metric", "value", "floor", "aim", "rows", "ok", "guard", "held"} for a pinned ``entry``.

    ``ok``: the floor is reached (where none is set: the guard is); ``held``: the guard is. ``below`` where floor and
    guard are the greatest values allowed.
    """
    below = bool(entry.get("below"))

    def reached(bound: float | None) -> bool:
        return bound is None or (value <= bound if below else value >= bound)

    held = reached(entry["guard"])
    row = {key: entry[key] for key in ("set", "task", "metric")} | {"value": value}
    row |= {"floor": entry["floor"], "aim": entry["aim"], "rows": rows}
    row |= {"ok": held if entry["floor"] is None else reached(entry["floor"]), "guard": entry["guard"], "held": held}
    return row | ({"below": True} if below else {})


def calibration_of(
    name: str, task: str, value: float, rows: int, bins: Sequence[Mapping[str, float]] | None
) -> dict[str, Any]:
    """The row of a calibration error (per cent) on held-out rows of the set ``name``; ``bins``: its reliability.

    With fewer than MANY rows it is shown and asked nothing of: so few cannot tell 5 per cent from 8.
    """
    most = MOST_ECE if rows >= MANY else None
    entry = {"set": name, "task": task, "metric": "ece", "floor": most, "aim": None, "guard": most, "below": True}
    return row_of(entry, value, rows) | {"reliability": list(bins or ())}
