"""The page behind the link of a notice: whoever holds it says, once and without signing in, that he has it in hand.

Opening it does nothing: mail filters and chat services open links by themselves. It shows what the notice is and
nothing of the case.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from alerting.routes import read_plan
from casework.domain.notice import NAMES
from casework.domain.times import short_time
from casework.ports import Conflict, NotFound
from casework.services import acknowledge as service
from dashboards.pages import context_of, render
from pipeline import accounts, links

router = APIRouter()
TRIES = 5


@router.get("/ack/{token}")
def ask(request: Request, token: str) -> Response:
    """The notice by its kind and number, with the button."""
    return _page(request, token, _asked(request, token))


@router.post("/ack/{token}")
def acknowledge(request: Request, token: str) -> Response:
    """Record it, once."""
    context = context_of(request)
    for _ in range(TRIES):
        one = _asked(request, token)
        if one is None or one.state != service.DONE:
            return _page(request, token, one)
        try:
            done = service.acknowledge(context.store, context.office, one, context.now())
        except Conflict:
            # Somebody wrote the case meanwhile: it is read again.
            continue
        until = done.case.acknowledged[-1].until if done.state == service.AGAIN else None
        return _page(request, token, done, short_time(until) if until else None)
    raise HTTPException(503)


def _asked(request: Request, token: str) -> service.Asked | None:
    """The notice that the link names; None where its time is over. A link that is none answers as no page."""
    context = context_of(request)
    claim = links.read(accounts.secret_key(context.settings.var), token)
    if claim is None:
        raise HTTPException(404)
    if claim.over(context.now(), read_plan(context.office.channels).acknowledging.hours):
        return None
    try:
        return service.asked(context.store, claim.case, claim.names)
    except NotFound:
        raise HTTPException(404) from None


def _page(request: Request, token: str, one: service.Asked | None, until: str | None = None) -> Response:
    if one is None:
        return render(request, "acknowledge.html", 410, state="expired", session=None)
    state = "recorded" if until else one.state
    return render(
        request,
        "acknowledge.html",
        state=state,
        kind=NAMES[one.notice.kind],
        number=one.case.id,
        until=until,
        token=token,
        session=None,
    )
