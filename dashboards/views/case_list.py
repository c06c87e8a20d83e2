"""The list of cases: what is due first stands first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from casework.domain.moves import STATES
from casework.records import CaseFilter, CasePage
from casework.services.notify import LEVELS
from dashboards import access
from dashboards.pages import context_of, guard_of, render
from dashboards.sessions import Session

router = APIRouter()
PAGE = 50
_Text = Annotated[str, Query(max_length=200)]


@router.get("/")
def cases(
    request: Request,
    state: _Text = "",
    department: _Text = "",
    severity: _Text = "",
    words: _Text = "",
    overdue: _Text = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """One page of cases that pass the filters."""
    session = guard_of(request).session(request)
    context = context_of(request)
    now = context.now()
    chosen = {"state": state, "department": department, "severity": severity, "words": words, "overdue": overdue}
    where = CaseFilter(
        state=state if state in STATES else None,
        department=department or None,
        severity=severity if severity in LEVELS else None,
        words=words.strip() or None,
        overdue_at=now if overdue else None,
    )
    page = _page(request, session, where, offset)
    late = _page(request, session, CaseFilter(overdue_at=now), 0, 1).total
    return render(
        request,
        "cases.html",
        session=session,
        page=page,
        late=late,
        offset=offset,
        chosen=chosen,
        departments=_departments(request, now),
        names=context.office.department_name,
        earlier=_link(chosen, max(0, offset - PAGE)) if offset else None,
        later=_link(chosen, page.next_offset) if page.next_offset is not None else None,
    )


def _page(request: Request, session: Session, where: CaseFilter, offset: int, limit: int = PAGE) -> CasePage:
    context = context_of(request)
    narrowed = access.list_filter(session.user, context.office, where)
    return CasePage((), 0, None) if narrowed is None else context.store.page_cases(narrowed, offset, limit)


def _departments(request: Request, now: datetime) -> list[tuple[str, str]]:
    office = context_of(request).office
    return [(id_, found.name) for id_, found in office.routing.departments.items() if found.alive(now.date())]


def _link(chosen: dict[str, str], offset: int) -> str:
    return "/?" + urlencode({**{name: value for name, value in chosen.items() if value}, "offset": offset})
