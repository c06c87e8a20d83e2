"""One case: what to do now, the posts (masked), the limits, the history; and what people do to it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from casework.domain.case import Case
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.moves import FROM, GATES
from casework.domain.times import SHANGHAI
from casework.ports import Conflict, NotFound
from casework.records import AuditEntry
from casework.services.respond import act
from dashboards import access, words
from dashboards.pages import context_of, guard_of, render
from dashboards.sessions import Session, check_token

router = APIRouter()
SHOWN = 50
"""Posts shown of a case; the others are counted."""
TIMES = ("at", "to_time")
CONFLICT = "他人已先处理,请看下面的最新情况。您填写的内容还在,确认后可再次提交。"


@router.get("/cases/{id_:path}")
def case_page(request: Request, id_: str) -> Response:
    """The page of one case. A case that may not be seen answers as one that is not there."""
    session = guard_of(request).session(request)
    case = _case(request, session, id_)
    return _render(request, session, case)


@router.post("/cases/{id_:path}/do/{verb}")
async def do(request: Request, id_: str, verb: str) -> Response:
    """Do ``verb``; back to the case. What cannot be done is said on the page, and the text entered is kept."""
    session = guard_of(request).session(request)
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    check_token(session, form.pop("csrf", ""))
    case = _case(request, session, id_)
    if verb not in FROM:
        raise HTTPException(404)
    context = context_of(request)
    if verb not in context.office.roles.get(session.user.role, {}).get("may", ()):
        raise HTTPException(403)
    try:
        act(context.store, context.office, id_, verb, _arguments(form), session.user.name, context.now())
    except (Conflict, IllegalMove) as error:
        message = CONFLICT if isinstance(error, Conflict) else f"现在不能{words.VERBS[verb]}:{_plain(error)}"
        return _render(request, session, _case(request, session, id_), 409, message, verb, form)
    except DomainError as error:
        return _render(request, session, case, 400, f"没有完成{words.VERBS[verb]}:{error}", verb, form)
    detail = {"verb": verb}
    context.store.append_audit(AuditEntry(context.now(), session.user.name, "acted", id_, detail))
    return RedirectResponse(f"/cases/{id_}", 303)


def _plain(error: IllegalMove) -> str:
    possible = "、".join(words.VERBS.get(verb, verb) for verb in error.allowed) or "无"
    return f"此状态下可以:{possible}。" + (f"({error.why})" if error.why else "")


def _arguments(form: dict[str, str]) -> dict[str, str]:
    """The form as arguments of an act; times are entered in Beijing time without an offset."""
    arguments = {name: value.replace("\r\n", "\n") for name, value in form.items() if value.strip()}
    for name in TIMES:
        if name in arguments:
            arguments[name] = f"{arguments[name]}+08:00" if len(arguments[name]) <= 19 else arguments[name]
    if "to_time" in arguments:
        arguments["to"] = arguments.pop("to_time")
    return arguments


def _case(request: Request, session: Session, id_: str) -> Case:
    context = context_of(request)
    try:
        case = context.store.get_case(id_)
    except NotFound:
        raise HTTPException(404) from None
    if not access.visible(session.user, context.office, case):
        raise HTTPException(404)
    return case


def _render(
    request: Request,
    session: Session,
    case: Case,
    status: int = 200,
    message: str = "",
    failed: str = "",
    entered: dict[str, str] | None = None,
) -> Response:
    context = context_of(request)
    context.store.append_audit(AuditEntry(context.now(), session.user.name, "viewed", case.id))
    now = context.now()
    day = now.astimezone(SHANGHAI).date()
    possible = access.verbs(session.user, context.office, case)
    usual = [verb for verb in words.NEXT.get(case.state, ()) if verb in possible]
    departments = context.office.routing.departments
    choices = [(id_, found.name) for id_, found in departments.items() if found.alive(day) and id_ not in case.excluded]
    return render(
        request,
        "case.html",
        status,
        session=session,
        case=case,
        posts=_posts(request, case),
        more=max(0, len(case.posts) - SHOWN),
        verbs=possible,
        main=usual[0] if usual else None,
        gate=GATES[len(case.gates)] if len(case.gates) < len(GATES) else None,
        message=message,
        failed=failed,
        entered=entered or {},
        choices=choices,
        names=context.office.department_name,
        local_now=now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
    )


def _posts(request: Request, case: Case) -> list[dict[str, Any]]:
    """The posts as they may be shown: masked, without their authors."""
    context = context_of(request)
    records = context.store.get_posts(list(case.posts[:SHOWN]))
    mask = context.masker.mask_text
    shown = []
    for id_ in case.posts[:SHOWN]:
        record = records.get(id_)
        if record is None:
            continue
        post = record.post
        url = post.url if post.url and post.url.startswith(("http://", "https://")) else None
        values = {"id": id_, "kind": post.kind, "source": post.source, "at": post.published_at, "url": url}
        texts = {"title": mask(post.title or ""), "text": mask(post.text), "place": post.place}
        shown.append({**values, **texts, "truncated": post.truncated, "answered": id_ in case.answered})
    return shown
