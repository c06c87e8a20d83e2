"""What holds for every request: headers of the answer, a limit on what is sent in, no form from another site."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1_000_000
"""Bytes of a form."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS = "max-age=31536000"
ErrorPage = Callable[[Request, int], Response]
"""Makes the page of a status."""


def protect(headers: MutableHeaders, scheme: str, path: str) -> None:
    """Add the headers to an answer for ``path``."""
    for name, value in HEADERS.items():
        headers[name] = value
    headers["Cache-Control"] = "no-cache" if path.startswith("/static/") else "no-store"
    if scheme == "https":
        headers["Strict-Transport-Security"] = HSTS


class Shield:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, error_page: ErrorPage) -> None:
        self.app = app
        self.error_page = error_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), scope["scheme"], scope["path"])
            await send(message)

        refused = _refused(scope)
        if refused is not None:
            await self.error_page(Request(scope), refused)(scope, receive, guarded)
        else:
            await self.app(scope, _limited(receive), guarded)


def _refused(scope: Scope) -> int | None:
    """The status with which a request is refused unread, or None."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        return 400
    if int(length) > LARGEST:
        return 413
    # Browsers say where a form comes from; a page of another site cannot forge it. Besides the token of the session
    # this also guards the sign-in form, which has none.
    foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    return 403 if foreign and scope["method"] not in ("GET", "HEAD", "OPTIONS") else None


def _limited(receive: Receive) -> Receive:
    """``receive`` that stops a body without a stated length when it grows too large."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > LARGEST:
            raise HTTPException(413)
        return message

    return counted
