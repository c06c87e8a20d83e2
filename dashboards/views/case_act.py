"""What people do to a case: the acts that its state allows, as forms; and reading the unmasked originals."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from casework.domain.case import Case
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.matching import REPORT
from casework.domain.moves import FROM
from casework.ports import Conflict, NotFound
from casework.records import AuditEntry
from dashboards import access, forms, words
from dashboards.pages import case_path, context_of, guard_of
from dashboards.sessions import BadToken, Session, check_token
from dashboards.views.case_page import Told, find_case, show_case
from pipeline.settling import settle

router = APIRouter()
CONFLICT = "他人已先处理，请看下面的最新情况。您填写的内容还在，确认后可以再次提交。"
STALE = "页面已过期，这一步没有提交。您填写的内容还在，请再次提交。"
NO_REASON = "查看未脱敏的原文要写明理由，理由会留痕。"
QUIET = frozenset(
    {
        "notified",
        "notice_failed",
        "notice_arrived",
        "notice_outdated",
        "reminded",
        "overdue",
        "escalated",
        "recounted",
        "moved",
    }
)
"""What the system adds by itself: it changes nothing that a person decides upon, so it is no conflict for him."""
TRIES = 5
Entered = Annotated[dict[str, str], Depends(forms.read_form)]


@router.get("/cases/{id_:path}/do/{verb}")
def done_already(request: Request, id_: str, verb: str) -> Response:
    """An answer to a form stands under the form's address: who asks for that again is sent to the case."""
    guard_of(request).session(request)
    return RedirectResponse(case_path(id_), 303)


@router.post("/cases/{id_:path}/do/{verb}")
def do(request: Request, id_: str, verb: str, entered: Entered) -> Response:
    """Do ``verb``; back to the case. What cannot be done is said on the page, and the text entered is kept."""
    session = guard_of(request).session(request)
    case = find_case(request, session, id_)
    if verb not in FROM:
        raise HTTPException(404)
    context = context_of(request)
    if not access.may_do(session.user, context.office, case, verb):
        raise HTTPException(403)
    told = _try(request, session, case, verb, entered)
    if told is not None:
        return show_case(request, session, find_case(request, session, id_), told)
    context.store.append_audit(AuditEntry(context.now(), session.user.name, "acted", id_, {"verb": verb}))
    return RedirectResponse(forms.back(entered, f"{case_path(id_)}?done={verb}"), 303)


def _try(request: Request, session: Session, case: Case, verb: str, entered: dict[str, str]) -> Told | None:
    """Do it; None when it is done, else what to tell the person."""

    def told(status: int, message: str) -> Told:
        return Told(status, message, verb, entered)

    try:
        check_token(session, entered.get("csrf", ""))
    except BadToken:
        # Shown with the page's own token, so nothing is done until the person presses the button again.
        return told(403, STALE)
    wrong = forms.mistake(verb, entered, case, context_of(request).now())
    if wrong is not None:
        return told(400, f"没有完成“{words.VERBS[verb]}”：{wrong}")
    try:
        _act(request, session, case, verb, entered)
    except Conflict:
        return told(409, CONFLICT)
    except IllegalMove as error:
        return told(409, forms.refusal(verb, error))
    except NotFound:
        return told(400, "没有这个编号的案件，请核对后再填。")
    except DomainError as error:
        why = forms.reason(str(error)) or "填写的内容不符合要求，请检查"
        return told(400, f"没有完成“{words.VERBS[verb]}”：{why}。")
    return None


def _act(request: Request, session: Session, case: Case, verb: str, entered: dict[str, str]) -> None:
    """Do ``verb``. Raises Conflict when a person, or a new post, changed the case since the form was made."""
    context = context_of(request)
    if verb == "merge":
        _check_winner(request, session, case, entered["into"].strip())
    seen = entered.get("version", "")
    for attempt in range(TRIES):
        arguments = forms.arguments(entered, case)
        if re.fullmatch(r"[0-9]{1,9}", seen) and all(entry.what in QUIET for entry in case.history[int(seen) :]):
            arguments["version"] = str(case.version)
        try:
            settle(context, case.id, verb, arguments, session.user.name, context.now())
        except Conflict:
            if attempt == TRIES - 1:
                raise
            newer = context.store.get_case(case.id)
            if not all(entry.what in QUIET for entry in newer.history[case.version :]):
                raise
            case = newer
        else:
            return


def _check_winner(request: Request, session: Session, case: Case, id_: str) -> None:
    """Raise NotFound where the case to merge into may not be seen, DomainError where just one of them is a report."""
    context = context_of(request)
    winner = context.store.get_case(id_)
    if not access.visible(session.user, context.office, winner):
        raise NotFound(id_)
    if (winner.petition_kind == REPORT) != (case.petition_kind == REPORT):
        raise DomainError("a report of wrongdoing is not merged with a case of another kind")


@router.post("/cases/{id_:path}/originals")
def originals(request: Request, id_: str, entered: Entered) -> Response:
    """The case with its posts as they were read, for those who may, with a reason and on record."""
    session = guard_of(request).session(request)
    case = find_case(request, session, id_)
    context = context_of(request)
    if not access.may_reveal(session.user, context.office):
        raise HTTPException(403)
    try:
        check_token(session, entered.get("csrf", ""))
    except BadToken:
        return show_case(request, session, case, Told(403, STALE, "originals", entered))
    why = entered.get("reason", "").strip()
    if not why:
        return show_case(request, session, case, Told(400, NO_REASON, "originals", entered))
    # On record before it is shown: where the log cannot be written nothing is shown.
    context.store.append_audit(AuditEntry(context.now(), session.user.name, "revealed", id_, {"reason": why[:2000]}))
    return show_case(request, session, case, Told(), original=True)
