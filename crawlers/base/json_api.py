"""Shape ``json_api``: a time line given as JSON cards, with the stop rules of sites that close it to programs."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.base import again
from crawlers.base.json_answer import read_object
from crawlers.base.spider import BAD_ROW, SourceSpider
from crawlers.collector import Collector
from crawlers.to_post import Item

if TYPE_CHECKING:
    from crawlers.source_interfaces import Account, JsonApiSource


class Page(NamedTuple):
    """One page of a time line: its rows and the query fields of the next page (None at the end)."""

    rows: list[Any]
    following: dict[str, str] | None
    total: int | None
    pinned: frozenset[str] = frozenset()
    """Ids of rows that stand at the top whatever their age."""


class JsonApiSpider(SourceSpider, ABC):
    """A source gives the addresses and the meaning of a row."""

    source: JsonApiSource

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self.memory = again.ListMemory(collector)

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
    def own_url(self, native_id: str) -> str:
        """Where one row is by itself."""

    @abstractmethod
    def own_row(self, answer: dict[str, Any]) -> dict[str, Any] | str | None:
        """The row in an answer of ``own_url``; the site's words where it says that there is none; else None."""

    @abstractmethod
    def long_print(self, row: dict[str, Any]) -> str:
        """Hash of what makes a long row's full text wanted again."""

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
            yield from self._end(account)
            return
        rows = [row for row in page.rows if isinstance(row, dict)]
        ids = [self.row_id(row) for row in rows]
        self.memory.page(account.uid, number, [one for one in ids if one and one not in page.pinned], page.pinned)
        for row in page.rows:
            if not isinstance(row, dict):
                self.collector.refuse("the row is no object", row)
        fresh = 0
        for row in rows:
            known = self.collector.seen.knows(self.row_id(row))
            request, verdict = self._taken(row)
            fresh += not known if request is not None else verdict in ("new", "changed")
            if request is not None:
                yield request
        back = self._came_back(account, number, fields, page)
        if page.following is None or not self.goes_on(number, fresh, back):
            yield from self._end(account)
            return
        if page.following == fields:
            self.collector.stop(f"broken answer: the cursor {fields} does not move on")
            return
        yield self._ask(account, page.following, number + 1, read + len(page.rows))

    def _came_back(self, account: Account, number: int, fields: dict[str, str], page: Page) -> str | None:
        ids = {self.row_id(row) for row in page.rows if isinstance(row, dict)} - page.pinned - {""}
        # A cursor that stays as it is is no ring but a broken answer.
        following = None if page.following in (None, fields) else json.dumps(page.following, sort_keys=True)
        return self.laps.came_back(account.uid, number, json.dumps(fields, sort_keys=True), following, ids)

    def _taken(self, row: dict[str, Any]) -> tuple[Request | None, str]:
        """Take a row that is whole; the request for the full text of one that is not."""
        url, native_id = self.long_text_url(row), self.row_id(row)
        if url is None:
            return None, self._take(row, None)
        seen = self.collector.seen
        if seen.read_before(native_id) and seen.kept("whole", native_id) == self.long_print(row):
            self.collector.unchanged(native_id)
            return None, "same"
        ask = Request(url, self.parse_long, errback=self.long_failed, dont_filter=True, cb_kwargs={"row": row})
        return ask, "same"

    def _end(self, account: Account) -> Iterator[Request]:
        """Look at the rows that have left the line from between others, and at young ones that it shows no more.

        First at one that the line still shows: where the site denies that one too, its word says nothing.
        """
        vanished = self.memory.vanished(account.uid)
        witness = self.memory.first(account.uid)
        below = [native_id for native_id, _ in again.due(self.memory.end(account.uid), self.collector)]
        wanted = list(dict.fromkeys([*vanished, *below]))[: again.MOST_AT_ONCE]
        if wanted and witness is not None and self.collector.stop_reason is None:
            yield self._ask_own(witness, wanted)

    def _ask_own(self, native_id: str, then: list[str]) -> Request:
        keep = {"native_id": native_id, "then": then}
        url = self.own_url(native_id)
        return Request(url, self.parse_own, errback=self.own_failed, dont_filter=True, cb_kwargs=keep)

    def parse_own(self, response: Response, native_id: str, then: list[str]) -> Iterator[Request]:
        """Learn the fate of one row from its own page; with ``then`` it is the witness for the others."""
        answer = read_object(self, response)
        found = self.own_row(answer) if answer is not None else None
        if isinstance(found, dict) and self.row_id(found) == native_id:
            request, _ = self._taken(found)
            if request is not None:
                yield request
            yield from (self._ask_own(one, []) for one in then)
        elif isinstance(found, str) and not then and native_id not in self.memory.shown:
            self.collector.gone(native_id, found)
        else:
            self._unclear(native_id, then, str(answer)[:120])

    def own_failed(self, failure: Failure) -> None:
        """One row's page that did not come: its address may be gone, anything else says nothing."""
        kept, error = failure.request.cb_kwargs, failure.value  # type: ignore[attr-defined]
        gone = isinstance(error, HttpError) and error.response.status in again.GONE
        if gone and not kept["then"] and kept["native_id"] not in self.memory.shown:
            self.collector.gone(kept["native_id"], self.why(failure))
        else:
            self._unclear(kept["native_id"], kept["then"], self.why(failure))

    def _unclear(self, native_id: str, then: list[str], why: str) -> None:
        """Nothing is concluded, and a later walk looks again."""
        self.log.warning("%s: its own page says nothing of it (%s); nothing is concluded", native_id, why)
        for one in then or [native_id]:
            self.memory.unclear(one)

    def parse_long(self, response: Response, row: dict[str, Any]) -> Iterator[Request]:
        """Take a row with its full text; without one it is taken as the truncated row it is."""
        answer = read_object(self, response)
        text = self.long_text(answer) if answer is not None else None
        if self._take(row, text) != "refused" and text is not None:
            self.collector.seen.keep("whole", self.row_id(row), self.long_print(row))
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
