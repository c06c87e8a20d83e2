"""What a person says of a post where nothing learns from it: disposition, severity, units, regions.

A label is one line of text, as a command or a form gives it: a disposition; a level, with figures after blanks
(``serious deaths=3 injured=12 category=事故灾难``); units or division codes between commas, ``无`` for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from casework.config.labels import CATEGORIES, DISPOSITIONS
from casework.domain.assessment import BY_HAND
from casework.domain.matching import LEVELS, UNKNOWN
from pipeline.errors import CallError

NOTHING = "无"
_MOST = 20
"""Units or places of one post that a person may name."""


def tasks() -> tuple[str, ...]:
    """The fields that are put right and teach nothing."""
    return tuple(_READ)


def choices(task: str) -> tuple[str, ...]:
    """The labels that a form may list for ``task``; empty where it is written."""
    return {"disposition": DISPOSITIONS, "severity": (*LEVELS, UNKNOWN)}.get(task, ())


def value_of(task: str, label: str) -> Any:
    """The value that ``label`` means, in the form of the assessment. CallError says what to write."""
    return _READ[task](label.strip())


def put_in(value: Mapping[str, Any], task: str, label: str) -> dict[str, Any]:
    """The assessment with what a person said of ``task``; a level alone leaves the figures as they were read."""
    models = {**value.get("models", {}), task: BY_HAND}
    new = value_of(task, label)
    if task == "severity" and "=" not in label and new["level"] != "none":
        new = {**new, **value.get("severity", {}), "level": new["level"]}
    return {**value, task: new, "models": models}


def said(value: Mapping[str, Any], task: str) -> str | None:
    """What an assessment says of ``task``, as one line of the form that is read here; None: nothing."""
    found = value.get(task)
    if found is None:
        return None
    if task == "disposition":
        return str(found["label"])
    if task == "severity":
        figures = [f"{name}={found[name]}" for name in ("deaths", "injured", "category") if found.get(name) is not None]
        return " ".join([found.get("level") or UNKNOWN, *figures])
    return ",".join(one["code"] if task == "regions" else str(one) for one in found) or NOTHING


def _disposition(label: str) -> dict[str, Any]:
    if label not in DISPOSITIONS:
        raise CallError(f"disposition: label {label!r}; write one of {', '.join(DISPOSITIONS)}")
    return {"label": label, "score": 1.0, "rule": "by_hand"}


def _severity(label: str) -> dict[str, Any]:
    level, *figures = label.split() or [""]
    if level not in (*LEVELS, UNKNOWN):
        raise CallError(f"severity: level {level!r}; write one of {', '.join((*LEVELS, UNKNOWN))}")
    value: dict[str, Any] = {"level": None if level == UNKNOWN else level, "category": None}
    value |= {"deaths": None, "injured": None, "signals": []}
    for figure in figures:
        name, _, told = figure.partition("=")
        if name in ("deaths", "injured") and re.fullmatch(r"[0-9]{1,7}", told):
            value[name] = int(told)
        elif name == "category" and told in CATEGORIES:
            value[name] = told
        else:
            known = f"deaths=N, injured=N or category=one of {', '.join(CATEGORIES)}"
            raise CallError(f"severity: found {figure!r}; write {known}")
    return value


def _parts(task: str, label: str) -> list[str]:
    found = list(dict.fromkeys(part.strip() for part in re.split(r"[,，、]", label) if part.strip()))
    if not found or len(found) > _MOST:
        raise CallError(f"{task}: found {label[:40]!r}; write 1 to {_MOST} between commas, or {NOTHING}")
    return [] if found == [NOTHING] else found


def _units(label: str) -> list[str]:
    return _parts("units", label)


def _regions(label: str) -> list[dict[str, str]]:
    places = _places()
    found = _parts("regions", label)
    for code in found:
        if code not in places:
            raise CallError(f"regions: no division {code!r}; write a code of the division lists (410105, 410105001)")
    return [{"code": code, "name": places[code][-1], "path": "/".join(places[code]), "from": "hand"} for code in found]


@cache
def _places() -> Mapping[str, tuple[str, ...]]:
    """Code as the contract shows it → names from the province down."""
    from nlp.divisions import read_divisions

    names = {division.code: division for division in read_divisions()}
    found = {}
    for code, division in names.items():
        above = [names[code[:length]].name for length in (2, 4, 6) if length < len(code) and code[:length] in names]
        found[division.public] = (*dict.fromkeys(above), division.name)
    return found


_READ: Mapping[str, Callable[[str], Any]] = {
    "disposition": _disposition,
    "severity": _severity,
    "units": _units,
    "regions": _regions,
}
