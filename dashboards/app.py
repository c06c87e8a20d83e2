"""The pages: made by ``create_app``, started by name (``huiying serve``)."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException

from casework.ports import StoreError, Unavailable, Unwritable
from dashboards import forms, pages, views
from dashboards.opening import Desk
from dashboards.sessions import BadToken, Guard, NotSignedIn
from dashboards.shield import Shield, protect
from pipeline import logs
from pipeline.errors import CallError
from pipeline.settings import settings
from pipeline.wiring import Context

STATIC = Path(__file__).parent / "static"
EXPIRED = "登录已过期，这一步没有提交。"
ERRORS = {
    400: ("请求有误", "请返回上一页，检查填写的内容。"),
    403: ("不能执行", "您的角色不能做这一步，或者这张表单不是本系统发出的。请从案件列表进入，刷新后再试。"),
    404: ("没有这一页", "地址不对，或者您无权查看。请从案件列表进入。"),
    405: ("不能这样访问", "这个地址只接受本系统页面上的按钮。请从案件列表进入。"),
    413: ("内容太长", "一次提交不能超过 1 MB。请返回上一页，删减后再试。"),
    422: ("请求有误", "地址里的条件不对。请从案件列表重新筛选。"),
    500: ("系统出错", "这一步没有完成，错误已经记录。请稍后再试；仍然不行，请联系系统管理员。"),
    503: (
        "暂时连不上数据库",
        "不会只写一半。请稍后先看案件的最新情况，没有写入的再做一次；仍然不行，请联系系统管理员。",
    ),
}
"""Status → title and what to do."""


def create_app(context: Context | None = None) -> FastAPI:
    """The app over ``context``; without one, over what HUIYING_STORE and HUIYING_CONFIG name."""
    joined = context or Context(settings())
    # The office is read here: a mistake in the configuration stops the start, not the first visitor.
    app = FastAPI(title=joined.office.name, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = joined
    app.state.guard = Guard(joined)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    found = modules()
    app.state.desks = {view.DESK.page: view.DESK for view in found if hasattr(view, "DESK")}
    for view in found:
        app.include_router(view.router)
    app.get("/healthz")(_health)
    app.add_middleware(Shield, error_page=error_page)
    _handle_errors(app)
    return app


def modules() -> list[ModuleType]:
    """Every module of ``dashboards/views``: a page is added by adding a file. One whose address takes whatever follows
    (``CATCHES_ALL``) stands behind the others, so that it swallows none of theirs."""
    found = [
        importlib.import_module(f"{views.__name__}.{one.name}")
        for one in pkgutil.iter_modules(views.__path__)
        if not one.name.startswith("_")
    ]
    return sorted(found, key=lambda view: getattr(view, "CATCHES_ALL", False))


def _health() -> PlainTextResponse:
    return PlainTextResponse("ok")


def error_page(request: Request, status: int) -> Response:
    """A Chinese page that says what is wrong and what to do."""
    title, advice = ERRORS.get(status, ERRORS[500 if status >= 500 else 400])
    response = pages.render(
        request, "error.html", status, title=title, advice=advice, session=None, kept=_kept(request)
    )
    # An answer to an unforeseen error is sent from outside the shield.
    protect(MutableHeaders(raw=response.raw_headers), request.url.scheme, request.url.path)
    return response


def _kept(request: Request) -> str:
    """What was written into the form that could not be done: nobody writes a draft twice."""
    return forms.kept(getattr(request.state, "entered", {}))


def _http(request: Request, error: Any) -> Response:
    return error_page(request, error.status_code)


def _invalid(request: Request, error: Any) -> Response:
    return error_page(request, 422)


def _enter(request: Request, error: Any) -> Response:
    """To the sign-in page and, after it, back; a text that was entered is shown, so that it can be copied."""
    kept = _kept(request)
    to = _way_back(request.url.path, request.app.state.desks.values())
    if kept:
        return pages.render(request, "sign_in.html", 401, message=EXPIRED, kept=kept, to=to)
    return RedirectResponse("/enter" + (f"?to={quote(to)}" if to else ""), 303)


def _way_back(path: str, desks: Iterable[Desk] = ()) -> str:
    """Where one goes after signing in: the page, or the case whose form was sent; empty: where the role begins."""
    ours = ("/cases/", "/sources", *(desk.path for desk in desks if desk.path != "/"))
    return re.sub(r"/(do/[^/]*|originals)$", "", path) if path.startswith(ours) else ""


def _forged(request: Request, error: Any) -> Response:
    return error_page(request, 403)


def _store_away(request: Request, error: Any) -> Response:
    logs.warning("store away", path=request.url.path, why=str(error))
    return error_page(request, 503)


def _unforeseen(request: Request, error: Any) -> Response:
    logs.warning("page failed", path=request.url.path, kind=type(error).__name__, why=str(error))
    return error_page(request, 500)


def _handle_errors(app: FastAPI) -> None:
    handlers: dict[type[Exception], Any] = {
        HTTPException: _http,
        NotSignedIn: _enter,
        BadToken: _forged,
        RequestValidationError: _invalid,
        Unavailable: _store_away,
        Unwritable: _store_away,
        StoreError: _unforeseen,
        CallError: _unforeseen,
        Exception: _unforeseen,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
