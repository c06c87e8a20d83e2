"""静默 from a page: for some hours, with a reason, no alarm of one case goes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from casework.domain.errors import DomainError
from casework.domain.silence import Silence
from casework.services.silences import add_silence
from dashboards import access, forms
from dashboards.pages import case_path, context_of, guard_of
from dashboards.sessions import BadToken, check_token
from dashboards.views.case_page import Told, find_case, show_case

router = APIRouter()
MOST_HOURS = 72
WRONG = "没有静默：请写 1 到 72 的小时数和理由。"
STALE = "页面已过期，静默没有提交，请再次填写。"
Entered = Annotated[dict[str, str], Depends(forms.read_form)]


@router.post("/cases/{id_:path}/silence")
def silence(request: Request, id_: str, entered: Entered) -> Response:
    """Keep back the notices of the case for ``hours``; who may assign it may silence it."""
    session = guard_of(request).session(request)
    case = find_case(request, session, id_)
    context = context_of(request)
    if not access.may_do(session.user, context.office, case, "assign"):
        raise HTTPException(403)
    hours, reason = entered.get("hours", ""), entered.get("reason", "").strip()
    try:
        check_token(session, entered.get("csrf", ""))
        if not (hours.isascii() and hours.isdecimal() and 1 <= int(hours[:4]) <= MOST_HOURS and reason):
            raise DomainError(f"{hours!r}: hours from 1 to {MOST_HOURS}, and a reason")
        now = context.now()
        until = now + timedelta(hours=int(hours))
        made = Silence(uuid4().hex[:12], now, until, session.user.name, reason[:500], cases=(case.id,))
        add_silence(context.store, made, context.office.routing.departments)
    except BadToken:
        return show_case(request, session, case, Told(403, STALE, "silence", entered))
    except DomainError:
        return show_case(request, session, case, Told(400, WRONG, "silence", entered))
    return RedirectResponse(forms.back(entered, case_path(id_)), 303)
