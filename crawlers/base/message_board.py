"""Shape ``message_board``: messages with official answers, asked for by form, a page at a time behind a cursor."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import FormRequest, Request, Response

from crawlers.base.again import ListMemory
from crawlers.base.spider import BAD_ROW, SourceSpider
from crawlers.collector import Collector
from crawlers.source_interfaces import Forum, MessageBoardSource
from crawlers.to_post import Item


class MessageBoardSpider(SourceSpider):
    """A source gives the address, the form and the meaning of a row."""

    source: MessageBoardSource

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self.memory = ListMemory(collector)
        self._ids: list[str] = []

    def endpoint(self) -> str:
        """Address that the form is sent to."""
        raise NotImplementedError

    def form(self, forum: Forum, cursor: str) -> dict[str, str]:
        """Fields of the form for the page after ``cursor`` ("0": the newest)."""
        raise NotImplementedError

    def referer(self, forum: Forum) -> str:
        """The page on which a person would press the button."""
        raise NotImplementedError

    def cursor(self, row: dict[str, Any]) -> str:
        """The cursor that a row stands for."""
        raise NotImplementedError

    def item(self, row: dict[str, Any], forum: Forum) -> Item:
        """A row as the contract wants it. Raises KeyError, TypeError or ValueError for a row of another form."""
        raise NotImplementedError

    def public(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row without what must not be kept of a person; goes to the quarantine."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Request]:
        """The newest page of every board."""
        for forum in self.source.forums:
            yield self._ask(forum, "0", 1)

    def _ask(self, forum: Forum, cursor: str, page: int) -> Request:
        plain = self.ask_list(
            self.endpoint(), self.parse_page, cb_kwargs={"forum": forum, "cursor": cursor, "page": page}
        )
        headers = {"Referer": self.referer(forum), "X-Requested-With": "XMLHttpRequest"}
        return plain.replace(cls=FormRequest, formdata=self.form(forum, cursor), headers=headers, method="POST")

    def parse_page(self, response: Response, forum: Forum, cursor: str, page: int) -> Iterator[Request]:
        """Take the rows of one page and ask for the next. The header's content type is not believed."""
        rows = self.rows(response)
        if rows is None:
            return
        before = self.collector.read
        self._ids = []
        fresh = sum(self._take(row, forum) in ("new", "changed") for row in rows)
        self.memory.page(str(forum.fid), page, self._ids)
        self.log.debug("%s page %d: %d rows", forum.name, page, self.collector.read - before)
        if not rows or not self.goes_on(page, fresh):
            self._end(forum)
            return
        try:
            following = self.cursor(rows[-1])
        except BAD_ROW:
            self.collector.stop("broken answer: the last row of a page has no cursor")
            return
        if following == cursor:
            self.collector.stop(f"broken answer: the cursor {cursor} does not move on")
            return
        yield self._ask(forum, following, page + 1)

    def _end(self, forum: Forum) -> None:
        """A row that stood between two which the board still shows, and is no longer there, is deleted."""
        name = str(forum.fid)
        for native_id in self.memory.vanished(name):
            if native_id not in self.memory.shown:
                self.collector.gone(native_id, "not on the board any more")
        self.memory.end(name)

    def rows(self, response: Response) -> list[Any] | None:
        """The rows of an answer; None after a stop with the reason."""
        try:
            answer = json.loads(response.body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            kind = "log-in page" if self.is_login_page(response) else "broken answer"
            self.collector.stop(f"{kind}: not JSON but {response.body[:60]!r}")
            return None
        if not isinstance(answer, dict) or answer.get("success") is False or answer.get("result") == "error":
            self.collector.stop(f"broken answer: the board says {str(answer)[:120]}")
            return None
        rows = answer.get("responseData")
        if not isinstance(rows, list):
            self.collector.stop(f"broken answer: no list of rows in {str(answer)[:120]}")
            return None
        return rows

    def _take(self, row: Any, forum: Forum) -> str:
        if not isinstance(row, dict):
            return self.collector.refuse("the row is no object", row)
        try:
            item = self.item(row, forum)
        except BAD_ROW as error:
            return self.collector.refuse(f"the row has another form: {error!r}", self.public(row))
        self._ids.append(item.native_id)
        return self.collector.take(item, self.public(row))
