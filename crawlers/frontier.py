"""Scrapy's scheduler, with requests that outlive their process: each is kept as JSON until its page is read."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from scrapy import Spider
from scrapy.core.scheduler import Scheduler
from scrapy.http import Request
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from typing_extensions import override

from crawlers.base.spider import SourceSpider
from crawlers.plain import Plain
from crawlers.trouble import EndsRunsError
from crawlers.walk import Asked, Walk

LAST = -1_000_000
"""Priority of the lists' first pages where a walk is resumed: first the old walk is brought to its end."""
_OUR_META = ("handle_httpstatus_list", "dont_redirect", "conditional")


class Frontier(Scheduler):
    """Asks first what a killed run did not get to. Without a walk (tests) it is Scrapy's own scheduler."""

    @override
    def open(self, spider: Spider) -> Deferred[None] | None:
        opened = super().open(spider)
        assert isinstance(spider, SourceSpider)
        self._walk = spider.collector.walk
        if self._walk is not None:
            for key, asked in list(self._walk.pending.items()):
                ends = self._walk.reading.ends_runs(key)
                for request in give_up(key, asked, spider) if ends else [to_request(key, asked, spider)]:
                    if not super().enqueue_request(request):
                        self._walk.drop(request.meta["turn"])
        return opened

    @override
    def enqueue_request(self, request: Request) -> bool:
        assert isinstance(self.spider, SourceSpider)
        walk = self._walk
        if walk is None:
            return super().enqueue_request(request)
        if request.meta.get("is_start_request") and walk.resumed:
            if self._waits(request, walk):
                return False
            request = request.replace(priority=LAST)
        if "turn" not in request.meta:
            walk.turn(asked=prepare([request], self.spider, walk))
        queued = super().enqueue_request(request)
        if not queued:
            walk.drop(request.meta["turn"])
        return queued

    @override
    def next_request(self) -> Request | None:
        request = super().next_request()
        if self._walk is not None and request is not None and request.priority == LAST:
            self._walk.begin_heads()
        return request

    @staticmethod
    def _waits(request: Request, walk: Walk) -> bool:
        body = base64.b64encode(request.body).decode()
        return any((asked["url"], asked["body"]) == (request.url, body) for asked in walk.pending.values())


def give_up(key: str, asked: Asked, spider: SourceSpider) -> list[Request]:
    """A page that no run outlives is not asked for: to its spider it did not come. Answers what is to be asked then."""
    why = "reading this page has ended the run again and again, it is too large or too slow to read"
    failure = Failure(EndsRunsError(f"{why}: {asked['url']}"))  # type: ignore[no-untyped-call]
    failure.request = to_request(key, asked, spider)  # type: ignore[attr-defined]
    return spider.page_failed(failure)


def prepare(requests: Iterable[Request], spider: SourceSpider, walk: Walk) -> dict[str, Asked]:
    """Give requests their keys, and their way back through ``spider.page_came``; answers them as JSON by key."""
    asked = {}
    for request in requests:
        key = walk.key()
        callback, errback = (getattr(found, "__name__", "") for found in (request.callback, request.errback))
        request.meta["turn"], request.meta["calls"] = key, (callback, errback)
        if walk.resumable:
            asked[key] = to_asked(request)
        request.callback, request.errback = spider.page_came, spider.page_failed
    return asked


def to_asked(request: Request) -> Asked:
    """A prepared request as JSON. Raises TypeError where the callback wants what JSON cannot hold."""
    callback, errback = request.meta["calls"]
    return {
        "url": request.url,
        "method": request.method,
        "body": base64.b64encode(request.body).decode(),
        "headers": dict(request.headers.to_unicode_dict()),
        "priority": request.priority,
        "dont_filter": request.dont_filter,
        "calls": [callback, errback],
        "list": errback == SourceSpider.list_failed.__name__,
        "meta": {name: request.meta[name] for name in _OUR_META if name in request.meta},
        "with": {name: _packed(value) for name, value in request.cb_kwargs.items()},
    }


def to_request(key: str, asked: Asked, spider: SourceSpider) -> Request:
    """The request that ``to_asked`` has written."""
    return Request(
        asked["url"],
        callback=spider.page_came,
        errback=spider.page_failed,
        method=asked["method"],
        body=base64.b64decode(asked["body"]),
        headers=dict(asked["headers"]),
        priority=asked["priority"],
        dont_filter=asked["dont_filter"],
        meta={**asked["meta"], "turn": key, "calls": tuple(asked["calls"])},
        cb_kwargs={name: _unpacked(value) for name, value in asked["with"].items()},
    )


def _packed(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        # A part of the source, checked or plain.
        return {"$part": value.model_dump(mode="json")}
    json.dumps(value)
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict) and "$part" in value:
        return Plain(value["$part"])
    return value
