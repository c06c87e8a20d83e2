"""Ways in which a site refuses, stalls or breaks, to be switched on in a replica."""

from __future__ import annotations

import gzip
import json
import threading
from dataclasses import dataclass, replace
from typing import Literal

from crawlers.replica.site import Answer, Ask

Kind = Literal[
    "status", "log_in", "redirect", "empty", "slow", "trickle", "cut", "html", "gbk", "mistyped", "bomb", "endless"
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. It acts on requests number ``after`` + 1 … ``after`` + ``times`` whose path holds ``path``.

    ``status``: answer with that HTTP status (``retry_after`` seconds in the header; ``body`` as JSON).
    ``log_in``: Weibo's ``{"ok": -100}``. ``redirect``: 302 to ``body``, else to the log-in page. ``empty``: cards []
    with ok 1. ``bomb``: 60 MB of blanks in a small gzip. ``endless``: the own answer, then blanks with no end.
    ``slow``: wait ``seconds`` first. ``trickle``: the body in pieces over ``seconds``. ``gbk``: the site's own answer
    in GBK without saying so. ``mistyped``: its own answer as application/octet-stream. ``cut``: half of the body, then
    the connection ends. ``html``: a log-in page with status 200.
    """

    kind: Kind
    status: int = 0
    after: int = 0
    times: int = 10**9
    path: str = "/"
    retry_after: float | None = None
    seconds: float = 0.0
    body: str = ""


class Faults:
    """The faults of a replica; counts the requests each of them has met."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self._faults = faults
        self._met = [0] * len(faults)
        self._lock = threading.Lock()

    def due(self, ask: Ask) -> Fault | None:
        """The first fault that acts on this request. robots.txt is only touched where ``path`` names it."""
        due = None
        with self._lock:
            for place, fault in enumerate(self._faults):
                met = self._met[place]
                if fault.path not in ask.path or (ask.path == "/robots.txt" and "robots" not in fault.path):
                    continue
                self._met[place] += 1
                if due is None and fault.after <= met < fault.after + fault.times:
                    due = fault
        return due


def spoil(fault: Fault) -> Answer | None:
    """The answer of a fault that has one of its own."""
    if fault.kind == "status":
        headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
        if fault.body:
            return Answer(fault.body.encode(), "application/json;charset=UTF-8", status=fault.status, headers=headers)
        return Answer(b"<html><body>error</body></html>", status=fault.status, headers=headers)
    if fault.kind == "log_in":
        value = {"ok": -100, "url": "https://passport.weibo.com/sso/signin?entry=wapsso&source=wapssowb"}
        return Answer(json.dumps(value).encode(), "application/json; charset=utf-8")
    if fault.kind == "redirect":
        target = fault.body or "https://passport.weibo.com/sso/signin?entry=wapsso"
        return Answer(b"", status=302, headers={"Location": target})
    if fault.kind == "bomb":
        return Answer(gzip.compress(b" " * 60_000_000, 9), headers={"Content-Encoding": "gzip"})
    if fault.kind == "empty":
        value = {"ok": 1, "data": {"cardlistInfo": {}, "cards": []}}
        return Answer(json.dumps(value).encode(), "application/json; charset=utf-8")
    if fault.kind == "html":
        return Answer(b"<html><script>location='https://passport.weibo.com/signin/login'</script></html>")
    return None


def disturb(fault: Fault, answer: Answer) -> Answer:
    """The site's own answer, sent in another way than the site does."""
    if fault.kind == "mistyped":
        return replace(answer, content_type="application/octet-stream")
    if fault.kind == "gbk":
        try:
            body = answer.body.decode("utf-8").encode("gb18030")
        except UnicodeDecodeError:
            return answer
        return replace(answer, body=body, content_type=answer.content_type.split(";")[0])
    return answer
