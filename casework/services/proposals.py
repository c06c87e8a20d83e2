"""Which department took such cases before, with its share: shown to the person at the desk, never applied by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.domain.case import Case
from casework.domain.departments import DISTRICT_CODE, excluded_units, heir
from casework.domain.matching import REPORT
from casework.domain.office import Office
from casework.domain.times import SHANGHAI
from casework.ports import Store
from casework.records import CaseFilter

TAKEN = ("signed", "handling", "drafted", "in_review", "approved", "published", "closed", "archived")
"""States in which a department has taken the case: it signed for it and did not return it."""
LEAST, SHOWN = 5, 3
"""Cases below which nothing is learned; departments shown."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """``taken`` of ``of`` such cases were taken by the department; ``like`` says what such cases are, in Chinese."""

    department: str
    taken: int
    of: int
    like: str

    def to_json(self) -> dict[str, Any]:
        """As the command line answers; ``share`` is 0…1."""
        share = round(self.taken / self.of, 3)
        return {"department": self.department, "taken": self.taken, "of": self.of, "share": share, "like": self.like}


def proposals(store: Store, office: Office, case: Case, now: datetime) -> list[Proposal]:
    """By class and district where at least LEAST such cases were taken, else by class; empty where too few were.

    Nothing is learned from reports of wrongdoing, nor proposed for one. Departments that ended count for their
    successors; a department that the case excludes is left out, its cases stay in ``of``.
    """
    if case.petition_kind == REPORT or case.board_domain is None:
        return []
    units, day = office.routing.departments, now.astimezone(SHANGHAI).date()
    barred = excluded_units(case.excluded, units)
    where = CaseFilter(board_domain=case.board_domain, states=TAKEN, without_kind=REPORT)
    place = case.places[0][:DISTRICT_CODE] if case.places else None
    tries = [(where, f"领域为{case.board_domain}")]
    if place:
        tries.insert(0, (replace(where, place=place), f"领域为{case.board_domain}、地点为{place}"))
    for asked, like in tries:
        counts: dict[str, int] = {}
        for name, count in store.count_cases("department", asked).items():
            today = heir(name, units, day) or name
            counts[today] = counts.get(today, 0) + count
        total = sum(counts.values())
        if total >= LEAST:
            best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            fit = [(name, count) for name, count in best if name in units and name not in barred]
            return [Proposal(name, count, total, like) for name, count in fit[:SHOWN]]
    return []
