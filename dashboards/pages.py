"""Rendering of templates, with the words and filters that every page uses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from casework.domain.acts import OTHER_KINDS
from casework.domain.acts.levels import LEVELS as ORDER
from casework.domain.deadlines import PAUSE_REASONS
from casework.domain.matching import REPORT
from casework.domain.moves import STATES
from casework.domain.notice import NAMES
from casework.domain.times import SHANGHAI, short_time
from casework.domain.words import HAPPENINGS, KINDS, LABEL_VALUES
from casework.records import User
from casework.services.notice_facts import LEVELS, time_left
from casework.services.roster import ROLE_NAMES
from dashboards import words
from dashboards.access import pages_of, sees_sources
from dashboards.sessions import Guard, Session
from pipeline.wiring import Context

TEMPLATES = Jinja2Templates(directory=Path(__file__).parent / "templates")
TEMPLATES.env.globals.update(
    states=STATES,
    levels=LEVELS,
    level_names={name: LEVELS[name] for name in ORDER},
    moment_names=words.MOMENTS,
    pause_reasons=PAUSE_REASONS,
    verb_names=words.VERBS,
    happenings=HAPPENINGS,
    gate_names=words.GATE_NAMES,
    clock_states=words.CLOCK_STATES,
    label_values=LABEL_VALUES,
    kinds=KINDS,
    notices=NAMES,
    contacts=ROLE_NAMES,
    report=REPORT,
    other_kinds=OTHER_KINDS,
    buttons=words.BUTTONS,
    next_step=words.next_step,
    clause=words.clause,
    leading=words.leading,
    time_left=time_left,
)


def _shown(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


TEMPLATES.env.filters.update(moment=_shown, short=short_time)


def case_path(id_: str) -> str:
    """The address of a case's page."""
    return f"/cases/{quote(id_)}"


def event_path(id_: str) -> str:
    """The address of an event's page."""
    return f"/events/{quote(id_)}"


TEMPLATES.env.globals.update(case_path=case_path, event_path=event_path)


def context_of(request: Request) -> Context:
    """The system behind the app."""
    context: Context = request.app.state.context
    return context


def guard_of(request: Request) -> Guard:
    """The guard of the app."""
    guard: Guard = request.app.state.guard
    return guard


def _desks(request: Request, session: Session | None) -> list[Any]:
    """The pages of the menu that the person opens, in the order of his role's list."""
    if session is None:
        return []
    known = request.app.state.desks
    return [known[page] for page in pages_of(session.user, context_of(request).office) if page in known]


def home(request: Request, user: User) -> str:
    """The address where the role begins: the first page of its list that there is; the cases else."""
    known = request.app.state.desks
    return next((known[page].path for page in pages_of(user, context_of(request).office) if page in known), "/")


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. ``session`` is the person signed in, or None."""
    context = context_of(request)
    session: Session | None = values.get("session")
    role = context.office.roles.get(session.user.role, {}) if session else {}
    shared = {
        "office_name": context.office.name,
        "now": context.now(),
        "session": session,
        "role_title": role.get("title", ""),
        "desks": _desks(request, session),
        "here": request.url.path,
        "sees_sources": session is not None and sees_sources(session.user, context.office),
    }
    return TEMPLATES.TemplateResponse(request, template, {**shared, **values}, status_code=status)
