"""What became of what was read: edits by conditional requests, moves by redirects, deletions by their absence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from crawlers.collector import Collector

GONE = (404, 410)
NOT_MODIFIED = 304
MOVED = (301, 308)
MOST_AT_ONCE = 50
"""Articles that no list shows any more and that one walk looks at again."""
_LONGEST_LIST = 1000
_NO_ARTICLE = ("/index.", "/404", "/error", "/notfound")


class ListMemory:
    """The order in which lists showed their rows, against that of the walk before."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.shown: set[str] = set()
        """Ids that any list has shown in this process."""
        self._now: dict[str, list[str]] = {}
        self._told: set[str] = set()

    def page(self, name: str, number: int, ids: Iterable[str]) -> None:
        """Take a page of a list, the first page first; of a list that is resumed in the middle nothing is concluded."""
        if number == 1:
            self._now[name] = []
        ids = list(ids)
        self.shown.update(ids)
        if name in self._now:
            self._now[name] += ids

    def vanished(self, name: str) -> list[str]:
        """Ids that stood between rows which are still there, each told once; deleted, moved or taken off the list."""
        current = set(self._now.get(name, ()))
        before: list[str] = self.collector.seen.kept("lists", name) or []
        last = max((place for place, one in enumerate(before) if one in current), default=-1)
        found = [one for one in before[:last] if one not in current and one not in self._told]
        self._told.update(found)
        return [one for one in found if self.collector.seen.read_before(one)]

    def end(self, name: str) -> list[str]:
        """The list was walked as far as this walk goes: keep its order; answers the ids that it once showed below."""
        now = self._now.pop(name, None)
        if now is None:
            return []
        before: list[str] = self.collector.seen.kept("lists", name) or []
        below = [one for one in before if one not in set(now) and one not in self._told]
        self.collector.seen.keep("lists", name, list(dict.fromkeys(now + below))[:_LONGEST_LIST])
        return [one for one in below if one not in self.shown]


def with_conditions(request: Request, collector: Collector) -> Request:
    """The request, to be answered in full only where the page has changed since it was read."""
    tags = collector.seen.kept("tags", request.url)
    if tags:
        for name, value in zip(("If-None-Match", "If-Modified-Since"), tags[:2], strict=True):
            if value:
                request.headers[name] = value
        listed = request.meta.get("handle_httpstatus_list", ())
        request.meta["handle_httpstatus_list"] = [*listed, NOT_MODIFIED]
    return request


def keep_tags(response: Response, collector: Collector, *more: Any) -> None:
    """Keep what the site gave to ask by next time, with what was read from the page where that is wanted."""
    etag, modified = (
        value.decode("latin-1") if (value := response.headers.get(name)) else None for name in ("ETag", "Last-Modified")
    )
    collector.seen.keep("tags", response.url, [etag, modified, *more] if etag or modified else None)


def is_moved(response: Response) -> bool:
    """Whether the site says that the page has another address for good."""
    reasons = response.meta.get("redirect_reasons") or ()
    return bool(reasons) and all(reason in MOVED for reason in reasons)


def identity(asked: str, found: str, response: Response, collector: Collector) -> tuple[str, bool]:
    """Id of the post at the end of a redirect from the id ``asked`` to the id ``found``; whether it has moved.

    A post that was read keeps its id where the site says that it moved for good; one that was never read has that of
    the address it was found at, so that two ways to one page are one post.
    """
    seen = collector.seen
    if not response.meta.get("redirect_times") or asked == found:
        return asked, False
    if not seen.knows(asked):
        found = seen.own_id(found)
        seen.keep("aliases", asked, found)
        return found, False
    if seen.knows(found) or not is_moved(response):
        return asked, False
    seen.keep("aliases", found, asked)
    return asked, True


def leads_away(response: Response) -> bool:
    """Whether a redirect led to a start page or an error page instead of the article."""
    path = urlsplit(response.url).path.lower()
    return bool(response.meta.get("redirect_times")) and (
        path in ("", "/") or any(sign in path for sign in _NO_ARTICLE)
    )


def due(ids: Iterable[str], collector: Collector) -> Iterator[tuple[str, str]]:
    """(id, address) of posts published so lately that they may still change, and not looked at since long enough."""
    within = timedelta(hours=collector.source.walk.recheck_hours)
    oldest = (collector.now - within).timestamp()
    left = MOST_AT_ONCE
    for native_id in ids:
        page = collector.seen.kept("pages", native_id)
        if page is None or page[1] < oldest or not left or not collector.seen.read_before(native_id):
            continue
        if not collector.seen.settled(native_id, collector.now, within):
            left -= 1
            yield native_id, page[0]
