"""A person corrects what was judged of a post: the assessment is put right, the training store keeps it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from casework.domain.moves import allowed
from casework.ports import Conflict
from dashboards import access, forms
from dashboards.pages import case_path, context_of, guard_of
from dashboards.sessions import BadToken, check_token
from dashboards.views.case_page import Told, find_case, show_case
from pipeline import settling
from pipeline.errors import CallError
from pipeline.settling import settling_verb

router = APIRouter()
ENDED = "没有更正：案件已经办结，是不是检举控告不能只改判断，请先重新办理，再由人认定或者排除。"
STALE = "页面已过期，更正没有提交，请再次选择。"
Entered = Annotated[dict[str, str], Depends(forms.read_form)]


@router.post("/cases/{id_:path}/label")
def correct(request: Request, id_: str, entered: Entered) -> Response:
    """Take ``choice`` (``task|label``) for ``post`` of the case; back to the case."""
    session = guard_of(request).session(request)
    case = find_case(request, session, id_)
    context = context_of(request)
    # Who may route a case may say what it is about.
    if not access.may_do(session.user, context.office, case, "assign"):
        raise HTTPException(403)
    try:
        check_token(session, entered.get("csrf", ""))
    except BadToken:
        return show_case(request, session, case, Told(403, STALE))
    post, (task, _, label) = entered.get("post", ""), entered.get("choice", "").partition("|")
    label = label or entered.get("said", "")
    if post not in case.posts:
        raise HTTPException(404)
    verb = settling_verb(case, task, label, post)
    if verb is not None and verb not in allowed(case.state):
        return show_case(request, session, case, Told(409, ENDED))
    if verb is not None and not access.may_do(session.user, context.office, case, verb):
        raise HTTPException(403)
    try:
        settling.correct(context, post, task, label, session.user.name, context.now(), str(case.version))
    except Conflict:
        return show_case(request, session, find_case(request, session, id_), Told(409, STALE))
    except CallError:
        return show_case(request, session, case, Told(400, "没有更正：请先选择正确的类别；还没有研判的帖文不能更正。"))
    return RedirectResponse(forms.back(entered, case_path(id_)), 303)
