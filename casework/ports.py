"""The ports: what the services need of stores, of judgement and of channels, and the errors that belong to them.

Every store implements all of the store ports; one contract suite (``tests/contract``) runs over each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from casework.domain.alarm import Alarm
from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.event import Event
from casework.domain.post import Post
from casework.ports_work import Assessor, Channel, Grouper, Judged, Masker, Roster
from casework.records import (
    AuditEntry,
    CaseFilter,
    CasePage,
    Grouped,
    Opened,
    Placed,
    PostPage,
    PostQuery,
    PostRecord,
    Revision,
    SearchFilter,
    Sheet,
    User,
)

__all__ = [
    "Assessor",
    "AuditEntry",
    "CaseFilter",
    "CasePage",
    "Channel",
    "Grouped",
    "Grouper",
    "Judged",
    "Masker",
    "Opened",
    "Placed",
    "PostPage",
    "PostQuery",
    "PostRecord",
    "Revision",
    "Roster",
    "SearchFilter",
    "Sheet",
    "User",
]
"""What comes from ``casework.records`` and ``casework.ports_work`` and belongs to the ports."""


class StoreError(Exception):
    """Something about a store; the message says what to do."""


class Conflict(StoreError):
    """Somebody else wrote the case first. The caller reads the newer one and decides again."""


class Unavailable(StoreError):
    """The store cannot be reached or refuses the log-in; nothing was written by the failed call."""


class Unwritable(StoreError):
    """The store is reached but cannot be written: no permission, disk full, locked too long, another version."""


class NotFound(StoreError):
    """No such case, post, event or user."""


class PostStore(Protocol):
    """Posts with their revisions, assessments and what opening decided."""

    def put_posts(self, posts: Sequence[Post], now: datetime) -> list[str]:
        """Take posts in; for each ``new``, ``changed`` (a new revision) or ``seen``. Doing it again changes nothing.

        Two of the same id in one call are taken one after the other. All or nothing is not promised over the call,
        each post is.
        """

    def get_posts(self, ids: Sequence[str]) -> dict[str, PostRecord]:
        """Records by id; ids not known are absent."""

    def unassessed(self, batch: int) -> Iterator[list[PostRecord]]:
        """Posts whose present revision has no assessment, in (published_at, id) order, in lists of ``batch``."""

    def put_assessments(self, assessments: Mapping[str, tuple[Assessment, str]]) -> None:
        """Post id → (assessment, words joined by blanks for the field ``words``)."""

    def unopened(self, batch: int) -> Iterator[list[PostRecord]]:
        """Assessed posts of which opening has not decided for this revision, in (published_at, id) order."""

    def put_opened(self, decisions: Sequence[Opened]) -> None:
        """Record what opening decided; such a post is not returned by ``unopened`` until it is revised."""

    def grouped(self, since: datetime) -> Iterator[Grouped]:
        """Opened posts published since, in (published_at, id) order."""

    def search(self, query: str, where: SearchFilter, limit: int) -> list[str]:
        """Ids of posts that hold the query's tokens side by side in title or text; newest first, then by id."""

    def find_posts(self, where: PostQuery, offset: int, limit: int) -> PostPage:
        """One page of the posts that pass, with counts by facet; see ``PostQuery`` and ``PostPage``."""

    def recent_posts(self, where: SearchFilter, limit: int) -> list[PostRecord]:
        """The newest posts that pass the filter, newest first, then by id."""

    def count_posts(self) -> dict[str, int]:
        """``posts``, ``revisions``, ``assessed``, ``opened``."""


class EventStore(Protocol):
    """Events by id."""

    def get_events(self, ids: Sequence[str]) -> dict[str, Event]:
        """Events by id; ids not known are absent."""

    def put_events(self, events: Sequence[Event]) -> None:
        """Write events; an older state is replaced."""

    def hottest_events(self, since: datetime, limit: int) -> list[Event]:
        """Events with a post since, by stored heat (highest first), then id."""

    def count_events(self) -> int:
        """How many events there are."""


class CaseStore(Protocol):
    """Cases; the only writes are create and save, both safe against other writers."""

    def create_cases(self, cases: Sequence[Case]) -> list[bool]:
        """Write new cases; False for each that exists already (nothing is overwritten)."""

    def get_case(self, id_: str) -> Case:
        """The case with its token. Raises NotFound."""

    def get_cases(self, ids: Sequence[str]) -> dict[str, Case]:
        """Cases by id; ids not known are absent."""

    def save_case(self, case: Case) -> None:
        """Write a case that was read and changed. Raises Conflict when it changed in between."""

    def save_cases(self, cases: Sequence[Case]) -> list[str]:
        """As ``save_case`` for many; the ids that were refused as conflicts (the others are written)."""

    def list_cases(self, where: CaseFilter) -> Iterator[Case]:
        """All cases that pass, by id, paged inside."""

    def page_cases(self, where: CaseFilter, offset: int, limit: int) -> CasePage:
        """One page in order of the leading due moment (none last), then id."""

    def cases_to_assign(self) -> Iterator[list[Case]]:
        """Cases in state ``opened``, by id, in lists."""

    def cases_to_look_at(self, now: datetime) -> Iterator[list[Case]]:
        """Cases whose ``look_at`` is not after ``now``, each once, in lists; safe while they are being saved."""

    def cases_awaiting(self, years: Sequence[int]) -> Iterator[list[Case]]:
        """Cases with a limit that waits for the calendar of one of ``years``, each once, in lists; may be saved."""

    def cases_to_notify(self, now: datetime) -> Iterator[list[Case]]:
        """Cases with a waiting notice whose moment is not after ``now``, each once, in lists."""

    def count_cases(self, by: str, where: CaseFilter | None = None) -> dict[str, int]:
        """Numbers of cases by ``state``, ``department`` or ``severity`` (a missing value counts under ``""``)."""


class KeepingStore(Protocol):
    """What housekeeping takes away for good. Nothing else deletes or rewrites what was taken in."""

    def posts_before(self, moment: datetime) -> Iterator[list[PostRecord]]:
        """Posts published before, in (published_at, id) order, in lists; safe while they are being rewritten."""

    def rewrite_posts(self, ids: Sequence[str], change: Callable[[PostRecord], PostRecord]) -> None:
        """Write posts as ``change`` makes them, with what search finds of them. Ids not known are passed over."""

    def delete_posts(self, ids: Sequence[str]) -> int:
        """Take posts away with all their revisions; how many there were."""

    def delete_events(self, ids: Sequence[str]) -> int:
        """Take events away; how many there were."""

    def delete_cases(self, ids: Sequence[str]) -> int:
        """Take cases away with their histories; how many there were."""


class AlarmStore(Protocol):
    """Alarms of the office, a few; what becomes of them is decided by ``domain.alarm``."""

    def list_alarms(self) -> list[Alarm]:
        """All alarms by id, as they are now, each with its token."""

    def save_alarm(self, alarm: Alarm) -> None:
        """Write a new alarm (without token), or one that was read and changed. Raises Conflict as ``save_case``."""


class SheetStore(Protocol):
    """Small documents of the office by kind and id; a few hundred."""

    def list_sheets(self, kind: str) -> list[Sheet]:
        """All sheets of a kind by id, as they are now, each with its token."""

    def get_sheet(self, kind: str, id_: str) -> Sheet | None:
        """One sheet as it is now, with its token; None where there is none."""

    def save_sheet(self, sheet: Sheet) -> None:
        """Write a new sheet (without token), or one that was read and changed. Raises Conflict as ``save_case``."""

    def drop_sheet(self, kind: str, id_: str) -> bool:
        """Take a sheet away; False where there was none."""


class AccountStore(Protocol):
    """Accounts."""

    def put_user(self, user: User) -> None:
        """Create or replace an account."""

    def get_user(self, name: str) -> User:
        """The account. Raises NotFound."""

    def list_users(self) -> list[User]:
        """All accounts by name."""


class AuditLog(Protocol):
    """Append-only, hash-chained log of acts at the pages and of views of restricted data."""

    def append_audit(self, entry: AuditEntry) -> None:
        """Add an entry; its hash is made here from the one before."""

    def audit_entries(self) -> Iterator[AuditEntry]:
        """All entries in order."""


class Store(PostStore, EventStore, CaseStore, KeepingStore, AlarmStore, SheetStore, AccountStore, AuditLog, Protocol):
    """All store ports over one database."""

    url: str

    def migrate(self) -> list[str]:
        """Bring the store to this version; what was done, a line each (empty: nothing to do)."""

    def lost_cases(self) -> list[str]:
        """Ids of cases that posts name and that are not there, sorted."""

    def check(self) -> list[str]:
        """What is wrong with the store, a line each; empty when all is well."""

    def refresh(self) -> None:
        """Make everything written so far visible to queries."""

    def export(self, folder: Path) -> dict[str, int]:
        """Write everything as JSON lines into ``folder``; numbers by kind of thing."""

    def restore(self, folder: Path) -> dict[str, int]:
        """Read an export back into an empty store; numbers by kind of thing. Raises StoreError if not empty."""

    def close(self) -> None:
        """Give up connections."""
