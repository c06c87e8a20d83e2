"""值班台: what waits for a decision, what is due today, what is hot, what came in, failing sources, the hand-over."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from casework.domain.errors import DomainError
from casework.domain.matching import REPORT
from casework.records import CaseFilter
from casework.services import shift_notes
from dashboards import access, board, forms
from dashboards.opening import Desk, opens
from dashboards.pages import context_of, render
from dashboards.sessions import BadToken, Session, check_token
from pipeline import corrections, watching

router = APIRouter()
DESK = Desk("office", "/office", "值班台")
NOTES = 3
STALE = "页面已过期，交接记录没有保存。您写的内容还在，请再次提交。"
EMPTY = "交接记录没有保存：请写 1 到 5000 个字，同一条不用交两次。"
Who = Annotated[Session, opens("office")]
Entered = Annotated[dict[str, str], Depends(forms.read_form)]


@router.get("/office")
def office(request: Request, session: Who) -> Response:
    """The desk."""
    return _show(request, session)


@router.get("/office/stream")
def stream(request: Request, session: Who) -> Response:
    """The part of the desk that is fetched again every half minute."""
    context = context_of(request)
    lines = board.stream(context, session.user, context.now())
    return render(request, "office_stream.html", session=session, stream=lines)


@router.post("/office/notes")
def add_note(request: Request, session: Who, entered: Entered) -> Response:
    """Keep a hand-over note; what was written stays in the form where it could not be kept."""
    context = context_of(request)
    try:
        check_token(session, entered.get("csrf", ""))
        shift_notes.add_note(context.store, entered.get("text", ""), session.user.name, context.now())
    except BadToken:
        return _show(request, session, 403, STALE, entered.get("text", ""))
    except DomainError:
        return _show(request, session, 400, EMPTY, entered.get("text", ""))
    return RedirectResponse("/office#notes", 303)


def _show(request: Request, session: Session, status: int = 200, message: str = "", text: str = "") -> Response:
    context, user = context_of(request), session.user
    now = context.now()
    queue = board.page(context, user, CaseFilter(state="to_review"), board.QUEUE)
    sums = board.sums(context, user, now)
    return render(
        request,
        "office.html",
        status,
        session=session,
        queue=queue.cases,
        waiting=queue.total,
        acts={case.id: access.verbs(user, context.office, case) for case in queue.cases},
        labels=_labels(queue.cases),
        choices=board.departments(context, now),
        hours=board.due_today(context, user, now),
        late=sums["late"],
        soon=sums["soon"],
        events=board.hottest(context, user, now),
        stream=board.stream(context, user, now),
        sources=[line for line in watching.lines(context, now) if line.alarm],
        notes=shift_notes.notes(context.store, NOTES),
        names=context.office.department_name,
        message=message,
        text=text,
    )


def _labels(cases: Any) -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """What a click may correct in a case of the queue; a suspected report is settled first."""
    offered = [("board_domain", "领域", corrections.labels_of("board_domain"))]
    return {case.id: offered for case in cases if not case.suspected and case.petition_kind != REPORT}
