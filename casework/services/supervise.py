"""督办: reminders before a limit ends, overdue when it has, escalation after; each crossing once.

A crossing is an entry in the case's history; a rung of the ladder that has its entry is not taken again for the same
moment, so running three times leaves what running once left, and a sweep that did not run for days takes all rungs it
missed, in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.casualties import LAW, graver, standing
from casework.domain.emergency import track
from casework.domain.office import Office
from casework.domain.rungs import Rung
from casework.domain.times import store_time
from casework.domain.worktime import WorkTime
from casework.ports import NotFound, Store

BY = "huiying"
KINDS = {"reminded": "reminder", "overdue": "overdue", "escalated": "escalated"}
"""Happening → kind of notice."""


@dataclass(slots=True)
class SuperviseCounts:
    """Cases looked at, and rungs taken of each kind."""

    looked: int = 0
    reminded: int = 0
    overdue: int = 0
    escalated: int = 0

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        return {
            "looked": self.looked,
            "reminded": self.reminded,
            "overdue": self.overdue,
            "escalated": self.escalated,
        }


def supervise(store: Store, office: Office, now: datetime) -> SuperviseCounts:
    """Look at every case whose moment has come. A case that changes meanwhile is looked at by the next sweep."""
    counts = SuperviseCounts()
    # First those whose calendar is there at last: nothing else would tell that they can be counted now.
    for batch in chain(store.cases_awaiting(sorted(office.worktime.years)), store.cases_to_look_at(now)):
        looked = [(case, _look(case, store, office, now)) for case in batch]
        changed = [after for before, after in looked if after.version != before.version]
        refused = set(store.save_cases(changed))
        for before, after in looked:
            counts.looked += 1
            if after.id not in refused:
                _count(counts, before, after)
    return counts


def _look(case: Case, store: Store, office: Office, now: datetime) -> Case:
    if case.state == "merged":
        return complete_merge(case, store, now)
    case = acts.recount(case, now, office.worktime)
    for rung in case.rungs():
        if rung.at <= now:
            case = case.after(rung.moment.kind, now, BY, None, _crossing(case, rung, now))
    return case


def complete_merge(loser: Case, store: Store, now: datetime) -> Case:
    """The second and third write of a merge: the winner takes what is the loser's, then the loser says so."""
    if loser.history[-1].what != "merged" or loser.merged_into is None:
        return loser
    try:
        winner = store.get_case(loser.merged_into)
    except NotFound:
        return loser
    absorbed = _with_level(_with_figures(acts.absorb(winner, loser, BY, now), loser, now), loser, now)
    if absorbed.version != winner.version:
        store.save_case(absorbed)
    return loser.after("moved", now, BY, None, {"into": loser.merged_into})


def _with_figures(winner: Case, loser: Case, now: datetime) -> Case:
    """The winner at the level of the newest official figures of both; the limits of the loser's level come with it."""
    told = standing(loser)
    figures = acts.figures_after(winner, told, LAW) if told else None
    if figures is None:
        return winner
    winner = acts.tell(winner, figures, now)
    if figures.level is None or not graver(figures.level, winner.severity):
        return winner
    return acts.set_level(winner, figures.level, (), (), f"并入{loser.id}", BY, now, WorkTime({}))


def _with_level(winner: Case, loser: Case, now: datetime) -> Case:
    """The winner at the level of an emergency that the loser was in the middle of, where that is the graver one."""
    found = track(loser)
    if found is None or found.closed_at is not None or loser.severity is None:
        return winner
    if not graver(loser.severity, winner.severity):
        return winner
    return acts.set_level(winner, loser.severity, (), (), f"并入{loser.id}", BY, now, WorkTime({}))


def _crossing(case: Case, rung: Rung, now: datetime) -> dict[str, Any]:
    clock, moment = rung.clock, rung.moment
    # What was to remind of a limit that is past already is noted and not sent: the alarm that it is past is.
    told = () if moment.kind == "reminded" and clock.late(now) else moment.to
    again = f"#{rung.taken + 1}" if rung.taken else ""
    notices = [
        {
            "key": f"{case.id}/{clock.key}/{moment.step}/{role}{again}",
            "kind": clock.rule.ladder.notice_of(moment.step) or KINDS[moment.kind],
            "to": f"{case.holder}/{role}",
            "facts": {"clock": clock.key},
            "urgent": moment.kind != "reminded",
        }
        for role in told
    ]
    return {"clock": clock.key, "step": moment.step, "moment": store_time(moment.at), "notices": notices}


def _count(counts: SuperviseCounts, before: Case, after: Case) -> None:
    for entry in after.history[before.version :]:
        if entry.what in ("reminded", "overdue", "escalated"):
            setattr(counts, entry.what, getattr(counts, entry.what) + 1)
