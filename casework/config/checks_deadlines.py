"""Deadline rules that contradict themselves or one another: refused before anything runs.

Cases that run go on with the rules that they froze; what is refused here is never frozen into a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from casework.config.files import Files
from casework.config.mistakes import Mistake, one_of, shown
from casework.config.models_rules import DeadlineFile

OPENS = {"assigned": "assigned", "signed": "signed", "received": "opened", "discovered": "opened"}
"""Start of a limit → the happening with which it begins."""


def check_contradictions(files: Files) -> Iterator[Mistake]:
    """Each rule by itself, then every two of them for one duty."""
    for name, rule in files.deadlines.items():
        yield from _itself(files, name, rule)
        yield from _approvers(files, name, rule)
    rules = list(files.deadlines.items())
    for index, (name, rule) in enumerate(rules):
        for other_name, other in rules[:index]:
            if _same_duty(rule, other):
                yield from _two(files, (name, rule), (other_name, other))


def _itself(files: Files, name: str, rule: DeadlineFile) -> Iterator[Mistake]:
    begins = OPENS.get(rule.starts)
    if begins is not None and begins in rule.met_by:
        loc = ("met_by", rule.met_by.index(begins))
        found = f"{shown(begins)}, with which the limit begins"
        yield files.mistake(name, loc, found, "write what fulfils the duty, or another starts")
    if rule.pausable and rule.pauses:
        write = "write pauses alone, or pausable: true alone, which is for any reason"
        yield files.mistake(name, ("pausable",), "pausable: true and pauses contradict each other", write)
    if rule.again and rule.starts != "assigned":
        yield files.mistake(
            name, ("again",), f"again with starts: {rule.starts}", "write starts: assigned, or take it out"
        )
    if rule.times:
        yield from _times(files, name, rule)


def _times(files: Files, name: str, rule: DeadlineFile) -> Iterator[Mistake]:
    """A limit by times of day: in minutes, as long as the longest time between two of them, never moved."""
    if rule.unit != "clock_minutes":
        yield files.mistake(name, ("unit",), f"{rule.unit} with times", "write clock_minutes")
    for key in ("pausable", "pauses", "extension"):
        if getattr(rule, key):
            write = "take one of the two out: a report by a time of day is neither paused nor extended"
            yield files.mistake(name, (key,), f"{key} with times", write)
    day = date(2026, 1, 1)
    moments = sorted(datetime.combine(day, at) for at in rule.times)
    gaps = [after - before for before, after in pairwise([*moments, moments[0] + timedelta(days=1)])]
    longest = max(gaps) // timedelta(minutes=1)
    for index, value in enumerate(rule.values):
        if value.amount != longest:
            found = f"{value.amount}, but between two of the times lie at most {longest} minutes"
            yield files.mistake(name, ("values", index, "amount"), found, f"write {longest}, or correct the times")


def _approvers(files: Files, name: str, rule: DeadlineFile) -> Iterator[Mistake]:
    if rule.extension is None or files.roles is None:
        return
    known = {role.id: role for role in files.roles.roles}
    for index, id_ in enumerate(rule.extension.approved_by):
        loc = ("extension", "approved_by", index)
        if id_ not in known:
            yield files.mistake(name, loc, shown(id_), one_of(id_, tuple(known), "role"))
        elif "extend" not in known[id_].may:
            found = f"{id_} grants the extension, but may not extend by roles.yml"
            yield files.mistake(name, loc, found, "name a role that may, or give it the right")


def _same_duty(one: DeadlineFile, other: DeadlineFile) -> bool:
    same = (one.duty, one.starts, one.unit, one.applies, one.optional, one.times)
    return same == (other.duty, other.starts, other.unit, other.applies, other.optional, other.times)


def _two(files: Files, one: tuple[str, DeadlineFile], other: tuple[str, DeadlineFile]) -> Iterator[Mistake]:
    """Two rules for one duty at one time: an office may be stricter than the clause, never looser."""
    (name, rule), (other_name, _) = one, other
    shared = files.folder.shown(other_name)
    for day in sorted({value.since for value in (*rule.values, *other[1].values)}):
        here, there = (_amount(file, day) for file in (rule, other[1]))
        if here is None or there is None:
            continue
        bases = {rule.basis, other[1].basis}
        if bases != {"clause", "office"}:
            found = f"{shown(rule.duty)} has two limits on {day}: {here} here, {there} in {shared}"
            yield files.mistake(
                name, ("duty",), found, "end one before the other begins, or write what sets them apart"
            )
            return
        own, law = (here, there) if rule.basis == "office" else (there, here)
        if own > law:
            found = f"the office's own limit for {shown(rule.duty)} on {day} is {own}, the clause's {law} ({shared})"
            yield files.mistake(name, ("duty",), found, "write a limit within the clause, or take the office's out")
            return


def _amount(rule: DeadlineFile, day: date) -> int | None:
    begun = [value for value in rule.values if value.since <= day]
    latest = max(begun, key=lambda value: value.since, default=None)
    return None if latest is None or (latest.until is not None and latest.until < day) else latest.amount
