"""Shape ``message_board``: messages with official answers, asked for by form, a page at a time behind a cursor."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scrapy.http import FormRequest, Request, Response
from twisted.python.failure import Failure

from crawlers.base import again
from crawlers.base.boards import BoardsSpider
from crawlers.base.spider import BAD_ROW, Callback
from crawlers.collector import Collector
from crawlers.to_post import Item

if TYPE_CHECKING:
    from crawlers.source_interfaces import Forum

_GONE = "列表中已没有这一条"
_REST = timedelta(hours=2)
"""A message below the pages that are walked is not looked at again sooner."""
_LONGEST, _MOST = 10_000, 200
"""Messages of a board that are kept in mind, and of these how many one walk looks at again: ten are one request."""
_MOST_MISSED = 3
"""So many pages of single rows in a row that did not come or were no page: no more are asked for."""


class MessageBoardSpider(BoardsSpider, ABC):
    """A source gives the address, the form and the meaning of a row."""

    _in_a_row = 0

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self.memory = again.ListMemory(collector, _LONGEST)

    @abstractmethod
    def endpoint(self) -> str:
        """Address that the form is sent to."""

    @abstractmethod
    def form(self, forum: Forum, cursor: str) -> dict[str, str]:
        """Fields of the form for the page after ``cursor`` ("0": the newest)."""

    @abstractmethod
    def referer(self, forum: Forum) -> str:
        """The page on which a person would press the button."""

    @abstractmethod
    def cursor(self, row: dict[str, Any]) -> str:
        """The cursor that a row stands for."""

    @abstractmethod
    def above(self, native_id: str) -> str:
        """The cursor after which the page begins with this row."""

    @abstractmethod
    def item(self, row: dict[str, Any], forum: Forum) -> Item:
        """A row as the contract wants it. Raises KeyError, TypeError or ValueError for a row of another form."""

    def is_cut(self, row: dict[str, Any]) -> bool:
        """Whether the list shows only the beginning of this row."""
        return False

    def detail_url(self, row: dict[str, Any]) -> str | None:
        """Where the whole of a cut row is; None where the row is whole or no such page can be had (``no_details``)."""
        return None

    @abstractmethod
    def no_details(self) -> None:
        """Pages of single rows cannot be had: ``detail_url`` gives None from now on."""

    @abstractmethod
    def detailed(self, item: Item, response: Response) -> Item | None:
        """The item with what the page of ``detail_url`` adds; None where it adds nothing."""

    @abstractmethod
    def public(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row without what must not be kept of a person; goes to the quarantine."""

    def ask_board(self, forum: Forum, cursor: str, page: int) -> Request:
        """A page of the list."""
        return self._ask(forum, cursor, self.parse_page, {"cursor": cursor, "page": page})

    def _ask(self, forum: Forum, cursor: str, callback: Callback, keep: dict[str, Any]) -> Request:
        plain = self.ask_list(self.endpoint(), callback, cb_kwargs={"forum": forum, **keep})
        headers = {"Referer": self.referer(forum), "X-Requested-With": "XMLHttpRequest"}
        return plain.replace(cls=FormRequest, formdata=self.form(forum, cursor), headers=headers, method="POST")

    def parse_page(self, response: Response, forum: Forum, cursor: str, page: int) -> Iterator[Request]:
        """Take the rows of one page and ask for the next. The header's content type is not believed."""
        rows = self.rows(response)
        if rows is None:
            return
        if self.is_wrong(rows, forum, page):
            return
        ids = self._ids_of(rows)
        self.memory.page(str(forum.fid), page, ids, holed=len(ids) < len(rows))
        fresh, wanted = self._take_all(rows, forum)
        yield from self._ask_details(wanted, forum)
        if not rows or not self.goes_on(page, fresh):
            yield from self._end(forum)
            return
        try:
            following = self.cursor(rows[-1])
        except BAD_ROW:
            self.collector.stop("broken answer: the last row of a page has no cursor")
            return
        if following == cursor:
            self.collector.stop(f"broken answer: the cursor {cursor} does not move on")
            return
        back = self.laps.came_back(str(forum.fid), page, cursor, following, ids)
        if back is not None:
            self.collector.stop(f"broken answer of board {forum.fid}: {back}")
            return
        yield self.ask_board(forum, following, page + 1)

    def _take_all(self, rows: list[Any], forum: Forum) -> tuple[int, list[dict[str, Any]]]:
        """Take rows as they are shown: how many are new or changed, and those of which the own page is wanted."""
        fresh, wanted = 0, []
        for row in rows:
            if isinstance(row, dict) and self.is_cut(row) and self._read_whole(row):
                continue
            if isinstance(row, dict) and self.detail_url(row) is not None:
                fresh += not self.collector.seen.knows(self.cursor(row))
                wanted.append(row)
            else:
                fresh += self._take(row, forum) in ("new", "changed")
        return fresh, wanted

    def _end(self, forum: Forum) -> Iterator[Request]:
        """A row that stood between two which the board still shows, and is no longer there, is deleted."""
        name = str(forum.fid)
        for native_id in self.memory.vanished(name):
            if native_id not in self.memory.shown:
                self.collector.gone(native_id, _GONE)
        below = [one for one, _ in again.due(self.memory.end(name), self.collector, _REST, _MOST)]
        yield from self._look_back(forum, below)

    def _look_back(self, forum: Forum, wanted: list[str]) -> Iterator[Request]:
        """Messages below the pages that were walked are answered late: ask for the page that begins at the first."""
        if wanted and self.collector.stop_reason is None:
            yield self._ask(forum, self.above(wanted[0]), self.parse_back, {"wanted": wanted})

    def parse_back(self, response: Response, forum: Forum, wanted: list[str]) -> Iterator[Request]:
        """Take a page from further down, then go on to the first message that it does not show.

        It begins at the message that was asked for, so one that is not on it, where older ones are, is deleted.
        """
        rows = self.rows(response)
        if rows is None:
            return
        ids = self._ids_of(rows)
        _, cut = self._take_all(rows, forum)
        yield from self._ask_details(cut, forum)
        if wanted[0] not in ids and rows and len(ids) == len(rows) and self.collector.stop_reason is None:
            self.collector.gone(wanted[0], _GONE)
        yield from self._look_back(forum, [one for one in wanted[1:] if one not in ids])

    def _ask_details(self, rows: list[dict[str, Any]], forum: Forum) -> Iterator[Request]:
        """Ask for the page of the first row, the others wait: where pages can be had no more, none of them is asked."""
        while rows:
            first, rest = rows[0], rows[1:]
            url = self.detail_url(first)
            if url is not None:
                keep = {"row": first, "rest": rest, "forum": forum}
                # Before the next page of the list, so that a stop leaves no gap.
                yield Request(
                    url, self.parse_detail, errback=self.detail_failed, dont_filter=True, priority=1, cb_kwargs=keep
                )
                return
            self._take(first, forum)
            rows = rest

    def parse_detail(
        self, response: Response, row: dict[str, Any], rest: list[dict[str, Any]], forum: Forum
    ) -> Iterator[Request]:
        """Take a row with what its own page adds; without that it is taken as the shortened row it is."""
        self._take(row, forum, response)
        yield from self._ask_details(rest, forum)

    def detail_failed(self, failure: Failure) -> Iterator[Request]:
        """A page that did not come: its row is taken shortened, the others are asked as long as nothing says stop."""
        kept = failure.request.cb_kwargs  # type: ignore[attr-defined]
        self._missed(True)
        self._take(kept["row"], kept["forum"])
        if self.collector.stop_reason is None:
            yield from self._ask_details(kept["rest"], kept["forum"])

    def _missed(self, missed: bool) -> None:
        self._in_a_row = self._in_a_row + 1 if missed else 0
        if self._in_a_row >= _MOST_MISSED:
            self.no_details()

    def _read_whole(self, row: dict[str, Any]) -> bool:
        """Whether the row shows just what it showed when its page was read; it then counts as looked at."""
        try:
            number = self.cursor(row)
        except BAD_ROW:
            return False
        seen = self.collector.seen
        if not seen.read_before(number) or seen.kept("whole", number) != self._print(row):
            return False
        self.collector.read += 1
        self.collector.seen.looked(number, self.collector.now)
        return True

    def _print(self, row: dict[str, Any]) -> str:
        shown = json.dumps(self.public(row), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.blake2b(shown.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def _ids_of(self, rows: list[Any]) -> list[str]:
        found = []
        for row in rows:
            with suppress(*BAD_ROW):
                found.append(self.cursor(row))
        return found

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

    def _take(self, row: Any, forum: Forum, page: Response | None = None) -> str:
        if not isinstance(row, dict):
            return self.collector.refuse("the row is no object", row)
        try:
            item = self.item(row, forum)
            whole = self.detailed(item, page) if page is not None else None
        except BAD_ROW as error:
            return self.collector.refuse(f"the row has another form: {error!r}", self.public(row))
        if page is not None:
            self._missed(whole is None)
        verdict = self.collector.take(whole or item, self.public(row))
        if whole is not None and verdict != "refused":
            self.collector.seen.keep("whole", item.native_id, self._print(row))
        return verdict
