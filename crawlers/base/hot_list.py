"""Shape ``hot_list``: what a platform's users talk about most, in order; each topic's rank and heat are kept over time.

A topic's post carries its course (``extra.trail``), and a rise is a signal: the label ``rise`` makes a new revision, so
the post is judged anew. What a rise is stands in ``source.yml``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy.http import Request, Response
from typing_extensions import override

from casework.domain.times import SHANGHAI as CHINA
from crawlers.base.json_answer import read_object
from crawlers.base.spider import BAD_ROW, SourceSpider
from crawlers.to_post import Item

if TYPE_CHECKING:
    from crawlers.source_interfaces import HotListSource

_STAY_ENDS = timedelta(hours=24)
"""A topic that was away so long and comes back is another topic."""
_MOST_POINTS = 60
RISE = "快速上升"
_FLAGS = ("新", "热", "沸", "爆")
"""Marks of a list, the strongest last."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One row of a list. ``rank`` from 1; None where the platform pinned it. ``since``: when it came onto the list."""

    word: str
    rank: int | None
    heat: int | None
    url: str
    flag: str | None = None
    since: datetime | None = None
    text: str | None = None


class HotListSpider(SourceSpider, ABC):
    """A source gives the address and the rows."""

    source: HotListSource

    @abstractmethod
    def address(self) -> str:
        """Where the list is."""

    @abstractmethod
    def rows(self, answer: dict[str, Any]) -> list[Any] | None:
        """The rows of an answer; None after ``self.collector.stop(reason)``."""

    @abstractmethod
    def topic(self, row: Any, place: int) -> Topic | None:
        """A row (``place`` from 1) as a topic; None for an advertisement. Raises KeyError, TypeError or ValueError."""

    @override
    async def start(self) -> AsyncIterator[Request]:
        """The list."""
        yield self.ask_list(self.address(), self.parse_list)

    def parse_list(self, response: Response) -> Iterator[Request]:
        """Take every topic of the list, each with its course so far."""
        answer = read_object(self, response)
        rows = self.rows(answer) if answer is not None else None
        if rows is None:
            return
        for place, row in enumerate(rows, start=1):
            try:
                topic = self.topic(row, place)
                item = self._item(topic) if topic is not None else None
            except BAD_ROW as error:
                self.collector.refuse(f"the row has another form: {error!r}", row)
                continue
            if item is not None:
                self.collector.take(item, row)
        self._forget()
        yield from ()

    def _item(self, topic: Topic) -> Item:
        now = self.collector.now
        courses: dict[str, Any] = self.collector.seen.notes.setdefault("topics", {})
        course = courses.get(topic.word)
        if course is None or now - datetime.fromisoformat(course["last"]) > _STAY_ENDS:
            known = topic.since if topic.since is not None and topic.since <= now else None
            course = {
                "since": (known or now).isoformat(),
                "assumed": known is None,
                "trail": [],
                "rise": None,
                "flag": None,
                "best": None,
                "peak": None,
            }
        trail = course["trail"]
        point = [now.isoformat(), topic.rank, topic.heat]
        rise = self._rise(trail, topic, now)
        course = {
            **course,
            "last": point[0],
            "trail": _thinned([*trail, point]) if not trail or trail[-1][1:] != point[1:] else trail,
            # Once risen it stays marked while it is on the list: a label that flickers would be a revision each time.
            "rise": course["rise"] or rise,
            "flag": max(filter(None, (course["flag"], topic.flag)), key=_strength, default=None),
            "best": min(filter(None, (course["best"], topic.rank)), default=None),
            "peak": max(filter(None, (course["peak"], topic.heat)), default=None),
        }
        courses[topic.word] = course
        return _as_item(topic, course)

    def _rise(self, trail: list[list[Any]], topic: Topic, now: datetime) -> str | None:
        """``RISE`` where the topic came far up, or its heat grew much, within the time that source.yml names."""
        rise = self.source.rise
        if topic.rank is None:
            return None
        if not trail:
            # Straight into the first places; on a first run everything is new, which says nothing.
            return RISE if topic.rank <= rise.straight_to and self.collector.seen.complete else None
        recent = [point for point in trail if now - datetime.fromisoformat(point[0]) <= timedelta(minutes=rise.minutes)]
        for _, rank, heat in recent:
            if rank is not None and rank - topic.rank >= rise.ranks:
                return RISE
            if heat and topic.heat and topic.heat >= heat * rise.times:
                return RISE
        return None

    def _forget(self) -> None:
        courses = self.collector.seen.notes.get("topics", {})
        for word in list(courses):
            if self.collector.now - datetime.fromisoformat(courses[word]["last"]) > _STAY_ENDS:
                del courses[word]


def _as_item(topic: Topic, course: dict[str, Any]) -> Item:
    since, trail = datetime.fromisoformat(course["since"]), course["trail"]
    return Item(
        native_id=f"{since.astimezone(CHINA):%Y%m%d}-{topic.word}",
        url=topic.url,
        title=topic.word,
        text=topic.text or topic.word,
        published=since,
        labels={"flag": course["flag"], "rise": course["rise"]},
        # The list's own figure of how much a topic is looked up.
        counts={"views": topic.heat},
        extra={
            "rank": topic.rank,
            "heat": topic.heat,
            "best_rank": course["best"],
            "peak_heat": course["peak"],
            "since_assumed": 1 if course["assumed"] else None,
            "pinned": 1 if topic.rank is None else None,
            "trail": "; ".join(_shown(*point) for point in trail),
        },
    )


def _strength(flag: str) -> int:
    return _FLAGS.index(flag) if flag in _FLAGS else -1


def _shown(at: str, rank: int | None, heat: int | None) -> str:
    moment = datetime.fromisoformat(at).astimezone(CHINA)
    return f"{moment:%m-%d %H:%M} #{'-' if rank is None else rank} {'-' if heat is None else heat}"


def _thinned(trail: list[list[Any]]) -> list[list[Any]]:
    """At most ``_MOST_POINTS``: of the older half every second point goes, the first and the newest stay."""
    if len(trail) <= _MOST_POINTS:
        return trail
    half = _MOST_POINTS // 2
    return [*trail[:half:2], *trail[half:]]
