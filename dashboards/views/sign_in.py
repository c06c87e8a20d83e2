"""Signing in and out."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from casework.records import AuditEntry, User
from dashboards.pages import context_of, guard_of, home, render
from dashboards.sessions import COOKIE, HOURS, check_token

router = APIRouter()
WRONG = "用户名或密码不对。连错 5 次，该账号暂停登录 15 分钟。"
OLD_LINK = "这个链接已经用过，或者超过了 10 分钟。请重新获取，或者用密码登录。"
_BACK = re.compile(r"/(?!/)[^\\\s?#]{1,300}")
"""Where one may be sent after signing in: to a page of ours, never to another host."""


@router.get("/enter")
def enter_page(request: Request, token: str | None = None, to: str = "") -> Response:
    """The sign-in form; with a one-time link, signed in at once."""
    if token is None:
        return render(request, "sign_in.html", to=to)
    user = guard_of(request).by_link(token)
    if user is None:
        return render(request, "sign_in.html", 403, message=OLD_LINK)
    return _signed_in(request, user, "link", "")


@router.post("/enter")
def enter(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "",
) -> Response:
    """Sign in by name and password."""
    user = guard_of(request).by_password(name.strip(), password)
    if user is None:
        return render(request, "sign_in.html", 403, message=WRONG, name=name, to=to)
    return _signed_in(request, user, "password", to)


@router.post("/leave")
def leave(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
    """Sign out."""
    session = guard_of(request).session(request)
    check_token(session, csrf)
    answer = RedirectResponse("/enter", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _signed_in(request: Request, user: User, how: str, to: str) -> Response:
    context = context_of(request)
    context.store.append_audit(AuditEntry(context.now(), user.name, "signed_in", "", {"how": how}))
    answer = RedirectResponse(to if _BACK.fullmatch(to) else home(request, user), 303)
    answer.set_cookie(
        COOKIE,
        guard_of(request).cookie(user),
        max_age=HOURS * 3600,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer
