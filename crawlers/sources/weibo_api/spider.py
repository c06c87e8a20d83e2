"""Weibo's official interface 2.0 with the office's own key (``formats.md`` 2.4).

Read are the office's own time line, the posts that name its account, the time line of the accounts it follows, search
where the platform granted it, and comments under the office's own posts only.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response
from twisted.python.failure import Failure
from typing_extensions import override

from crawlers.base import again
from crawlers.base.open_api import OpenApiSpider
from crawlers.base.spider import BAD_ROW
from crawlers.collector import Collector
from crawlers.dates import read_time
from crawlers.sources.weibo_api.budget import Budget
from crawlers.sources.weibo_api.codes import CODES, GRANT, ITEM, read_code, reason
from crawlers.text import from_fragment
from crawlers.to_post import Item, read_count
from crawlers.weibo import checked_id, long_print, marks, mid_to_bid, row_id, status_item

_SITE = "https://api.weibo.com/2"
_LINES = {"own": "statuses/user_timeline", "mentions": "statuses/mentions", "home": "statuses/home_timeline"}
"""In the order in which they are read: the office's own posts first, since comments hang on them."""
_SEARCH, _SHOW, _COMMENTS = "search/topics", "statuses/show", "comments/show"
_NO_POST, _LAST = 20101, 1000
_ROWS_A_PAGE = {_SEARCH: 50}
_NAMES = re.compile(r"(?:回复|//)\s*@[^\s:：@]{1,30}\s*[:：]")


@dataclass(frozen=True, slots=True)
class Ask:
    """One call: the interface, what it is asked for, which page this is, and the row it is about.

    ``fate``: id of a post that has left its line, of which only this is asked: is it still there?
    """

    interface: str
    query: tuple[tuple[str, str], ...] = ()
    page: int = 1
    own: bool = False
    row: Any = None
    fate: str | None = None

    @property
    def lone(self) -> bool:
        """Whether the walk can do without the answer: one post's comments or long text, or the search."""
        return self.interface in (_SEARCH, _SHOW, _COMMENTS)


class Spider(OpenApiSpider):
    """One row is one post or one comment. Dropped: all of ``user`` but a post's shown name; the device."""

    name = "weibo_api"
    budget: Budget

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self.memory = again.ListMemory(collector)
        self._waiting: list[tuple[int, int, Ask]] = []
        self._asked = 0

    @override
    async def start(self) -> AsyncIterator[Request]:
        """What may still be asked this hour; everything else follows from it."""
        yield self.ask(f"{_SITE}/account/rate_limit_status.json", self.parse_budget)

    def parse_budget(self, response: Response) -> Iterator[Request]:
        """Ask for the first page of everything, within the budget."""
        answer = self._said(response, None)
        if answer is None:
            return
        try:
            self.budget = Budget(answer, self.source.keep_hits)
        except BAD_ROW as error:
            self.collector.stop(f"broken answer: rate_limit_status: {error}")
            return
        for name, interface in _LINES.items():
            if name in self.source.reads:
                self._later(Ask(interface, own=name == "own"))
        for words in self.source.search:
            self._later(Ask(_SEARCH, (("q", words),)))
        yield from self._next_call()

    def parse(self, response: Response, ask: Ask) -> Iterator[Request]:
        """Take what one call brought and ask for what hangs on it."""
        answer = self._said(response, ask)
        if ask.interface == _SHOW:
            long = answer.get("longText") if answer is not None else None
            text = long.get("longTextContent") if isinstance(long, dict) else None
            self._take_long(ask.row, text if isinstance(text, str) and text.strip() else None)
        elif answer is not None:
            self._rows(answer, ask)
        yield from self._next_call()

    def failed(self, failure: Failure) -> Iterator[Request]:
        """A call without an answer: one post's is put aside, a time line's stops the source."""
        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]
        if not ask.lone or self.collector.stop_reason is not None:
            self.list_failed(failure)
        elif ask.fate is not None:
            self.memory.unclear(ask.fate)
        elif ask.interface == _SHOW:
            self._take_long(ask.row, None)
        else:
            self.collector.refuse(self.why(failure), {"interface": ask.interface, "query": dict(ask.query)})
        yield from self._next_call()

    def _later(self, ask: Ask) -> None:
        """Put a call into the queue: what hangs on a page comes before the next page, so that a stop leaves no gap."""
        order = 0 if ask.interface in (_SHOW, _COMMENTS) else 10 + ask.page - (5 if ask.own else 0)
        order = _LAST if ask.fate is not None else order
        self._asked += 1
        heapq.heappush(self._waiting, (order, self._asked, ask))

    def _next_call(self) -> Iterator[Request]:
        """The next call, one at a time, so that nothing is on its way when an answer says stop."""
        while self._waiting and self.collector.stop_reason is None:
            ask = heapq.heappop(self._waiting)[-1]
            if ask.fate is not None and not self.budget.allows(ask.interface):
                # Nothing of the lines is unread for it: the next run asks.
                continue
            if self.budget.spend(ask.interface):
                yield self._request(ask)
                return
            if ask.interface == _SHOW:
                # The part is kept; the rest comes with the next run.
                self._take_long(ask.row, None)
        if self.collector.stop_reason is None and self.budget.unasked:
            self.collector.stop(self.budget.reason())

    def _request(self, ask: Ask) -> Request:
        query = dict(ask.query)
        if ask.interface != _SHOW:
            query = {"count": str(_ROWS_A_PAGE.get(ask.interface, 100)), **query}
        url = f"{_SITE}/{ask.interface}.json?{urlencode(query)}"
        callback = self.parse if ask.fate is None else self.parse_fate
        return self.ask(url, callback, cb_kwargs={"ask": ask}).replace(errback=self.failed)

    def _said(self, response: Response, ask: Ask | None) -> dict[str, Any] | None:
        """The answer; None after a stop, or where a lone call is refused and put aside."""
        answer = self.answer(response)
        code = read_code(answer) if answer is not None else None
        if answer is None or (code is None and response.status == 200):
            return answer
        if code is None:
            self.collector.stop(f"broken answer: HTTP {response.status} without an error code")
        elif ask is not None and ask.lone and (code not in CODES or CODES[code][1] in (ITEM, GRANT)):
            self.log.warning("%s: %s", ask.interface, reason(code))
            self.collector.refuse(reason(code), {"interface": ask.interface, "query": dict(ask.query)})
        else:
            self.collector.stop(reason(code))
        return None

    def _rows(self, answer: dict[str, Any], ask: Ask) -> None:
        rows = answer.get("comments" if ask.interface == _COMMENTS else "statuses")
        if not isinstance(rows, list):
            self.collector.stop(self.safe(f"broken answer: no rows in {str(answer)[:120]}"))
        elif not rows and ask.page == 1 and not ask.lone and read_count(answer.get("total_number")):
            self.collector.stop(f"empty answer of {ask.interface}, though it counts {answer['total_number']} posts")
        else:
            self._remember(rows, ask)
            fresh = sum(self._row(row, ask) for row in rows)
            if rows and self.goes_on(ask.page, fresh):
                self._next_page(rows, ask)
            elif ask.interface in _LINES.values():
                self._end(ask)

    def _remember(self, rows: list[Any], ask: Ask) -> None:
        if ask.interface in _LINES.values():
            held = [(row_id(row), marks(row)["pinned"]) for row in rows if isinstance(row, dict)]
            pinned = [one for one, top in held if top]
            self.memory.page(ask.interface, ask.page, [one for one, top in held if one and not top], pinned)

    def _end(self, ask: Ask) -> None:
        """Ask what became of the posts that have left the line from between others; the interface says so plainly."""
        for one in self.memory.vanished(ask.interface)[: again.MOST_AT_ONCE]:
            self._later(Ask(_SHOW, (("id", one), ("isGetLongText", "1")), fate=one))
        self.memory.end(ask.interface)

    def parse_fate(self, response: Response, ask: Ask) -> Iterator[Request]:
        """A post that is gone is marked, one that is there is taken; any other answer says nothing of it."""
        answer, native_id = self.answer(response), str(ask.fate)
        code = read_code(answer) if answer is not None else None
        if code == _NO_POST:
            if native_id not in self.memory.shown:
                self.collector.gone(native_id, CODES[code][0])
        elif answer is not None and code is None and response.status == 200 and row_id(answer) == native_id:
            long = answer.get("longText")
            text = long.get("longTextContent") if isinstance(long, dict) else None
            self._take_post(answer, text if isinstance(text, str) and text.strip() else None)
        elif answer is not None:
            self.memory.unclear(native_id)
            if code is None or code not in CODES or CODES[code][1] not in (ITEM, GRANT):
                self._said(response, None)
        yield from self._next_call()

    def _row(self, row: Any, ask: Ask) -> bool:
        """Take one row; True where it is new or changed."""
        if not isinstance(row, dict):
            self.collector.refuse("the row is no object", row)
            return False
        if ask.interface == _COMMENTS:
            return self._take_comment(row, ask.row) in ("new", "changed")
        if row.get("isLongText") and row_id(row).isdigit():
            fresh: bool = self.collector.seen.kept("whole", row_id(row)) != long_print(row)
            if fresh:
                self._later(Ask(_SHOW, (("id", row_id(row)), ("isGetLongText", "1")), row=row))
            else:
                self.collector.unchanged(row_id(row))
        else:
            fresh = self._take_post(row) in ("new", "changed")
        if ask.own and (fresh or not self.collector.seen.complete) and self._talked_about(row):
            self._later(Ask(_COMMENTS, (("id", row_id(row)),), row=row_id(row)))
        return fresh

    def _next_page(self, rows: list[Any], ask: Ask) -> None:
        query = dict(ask.query)
        if ask.interface == _SEARCH:
            query["page"] = str(ask.page + 1)
        else:
            numbers = [int(row_id(row)) for row in rows if isinstance(row, dict) and row_id(row).isdigit()]
            # By number, not by page: posts that come meanwhile then move nothing.
            following = min(numbers, default=0) - 1
            if following < 1 or following >= int(query.get("max_id", following + 1)):
                self.collector.stop(f"broken answer: {ask.interface} does not move on from {query.get('max_id')}")
                return
            query["max_id"] = str(following)
        self._later(replace(ask, query=tuple(query.items()), page=ask.page + 1))

    def _take_long(self, row: dict[str, Any], full_text: str | None) -> None:
        """Take a long post; without its full text it is kept as the part it is, and asked for again next time."""
        if self._take_post(row, full_text, shortened=full_text is None) != "refused" and full_text is not None:
            self.collector.seen.keep("whole", row_id(row), long_print(row))

    def _talked_about(self, row: dict[str, Any]) -> bool:
        """Whether comments of this post are wanted: it has some and is not older than ``comment_days``."""
        sent = read_time(str(row.get("created_at") or ""), self.collector.now)
        days = timedelta(days=self.source.comment_days)
        return bool(read_count(row.get("comments_count"))) and sent is not None and self.collector.now - sent.at < days

    def _take_post(self, row: dict[str, Any], full_text: str | None = None, shortened: bool = False) -> str:
        try:
            item = status_item(row, full_text, shortened or row.get("truncated") is True)
        except BAD_ROW as error:
            return self.collector.refuse(f"the row has another form: {error!r}", _public(row))
        return self.collector.take(item, _public(row))

    def _take_comment(self, row: dict[str, Any], under: str) -> str:
        kept = {**_public(row), "text": _NAMES.sub("", str(row.get("text") or ""))}
        try:
            item = _comment(row, under)
        except BAD_ROW as error:
            return self.collector.refuse(f"the row has another form: {error!r}", kept)
        return self.collector.take(item, kept)


def _comment(row: dict[str, Any], under: str) -> Item:
    """A comment as a post of its own. Neither its author nor whom it answers is kept by name."""
    held = row.get("status") or {}
    by_office = (row.get("user") or {}).get("id") is not None and (held.get("user") or {}).get("id") == row["user"][
        "id"
    ]
    return Item(
        native_id=f"c{checked_id(row)}",
        url=f"https://m.weibo.cn/status/{mid_to_bid(under)}",
        text=_NAMES.sub("", from_fragment(row["text"])),
        published=row["created_at"],
        extra={"comment_on": under, "by_office": 1 if by_office else None},
    )


def _public(row: dict[str, Any]) -> dict[str, Any]:
    """The row without what must not be kept of a person; goes to the quarantine."""
    used = ("id", "mid", "created_at", "text", "isLongText", "truncated", "region_name")
    return {key: row[key] for key in used if key in row}
