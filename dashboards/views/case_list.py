"""The list of cases: what is due first stands first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from casework.domain.moves import STATES
from casework.records import CaseFilter
from casework.services.notice_facts import LEVELS
from dashboards import access, board
from dashboards.opening import Desk, opens
from dashboards.pages import context_of, render
from dashboards.sessions import Session

router = APIRouter()
DESK = Desk("cases", "/", "案件")
PAGE = 50
DUE = {"late": "已逾期", "soon": "24 小时内到期（含已逾期）"}
"""Values of the filter by limit."""
_Text = Annotated[str, Query(max_length=200)]


@router.get("/")
def cases(
    request: Request,
    session: Annotated[Session, opens("cases")],
    state: _Text = "",
    department: _Text = "",
    severity: _Text = "",
    words: _Text = "",
    due: _Text = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """One page of cases that pass the filters."""
    context = context_of(request)
    now = context.now()
    chosen = {"state": state, "department": department, "severity": severity, "words": words, "due": due}
    where = CaseFilter(
        state=state if state in STATES else None,
        department=department or None,
        severity=severity if severity in LEVELS else None,
        words=words.strip() or None,
        overdue_at=now if due == "late" else None,
        due_before=now + board.SOON if due == "soon" else None,
    )
    page = board.page(context, session.user, where, PAGE, offset)
    return render(
        request,
        "cases.html",
        session=session,
        page=page,
        offset=offset,
        chosen=chosen,
        filtered=any(chosen.values()),
        chosen_names=_chosen_names(request, chosen),
        sums=board.sums(context, session.user, now),
        due_names=DUE,
        departments=_departments(request, session, now),
        names=context.office.department_name,
        earlier=_link(chosen, max(0, offset - PAGE)) if offset else None,
        later=_link(chosen, page.next_offset) if page.next_offset is not None else None,
    )


def _chosen_names(request: Request, chosen: dict[str, str]) -> list[str]:
    """The filters in force, as people read them; a value that is none of its list filters nothing."""
    department = chosen["department"]
    found = [
        f"“{chosen['words']}”" if chosen["words"] else "",
        DUE.get(chosen["due"], ""),
        STATES.get(chosen["state"], ""),
        context_of(request).office.department_name(department) if department else "",
        LEVELS.get(chosen["severity"], ""),
    ]
    return [name for name in found if name]


def _departments(request: Request, session: Session, now: datetime) -> list[tuple[str, str]]:
    """The departments to filter by; none for who sees his own department's cases only."""
    context = context_of(request)
    return board.departments(context, now) if access.sees_all(session.user, context.office) else []


def _link(chosen: dict[str, str], offset: int) -> str:
    return "/?" + urlencode({**{name: value for name, value in chosen.items() if value}, "offset": offset})
