"""Who sees which case and who may do what: the table is ``config/roles.yml``, this is how it is read.

Where a case excludes a department (信访工作条例 第三十条) nobody who sits there sees it; people without a department of
their own sit at the office's review desk. A case that may not be seen answers as one that does not exist.
"""

from __future__ import annotations

from casework.domain.case import Case
from casework.domain.moves import FROM, allowed
from casework.domain.office import Office
from casework.records import CaseFilter, User


def desk_of(user: User, office: Office) -> str:
    """The department where ``user`` sits."""
    return user.department or office.review_desk


def visible(user: User, office: Office, case: Case) -> bool:
    """Whether ``user`` may see ``case``."""
    sees = office.roles.get(user.role, {}).get("sees", "none")
    desk = desk_of(user, office)
    if sees == "none" or desk in case.excluded:
        return False
    return sees == "all" or desk == case.department or desk in case.co_departments


def list_filter(user: User, office: Office, where: CaseFilter) -> CaseFilter | None:
    """``where`` narrowed to what ``user`` may see; None when that is nothing."""
    sees = office.roles.get(user.role, {}).get("sees", "none")
    if sees == "none":
        return None
    desk = desk_of(user, office)
    department = where.department if sees == "all" else desk
    return CaseFilter(
        state=where.state,
        department=department,
        overdue_at=where.overdue_at,
        severity=where.severity,
        words=where.words,
        viewer=desk,
    )


def verbs(user: User, office: Office, case: Case) -> tuple[str, ...]:
    """The acts that the state allows and the role may do, in the order of the work."""
    may = office.roles.get(user.role, {}).get("may", ())
    possible = allowed(case.state)
    found = [verb for verb in FROM if verb in possible and verb in may]
    hidden = "pause" if case.paused is not None else "resume"
    return tuple(verb for verb in found if verb != hidden)
