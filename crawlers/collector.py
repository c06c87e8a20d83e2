"""Where a spider hands its rows: judged new, changed or same, written or refused, counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from casework.domain.post import DELETED_AS, DELETED_AT
from casework.domain.times import parse_time, show_time
from crawlers import failed
from crawlers.errors import CollectError
from crawlers.state import REFUSED, Seen, fingerprint
from crawlers.tally import Tally
from crawlers.to_post import Item, Refused, to_line, to_post
from crawlers.walk import Walk

if TYPE_CHECKING:
    from scrapy.http import Request

    from crawlers.base.spider import SourceSpider
    from crawlers.source_model import Source

MOST_OLD_PAGES = 2000
"""Addresses of posts past their time of looking again that are kept, to tell what has become of them."""


MOST_REMARKS, BETWEEN_REMARKS = 5, " | "
ASKED_AGAIN = "; asked again at the next run"


class Sink(Protocol):
    """Where lines go; the walk in a run, a list in tests."""

    def post(self, line: str) -> None:
        """Take one post line."""

    def refused(self, number: int, reason: str, raw: str) -> None:
        """Take one refused row."""


class Collector:
    """The one object that a spider writes to; it never sees files, stores or the clock."""

    def __init__(self, source: Source, now: datetime, seen: Seen, sink: Sink, walk: Walk | None = None) -> None:
        """``walk``: what makes the run durable; None where nothing outlives it (tests)."""
        self.source, self.now, self.seen, self.sink, self.walk = source, now, seen, sink, walk
        self.read = self.new = self.changed = self.quarantined = 0
        self.tally = Tally()
        self.stop_reason: str | None = None
        self.remark: str | None = None
        """What a person should know of a walk that came to its end."""
        self.error: CollectError | None = None
        """Set when lines could no longer be written: the run is then worth nothing, and nothing counts as seen."""

    def take(self, item: Item, raw: Any, moved: bool = False) -> str:
        """Answers ``new``, ``changed``, ``same`` or ``refused``. ``raw``: the row as read, for the quarantine.

        ``moved``: the post has another address than before; that alone is worth a line.
        """
        # Only the first look at a row: old pages keep their old layout, and one page is one sample however often read.
        first = not (isinstance(item.native_id, str) and self.seen.knows(item.native_id))
        if first:
            self.tally.row(item)
        try:
            post = to_post(item, self.source.id, self.source.kind, self.now)
        except Refused as refusal:
            return self._put_aside(str(refusal), raw, item.native_id)
        if first:
            self.tally.readable()
        self.read += 1
        print_ = fingerprint(post)
        verdict = self.seen.verdict(item.native_id, print_)
        page = self.seen.kept("pages", item.native_id)
        published = parse_time(post["published_at"])
        if item.url and (page is not None or self._may_change(published)):
            self.seen.keep("pages", item.native_id, [item.url, int(published.timestamp())])
        if verdict == "same" and moved and page is not None and page[0] != item.url:
            verdict = "changed"
        if verdict == "same":
            self.seen.looked(item.native_id, self.now)
            return verdict
        if not self._written(self.sink.post, to_line(post)):
            return "refused"
        self.seen.remember(item.native_id, print_, self.now)
        self._count(verdict)
        if verdict == "new":
            self.tally.fresh(post)
        return verdict

    def _may_change(self, published: datetime) -> bool:
        """Whether the post's address is kept: it is young, or among the first of a walk, which stand at the lists' top.

        What lies deep in an archive is never looked at again, and would only take memory.
        """
        young = self.now - published <= timedelta(hours=self.source.walk.recheck_hours)
        return young or self.seen.count("pages") < MOST_OLD_PAGES

    def unchanged(self, native_id: str) -> None:
        """The site says that a post is as it was read (HTTP 304)."""
        self.read += 1
        self.seen.looked(native_id, self.now)

    def gone(self, native_id: str, why: str) -> None:
        """The source shows a post no longer: one line says so, which marks the post and leaves its text alone."""
        page = self.seen.kept("pages", native_id)
        if page is None or not self.seen.gone(native_id, self.now):
            return
        marks = {DELETED_AT: show_time(self.now), DELETED_AS: why}
        published = datetime.fromtimestamp(page[1], UTC)
        item = Item(native_id=native_id, text="", published=published, url=page[0], extra=marks)
        if self._written(self.sink.post, to_line(to_post(item, self.source.id, self.source.kind, self.now))):
            self._count("changed")

    def refuse(self, reason: str, raw: Any, native_id: str | None = None) -> str:
        """Put a row aside with its reason; answers ``refused``. The same row is not reported twice."""
        known, before = native_id is not None and self.seen.knows(native_id), self.quarantined
        self._put_aside(reason, raw, native_id)
        if not known and self.quarantined > before:
            self.tally.refused(reason)
        return "refused"

    def missed(self, native_id: str, url: str, reason: str, shown: str | None = None) -> None:
        """The page of a post did not come: put aside with its reason, and asked again by later runs.

        It stays unknown, so that it is new when it comes; given up after ``failed.GIVEN_UP`` it is a refused row.
        """
        if failed.note(self.seen, native_id, url, shown, self.now):
            self._put_aside(f"{reason.removesuffix(ASKED_AGAIN)}{ASKED_AGAIN}", {"url": url}, None)
        else:
            days = failed.GIVEN_UP.days
            self._put_aside(f"{reason}; has not come for {days} days, given up", {"url": url, "days": days}, native_id)

    def unreadable(self, native_id: str, url: str, reason: str) -> None:
        """Reading a page has ended the run again and again: put aside, and left alone for a month."""
        self._put_aside(reason, {"url": url}, None)
        failed.put_off(self.seen, native_id, url, self.now)

    def page_begun(self, key: str) -> None:
        """A page has come and is read from here on."""
        if self.walk is not None:
            self.walk.reading.begin(key)

    def _put_aside(self, reason: str, raw: Any, native_id: str | None) -> str:
        self.read += 1
        shown = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=str)
        if native_id:
            self.seen.remember(native_id, REFUSED, self.now)
        if self.seen.refuse(shown):
            self.quarantined += 1
            self._written(self.sink.refused, self.read, reason, shown)
        return "refused"

    def _count(self, verdict: str) -> None:
        if verdict == "new":
            self.new += 1
        else:
            self.changed += 1
        if self.walk is not None:
            self.walk.count(verdict)

    def page_read(self, key: str, further: Sequence[Request], spider: SourceSpider) -> None:
        """Record a page with the requests that it brought. After a stop its rows count, but it will be asked again."""
        if self.walk is None:
            return
        from crawlers.frontier import prepare

        if self.stop_reason is not None:
            self._written(self.walk.turn)
        else:
            self._written(self.walk.turn, key, prepare(further, spider, self.walk))

    def _written(self, write: Callable[..., None], *values: object) -> bool:
        try:
            write(*values)
        except CollectError as error:
            self.error = error
            self.stop(str(error))
            return False
        return True

    def note(self, remark: str) -> None:
        """Say something of a walk that comes to its end all the same; said once, and not without end."""
        held = self.remark.split(BETWEEN_REMARKS) if self.remark else []
        if remark not in held and len(held) < MOST_REMARKS:
            self.remark = BETWEEN_REMARKS.join([*held, remark])

    def stop(self, reason: str) -> None:
        """End the walk: no further request leaves. The first reason stays."""
        if self.stop_reason is None:
            self.stop_reason = reason
