"""What the ports hand over: records as kept, filters, pages, accounts, entries of the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from casework.domain import audit
from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.post import Post
from casework.domain.times import store_time

REPRINTED_KINDS = ("news", "weibo")
BARED = ("author", "original", "erased")
"""What may be gone of a post: its author; its original text too (a masked one is kept); all that it said."""


@dataclass(frozen=True, slots=True)
class Revision:
    """An older state of a post: ``fields`` are the values that the next revision changed."""

    number: int
    until: datetime
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post as kept. ``revision`` counts from 1. ``assessment`` may be of an older revision.

    ``event`` is the event's id once opened, ``decision`` one of opened joined none to_review, ``case`` the case's id,
    ``copy_of`` the post that gave this text first, where this one repeats it. ``bared`` is what is kept no longer, one
    of ``BARED`` (None: all is kept); a later look at the source never brings it back.
    """

    post: Post
    revision: int = 1
    revisions: tuple[Revision, ...] = ()
    assessment: Assessment | None = None
    event: str | None = None
    decision: str | None = None
    case: str | None = None
    copy_of: str | None = None
    bared: str | None = None

    @property
    def reprint_of(self) -> str | None:
        """The post that this one reprints. A message is never a reprint: its author is owed an answer of his own."""
        return self.copy_of if self.post.kind in REPRINTED_KINDS else None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a post belongs: ``root`` is the first post of its event, ``original`` the post whose text it repeats."""

    root: str
    original: str | None = None


class Grouped(NamedTuple):
    """A post that was placed before."""

    id: str
    title: str | None
    text: str
    event: str
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening decided of one post."""

    post: str
    event: str
    decision: str
    case: str | None
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Filters of a search; ``region`` is a code prefix, ``since``/``until`` bound published_at (until exclusive)."""

    kind: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class PostQuery:
    """What a person looks for among posts that were judged and decided on; see ``SearchFilter`` for the first six.

    ``query``: tokens side by side in title or text; None: all. ``severity``: a level, ``unknown`` for null.
    ``reports`` False: without what is, or may be, a 检举控告. ``without_cases``: nothing of these cases.
    """

    query: str | None = None
    kind: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    region: str | None = None
    severity: str | None = None
    sentiment: str | None = None
    board_domain: str | None = None
    message_type: str | None = None
    reports: bool = True
    without_cases: tuple[str, ...] = ()


FACETS = ("kind", "source", "severity", "sentiment", "board_domain", "message_type")
"""Fields of ``PostQuery`` by whose values the hits are counted."""
COUNTED = 10_000
"""Hits up to which all are counted; beyond, ``PostPage.more`` says that there are more."""


@dataclass(frozen=True, slots=True)
class PostPage:
    """One page of a search: the posts newest first, then by id; how many match (at most COUNTED), whether there are
    more; of each of FACETS the values with their numbers, the most first (over all matches, or where there are more
    than COUNTED over at least the newest COUNTED)."""

    records: tuple[PostRecord, ...]
    total: int
    more: bool
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Filters of a case list. ``department`` matches 主办 or 协办; ``viewer`` hides what excludes one of these
    departments, ``seen_by`` leaves what one of these leads, helps or watches, ``without_kind`` hides that kind of
    petition.

    ``states``, ``board_domain`` and ``place`` (a six-digit code) are for counts of what was handled before.
    ``due_before`` compares the leading due moment. ``words`` is a search in title (tokens as in a post search).
    """

    state: str | None = None
    department: str | None = None
    due_before: datetime | None = None
    overdue_at: datetime | None = None
    post: str | None = None
    severity: str | None = None
    words: str | None = None
    viewer: tuple[str, ...] = ()
    seen_by: tuple[str, ...] = ()
    without_kind: str | None = None
    states: tuple[str, ...] = ()
    board_domain: str | None = None
    place: str | None = None
    answer: str | None = None
    """A search in the published answer (tokens as in a post search)."""
    petition_kind: str | None = None
    excluding: tuple[str, ...] = ()
    """Only cases that exclude one of these departments: what somebody who sits there must not find."""
    dead: bool = False
    """Only cases with a notice that was given up; stores of before 2026-11-24 may name some without."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a case list: the cases, how many match in all, the offset of the next page (None: no more)."""

    cases: tuple[Case, ...]
    total: int
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A small document that the office keeps beside its cases: a silence, a subscription, what a channel was given.

    ``doc`` is flat JSON of its ``kind``; ``token`` is the store's, as a case's.
    """

    kind: str
    id: str
    doc: Mapping[str, Any]
    token: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """An account. ``password`` is an argon2 hash. ``role``: admin office department spokesperson leader."""

    name: str
    role: str
    password: str
    department: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log of acts and views: who did what to which thing, from where (page or command)."""

    at: datetime
    by: str
    what: str
    thing: str
    detail: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""

    def body(self) -> dict[str, Any]:
        """The entry without its hash, as it is hashed and stored."""
        at = store_time(self.at)
        return {"at": at, "by": self.by, "what": self.what, "thing": self.thing, "detail": dict(self.detail)}


def broken_entries(entries: Iterable[AuditEntry]) -> Iterator[int]:
    """Numbers (from 0) of the entries of a log whose hash does not follow from the one before."""
    previous = audit.START
    for number, entry in enumerate(entries):
        if audit.digest(previous, entry.body()) != entry.hash:
            yield number
        previous = entry.hash
