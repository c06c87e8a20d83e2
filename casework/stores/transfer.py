"""Export, restore and check: the same for every store, over JSON lines that cross between them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from casework.domain import audit, happenings
from casework.domain.case import Case
from casework.domain.errors import BrokenChain
from casework.domain.event import Event
from casework.ports import Store, StoreError, Unwritable
from casework.records import AuditEntry, CaseFilter, PostRecord
from casework.stores import codec

BATCH = 500
Doc = dict[str, Any]


class Whole(Store, Protocol):
    """A store that can be read and written whole."""

    def all_posts(self) -> Iterator[tuple[PostRecord, str | None]]:
        """Every post by id, with its words."""

    def all_events(self) -> Iterator[Event]:
        """Every event by id."""

    def restore_posts(self, records: Sequence[tuple[PostRecord, str | None]]) -> None:
        """Write posts as they were exported."""

    def restore_audit(self, entries: list[AuditEntry], first: int) -> None:
        """Write entries of the log as they were exported."""


def export(store: Whole, folder: Path) -> dict[str, int]:
    """Write ``posts``, ``events``, ``cases``, ``users`` and ``audit`` as JSON lines; numbers by kind."""
    docs: dict[str, Iterable[Doc]] = {
        "posts": ({"words": words, **codec.record_doc(record)} for record, words in store.all_posts()),
        "events": (codec.event_doc(event) for event in store.all_events()),
        "cases": (codec.case_doc(case) for case in store.list_cases(CaseFilter())),
        "users": (codec.user_doc(user) for user in store.list_users()),
        "audit": (codec.audit_doc(entry) for entry in store.audit_entries()),
    }
    counts = {}
    try:
        # Original texts and authors are in here: nobody else may read it.
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, values in docs.items():
            counts[name] = _write(folder / f"{name}.jsonl", values)
    except OSError as error:
        raise Unwritable(f"{folder}: cannot be written ({error.strerror})") from None
    return counts


def _write(path: Path, docs: Iterable[Doc]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        path.chmod(0o600)
        for doc in docs:
            file.write(json.dumps(doc, ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return count


def restore(store: Whole, folder: Path) -> dict[str, int]:
    """Read an export into an empty store; numbers by kind. Raises StoreError where it is not empty or damaged."""
    if store.count_posts()["posts"] or store.count_cases("state"):
        raise StoreError(f"{store.url}: is not empty; restore into a new store")
    readers: dict[str, Callable[[list[Doc], int], object]] = {
        "posts": lambda docs, _: store.restore_posts([(codec.record_from(doc), doc["words"]) for doc in docs]),
        "events": lambda docs, _: store.put_events([codec.event_from(doc) for doc in docs]),
        "cases": lambda docs, _: store.create_cases([codec.case_from(doc) for doc in docs]),
        "users": lambda docs, _: _put_users(store, docs),
        "audit": lambda docs, first: store.restore_audit([codec.audit_from(doc) for doc in docs], first),
    }
    counts = {}
    for name, write in readers.items():
        counts[name] = 0
        lines = _lines(folder / f"{name}.jsonl")
        while docs := list(islice(lines, BATCH)):
            write(docs, counts[name])
            counts[name] += len(docs)
    store.refresh()
    return counts


def _put_users(store: Whole, docs: list[Doc]) -> None:
    for doc in docs:
        store.put_user(codec.user_from(doc))


def _lines(path: Path) -> Iterator[Doc]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise StoreError(f"{path}: line {number}: not JSON ({error}); export it again") from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror}); name the folder of an export") from None


def check(store: Whole) -> list[str]:
    """What is wrong: broken chains, cases whose posts are gone, opened posts without their event."""
    return [*_check_cases(store), *_check_posts(store), *_check_log(store)]


def _check_cases(store: Whole) -> Iterator[str]:
    cases = store.list_cases(CaseFilter())
    while batch := list(islice(cases, BATCH)):
        wanted = {post for case in batch for post in case.posts}
        known = store.get_posts(sorted(wanted))
        for case in batch:
            yield from _check_case(case, set(known))


def _check_case(case: Case, known: set[str]) -> Iterator[str]:
    try:
        happenings.verify(case.history)
    except BrokenChain as error:
        yield f"{case.id}: {error}"
    lost = [post for post in case.posts if post not in known]
    if lost:
        yield f"{case.id}: post {lost[0]} is not in the store"


def _check_posts(store: Whole) -> Iterator[str]:
    posts = store.all_posts()
    while batch := list(islice(posts, BATCH)):
        events = store.get_events(sorted({record.event for record, _ in batch if record.event is not None}))
        for record, _ in batch:
            if record.event is not None and record.post.id not in getattr(events.get(record.event), "posts", ()):
                yield f"{record.post.id}: its event {record.event} does not hold it"


def _check_log(store: Whole) -> Iterator[str]:
    previous = audit.START
    for number, entry in enumerate(store.audit_entries()):
        if audit.digest(previous, codec.audit_body(entry)) != entry.hash:
            yield f"log entry {number}: its hash does not follow from the one before"
        previous = entry.hash
