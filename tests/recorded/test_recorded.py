"""Every source has a recording, and reads it as pinned. Nobody writes a test for a spider.

A recording is a folder ``tests/recorded/<source>/<case>/`` with ``exchanges.json`` (requests and the files that
answer them, written here, never taken from a site), those files, and ``expected.json``. A missing expectation is
written and the test fails, for a person to review it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from scrapy.http import Request, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from casework.domain.post import parse_post
from crawlers.base.spider import SourceSpider
from crawlers.collector import Collector
from crawlers.frontier import to_asked, to_request
from crawlers.source_folder import load_sources
from crawlers.source_model import Source
from crawlers.state import Seen
from crawlers.walk import Asked
from crawlers.worker import spider_class

HERE = Path(__file__).parent
SOURCES = load_sources()
CASES = sorted(path.parent for path in HERE.glob("*/*/exchanges.json"))
NOW = datetime.fromisoformat("2026-11-24T11:00:00+08:00")


class Lines:
    """Keeps what the collector hands on."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.refusals: list[dict[str, Any]] = []

    def post(self, line: str) -> None:
        self.posts.append(json.loads(line))

    def refused(self, number: int, reason: str, raw: str) -> None:
        self.refusals.append({"line": number, "reason": reason, "raw": raw})


def _spider(source: Source, lines: Lines) -> SourceSpider:
    return spider_class(source)(collector=Collector(source, NOW, Seen(None), lines))


def _first_requests(spider: SourceSpider) -> list[Request]:
    async def all_of_them() -> list[Request]:
        return [request async for request in spider.start()]

    return asyncio.run(all_of_them())


def _answer(request: Request, case: Path, exchanges: list[dict[str, Any]]) -> TextResponse:
    form = dict(parse_qsl(request.body.decode()))
    for exchange in exchanges:
        if (exchange["url"], exchange.get("form", {})) == (request.url, form):
            body = (case / exchange["file"]).read_bytes() if "file" in exchange else b""
            headers = {"Content-Type": exchange.get("content_type", "text/html")}
            return TextResponse(request.url, exchange.get("status", 200), headers, body, request=request)
    raise AssertionError(f"{case.name}: no answer recorded for {request.method} {request.url} {form}")


def _replay(case: Path, asks: Callable[[SourceSpider, Request], Any] = lambda spider, request: None) -> dict[str, Any]:
    recording = json.loads((case / "exchanges.json").read_text(encoding="utf-8"))
    name = case.parent.name
    source = load_sources(overrides={name: recording.get("overrides", {})})[name]
    lines = Lines()
    spider = _spider(source, lines)
    waiting, asked = _first_requests(spider), []
    while waiting and spider.collector.stop_reason is None:
        waiting.sort(key=lambda request: -request.priority)
        request = waiting.pop(0)
        asked.append(f"{request.method} {request.url}")
        asks(spider, request)
        response = _answer(request, case, recording["exchanges"])
        if response.status == 200 or response.status in request.meta.get("handle_httpstatus_list", ()):
            assert request.callback is not None
            waiting.extend(request.callback(response, **request.cb_kwargs) or ())
        else:
            failure = Failure(HttpError(response))
            failure.request = request
            assert request.errback is not None
            waiting.extend(request.errback(failure) or ())
    return {
        "asked": asked,
        "posts": lines.posts,
        "refused": lines.refusals,
        "stopped": spider.collector.stop_reason,
    }


@pytest.mark.parametrize("source_id", SOURCES)
def test_every_source_has_a_recording(source_id: str) -> None:
    assert [case for case in CASES if case.parent.name == source_id], f"add tests/recorded/{source_id}/<case>/"


def test_every_recording_belongs_to_a_source() -> None:
    assert len(CASES) >= len(SOURCES) >= 6
    assert {case.parent.name for case in CASES} == SOURCES.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_source_reads_its_recording_as_pinned(case: Path) -> None:
    found = _replay(case)
    for post in found["posts"]:
        assert parse_post(post).to_json() == post
    pinned = case / "expected.json"
    if not pinned.exists():
        pinned.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{pinned.relative_to(HERE)} was missing and has been written: review it, then run again")
    assert found == json.loads(pinned.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_a_source_asks_can_be_kept_for_a_later_run(case: Path) -> None:
    name = case.parent.name
    if not spider_class(SOURCES[name]).resumes:
        pytest.skip("its walk is no chain of requests: killed, it begins anew")
    kept: list[tuple[Request, Asked]] = []
    _replay(case, lambda spider, request: kept.append((request, _kept(spider, request))))
    assert kept
    for request, asked in kept:
        again = to_request("1", json.loads(json.dumps(asked)), _spider(SOURCES[name], Lines()))
        assert (again.url, again.method, again.body) == (request.url, request.method, request.body)
        assert (again.cb_kwargs, again.priority) == (request.cb_kwargs, request.priority)


def _kept(spider: SourceSpider, request: Request) -> Asked:
    callback, errback = (found.__name__ for found in (request.callback, request.errback))  # type: ignore[union-attr]
    assert getattr(spider, callback) == request.callback
    assert getattr(spider, errback) == request.errback
    return to_asked(request.replace(meta={**request.meta, "calls": (callback, errback)}))


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_sources_first_requests_start(source_id: str) -> None:
    source = SOURCES[source_id]
    requests = _first_requests(_spider(source, Lines()))
    assert requests
    for request in requests:
        assert urlsplit(request.url).hostname in source.hosts
        assert request.callback is not None
        assert request.errback is not None
