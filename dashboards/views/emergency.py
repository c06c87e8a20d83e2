"""突发事件 on the page of a case: the track is recorded by forms of its own."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from casework.domain.errors import DomainError
from casework.ports import Conflict
from casework.records import AuditEntry
from casework.services import emergency
from dashboards import access, forms
from dashboards.pages import case_path, context_of, guard_of
from dashboards.sessions import BadToken, check_token
from dashboards.views.case_act import CONFLICT, STALE
from dashboards.views.case_page import Told, find_case, show_case

router = APIRouter()
Entered = Annotated[dict[str, str], Depends(forms.read_form)]
_REASONS = (
    (r"open already", "突发事件处置已经启动"),
    (r"no open emergency track", "突发事件处置没有启动，或者已经结束"),
    (r"(\d+) item\(s\) of the checklist are not done: \S+ \((.+)\)$", "清单上还有 {0} 项没有做：{1}"),
    (r"no review", "还没有提交复盘"),
    (r"which is after now", "时间不能晚于现在"),
    (r"no such item", "清单上没有这一项，请刷新页面"),
    (r"reason is missing", "有必填的内容没有填"),
    (r"level", "级别要从列表里选"),
    (r"must not be empty", "有必填的内容没有填"),
    (r"time", "时间填得不对"),
    (r"is (closed|archived|transferred|rejected|merged)", "案件已经结束，不能启动"),
)
"""What the domain says → what the person is told."""


@router.post("/cases/{id_:path}/emergency/{verb}")
def do(request: Request, id_: str, verb: str, entered: Entered) -> Response:
    """Do ``verb`` of the track; back to the case. What cannot be done is said on the page, the text entered is kept."""
    session = guard_of(request).session(request)
    case = find_case(request, session, id_)
    context = context_of(request)
    if verb not in emergency.VERBS:
        raise HTTPException(404)
    if not access.may_do(session.user, context.office, case, "emergency"):
        raise HTTPException(403)

    def told(status: int, message: str) -> Response:
        newest = find_case(request, session, id_)
        return show_case(request, session, newest, Told(status, message, f"emergency_{verb}", entered))

    try:
        check_token(session, entered.get("csrf", ""))
    except BadToken:
        return told(403, STALE)
    arguments = forms.arguments(entered, case)
    # What the system adds by itself (a notice sent, a reminder) is no conflict for what is only added here.
    arguments.pop("version", None)
    try:
        emergency.act(context.store, context.office, id_, verb, arguments, session.user.name, context.now())
    except Conflict:
        return told(409, CONFLICT)
    except DomainError as error:
        return told(400, f"没有完成“{emergency.VERBS[verb]}”：{_reason(str(error))}。")
    context.store.append_audit(
        AuditEntry(context.now(), session.user.name, "acted", id_, {"verb": f"emergency_{verb}"})
    )
    return RedirectResponse(f"{case_path(id_)}#emergency", 303)


def _reason(text: str) -> str:
    for pattern, chinese in _REASONS:
        found = re.search(pattern, text)
        if found:
            return chinese.format(*found.groups())
    return "填写的内容不符合要求，请检查"
