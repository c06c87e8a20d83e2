"""Every situation of ``clocks*.yml``: files that an official can read and add to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.config.load import load_office
from casework.domain.deadlines import Due, Pause, Unit, compute
from casework.domain.errors import DomainError
from casework.domain.office import Office
from casework.domain.times import SHANGHAI, parse_time, show_time
from casework.domain.worktime import WorkTime
from tests.policy import slow_count

FOLDER = Path(__file__).resolve().parent
FILES = sorted(FOLDER.glob("clocks*.yml"))
# Every value is read as text, so that a moment keeps its offset.
SITUATIONS: list[tuple[str, dict[str, Any]]] = [
    (f"{path.stem}: {entry['case']}", entry)
    for path in FILES
    for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
]
KEYS = {
    "case",
    "limit",
    "rule",
    "start",
    "paused",
    "now",
    "hours",
    "days_off",
    "due",
    "counted",
    "skipped",
    "error",
    "why",
}


@cache
def _office() -> Office:
    return load_office(FOLDER.parents[1] / "config")


def _limit(entry: dict[str, Any]) -> tuple[Unit, Any]:
    """Unit and amount, of the words or of the rule as in force on the day of the start."""
    if "limit" in entry:
        amount, unit = entry["limit"].split()
        return Unit(unit), float(amount) if "." in amount else int(amount)
    (rule,) = [rule for rule in _office().deadline_rules if rule.id == entry["rule"]]
    value = rule.value_on(parse_time(entry["start"]).astimezone(SHANGHAI).date())
    if value is None:
        raise DomainError("not in force")
    return rule.unit, value.amount


def _worktime(entry: dict[str, Any]) -> WorkTime:
    own = {date.fromisoformat(day): why for day, why in entry.get("days_off", {}).items()}
    spans = [span.split("-") for span in entry.get("hours", [])]
    hours = tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)
    worktime = _office().worktime
    return replace(worktime, days_off={**worktime.days_off, **own}, hours=hours or worktime.hours)


def _pause(text: str) -> Pause:
    begin, _, end = text.partition("/")
    return parse_time(begin), parse_time(end) if end else None


def _count(entry: dict[str, Any]) -> Due:
    unit, amount = _limit(entry)
    pauses = [_pause(text) for text in entry.get("paused", [])]
    now = parse_time(entry["now"]) if "now" in entry else None
    times = next((rule.times for rule in _office().deadline_rules if rule.id == entry.get("rule")), ())
    return compute(unit, amount, parse_time(entry["start"]), _worktime(entry), pauses, now, times)


def test_there_are_situations_of_every_kind() -> None:
    assert len(FILES) >= 7
    assert len(SITUATIONS) >= 100
    assert len({name for name, _ in SITUATIONS}) == len(SITUATIONS)
    assert {str(_limit(entry)[0]) for _, entry in SITUATIONS if "limit" in entry} == set(Unit)
    assert {entry["rule"] for _, entry in SITUATIONS if "rule" in entry} == {r.id for r in _office().deadline_rules}


@pytest.mark.parametrize("entry", [entry for _, entry in SITUATIONS], ids=[name for name, _ in SITUATIONS])
def test_situation(entry: dict[str, Any]) -> None:
    assert set(entry) <= KEYS
    assert entry["why"]
    assert ("due" in entry) != ("error" in entry)
    if "error" in entry:
        with pytest.raises(DomainError) as caught:
            _count(entry)
        assert entry["error"] in str(caught.value)
        return
    found = _count(entry)
    expected = None if entry["due"] == "null" else show_time(parse_time(entry["due"]))
    assert (show_time(found.due) if found.due else None) == expected, entry["why"]
    if "counted" in entry:
        assert [day.isoformat() for day in found.counted] == entry["counted"]
    if "skipped" in entry:
        assert {item.date.isoformat(): item.why for item in found.skipped} == entry["skipped"]


@pytest.mark.parametrize(
    "entry", [entry for _, entry in SITUATIONS if "due" in entry], ids=[name for name, e in SITUATIONS if "due" in e]
)
def test_the_slow_count_says_the_same(entry: dict[str, Any]) -> None:
    start = datetime.fromisoformat(entry["start"])
    if "limit" in entry:
        amount, unit = entry["limit"].split()
        limit, times = (unit, int(amount)), list[str]()
    else:
        unit, number, times = slow_count.limit_of(entry["rule"], start.astimezone(slow_count.EAST8).date())
        limit = (unit, number)
    stops: list[slow_count.Stop] = []
    for text in entry.get("paused", []):
        begin, _, end = text.partition("/")
        stops.append((datetime.fromisoformat(begin), datetime.fromisoformat(end) if end else None))
    spans = [span.split("-") for span in entry.get("hours", [])]
    hours = tuple((opens, closes) for opens, closes in spans) or slow_count.HOURS
    found = slow_count.due(*limit, start, stops, times, hours, set(entry.get("days_off", {})))
    expected = None if entry["due"] == "null" else datetime.fromisoformat(entry["due"])
    assert found == expected, entry["why"]
