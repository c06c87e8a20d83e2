"""The boards of a message board: those that ``source.yml`` names, and those that the site's dictionaries add."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, cast

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawlers.base.board_names import BoardName, is_another
from crawlers.base.listing import BrokenListError
from crawlers.base.spider import SourceSpider
from crawlers.collector import Collector
from crawlers.encoding import decode
from crawlers.plain import Plain

if TYPE_CHECKING:
    from crawlers.source_interfaces import Forum, MessageBoardSource


class BoardsSpider(SourceSpider, ABC):
    """Asks for the dictionaries one after the other, then for the newest page of every board."""

    source: MessageBoardSource

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self._wrong: set[int] = set()
        self._doubted: set[int] = set()

    @abstractmethod
    def ask_board(self, forum: Forum, cursor: str, page: int) -> Request:
        """The request for the page of a board after ``cursor`` ("0": the newest)."""

    @abstractmethod
    def board_name(self, row: dict[str, Any]) -> str:
        """What a row says of whose board it stands on; empty where it says nothing."""

    @abstractmethod
    def boards(self, text: str) -> dict[str, BoardName]:
        """Boards by number, of a page of ``dictionaries``. Raises BrokenListError or ValueError where it is none."""

    async def start(self) -> AsyncIterator[Request]:
        """The dictionaries of boards where there are any, else the newest page of every board."""
        for request in self._ask_dictionaries(list(self.source.all_starts()), {}):
            yield request

    def _ask_dictionaries(self, urls: list[str], known: dict[str, list[Any]]) -> Iterator[Request]:
        if urls:
            keep = {"rest": urls[1:], "known": known}
            yield Request(
                urls[0], self.parse_dictionary, errback=self.dictionary_failed, dont_filter=True, cb_kwargs=keep
            )
            return
        for forum in self._forums(known):
            yield self.ask_board(forum, "0", 1)

    def parse_dictionary(self, response: Response, rest: list[str], known: dict[str, list[Any]]) -> Iterator[Request]:
        """Take the names of boards; a page that is no dictionary hinders nothing but the finding of boards below."""
        try:
            found = self.boards(decode(response.body)[0])
        except (BrokenListError, ValueError) as error:
            self.collector.refuse(f"dictionary of boards: {error}", {"url": response.url})
            found = {}
        yield from self._ask_dictionaries(
            rest, known | {number: [board.name, list(board.children)] for number, board in found.items()}
        )

    def dictionary_failed(self, failure: Failure) -> Iterator[Request]:
        """A dictionary that did not come: the boards that source.yml names are walked all the same."""
        request = failure.request  # type: ignore[attr-defined]
        if self.collector.stop_reason is None:
            self.collector.refuse(f"dictionary of boards: {self.why(failure)}", {"url": request.url})
            yield from self._ask_dictionaries(request.cb_kwargs["rest"], request.cb_kwargs["known"])

    def _forums(self, known: dict[str, list[Any]]) -> list[Forum]:
        """The boards to walk, each once: those of source.yml, and those below them."""
        found = {forum.fid: forum for forum in self.source.forums}
        for forum in self.source.forums:
            name, children = known.get(str(forum.fid), (forum.name, ()))
            if forum.name not in name:
                self.collector.note(f"board {forum.fid} is called {name} in the dictionary, not {forum.name}")
            for number in children if forum.with_children else ():
                below = known.get(number, (forum.name, ()))[0]
                board = Plain({"fid": int(number), "name": below, "with_children": False})
                found.setdefault(int(number), cast("Forum", board))
        return list(found.values())

    def is_wrong(self, rows: list[Any], forum: Forum, page: int) -> bool:
        """Whether the board is surely another than source.yml means: nothing of it is then taken, the others go on.

        Rows of other names, of which that is not sure, are taken, and a remark says so.
        """
        names = {self.board_name(row) for row in rows if isinstance(row, dict)} - {""}
        others = sorted(name for name in names if forum.name not in name)[:3]
        said = f"board {forum.fid} calls itself {'、'.join(others)}, {self.source.id}/source.yml says {forum.name}"
        if page > 1 or not others or not is_another(forum.name, names):
            if others and forum.fid not in self._doubted:
                self._doubted.add(forum.fid)
                self.collector.note(f"{said}: are these its rows?")
            return False
        said += ": nothing of it is taken; correct its number or its name in forums"
        self.collector.refuse(said, {"fid": forum.fid, "name": forum.name, "shown": others})
        self.collector.note(said)
        self._wrong.add(forum.fid)
        if self._wrong >= {one.fid for one in self.source.forums}:
            self.collector.stop(said)
        return True
