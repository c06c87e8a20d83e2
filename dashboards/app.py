"""The pages: made by ``create_app``, started by name (``huiying serve``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from casework.ports import StoreError, Unavailable, Unwritable
from dashboards import pages
from dashboards.sessions import BadToken, Guard, NotSignedIn
from dashboards.views import case_list, case_page, sign_in
from pipeline.settings import settings
from pipeline.wiring import Context

STATIC = Path(__file__).parent / "static"
LARGEST = 1_000_000
"""Bytes of a form."""
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ERRORS = {
    400: ("请求有误", "请返回上一页检查填写的内容。"),
    403: ("不能执行", "页面已过期或不是本系统发出的表单。请返回案件页面,刷新后再试。"),
    404: ("没有这一页", "地址不对,或您无权查看。请从案件列表进入。"),
    405: ("不能这样访问", "请从案件列表进入。"),
    413: ("内容太长", "一次提交不能超过 1 MB,请删减后再试。"),
    422: ("请求有误", "请返回上一页检查填写的内容。"),
    500: ("系统出错", "已记录。请稍后再试,仍不行请联系管理员。"),
    503: ("暂时连不上数据库", "您的内容没有写入,也没有写入一半。请稍后再试。"),
}
"""Status → title and what to do."""


def create_app(context: Context | None = None) -> FastAPI:
    """The app over ``context``; without one, over what HUIYING_STORE and HUIYING_CONFIG name."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = context or Context(settings())
    app.state.guard = Guard(app.state.context)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for view in (sign_in, case_list, case_page):
        app.include_router(view.router)
    app.get("/healthz")(_health)
    app.middleware("http")(_headers)
    _handle_errors(app)
    return app


def _health() -> PlainTextResponse:
    return PlainTextResponse("ok")


async def _headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    if int(request.headers.get("content-length") or 0) > LARGEST:
        response: Response = error_page(request, 413)
    else:
        response = await call(request)
    for name, value in HEADERS.items():
        if name != "Cache-Control" or not request.url.path.startswith("/static"):
            response.headers[name] = value
    if request.url.scheme == "https":
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def error_page(request: Request, status: int) -> HTMLResponse:
    """A Chinese page that says what is wrong and what to do."""
    title, advice = ERRORS.get(status, ERRORS[500])
    return pages.render(request, "error.html", status, title=title, advice=advice, session=None)


def _handle_errors(app: FastAPI) -> None:
    def answer(status: int) -> Callable[[Request, Any], Response]:
        return lambda request, error: error_page(request, status)

    def http(request: Request, error: Any) -> Response:
        return error_page(request, error.status_code)

    def enter(request: Request, error: Any) -> Response:
        return RedirectResponse("/enter", 303)

    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(NotSignedIn, enter)
    app.add_exception_handler(BadToken, answer(403))
    app.add_exception_handler(RequestValidationError, answer(422))
    for kind in (Unavailable, Unwritable):
        app.add_exception_handler(kind, answer(503))
    for other in (StoreError, Exception):
        app.add_exception_handler(other, answer(500))
