"""Checks of the duty roster (nobody missing, nobody twice, when it ends) and of the checklist of an emergency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from casework.config import build
from casework.config.checks import units_of
from casework.config.files import Files
from casework.config.mistakes import WARNING, Mistake, one_of, shown
from casework.domain.duty import faults
from casework.domain.times import SHANGHAI

FILE = "roster.yml"
WARN_DAYS = 7
"""``config check`` warns this long before the last watch ends."""


def check_emergency(files: Files) -> Iterator[Mistake]:
    """Each line of the checklist has an id of its own, whatever its part."""
    seen: set[str] = set()
    for i, part in enumerate(files.emergency.parts if files.emergency else ()):
        for j, item in enumerate(part.items):
            if item.id in seen:
                loc = ("parts", i, "items", j, "id")
                yield files.mistake("emergency.yml", loc, f"{shown(item.id)} is there already", "give each its own")
            seen.add(item.id)


def check_roster(files: Files, today: date | None) -> Iterator[Mistake]:
    """Gaps and overlaps of each department's watches, over the time in which somebody has to be on duty."""
    if files.roster is None or files.office is None:
        return
    entries, units = files.roster.watches, units_of(files)
    for index, entry in enumerate(entries):
        if entry.department is not None and units and entry.department not in units:
            write = one_of(entry.department, units, "department")
            yield files.mistake(FILE, ("watches", index, "department"), shown(entry.department), write)
    worktime = build.worktime(files.office, files.calendars.values())
    roster = build.roster(files.roster, files.office)
    for fault in faults(roster.watches, roster.when, worktime):
        yield files.mistake(FILE, ("watches", fault.at), fault.found, fault.write)
    last = max(entry.to for entry in entries).astimezone(SHANGHAI).date()
    if today is not None and today > last - timedelta(days=WARN_DAYS):
        found = f"the last watch ends on {last}"
        write = "import the next roster: huiying roster import FILE.xlsx"
        yield files.mistake(FILE, ("watches",), found, write, WARNING)
