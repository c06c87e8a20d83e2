"""转办: each opened case goes to a department, with the reason; its clocks start and the department is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework.domain import acts
from casework.domain.assessment import facts_of
from casework.domain.case import Case
from casework.domain.errors import NobodyLeft
from casework.domain.matching import REPORT, Facts
from casework.domain.office import Office
from casework.domain.routing import Route, route
from casework.domain.times import SHANGHAI
from casework.ports import PostRecord, Store

BY = "huiying"


@dataclass(slots=True)
class AssignCounts:
    """in = assigned + default_desk + held (reports of wrongdoing, held at the discipline desk)."""

    assigned: int = 0
    default_desk: int = 0
    held: int = 0

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        total = self.assigned + self.default_desk + self.held
        return {"in": total, "assigned": self.assigned, "default_desk": self.default_desk, "held": self.held}


def assign(store: Store, office: Office, now: datetime) -> AssignCounts:
    """Route every case in state ``opened``. A case that somebody assigns meanwhile is left to him.

    A 检举控告 of every department of the office stays as it is: only a person may transfer it to a higher body.
    """
    counts = AssignCounts()
    for batch in store.cases_to_assign():
        records = store.get_posts([trigger_of(case) for case in batch])
        found = [(case, _route(case, records.get(trigger_of(case)), office, now)) for case in batch]
        routes = {case.id: one for case, one in found if one is not None}
        routed = [_assigned(case, one, office, now) for case, one in found if one is not None]
        refused = set(store.save_cases(routed))
        for id_, one in routes.items():
            if id_ not in refused:
                _count(counts, one)
    return counts


def _assigned(case: Case, found: Route, office: Office, now: datetime) -> Case:
    return acts.assign(case, found, BY, now, office.worktime, limit=office.routing.returning)


def case_facts(case: Case, record: PostRecord | None) -> Facts:
    """What routing may ask of a case: the facts of the post that opened it, with what the case itself says."""
    if record is None or record.assessment is None:
        facts = Facts("message", "", severity=case.severity, petition_kind=case.petition_kind)
    else:
        facts = facts_of(record.post, record.assessment, posts=len(case.posts))
    # Whether it reports wrongdoing is settled in the case: a person may have said so, or that it does not.
    facts = replace(facts, unsure=tuple(name for name in facts.unsure if name != "petition_kind"))
    if case.petition_kind != REPORT:
        return replace(facts, petition_kind=case.petition_kind, accused=()) if facts.petition_kind == REPORT else facts
    if any(entry.what == "confirmed" for entry in case.history):
        # A person has said who is accused.
        return replace(facts, petition_kind=REPORT, accused=case.excluded)
    # It may be another post of the case, or an earlier text of this one, that reports somebody.
    accused = tuple(dict.fromkeys((*facts.accused, *case.excluded)))
    return replace(facts, petition_kind=REPORT, accused=accused)


def trigger_of(case: Case) -> str:
    """The post that opened the case."""
    trigger: str = case.history[0].data["trigger"]
    return trigger


def _route(case: Case, record: PostRecord | None, office: Office, now: datetime) -> Route | None:
    try:
        return route(case_facts(case, record), office.routing, now.astimezone(SHANGHAI).date())
    except NobodyLeft:
        return None


def _count(counts: AssignCounts, found: Route) -> None:
    name = "held" if found.held else "default_desk" if found.default else "assigned"
    setattr(counts, name, getattr(counts, name) + 1)
