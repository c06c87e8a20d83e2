"""One event: its figures, its posts (masked), and what a person may do: merge it, move posts out of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from casework.domain.errors import DomainError
from casework.domain.event import Event
from casework.domain.times import short_time
from casework.ports import Conflict, NotFound
from casework.records import AuditEntry
from casework.services import events as service
from dashboards import board, forms, reprints
from dashboards.opening import opens
from dashboards.pages import context_of, event_path, render
from dashboards.sessions import BadToken, Session, check_token
from pipeline.locks import regrouping

router = APIRouter()
SHOWN, READ = 50, 1000
"""Posts shown, and read: reprints are told among them."""
STALE = "页面已过期，这一步没有提交，请再次选择。"
BUSY = "他人刚刚改动了这一事件或者它的案件，请看下面的最新情况再决定。"
WRONG = "没有合并：没有这个编号的事件，或者两个已经是同一事件。"
UNSPLIT = "没有拆分：请选中要分出去的帖文；首发帖文是事件的名字，不能分出去。"
Who = Annotated[Session, opens("office", "spokesperson", "leader")]
Entered = Annotated[dict[str, str], Depends(forms.read_form)]


@router.get("/events/{id_:path}")
def event_page(request: Request, id_: str, session: Who) -> Response:
    """The page of one event; one whose case may not be seen answers as one that is not there."""
    return _show(request, session, _find(request, session, id_))


@router.post("/events/{id_:path}/merge")
def merge(request: Request, id_: str, session: Who, entered: Entered) -> Response:
    """Put this event into another; on to that one."""
    into = entered.get("into", "").strip()
    return _change(request, session, id_, entered, lambda context, event: _merged(request, session, event, into), WRONG)


async def chosen(request: Request) -> list[str]:
    """The posts ticked in a form. Only the form is awaited: what waits for the lock must not hold up the others."""
    return [one for one in (await request.form()).getlist("post") if isinstance(one, str)]


@router.post("/events/{id_:path}/split")
def split(
    request: Request, id_: str, session: Who, entered: Entered, posts: Annotated[list[str], Depends(chosen)]
) -> Response:
    """Move the chosen posts into an event of their own; on to that one."""

    def parted(context: Any, event: Event) -> str:
        return service.split(
            context.store, context.opener(), event.id, posts, session.user.name, context.now()
        ).event.id

    return _change(request, session, id_, entered, parted, UNSPLIT)


def _merged(request: Request, session: Session, event: Event, into: str) -> str:
    context = context_of(request)
    other = service.find_event(context.store, into)
    if not board.seen_events(context, session.user, [other]):
        raise NotFound(into)
    return service.merge(context.store, event.id, into, session.user.name, context.now()).event.id


def _change(
    request: Request, session: Session, id_: str, entered: dict[str, str], act: Callable[[Any, Event], str], wrong: str
) -> Response:
    context = context_of(request)
    event = _find(request, session, id_)
    if not may_regroup(request, session):
        raise HTTPException(403)
    try:
        check_token(session, entered.get("csrf", ""))
        with regrouping(context):
            to = act(context, event)
    except BadToken:
        return _show(request, session, event, 403, STALE)
    except Conflict:
        return _show(request, session, _find(request, session, id_), 409, BUSY)
    except (DomainError, NotFound):
        return _show(request, session, event, 400, wrong)
    return RedirectResponse(event_path(to), 303)


def may_regroup(request: Request, session: Session) -> bool:
    """Whether the role may say which posts are one matter: who may merge cases."""
    role = context_of(request).office.roles.get(session.user.role, {})
    return bool(role.get("sees") == "all" and "merge" in role.get("may", ()))


def _find(request: Request, session: Session, id_: str) -> Event:
    context = context_of(request)
    try:
        event = service.find_event(context.store, id_)
    except NotFound:
        raise HTTPException(404) from None
    if not board.seen_events(context, session.user, [event]):
        raise HTTPException(404)
    return event


def _show(request: Request, session: Session, event: Event, status: int = 200, message: str = "") -> Response:
    context = context_of(request)
    now = context.now()
    context.store.append_audit(AuditEntry(now, session.user.name, "viewed", event.id))
    records = context.store.get_posts(list(event.posts[:READ]))
    seen = board.seen_posts(context, session.user, [records[one] for one in event.posts if one in records])
    masker = context.masker.of_case()
    told = reprints.fold(seen)
    if not seen:
        raise HTTPException(404)
    # Title, words and counts too are those of what the person may see.
    shown = replace(event, posts=tuple(one.post.id for one in seen))
    figures = service.shown_figures(context.store, shown, context.masker, now)
    return render(
        request,
        "event.html",
        status,
        session=session,
        event=event,
        figures=figures,
        chart=_chart(figures),
        posts=[_post(one, masker.mask_text) for one in told[:SHOWN]],
        more=max(0, len(event.posts) - len(seen)) + len(told[SHOWN:]),
        may_regroup=may_regroup(request, session),
        message=message,
    )


def _chart(figures: dict[str, Any]) -> str:
    """The course of heat as the chart takes it."""
    course = figures["course"]
    values = {"kind": "line", "x": [one["at"][5:10] for one in course], "series": []}
    values["series"] = [{"name": "热度", "data": [one["heat"] for one in course]}]
    return json.dumps(values, ensure_ascii=False)


def _post(told: reprints.Told, mask: Callable[[str], str]) -> dict[str, Any]:
    record = told.record
    post, value = record.post, record.assessment.value if record.assessment else {}
    mood = (value.get("sentiment") or {}).get("label")
    return {
        "id": post.id,
        "title": mask(post.title or ""),
        "text": mask(post.text),
        "kind": post.kind,
        "source": post.source,
        "at": short_time(post.published_at),
        "url": reprints.web_address(post.url),
        "negative": mood == "negative",
        "copies": len(told.reprints),
        "sites": told.sites(),
    }
