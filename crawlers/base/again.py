"""What became of what was read: edits by conditional requests, moves by redirects, deletions by their absence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain
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
_WALKS_MISSED = 100
"""For so many walks a post that vanished is looked for; then its page is taken to be out of reach."""
_NO_ARTICLE = ("/index.", "/404", "/error", "/notfound")


class ListMemory:
    """The order in which lists showed their rows, against that of the walk before."""

    def __init__(self, collector: Collector, longest: int = _LONGEST_LIST) -> None:
        """``longest``: ids of a list that are kept from one walk to the next."""
        self.collector, self.longest = collector, longest
        self.shown: set[str] = set()
        """Ids that any list has shown in this process."""
        self._now: dict[str, list[str]] = {}
        self._told: set[str] = set()
        self._holed: set[str] = set()

    def page(self, name: str, number: int, ids: Iterable[str], aside: Iterable[str] = (), holed: bool = False) -> None:
        """Take a page of a list, the first page first; of a list that is resumed in the middle nothing is concluded.

        ``aside``: ids shown outside the list's order, as pinned rows are. ``holed``: a row could not be told by its
        id, so that one may seem to be missing which is there.
        """
        if number == 1:
            self._now[name] = []
        ids = list(ids)
        self.shown.update(ids, aside)
        if name in self._now:
            self._now[name] += ids
        if holed:
            self._holed.add(name)

    def vanished(self, name: str) -> list[str]:
        """Ids that stood between rows which are still there, each told once; deleted, moved or taken off the list.

        With them comes what vanished in an earlier walk and could not be looked at then. Nothing is concluded from a
        walk that was stopped or from a list with holes; what lies below the last row that is still there is no gap.
        """
        if self.collector.stop_reason is not None or name in self._holed or name not in self._now:
            return []
        seen = self.collector.seen
        before: list[str] = seen.kept("lists", name) or []
        current = set(self._now[name]) if before else set()
        last = max((place for place, one in enumerate(before) if one in current), default=-1)
        gaps = [one for one in before[:last] if one not in current and one not in self._told and seen.read_before(one)]
        self._told.update(gaps)
        for one in gaps:
            seen.keep("missing", one, [seen.walk, seen.walk])
        return [*gaps, *self._left_over()]

    def unclear(self, native_id: str) -> None:
        """The page of what vanished did not come, or said nothing plain: a later walk looks again."""
        held = self.collector.seen.kept("missing", native_id)
        if held is not None:
            self.collector.seen.keep("missing", native_id, [held[0], self.collector.seen.walk + 1])

    def _left_over(self) -> list[str]:
        """What an earlier walk missed and nobody has looked at since."""
        seen, found = self.collector.seen, []
        for one, (first, wanted) in seen.all_kept("missing").items():
            if one in self._told:
                continue
            known = one not in self.shown and seen.read_before(one) and seen.last_look(one)[1] < wanted
            if known and seen.walk - first <= _WALKS_MISSED:
                self._told.add(one)
                found.append(one)
            else:
                seen.keep("missing", one, None)
        return found

    def first(self, name: str) -> str | None:
        """The first row that the list shows now, the pinned ones left out; None where it shows none."""
        return next(iter(self._now.get(name, ())), None)

    def end(self, name: str) -> list[str]:
        """The list was walked as far as this walk goes: keep its order; answers the ids that it once showed below."""
        now = self._now.pop(name, None)
        if now is None:
            return []
        before: list[str] = self.collector.seen.kept("lists", name) or []
        current = set(now) if before else set()
        below = [one for one in before if one not in current and one not in self._told]
        self.collector.seen.keep("lists", name, list(dict.fromkeys(chain(now[: self.longest], below)))[: self.longest])
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


def due(
    ids: Iterable[str], collector: Collector, rest: timedelta = timedelta(0), most: int = MOST_AT_ONCE
) -> Iterator[tuple[str, str]]:
    """(id, address) of posts published so lately that they may still change, and not looked at since long enough.

    ``rest``: so long after a look there is none, however young the post. ``most``: of so many, in their order.
    """
    within = timedelta(hours=collector.source.walk.recheck_hours)
    oldest = (collector.now - within).timestamp()
    left = most
    for native_id in ids:
        page = collector.seen.kept("pages", native_id)
        if page is None or page[1] < oldest or not left or not collector.seen.read_before(native_id):
            continue
        resting = rest and collector.seen.last_look(native_id)[0] > (collector.now - rest).timestamp()
        if not resting and not collector.seen.settled(native_id, collector.now, within):
            left -= 1
            yield native_id, page[0]
