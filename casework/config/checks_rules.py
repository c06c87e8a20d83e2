"""Checks of the rules about time: deadlines, ladders, calendars; and of the words that conditions use."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from casework.config.build import rungs_of
from casework.config.checks import circles, doubles, units_of
from casework.config.files import Files
from casework.config.labels import words_of
from casework.config.mistakes import WARNING, Mistake, one_of, shown
from casework.config.models_rules import CalendarFile, ChannelWay, DeadlineFile, StepEntry
from casework.domain.escalation import ROLES
from casework.domain.happenings import WHATS

WARN_DAYS = 30
"""``config check`` warns this long before the last known calendar year ends."""


def check_deadlines(files: Files) -> Iterator[Mistake]:
    """Each rule: a clause or the office's own basis, a ladder that exists, values that follow one another."""
    ladders = [entry.id for entry in files.escalation.ladders] if files.escalation else []
    seen: dict[str, str] = {}
    for name, rule in files.deadlines.items():
        if rule.id in seen:
            found = f"{shown(rule.id)} is there already, in {seen[rule.id]}"
            yield files.mistake(name, ("id",), found, "give each rule its own")
        elif name != f"deadlines/{rule.id}.yml":
            yield files.mistake(name, ("id",), shown(rule.id), f"write the file's own name: {name[10:-4]}")
        seen.setdefault(rule.id, files.folder.shown(name))
        if ladders and rule.ladder not in ladders:
            yield files.mistake(name, ("ladder",), shown(rule.ladder), one_of(rule.ladder, ladders, "ladder"))
        for index, what in enumerate(rule.met_by):
            if what not in WHATS:
                write = one_of(what, WHATS, "happening")
                yield files.mistake(name, ("met_by", index), shown(what), write)
        yield from _values(files, name, rule)


def _values(files: Files, name: str, rule: DeadlineFile) -> Iterator[Mistake]:
    for index, value in enumerate(rule.values):
        loc = ("values", index, "reference")
        if rule.basis == "clause" and value.reference is None:
            write = "write the document with its number and clause, or basis: office where the office set the limit"
            yield files.mistake(name, loc, "missing", write)
        before = rule.values[:index]
        if any(other.since == value.since for other in before):
            yield files.mistake(name, ("values", index, "since"), f"{value.since} twice", "write one value a date")
    spans = sorted(rule.values, key=lambda value: value.since)
    for one, after in pairwise(spans):
        if one.until is not None and one.until >= after.since > one.since:
            loc = ("values", rule.values.index(one), "until")
            found = f"{one.until} overlaps with the value since {after.since}"
            yield files.mistake(name, loc, found, f"end it before {after.since}, or leave it out")


def check_ladders(files: Files) -> Iterator[Mistake]:
    """Ids, and ``like`` that exists and does not run in a circle."""
    if files.escalation is None:
        return
    name, entries = "escalation.yml", files.escalation.ladders
    yield from doubles(files, name, "ladders", (entry.id for entry in entries))
    ids = [entry.id for entry in entries]
    for index, entry in enumerate(entries):
        loc = ("ladders", index)
        if entry.like is not None and entry.like not in ids:
            yield files.mistake(name, (*loc, "like"), shown(entry.like), one_of(entry.like, ids, "ladder"))
        if not entry.steps and entry.like is None:
            yield files.mistake(name, (*loc, "steps"), "no rung", "write at least one step, or like: another ladder")
        steps: set[str] = set()
        for i, step in enumerate(entry.steps):
            if step.id in steps:
                yield files.mistake(name, (*loc, "steps", i, "id"), f"{shown(step.id)} twice", "give each its own")
            steps.add(step.id)
    round_ = list(circles(files, name, "ladders", {entry.id: entry.like for entry in entries}, "like"))
    yield from round_
    if not round_ and all(entry.like is None or entry.like in ids for entry in entries):
        for index, entry in enumerate(entries):
            yield from _climbs(files, index, rungs_of(entry, {one.id: one for one in entries}))


def _climbs(files: Files, index: int, steps: Sequence[StepEntry]) -> Iterator[Mistake]:
    """After the due moment a ladder climbs, and ends at the person who must act: it leads back to nobody."""
    late = [step for step in steps if step.kind != "reminded"]
    loc = ("ladders", index, "steps")
    top = [max(ROLES.index(role) for role in step.to) for step in late]
    if late and max(top) < ROLES.index("principal"):
        write = "add a rung that tells principal (主要负责人): a ladder ends at the person who must act"
        yield files.mistake("escalation.yml", loc, "no rung tells principal", write)
    rungs = sorted(zip(late, top, strict=True), key=lambda rung: _later(rung[0]))
    for number, (step, role) in enumerate(rungs):
        # Working days and hours by the clock are not compared: which comes first depends on the day.
        above = [one for one, higher in rungs[:number] if higher > role and _later(one)[0] in ("", _later(step)[0])]
        if above:
            highest = ROLES[max(ROLES.index(one) for one in above[-1].to)]
            found = f"{step.id} comes after {above[-1].id} and goes back from {highest} to {ROLES[role]}"
            yield files.mistake("escalation.yml", loc, found, "tell the same role again or a higher one")


def _later(step: StepEntry) -> tuple[str, int]:
    """When a rung comes after the due moment: (unit, amount); at the due moment (no unit, 0)."""
    return (step.after.unit, step.after.amount) if step.after else ("", 0)


def check_calendars(files: Files, today: date | None) -> Iterator[Mistake]:
    """The year is the file's; make-up days are weekend days; days off are said once; the next year is there."""
    for name, calendar in files.calendars.items():
        if name != f"calendar/{calendar.year}.yml":
            write = f"name the file calendar/{calendar.year}.yml, or write its own year"
            yield files.mistake(name, ("year",), f"{calendar.year} in {name}", write)
        yield from _days(files, name, calendar)
    years = [int(name[9:-4]) for name in files.folder.inside("calendar") if name[9:-4].isdecimal()]
    if years and today is not None and max(years) < date.max.year:
        last = max(years)
        if today > date(last, 12, 31) - timedelta(days=WARN_DAYS):
            name = f"calendar/{last + 1}.yml"
            found = f"missing, and {last} is the last year known"
            write = "add the State Council's notice with its number and date as soon as it is out"
            yield files.mistake(name, (), found, write, WARNING)


def _days(files: Files, name: str, calendar: CalendarFile) -> Iterator[Mistake]:
    seen: dict[date, str] = {}
    for holiday, days in calendar.off.items():
        for index, day in enumerate(days):
            loc: tuple[int | str, ...] = ("off", holiday, index)
            if day.year != calendar.year:
                yield files.mistake(name, loc, str(day), f"write a day of {calendar.year}")
            if day in seen:
                yield files.mistake(name, loc, f"{day} is off already ({seen[day]})", "write each day once")
            seen.setdefault(day, holiday)
    for index, day in enumerate(calendar.workdays):
        loc = ("workdays", index)
        if day.year != calendar.year:
            yield files.mistake(name, loc, str(day), f"write a day of {calendar.year}")
        elif day.weekday() < 5:
            yield files.mistake(name, loc, f"{day} is no Saturday or Sunday", "write make-up working days only")
        if day in seen:
            yield files.mistake(name, loc, f"{day} is off as well ({seen[day]})", "take it out of one of the two")
        if day in calendar.workdays[:index]:
            yield files.mistake(name, loc, f"{day} twice", "write each day once")


def check_words(files: Files) -> Iterator[Mistake]:
    """Every word of a condition is one that a post can have."""
    given = tuple(entry.id for entry in files.dispositions.dispositions) if files.dispositions else ()
    words = words_of(files.folder.read("topics.yml"), given)
    units = units_of(files)
    for name, loc, entry in _conditions(files):
        for key in sorted(entry.model_fields_set):
            values = getattr(entry, key)
            many = isinstance(values, list)
            known: Sequence[str] = words.get("kinds" if key == "kind" else key, ())
            if key in ("units", "accused"):
                known = tuple(units)
            for index, value in enumerate(values if many else [values]):
                if known and value is not None and value not in known and _should_know(key, str(value)):
                    what = "department" if key in ("units", "accused") else "label"
                    place = (*loc, key, index) if many else (*loc, key)
                    yield files.mistake(name, place, shown(value), one_of(value, known, what))


def _should_know(key: str, value: str) -> bool:
    """``units`` may also be firms, by their Chinese names; what looks like an id must be one."""
    return key != "units" or value.isascii()


def _conditions(files: Files) -> Iterator[tuple[str, tuple[int | str, ...], Any]]:
    """Every ``when``, ``applies`` and ``facts`` with its place."""
    for name in ("routing", "opening"):
        file: Any = getattr(files, name)
        for key, inner in (("rules", "when"), ("helpers", "when"), ("examples", "facts")):
            for index, entry in enumerate(getattr(file, key, ())):
                yield f"{name}.yml", (key, index, inner), getattr(entry, inner)
    for name, rule in files.deadlines.items():
        yield name, ("applies",), rule.applies


def check_channels(files: Files, environ: Mapping[str, str] | None = None) -> Iterator[Mistake]:
    """Ways name channels that are there; an environment variable that is not set is only a warning."""
    if files.channels is None:
        return
    environ = os.environ if environ is None else environ
    known = tuple(files.channels.channels)
    ways: list[tuple[tuple[int | str, ...], ChannelWay]] = [
        (("routes", i), way) for i, way in enumerate(files.channels.routes)
    ]
    for loc, way in [*ways, (("default",), files.channels.default)]:
        for key in ("first", "second"):
            name = getattr(way, key)
            if name is not None and name not in known:
                yield files.mistake("channels.yml", (*loc, key), shown(name), one_of(name, known, "channel"))
    for id_, entry in files.channels.channels.items():
        for key, value in entry.settings.items() if entry.enabled else ():
            if str(key).endswith("_env") and isinstance(value, str) and value not in environ:
                loc = ("channels", id_, "settings", key)
                found = f"environment variable {value} is not set"
                yield files.mistake("channels.yml", loc, found, "set it before notices go out", WARNING)
