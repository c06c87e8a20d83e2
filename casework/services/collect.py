"""收集, the second half: lines of post files into the store. Loading twice changes nothing."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from casework.domain.errors import InvalidPost
from casework.domain.post import Post, parse_post_line
from casework.domain.replies import NONE, under_way
from casework.ports import PostStore

BATCH = 1000
"""Posts taken in by one call to the store: large enough for a bulk request, small enough to lose little."""
AT_ONCE = 3
"""Batches that the store works on side by side."""
LINE_LIMIT = 16 * 1024 * 1024
"""Bytes; a longer line is no post but a damaged file."""

Quarantine = Callable[[int, str, bytes], None]
"""Called with line number (from 1), reason and the raw line."""
Tell = Callable[[Sequence[str]], object]
"""Called with the ids of posts that may show an answer or a receipt that was not there before, or show one no more."""


@dataclass(slots=True)
class LoadCounts:
    """in = new + changed + seen + quarantined."""

    new: int = 0
    changed: int = 0
    seen: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        total = self.new + self.changed + self.seen + self.quarantined
        return {
            "in": total,
            "new": self.new,
            "changed": self.changed,
            "seen": self.seen,
            "quarantined": self.quarantined,
        }


def load(
    lines: Iterable[tuple[int, bytes]],
    store: PostStore,
    now: datetime,
    quarantine: Quarantine,
    counts: LoadCounts,
    tell: Tell | None = None,
) -> None:
    """Take post lines (number, bytes) into ``store``; invalid ones go to ``quarantine`` and are counted.

    Blank lines are passed over and not counted. ``counts`` is added to. ``tell`` is called as
    batches are done.
    """
    with _Writer(store, now, counts, tell) as writer:
        batch: list[Post] = []
        for number, raw in lines:
            if not raw.strip():
                continue
            try:
                if len(raw) > LINE_LIMIT:
                    raise InvalidPost(f"longer than {LINE_LIMIT} bytes")
                batch.append(parse_post_line(raw))
            except InvalidPost as error:
                quarantine(number, str(error), raw)
                counts.quarantined += 1
                reason = str(error).split(":")[0]
                counts.reasons[reason] = counts.reasons.get(reason, 0) + 1
            if len(batch) >= BATCH:
                writer.put(batch)
                batch = []
        if batch:
            writer.put(batch)


class _Writer:
    """Gives batches to the store, AT_ONCE at a time, while the next is being read: a server works meanwhile.

    A batch waits for those before it with which it shares an id, so the order of looks at one post is kept.
    """

    def __init__(self, store: PostStore, now: datetime, counts: LoadCounts, tell: Tell | None) -> None:
        self.store, self.now, self.counts, self.tell = store, now, counts, tell
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.running: deque[tuple[list[Post], frozenset[str], Future[list[str]]]] = deque()

    def __enter__(self) -> _Writer:
        return self

    def put(self, batch: list[Post]) -> None:
        """Take a batch. Raises what an earlier one raised."""
        ids = frozenset(post.id for post in batch)
        while len(self.running) >= AT_ONCE or any(ids & others for _, others, _ in self.running):
            self._finish()
        self.running.append((batch, ids, self.pool.submit(self.store.put_posts, batch, self.now)))

    def _finish(self) -> None:
        batch, _, done = self.running.popleft()
        each = done.result()
        outcomes = Counter(each)
        self.counts.new += outcomes["new"]
        self.counts.changed += outcomes["changed"]
        self.counts.seen += outcomes["seen"]
        told = [post.id for post, outcome in zip(batch, each, strict=True) if _tells(post, outcome)]
        if self.tell is not None and told:
            self.tell(told)

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            while self.running and kind is None:
                self._finish()
        finally:
            self.pool.shutdown(wait=True, cancel_futures=True)


def _tells(post: Post, outcome: str) -> bool:
    """Whether a case may have to learn of it: another answer, or that the board took the message up."""
    if outcome == "changed":
        return post.reply is not None or post.kind in ("message", "hotline")
    return outcome == "seen" and under_way(post.extra) != NONE
