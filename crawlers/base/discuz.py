"""Shape ``discuz``: a board on Discuz, where people write and units answer; one thread is one message.

Kept are the first post and the answer of the unit; what other people wrote below is counted, not kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers import failed
from crawlers.base import again
from crawlers.base.spider import BEHIND_LISTS, SourceSpider, content_type
from crawlers.collector import Collector
from crawlers.discuz_page import GONE, LOG_IN, Entry, Row, Thread, rows_of, thread_of, why_none
from crawlers.encoding import decode
from crawlers.text import parse_page
from crawlers.to_post import Item

if TYPE_CHECKING:
    from crawlers.source_interfaces import DiscuzSource

_MOST_PAGES = 5
"""Pages of one thread that are read; an answer stands near the beginning."""


Answers = Callable[[Entry, str | None], bool]


class DiscuzSpider(SourceSpider):
    """Everything is in ``source.yml``."""

    source: DiscuzSource

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self.memory = again.ListMemory(collector)

    async def start(self) -> AsyncIterator[Request]:
        """The first page of every list."""
        for url in self.source.all_starts():
            yield self.ask_list(url, self.parse_list, priority=-1, cb_kwargs={"first": url, "page": 1})
        for tid, url, shown in failed.due(self.collector.seen, self.collector.now):
            # Behind the lists: what they show of a thread decides what a page that is gone means.
            yield self._ask(tid, url, shown, priority=BEHIND_LISTS)

    def parse_list(self, response: Response, first: str, page: int) -> Iterator[Request]:
        """Ask for the threads in which something was said, then for the next page."""
        text = decode(response.body, content_type(response))[0]
        rows, following, root = rows_of(text, response.url, self.source)
        if not rows:
            said = why_none(root)
            if page == 1 or said is not None:
                kind = "log-in wanted" if said is not None and said[1] == LOG_IN else "broken answer: no thread"
                self.collector.stop(f"{kind} on {response.url}: {said[0] if said else 'has the page changed?'}")
            yield from self._end(first)
            return
        self.memory.page(first, page, (row.tid for row in rows))
        fresh = 0
        for row in rows:
            fresh += not self.is_known(row.tid)
            if self._is_known(row):
                self.collector.read += 1
                continue
            if self.on_hosts(row.url):
                yield self._ask(row.tid, row.url, _print(row))
            else:
                self.collector.refuse("thread: not on a host of the source", {"url": row.url}, row.tid)
        back = self.laps.came_back(first, page, response.url, following, [row.tid for row in rows])
        if following and self.on_hosts(following) and self.goes_on(page, fresh, back):
            # Lower priority: a page's threads come before the next page, so that a stop leaves no gap.
            keep = {"first": first, "page": page + 1}
            yield self.ask_list(following, self.parse_list, priority=-page - 1, cb_kwargs=keep)
        else:
            yield from self._end(first)

    def _ask(self, tid: str, url: str, shown: str | None, **other: Any) -> Request:
        keep = {"tid": tid, "url": url, "shown": shown, "held": None, "page": 1}
        return Request(url, self.parse_thread, errback=self.thread_failed, cb_kwargs=keep, **other)

    def _end(self, first: str) -> Iterator[Request]:
        """Look at the threads that left the list from between others, and at young ones that it shows no more."""
        vanished = self.memory.vanished(first)
        below = dict(again.due(self.memory.end(first), self.collector))
        if self.collector.stop_reason is not None:
            return
        for tid in list(dict.fromkeys([*vanished, *below]))[: again.MOST_AT_ONCE]:
            page = self.collector.seen.kept("pages", tid)
            if page is not None:
                # What a list showed of it last is not known again: only its own page tells.
                yield self._ask(tid, page[0], None, priority=1, dont_filter=True)

    def parse_thread(
        self, response: Response, tid: str, url: str, shown: str | None, held: dict[str, Any] | None, page: int
    ) -> Iterator[Request]:
        """Read one page of a thread; its last page, or the one with enough pages before it, hands the message on."""
        text = decode(response.body, content_type(response))[0]
        thread = thread_of(text, response.url, self.source)
        if thread is None:
            self._no_thread(response.url, tid, why_none(parse_page(text)))
            return
        held = _added(held, thread, self._answers)
        if thread.following and self.on_hosts(thread.following) and page < _MOST_PAGES:
            keep = {"tid": tid, "url": url, "shown": shown, "held": held, "page": page + 1}
            yield Request(thread.following, self.parse_thread, errback=self.thread_failed, cb_kwargs=keep)
            return
        raw = {"url": url, "title": held["title"], "text": held["text"][:500]}
        if self.collector.take(_item(tid, url, held), raw) != "refused" and shown is not None:
            self.collector.seen.keep("whole", tid, shown)

    def _no_thread(self, url: str, tid: str, said: tuple[str, str] | None) -> None:
        """A page without a post: only where the board says that the thread is gone, it is."""
        if said is not None and said[1] == LOG_IN:
            self.collector.stop(f"log-in wanted on {url}: {said[0]}")
        elif said is not None and said[1] == GONE and self.collector.seen.knows(tid):
            self.collector.gone(tid, said[0])
        else:
            self.collector.refuse(f"thread: {said[0] if said else 'no post on the page'}", {"url": url}, tid)
            self.memory.unclear(tid)

    def thread_failed(self, failure: Failure) -> None:
        """A thread of which a page did not come is put aside whole: half of it could look like an answer taken back."""
        request, error = failure.request, failure.value  # type: ignore[attr-defined]
        tid, first = request.cb_kwargs["tid"], request.cb_kwargs["page"] == 1
        if self.collector.stop_reason is not None:
            return
        missing = isinstance(error, HttpError) and error.response.status in again.GONE
        if missing and first and tid not in self.memory.shown and self.collector.seen.read_before(tid):
            self.collector.gone(tid, self.why(failure))
        elif missing and first:
            self.collector.refuse(self.why(failure), {"url": request.url}, tid)
            self.memory.unclear(tid)
        else:
            kept = request.cb_kwargs
            self.did_not_come(failure, tid, kept["shown"], kept["url"])
            self.memory.unclear(tid)

    def _is_known(self, row: Row) -> bool:
        if failed.waits(self.collector.seen, row.tid, self.collector.now):
            return True
        seen, recheck = self.collector.seen, timedelta(hours=self.source.walk.recheck_hours)
        if seen.kept("whole", row.tid) != _print(row):
            return False
        # Unit, state and waiting time change without a word in the thread: young threads are looked at again.
        return seen.settled(row.tid, self.collector.now, recheck)

    def _answers(self, entry: Entry, unit: str | None) -> bool:
        """Whether a post below the first is the unit's answer."""
        author = entry.author or ""
        return bool(author) and (author == unit or re.search(self.source.answers_by, author) is not None)


def _print(row: Row) -> str:
    return hashlib.blake2b(row.shown.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _added(held: dict[str, Any] | None, thread: Thread, answers: Answers) -> dict[str, Any]:
    """What is known of a thread after one more page, as JSON."""
    if held is None:
        first, *below = thread.entries
        held = {
            "title": thread.title,
            "text": first.text,
            "sent": first.sent,
            "author": first.author,
            "edited": first.edited,
            "unit": thread.unit,
            "state": thread.state,
            "waited": thread.waited,
            "answer": None,
            "comments": 0,
        }
    else:
        below = list(thread.entries)
    for entry in below:
        if answers(entry, held["unit"]):
            # The newest answer stands for all; an earlier one is mostly a receipt.
            held = {**held, "answer": [entry.author, entry.sent, entry.text]}
        else:
            held = {**held, "comments": held["comments"] + 1}
    return held


def _item(tid: str, url: str, held: dict[str, Any]) -> Item:
    author, sent, text = held["answer"] or (None, None, None)
    reply = None
    if held["answer"] or held["unit"] or held["state"]:
        reply = {"organisation": author or held["unit"], "text": text, "at": sent, "state": held["state"]}
    return Item(
        native_id=tid,
        url=url,
        title=held["title"] or None,
        text=held["text"],
        published=held["sent"],
        author=held["author"],
        place=held["unit"],
        counts={"comments": held["comments"]},
        reply=reply,
        extra={
            "unit": held["unit"],
            "state": held["state"],
            "waiting_minutes": held["waited"],
            "edits": 1 if held["edited"] else None,
        },
    )
