"""The page of sources: how each fares, what needs somebody first."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from dashboards import access
from dashboards.pages import context_of, guard_of, render
from pipeline import watching

router = APIRouter()


@router.get("/sources")
def sources(request: Request) -> Response:
    """Every source with its state; for roles that may see them."""
    session = guard_of(request).session(request)
    context = context_of(request)
    if not access.sees_sources(session.user, context.office):
        raise HTTPException(403)
    lines = watching.lines(context, context.now())
    return render(
        request,
        "sources.html",
        session=session,
        lines=lines,
        alarms=sum(line.alarm for line in lines),
        collecting=sum(line.state == "collecting" for line in lines),
    )
