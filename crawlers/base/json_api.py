"""Shape ``json_api``: a time line given as JSON cards, with the stop rules of sites that close it to programs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawlers.base.json_answer import read_object
from crawlers.base.spider import BAD_ROW, SourceSpider
from crawlers.source_interfaces import Account, JsonApiSource
from crawlers.to_post import Item


class Page(NamedTuple):
    """One page of a time line: its rows and the query fields of the next page (None at the end)."""

    rows: list[Any]
    following: dict[str, str] | None
    total: int | None


class JsonApiSpider(SourceSpider, ABC):
    """A source gives the addresses and the meaning of a row."""

    source: JsonApiSource

    @abstractmethod
    def page_url(self, account: Account, fields: dict[str, str]) -> str:
        """Address of a page of the account's time line; ``fields`` are those of ``Page.following``."""

    @abstractmethod
    def page(self, answer: dict[str, Any], number: int, read: int) -> Page | None:
        """The page in an answer; None after ``self.collector.stop(reason)`` or where the site says "nothing here"."""

    @abstractmethod
    def item(self, row: dict[str, Any], full_text: str | None) -> Item:
        """A row as the contract wants it; ``full_text``: the long text where it was asked for and came."""

    @abstractmethod
    def row_id(self, row: dict[str, Any]) -> str:
        """The source's own id of a row; empty where it has none."""

    @abstractmethod
    def long_text_url(self, row: dict[str, Any]) -> str | None:
        """Where the full text of a shortened row is; None where the row is whole."""

    @abstractmethod
    def long_text(self, answer: dict[str, Any]) -> str | None:
        """The full text in the answer of ``long_text_url``; None where there is none."""

    @abstractmethod
    def public(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row without what must not be kept of a person; goes to the quarantine."""

    async def start(self) -> AsyncIterator[Request]:
        """The newest page of every account."""
        for account in self.source.accounts:
            yield self._ask(account, {}, 1, 0)

    def _ask(self, account: Account, fields: dict[str, str], number: int, read: int) -> Request:
        keep = {"account": account, "fields": fields, "number": number, "read": read}
        # Lower priority: a page's long texts come before the next page, so that a stop leaves no gap.
        return self.ask_list(self.page_url(account, fields), self.parse_page, priority=-number, cb_kwargs=keep)

    def parse_page(
        self, response: Response, account: Account, fields: dict[str, str], number: int, read: int
    ) -> Iterator[Request]:
        """Take the rows of one page, ask for long texts, then for the next page."""
        answer = read_object(self, response)
        page = self.page(answer, number, read) if answer is not None else None
        if page is None:
            return
        fresh = 0
        for row in page.rows:
            if not isinstance(row, dict):
                self.collector.refuse("the row is no object", row)
                continue
            url = self.long_text_url(row)
            if url is None:
                fresh += self._take(row, None) in ("new", "changed")
                continue
            fresh += not self.collector.seen.knows(self.row_id(row))
            yield Request(url, self.parse_long, errback=self.long_failed, dont_filter=True, cb_kwargs={"row": row})
        if page.following is None or not self.goes_on(number, fresh):
            return
        if page.following == fields:
            self.collector.stop(f"broken answer: the cursor {fields} does not move on")
            return
        yield self._ask(account, page.following, number + 1, read + len(page.rows))

    def parse_long(self, response: Response, row: dict[str, Any]) -> Iterator[Request]:
        """Take a row with its full text; without one it is taken as the truncated row it is."""
        answer = read_object(self, response)
        self._take(row, self.long_text(answer) if answer is not None else None)
        yield from ()

    def long_failed(self, failure: Failure) -> None:
        """The full text did not come: the row is kept, marked truncated."""
        request = failure.request  # type: ignore[attr-defined]
        self._take(request.cb_kwargs["row"], None)

    def _take(self, row: dict[str, Any], full_text: str | None) -> str:
        try:
            item = self.item(row, full_text)
        except BAD_ROW as error:
            return self.collector.refuse(f"the row has another form: {error!r}", self.public(row))
        return self.collector.take(item, self.public(row))
