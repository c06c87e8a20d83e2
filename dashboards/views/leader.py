"""领导台: what is serious now, what waits for the leader's sign-off, what is late by department; and the big screen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from casework.domain.case import Case
from casework.domain.marks import endorsed, named
from casework.domain.matching import REPORT
from casework.domain.moves import ENDED, STATES
from casework.domain.times import SHANGHAI
from casework.domain.words import KINDS
from casework.records import CaseFilter, PostQuery, User
from casework.services.opening import HIDDEN_TITLE
from dashboards import access, board
from dashboards.opening import Desk, opens
from dashboards.pages import context_of, render
from dashboards.sessions import Session
from pipeline.wiring import Context

router = APIRouter()
DESK = Desk("leader", "/leader", "领导台")
GRAVE = ("extraordinary", "major", "serious")
LIVE = tuple(sorted(set(STATES) - ENDED))
"""States in which somebody still has something to do."""
SHOWN, EVENTS, DEPARTMENTS = 10, 6, 12
Who = Annotated[Session, opens("leader")]
Watcher = Annotated[Session, opens("leader", "office", whole=True)]


@dataclass(frozen=True, slots=True)
class Load:
    """A department's open cases and how many of them are late."""

    name: str
    late: int
    open: int


@router.get("/leader")
def leader(request: Request, session: Who) -> Response:
    """The desk."""
    context, user = context_of(request), session.user
    now = context.now()
    grave = [case for level in GRAVE for case in _live(context, user, level)]
    waiting = board.page(context, user, CaseFilter(state="approved"), 200).cases
    return render(
        request,
        "leader.html",
        session=session,
        grave=grave[:SHOWN],
        more=len(grave[SHOWN:]),
        to_sign=[(case, named(case)) for case in waiting if named(case) and endorsed(case) is None],
        loads=loads(context, user, now),
        events=board.hottest(context, user, now, EVENTS),
        names=context.office.department_name,
    )


@router.get("/screen")
def screen(request: Request, session: Watcher) -> Response:
    """The big screen, 1920×1080: counts and masked titles, nothing of a report, nobody's name."""
    return render(request, "screen.html", session=session, **_screen(request, session))


@router.get("/screen/part")
def screen_part(request: Request, session: Watcher) -> Response:
    """What of the screen is fetched again every half minute."""
    return render(request, "screen_part.html", session=session, **_screen(request, session))


def _live(context: Context, user: User, level: str) -> tuple[Case, ...]:
    return board.page(context, user, CaseFilter(severity=level, states=LIVE), SHOWN + 1).cases


def loads(context: Context, user: User, now: datetime, reports: bool = True) -> list[Load]:
    """Every department with an open case: those with most late ones first."""

    def counted(where: CaseFilter) -> dict[str, int]:
        narrowed = access.list_filter(user, context.office, where)
        if narrowed is None:
            return {}
        return context.store.count_cases("department", narrowed if reports else replace(narrowed, without_kind=REPORT))

    live, late = counted(CaseFilter(states=LIVE)), counted(CaseFilter(states=LIVE, overdue_at=now))
    found = [Load(context.office.department_name(id_), late.get(id_, 0), number) for id_, number in live.items() if id_]
    return sorted(found, key=lambda one: (-one.late, -one.open, one.name))


def _screen(request: Request, session: Session) -> dict[str, Any]:
    context, user = context_of(request), session.user
    now = context.now()
    morning = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    hidden = board.hidden_cases(context, user, reports=False)
    today = context.store.find_posts(PostQuery(since=morning, reports=False, without_cases=hidden), 0, 1)

    def number(where: CaseFilter) -> int:
        narrowed = access.list_filter(user, context.office, where)
        if narrowed is None:
            return 0
        return context.store.page_cases(replace(narrowed, without_kind=REPORT), 0, 1).total

    found = loads(context, user, now, reports=False)
    late = number(CaseFilter(overdue_at=now))
    return {
        "posts": today.total,
        "more": today.more,
        "kinds": [(KINDS.get(name, name), count) for name, count in today.facets["kind"]],
        "moods": dict(today.facets["sentiment"]),
        "late": late,
        "soon": max(0, number(CaseFilter(due_before=now + board.SOON)) - late),
        "grave": sum(number(CaseFilter(severity=level, states=LIVE)) for level in GRAVE),
        "open": sum(one.open for one in found),
        "events": [one for one in board.hottest(context, user, now, 2 * EVENTS) if one.title != HIDDEN_TITLE][:EVENTS],
        "loads": found[:DEPARTMENTS],
        "chart": _chart(found[:DEPARTMENTS]),
    }


def _chart(found: list[Load]) -> str:
    series: list[dict[str, Any]] = [{"name": "逾期", "tone": "--late", "data": [one.late for one in found]}]
    series.append({"name": "未到期", "tone": "--act", "data": [one.open - one.late for one in found]})
    values = {"kind": "bars", "stack": True, "whole": True, "x": [one.name for one in found], "series": series}
    return json.dumps(values, ensure_ascii=False)
