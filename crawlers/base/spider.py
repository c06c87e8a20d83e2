"""What the spiders of every shape share: asking only in turn, handing rows to the collector, stopping for good."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.base.laps import Laps
from crawlers.collector import Collector
from crawlers.trouble import EndsRunsError, in_words, may_pass

BAD_ROW = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading a row of another form than expected can raise; such a row is put aside."""
BEHIND_LISTS = -500_000
"""Priority of what is asked when every list has been walked."""
Callback = Callable[..., Iterator[Request]]


class SourceSpider(scrapy.Spider):
    """Base of all spiders. ``collector`` takes the rows; callbacks yield requests only."""

    name = "source"
    resumes = True
    """Whether every step of the walk is a request that can be kept as JSON; else a killed walk begins anew."""

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        self.collector = collector
        self.source = collector.source
        self.laps = Laps(collector)
        super().__init__(name=self.source.id, **kwargs)

    @property
    def log(self) -> logging.Logger:  # type: ignore[override]
        """The source's own log."""
        return logging.getLogger(f"crawlers.{self.source.id}")

    def page_came(self, response: Response, **kept: Any) -> list[Request]:
        """What every request of a run comes back to: the callback it was made with, then the record of the page."""
        return self._turn(response.meta["turn"], getattr(self, response.meta["calls"][0]), response, **kept)

    def page_failed(self, failure: Failure) -> list[Request]:
        """The same for a request without an answer, with its errback."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        return self._turn(meta["turn"], getattr(self, meta["calls"][1]), failure)

    def _turn(
        self, key: str, call: Callable[..., Iterable[Request] | None], *values: Any, **kept: Any
    ) -> list[Request]:
        further: list[Request] = []
        self.collector.page_begun(key)
        try:
            further = list(call(*values, **kept) or ())
        finally:
            # An exception ends the run as failed; the page is not asked again and again for it.
            self.collector.page_read(key, further, self)
        return further

    def ask_list(self, url: str, callback: Callback, **kwargs: Any) -> Request:
        """A request on which the walk hangs: without its answer the source stops with the reason."""
        return Request(url, callback=callback, errback=self.list_failed, dont_filter=True, **kwargs)

    def list_failed(self, failure: Failure) -> None:
        """A list page that did not come: never "no results"."""
        if isinstance(failure.value, IgnoreRequest) and not isinstance(failure.value, HttpError):
            self.collector.stop(self.why(failure))
        else:
            self.collector.stop(f"broken answer: {self.why(failure)}")

    @staticmethod
    def why(failure: Failure) -> str:
        """What went wrong with a request, for a person."""
        error = failure.value
        if isinstance(error, HttpError):
            return f"HTTP {error.response.status}"
        return in_words(error)

    def did_not_come(self, failure: Failure, native_id: str, shown: str | None, url: str | None = None) -> None:
        """A post's page did not come: later runs ask again, unless its address itself is refused (``url``: its own)."""
        request = failure.request  # type: ignore[attr-defined]
        url = url or next(iter(request.meta.get("redirect_urls", ())), request.url)
        if isinstance(failure.value, EndsRunsError):
            self.collector.unreadable(native_id, url, self.why(failure))
        elif may_pass(failure.value):
            self.collector.missed(native_id, url, self.why(failure), shown)
        else:
            self.collector.refuse(self.why(failure), {"url": request.url}, native_id)

    def is_known(self, native_id: str) -> bool:
        """Whether a row is nothing new to a walk: read, refused, or failed before."""
        seen = self.collector.seen
        return seen.knows(native_id) or seen.kept("failed", native_id) is not None

    @cached_property
    def usual(self) -> int:
        """How many pages of every list this walk reads in any case; every so often more (``walk.deep``)."""
        walk, notes = self.source.walk, self.collector.seen.notes
        if walk.deep is None:
            return walk.usual
        now = int(self.collector.now.timestamp())
        # A round that starts a little early counts: else the next one would be a whole rhythm late.
        pause = 60 * walk.deep.minutes - 30 * self.source.rhythm_minutes
        if 0 <= now - notes.get("deep", 0) < pause:
            return walk.usual
        notes["deep"] = now
        return max(walk.usual, walk.deep.pages)

    def goes_on(self, page: int, fresh: int, back: str | None = None) -> bool:
        """Whether the walk goes to the next page after page ``page`` (from 1) brought ``fresh`` new rows.

        After an unfinished walk everything is walked again: what lies behind known rows may be unread. ``back``: why
        there is no page behind this one that the walk has not read, see ``Laps``.
        """
        walk = self.source.walk
        if self.collector.stop_reason is not None:
            return False
        if page >= self.usual and fresh == 0 and self.collector.seen.complete:
            return False
        if back is not None:
            self.collector.note(f"a list ended: {back}")
            return False
        if page >= walk.most:
            self.collector.note(f"a list was left after {page} pages (walk.most); what lies behind them is not read")
            return False
        return True

    def refusal(self, response: Response) -> str | None:
        """Why an answer of status 200 is a no, where its body says so; read before any other request leaves."""
        return None

    def on_hosts(self, url: str) -> bool:
        """Whether an address is one of the source's own."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and parts.hostname in self.source.hosts

    def is_login_page(self, response: Response) -> bool:
        """True where the answer is a page to sign in instead of what was asked."""
        start = response.body[:4000].lstrip()
        if not start.startswith((b"<", b"{")):
            return False
        return any(sign in start for sign in (b"passport.weibo.c", b"login.sina.com.cn", b"signin/login"))


def content_type(response: Response) -> str | None:
    """The header as it was sent; not to be believed."""
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None
