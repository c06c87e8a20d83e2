"""办理台: a department's own cases by what is to be done now, what is due first ahead; for a telephone at night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response

from casework.domain.case import Case
from casework.domain.office import Office
from casework.records import CaseFilter, User
from casework.services import authority
from dashboards import access, board
from dashboards.opening import Desk, opens
from dashboards.pages import context_of, render
from dashboards.sessions import Session

router = APIRouter()
DESK = Desk("department", "/department", "办理台")
SHOWN = 30
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("sign", "待签收", ("assigned",)),
    ("draft", "待核查、拟稿", ("signed", "handling")),
    ("wait", "在审核、等发布", ("drafted", "in_review", "approved", "published")),
)
"""What is to be done, its title, the states in which it is."""


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that want the same of the department: shown, and how many there are."""

    name: str
    title: str
    cases: tuple[Case, ...]
    total: int


@router.get("/department")
def department(request: Request, session: Annotated[Session, opens("department")]) -> Response:
    """The desk: what leads (主办) by what to do, then what is helped with (协办)."""
    context, user = context_of(request), session.user
    now = context.now()
    groups = [_group(request, session, name, title, CaseFilter(states=states)) for name, title, states in GROUPS]
    late = board.page(context, user, CaseFilter(overdue_at=now), 1).total
    return render(
        request,
        "department.html",
        session=session,
        groups=groups,
        late=late,
        desk_name=context.office.department_name(access.desk_of(user, context.office)),
        signs={case.id for group in groups for case in group.cases if _signs(user, context.office, case)},
        leads={case.id for group in groups for case in group.cases if _leads(user, context.office, case)},
    )


def _group(request: Request, session: Session, name: str, title: str, where: CaseFilter) -> Group:
    found = board.page(context_of(request), session.user, where, SHOWN)
    return Group(name, title, found.cases, found.total)


def _signs(user: User, office: Office, case: Case) -> bool:
    return "sign" in access.verbs(user, office, case)


def _leads(user: User, office: Office, case: Case) -> bool:
    return case.department in authority.own(access.desk_of(user, office), office)
