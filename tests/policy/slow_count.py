"""An independent count of limits: minute by minute, from the notices' files, without any code of the project.

It is slow and plain on purpose. Rules as an official would read them:
a minute of a limit by the clock counts when it is not paused; one of working hours when besides the office is at work;
a day counts when no minute of it is paused and, for working days, when people work on it; the day of the start never
counts; the last of calendar days must be one on which people work; the last day ends at 24:00.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import yaml

EAST8 = timezone(timedelta(hours=8))
CONFIG = Path(__file__).resolve().parents[2] / "config"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Stop = tuple[datetime, datetime | None]
HOURS = (("09:00", "12:00"), ("13:00", "17:00"))


class NoCalendar(Exception):
    """A day of a year without a notice would have to be judged."""


@cache
def notice(year: int) -> dict[str, Any]:
    """The notice of a year as its file says it."""
    path = CONFIG / "calendar" / f"{year}.yml"
    if not path.is_file():
        raise NoCalendar(str(year))
    value: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    return value


@cache
def worked(day: date) -> bool:
    """Whether people work on a day, by the notice of its year."""
    said, text = notice(day.year), day.isoformat()
    if text in said["workdays"]:
        return True
    return day.weekday() < 5 and not any(text in days for days in said["off"].values())


@cache
def rule(name: str) -> dict[str, Any]:
    """A deadline rule as its file says it."""
    value: dict[str, Any] = yaml.load(
        (CONFIG / "deadlines" / f"{name}.yml").read_text(encoding="utf-8"), yaml.BaseLoader
    )
    return value


def limit_of(name: str, day: date) -> tuple[str, int, list[str]]:
    """Unit, amount and times of day of a rule on a day."""
    found = rule(name)
    values = [value for value in found["values"] if value["since"] <= day.isoformat()]
    return found["unit"], int(max(values, key=lambda value: str(value["since"]))["amount"]), found.get("times", [])


def stopped(moment: datetime, stops: list[Stop]) -> bool:
    """Whether a minute is paused."""
    return any(begin <= moment and (end is None or moment < end) for begin, end in stops)


def never(stops: list[Stop]) -> datetime | None:
    """From when on nothing counts any more: an open pause, with the pauses that lead into it without a gap."""
    since = min((begin for begin, end in stops if end is None), default=None)
    while since is not None and (before := [a for a, b in stops if b is not None and a < since <= b]):
        since = min(before)
    return since


def by_minutes(amount: int, start: datetime, stops: list[Stop], at_work: Any) -> datetime | None:
    """The moment after ``amount`` minutes that count; ``at_work`` judges a minute, None: every one counts."""
    moment, end = start.astimezone(EAST8), never(stops)
    while amount:
        if end is not None and moment >= end:
            return None
        if (at_work is None or at_work(moment)) and not stopped(moment, stops):
            amount -= 1
        moment += MINUTE
    return moment


def by_days(amount: int, start: datetime, stops: list[Stop], working: bool, off: set[str]) -> datetime | None:
    """00:00 of the day after the last day that counts."""
    day, end, counted = start.astimezone(EAST8).date(), never(stops), 0
    while counted < amount:
        day += DAY
        midnight = datetime(day.year, day.month, day.day, tzinfo=EAST8)
        if end is not None and end < midnight + DAY:
            return None
        near = [stop for stop in stops if stop[0] < midnight + DAY and (stop[1] is None or stop[1] > midnight)]
        if near and any(stopped(midnight + MINUTE * number, near) for number in range(1440)):
            continue
        if (working or counted == amount - 1) and (not worked(day) or day.isoformat() in off):
            continue
        counted += 1
    return midnight + DAY


def by_times(times: list[str], start: datetime) -> datetime:
    """The first minute after the start whose time of day is one of ``times``."""
    moment = start.astimezone(EAST8) + MINUTE
    while f"{moment:%H:%M}" not in times:
        moment += MINUTE
    return moment


def due(
    unit: str,
    amount: int,
    start: datetime,
    stops: list[Stop],
    times: list[str] | None = None,
    hours: tuple[tuple[str, str], ...] = HOURS,
    off: set[str] | None = None,
) -> datetime | None:
    """The first moment that is late; None while a pause is open. Raises NoCalendar."""
    closed = off or set()
    if times:
        return by_times(times, start)
    if unit in ("calendar_days", "working_days"):
        return by_days(amount, start, stops, unit == "working_days", closed)
    if unit == "working_hours":

        def at_work(moment: datetime) -> bool:
            inside = any(opens <= f"{moment:%H:%M}" < closes for opens, closes in hours)
            return inside and moment.date().isoformat() not in closed and worked(moment.date())

        return by_minutes(amount * 60, start, stops, at_work)
    return by_minutes(amount * (60 if unit == "clock_hours" else 1), start, stops, None)
