"""One page or answer through the source's own spider, without a network: what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, TextResponse

from crawlers.collector import Collector
from crawlers.importing import Quarantined, import_file
from crawlers.source_folder import find_source
from crawlers.sources.weibo_api.spider import Ask
from crawlers.state import Seen
from crawlers.worker import spider_class

NOW = datetime.fromisoformat("2026-11-24T11:00:00+08:00")
URL = "https://news.example/a/1.html"
"""Without a day, which would stand in for one that the damage took from the page."""


@dataclass(slots=True)
class Outcome:
    """Posts and refusals (reason, row), why the source stopped, and how many rows the collector counted."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    stopped: str | None = None
    read: int = 0
    quarantined: int = 0

    def post(self, line: str) -> None:
        """See ``Sink``."""
        self.posts.append(json.loads(line))

    def refused_row(self, number: int, reason: str, raw: str) -> None:
        """See ``Sink.refused``."""
        self.refused.append((reason, raw))


class _Sink:
    def __init__(self, outcome: Outcome) -> None:
        self.post = outcome.post
        self.refused = outcome.refused_row


class Reader:
    """A spider of a source with a collector of its own."""

    def __init__(self, source_id: str) -> None:
        self.outcome = Outcome()
        self.source: Any = find_source(source_id)
        self.collector = Collector(self.source, NOW, Seen(None), _Sink(self.outcome))
        self.spider: Any = spider_class(self.source)(collector=self.collector)

    def response(self, body: bytes, content_type: str | None, url: str = URL) -> TextResponse:
        """An answer as it would arrive."""
        headers = {"Content-Type": content_type} if content_type else {}
        return TextResponse(url, 200, headers, body, request=Request(url))

    def done(self) -> Outcome:
        """What came of it."""
        self.outcome.stopped = self.collector.stop_reason
        self.outcome.read, self.outcome.quarantined = self.collector.read, self.collector.quarantined
        return self.outcome


def _missed(request: Request) -> Any:
    """The failure of a request whose answer does not come."""
    return SimpleNamespace(request=request, value=IgnoreRequest("gone"))


def read_article(body: bytes, content_type: str | None = None) -> Outcome:
    """A news page."""
    reader = Reader("news_pages")
    list(reader.spider.parse_article(reader.response(body, content_type), native_id="1", shown_date=None))
    return reader.done()


def read_board(body: bytes, content_type: str | None = None) -> Outcome:
    """A page of the message board's list; messages' own pages that are asked for do not come."""
    reader = Reader("people_board")
    response = reader.response(body, content_type)
    waiting = list(reader.spider.parse_page(response, reader.source.forums[0], "0", 1))
    while waiting:
        request = waiting.pop(0)
        if request.errback == reader.spider.detail_failed:
            waiting += list(reader.spider.detail_failed(_missed(request)))
    return reader.done()


def read_cards(body: bytes, content_type: str | None = None) -> Outcome:
    """A page of a Weibo time line; long texts that are asked for do not come."""
    reader = Reader("weibo")
    response = reader.response(body, content_type)
    asked = list(reader.spider.parse_page(response, reader.source.accounts[0], {}, 1, 0))
    for request in asked:
        if "row" in request.cb_kwargs:
            reader.spider.long_failed(_missed(request))
    return reader.done()


BUDGET = {"ip_limit": 1000, "remaining_ip_hits": 1000, "user_limit": 150, "remaining_user_hits": 150}


def read_statuses(body: bytes, content_type: str | None = None) -> Outcome:
    """An answer of Weibo's official interface; nothing that it leads to comes."""
    reader = Reader("weibo_api")
    budget = json.dumps({**BUDGET, "reset_time_in_seconds": 60, "limit_time_unit": "HOURS"}).encode()
    asyncio.run(_first(reader.spider))
    list(reader.spider.parse_budget(reader.response(budget, None)))
    reader.spider._waiting.clear()
    waiting = list(reader.spider.parse(reader.response(body, content_type), ask=Ask("statuses/home_timeline")))
    while waiting and waiting[0].cb_kwargs["ask"].lone:
        waiting += list(reader.spider.failed(_missed(waiting.pop(0))))
    return reader.done()


async def _first(spider: Any) -> list[Request]:
    return [request async for request in spider.start()]


def read_list(body: bytes, hosts: Iterable[str], url: str) -> tuple[list[str], str | None]:
    """The addresses that a list page gives on ``hosts``, and why the source stopped."""
    reader = Reader("news_pages")
    reader.spider.source = reader.source = reader.source.model_copy(update={"hosts": tuple(hosts)})
    reader.spider._heads = reader.spider._named = {url}
    asked = list(reader.spider.parse_list(reader.response(body, None, url), url, 1))
    return [request.url for request in asked if request.callback == reader.spider.parse_article], reader.done().stopped


def read_table(body: bytes, plan: str, folder: Path) -> Outcome:
    """An export by a ready map."""
    path = folder / "a.csv"
    path.write_bytes(body)
    map_ = Path(__file__).resolve().parents[2] / "config" / "imports" / f"{plan}.yml"
    outcome = Outcome()
    for row in import_file(path, map_, NOW):
        if isinstance(row, Quarantined):
            outcome.refused.append((row.reason, row.raw))
        else:
            outcome.posts.append(row)
        outcome.read += 1
    outcome.quarantined = len(outcome.refused)
    return outcome
