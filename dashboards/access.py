"""Who sees which case and who may do what: the table is ``config/roles.yml``, this is how it is read.

Where a case excludes a department (信访工作条例 第三十条) nobody who sits there sees it; people without a department of
their own sit at the office's review desk. A report of wrongdoing (检举控告) is seen by REPORT_ROLES and by the
discipline department alone. A case that may not be seen answers as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casework.domain.case import Case
from casework.domain.departments import barring
from casework.domain.follow_up import answered_at
from casework.domain.marks import endorsed, standing
from casework.domain.matching import REPORT
from casework.domain.moves import FROM, allowed
from casework.domain.office import Office
from casework.records import CaseFilter, User
from casework.services import authority

REPORT_ROLES = frozenset({"admin", "office"})
"""Roles that see reports of wrongdoing besides the discipline department."""


desk_of = authority.desk_of


def _role(user: User, office: Office) -> Mapping[str, Any]:
    role: Mapping[str, Any] = office.roles.get(user.role, {})
    return role


def sees_reports(user: User, office: Office) -> bool:
    """Whether reports of wrongdoing are shown to ``user``, apart from those that name his own department."""
    return user.role in REPORT_ROLES or desk_of(user, office) == office.discipline_desk


def visible(user: User, office: Office, case: Case) -> bool:
    """Whether ``user`` may see ``case``. A watcher (知会) sees it as those who have it do, and does nothing to it."""
    sees = _role(user, office).get("sees", "none")
    desk = desk_of(user, office)
    if sees == "none" or barring(desk, office.routing.departments) & set(case.excluded):
        return False
    if sees == "all":
        return case.petition_kind != REPORT or sees_reports(user, office)
    have = {case.department, *case.co_departments, *case.watchers}
    return bool(have & set(authority.own(desk, office)))


def list_filter(user: User, office: Office, where: CaseFilter) -> CaseFilter | None:
    """``where`` narrowed to what ``user`` may see; None when that is nothing."""
    sees = _role(user, office).get("sees", "none")
    if sees == "none":
        return None
    desk = desk_of(user, office)
    barred = tuple(sorted(barring(desk, office.routing.departments)))
    if sees != "all":
        return replace(where, department=None, seen_by=authority.own(desk, office), viewer=barred)
    return replace(where, viewer=barred, without_kind=None if sees_reports(user, office) else REPORT)


def sees_all(user: User, office: Office) -> bool:
    """Whether the list holds more than the cases of the user's own department."""
    return bool(_role(user, office).get("sees") == "all")


may_do = authority.may


def verbs(user: User, office: Office, case: Case) -> tuple[str, ...]:
    """The acts that the state allows and the user may do, in the order of the work."""
    possible = allowed(case.state)
    hidden = "pause" if case.paused is not None else "resume"
    offered = [verb for verb in FROM if verb in possible and verb != hidden and _fits(verb, case)]
    return tuple(verb for verb in offered if may_do(user, office, case, verb))


def _fits(verb: str, case: Case) -> bool:
    """Whether what is known of a 检举控告 leaves room for ``verb``: a suspected one is settled before all else."""
    if verb == "confirm":
        return case.suspected or case.petition_kind != REPORT
    if verb == "lift":
        return case.petition_kind == REPORT
    if verb == "follow_up":
        return bool(answered_at(case))
    if verb == "endorse":
        return bool(standing(case)) and endorsed(case) is None
    if verb == "unmark":
        return bool(standing(case))
    return not (case.suspected and verb in ("accept", "assign", "merge"))


def may_reveal(user: User, office: Office) -> bool:
    """Whether the role may read unmasked originals, with a reason and on record."""
    return bool(_role(user, office).get("originals", False))


def pages_of(user: User, office: Office) -> tuple[str, ...]:
    """The pages that the role opens, the one where it begins first; without a role of the table: none."""
    return tuple(_role(user, office).get("pages", ()))


def sees_sources(user: User, office: Office) -> bool:
    """Whether the role may see how the sources fare."""
    return "sources" in _role(user, office).get("may", ())
