"""One case: what to do now, the posts (masked), the limits, the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from casework.domain.case import Case
from casework.domain.moves import GATES
from casework.domain.times import SHANGHAI
from casework.ports import NotFound
from casework.records import AuditEntry
from dashboards import access, forms, timeline, words
from dashboards.pages import context_of, guard_of, render
from dashboards.sessions import Session

router = APIRouter()
SHOWN = 50
"""Posts shown of a case; the others are counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a form: the status, what to tell, which verb it was for and what was entered."""

    status: int = 200
    message: str = ""
    verb: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)


@router.get("/cases/{id_:path}")
def case_page(request: Request, id_: str, done: str = "") -> Response:
    """The page of one case. A case that may not be seen answers as one that is not there."""
    session = guard_of(request).session(request)
    return show_case(request, session, find_case(request, session, id_), Told(), done=done)


def find_case(request: Request, session: Session, id_: str) -> Case:
    """The case; HTTP 404 where there is none or it may not be seen."""
    context = context_of(request)
    try:
        case = context.store.get_case(id_)
    except NotFound:
        raise HTTPException(404) from None
    if not access.visible(session.user, context.office, case):
        raise HTTPException(404)
    return case


def show_case(
    request: Request, session: Session, case: Case, told: Told, done: str = "", original: bool = False
) -> Response:
    """The page; that it was seen is logged before. ``original`` shows the posts unmasked (the caller logs why)."""
    context = context_of(request)
    context.store.append_audit(AuditEntry(context.now(), session.user.name, "viewed", case.id))
    now = context.now()
    possible = access.verbs(session.user, context.office, case)
    usual = [verb for verb in words.next_verbs(case) if verb in possible]
    return render(
        request,
        "case.html",
        told.status,
        session=session,
        case=case,
        clocks=words.by_due(case),
        awaits=min((clock.awaits for clock in case.running() if clock.awaits), default=None),
        posts=_posts(request, case, original),
        more=max(0, len(case.posts) - SHOWN),
        verbs=possible,
        main=usual[0] if usual else None,
        waits=words.waits(case, context.office),
        gate=GATES[len(case.gates)] if len(case.gates) < len(GATES) else None,
        told=told,
        kept=forms.kept(told.entered) if told.verb not in (*possible, "originals") else "",
        done=words.VERBS.get(done),
        choices=_choices(request, case, now),
        names=context.office.department_name,
        entries=timeline.entries(case, context.office, context.masker.mask_text),
        may_reveal=access.may_reveal(session.user, context.office),
        original=original,
        local_now=now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
    )


def _choices(request: Request, case: Case, now: datetime) -> list[tuple[str, str]]:
    """The departments that may get the case: those that exist today and are not excluded."""
    departments = context_of(request).office.routing.departments
    day = now.astimezone(SHANGHAI).date()
    return [(id_, found.name) for id_, found in departments.items() if found.alive(day) and id_ not in case.excluded]


def _posts(request: Request, case: Case, original: bool) -> list[dict[str, Any]]:
    """The posts as they may be shown: masked unless the originals were asked for, never with their authors."""
    context = context_of(request)
    records = context.store.get_posts(list(case.posts[:SHOWN]))
    mask = str if original else context.masker.mask_text
    shown = []
    for id_ in case.posts[:SHOWN]:
        record = records.get(id_)
        if record is None:
            continue
        post = record.post
        url = post.url if post.url and post.url.startswith(("http://", "https://")) else None
        values = {"id": id_, "kind": post.kind, "source": post.source, "at": post.published_at, "url": url}
        texts = {"title": mask(post.title or ""), "text": mask(post.text), "place": mask(post.place or "")}
        shown.append({**values, **texts, "truncated": post.truncated, "answered": id_ in case.answered})
    return shown
