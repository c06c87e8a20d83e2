"""An independent count of limits for the simulated month, from the YAML files alone: no code of clocks or calendars.

Minutes are counted one by one, days one by one; the rules are read as an official reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import yaml

EAST8 = timezone(timedelta(hours=8))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Stop = tuple[datetime, datetime | None]


def read(path: Path) -> dict[str, Any]:
    """A YAML file with every value as it is written."""
    value: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    return value


class Book:
    """What the office's files say: rules of limits by id, ladders by id, hours, days."""

    def __init__(self, office: Path) -> None:
        self.rules = {path.stem: read(path) for path in sorted((office / "deadlines").glob("*.yml"))}
        self.ladders = _ladders(read(office / "escalation.yml")["ladders"])
        office_file = read(office / "office.yml")
        self.hours = [(one["from"], one["to"]) for one in office_file["working_hours"]]
        self.quiet = (office_file["quiet_hours"]["from"], office_file["quiet_hours"]["to"])
        self.every = timedelta(minutes=int(read(office / "channels.yml")["grouping"]["update_minutes"]))
        years = {path.stem: read(path) for path in (office / "calendar").glob("*.yml")}
        self.worked = cache(lambda day: _worked(day, years[str(day.year)]))
        self.hours_later = cache(self._hours_later)
        self.days_later = cache(self._days_later)

    def applying(self, facts: Mapping[str, Any]) -> set[str]:
        """The rules that bind a matter by its ``kind``, ``severity`` (None: not known) and ``petition_kind``."""
        given = {"kinds": facts["kind"], "severity": facts["severity"] or "unknown"}
        given["petition_kind"] = facts["petition_kind"]
        found = set()
        for name, rule in self.rules.items():
            asked = rule.get("applies") or {}
            if rule.get("optional") != "true" and all(given[key] in wanted for key, wanted in asked.items()):
                found.add(name)
        return found

    def amount(self, rule: str, day: date) -> int:
        """The amount in force on a day."""
        values = [one for one in self.rules[rule]["values"] if one["since"] <= day.isoformat()]
        return int(max(values, key=lambda one: str(one["since"]))["amount"])

    def due(self, rule: str, start: datetime, stops: Sequence[Stop], day: date) -> datetime | None:
        """The first moment that is late; None while it stands still. ``day``: whose amount is in force."""
        said, amount = self.rules[rule], self.amount(rule, day)
        if said.get("times"):
            moment = start + MINUTE
            while f"{moment.astimezone(EAST8):%H:%M}" not in said["times"]:
                moment += MINUTE
            return moment
        return self.later(said["unit"], amount, start, tuple(stops))

    def later(self, unit: str, amount: int, start: datetime, stops: tuple[Stop, ...] = ()) -> datetime | None:
        """``amount`` of ``unit`` after ``start``."""
        if unit in ("clock_minutes", "clock_hours"):
            return start + MINUTE * amount * (60 if unit == "clock_hours" else 1)
        if unit == "working_hours":
            return self.hours_later(amount, start)
        return self.days_later(amount, start.astimezone(EAST8).date(), stops, unit == "working_days")

    def _hours_later(self, amount: int, start: datetime) -> datetime:
        left, moment = amount * 60, start.astimezone(EAST8)
        while left:
            text = f"{moment:%H:%M}"
            left -= any(a <= text < b for a, b in self.hours) and bool(self.worked(moment.date()))
            moment += MINUTE
        return moment

    def _days_later(self, amount: int, day: date, stops: tuple[Stop, ...], working: bool) -> datetime | None:
        counted = 0
        while counted < amount:
            day += DAY
            begin = datetime(day.year, day.month, day.day, tzinfo=EAST8)
            if any(end is None and since < begin + DAY for since, end in stops):
                return None
            # A pause that ended in the very moment in which it began is none.
            if any(end is not None and a < end and a < begin + DAY and end > begin for a, end in stops):
                continue
            if (working or counted == amount - 1) and not self.worked(day):
                continue
            counted += 1
        return begin + DAY

    def is_quiet(self, moment: datetime) -> bool:
        """Whether ordinary notices wait; the hours go over midnight."""
        text, (begin, end) = f"{moment.astimezone(EAST8):%H:%M}", self.quiet
        return bool(text >= begin or text < end)

    def rungs(self, rule: str, start: datetime, due: datetime) -> list[tuple[str, str, list[str], str, datetime]]:
        """(step, kind, roles, kind of notice, moment) of the ladder of a limit."""
        found = []
        for step in self.ladders[self.rules[rule].get("ladder", "default")]["steps"]:
            plain = {"reminded": "reminder", "overdue": "overdue", "escalated": "escalated"}[step["kind"]]
            found.append((step["id"], step["kind"], step["to"], step.get("notice", plain), self._at(step, start, due)))
        return found

    def _at(self, step: dict[str, Any], start: datetime, due: datetime) -> datetime:
        if "share" in step:
            return start + (due - start) * float(step["share"])
        if "before_minutes" in step:
            return max(start, due - MINUTE * int(step["before_minutes"]))
        if "after" not in step:
            return due
        moment = self.later(step["after"]["unit"], int(step["after"]["amount"]), due)
        assert moment is not None
        return moment

    def hold(self, rule: str) -> timedelta:
        """The longest that an acknowledgement holds a rung back."""
        return MINUTE * int(self.ladders[self.rules[rule].get("ladder", "default")]["hold_minutes"])


def _ladders(said: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in said:
        base = found.get(one.get("like", ""), {"steps": []})["steps"]
        own = {step["id"]: step for step in one["steps"]}
        steps = [own.pop(step["id"], step) for step in base]
        found[one["id"]] = {**one, "steps": [*steps, *own.values()]}
    return found


def _worked(day: date, notice: dict[str, Any]) -> bool:
    if day.isoformat() in notice["workdays"]:
        return True
    return day.weekday() < 5 and not any(day.isoformat() in days for days in notice["off"].values())
