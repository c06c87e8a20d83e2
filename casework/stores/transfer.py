"""Export, restore and check: the same for every store, over JSON lines that cross between them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from casework.domain.alarm import Alarm
from casework.domain.case import Case, chain_fault
from casework.domain.event import Event
from casework.ports import Store, StoreError, Unwritable
from casework.records import AuditEntry, CaseFilter, PostRecord, Sheet, User, broken_entries
from casework.stores import codec

BATCH = 500
Doc = dict[str, Any]


class Whole(Store, Protocol):
    """A store that can be read and written whole."""

    def all_posts(self) -> Iterator[tuple[PostRecord, str | None]]:
        """Every post by id, with its words."""

    def all_events(self) -> Iterator[Event]:
        """Every event by id."""

    def all_sheets(self) -> list[Sheet]:
        """Every sheet by kind and id."""

    def restore_posts(self, records: Sequence[tuple[PostRecord, str | None]]) -> None:
        """Write posts as they were exported."""

    def restore_audit(self, entries: list[AuditEntry], first: int) -> None:
        """Write entries of the log as they were exported."""


def export(store: Whole, folder: Path) -> dict[str, int]:
    """Write everything as JSON lines, a file a kind of thing; numbers by kind."""
    docs: dict[str, Iterable[Doc]] = {
        "posts": ({"words": words, **codec.record_doc(record)} for record, words in store.all_posts()),
        "events": (codec.event_doc(event) for event in store.all_events()),
        "cases": (codec.case_doc(case) for case in store.list_cases(CaseFilter())),
        "users": (codec.user_doc(user) for user in store.list_users()),
        "audit": (codec.audit_doc(entry) for entry in store.audit_entries()),
        "alarms": (codec.alarm_doc(alarm) for alarm in store.list_alarms()),
        "sheets": (codec.sheet_doc(sheet) for sheet in store.all_sheets()),
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


class Kind(NamedTuple):
    """How one file of an export is read and written: a line to its value, the value's id, a batch into a store."""

    read: Callable[[Doc], Any]
    key: Callable[[Any], str | None]
    write: Callable[[Whole, list[Any], int], object]


KINDS: dict[str, Kind] = {
    "posts": Kind(
        lambda doc: (codec.record_from(doc), doc["words"]),
        lambda pair: str(pair[0].post.id),
        lambda store, pairs, _: store.restore_posts(pairs),
    ),
    "events": Kind(codec.event_from, lambda event: str(event.id), lambda store, events, _: store.put_events(events)),
    "cases": Kind(codec.case_from, lambda case: str(case.id), lambda store, cases, _: store.create_cases(cases)),
    "users": Kind(codec.user_from, lambda user: str(user.name), lambda store, users, _: _put_users(store, users)),
    "audit": Kind(
        codec.audit_from, lambda entry: None, lambda store, entries, first: store.restore_audit(entries, first)
    ),
    "alarms": Kind(codec.alarm_from, lambda alarm: str(alarm.id), lambda store, alarms, _: _put_alarms(store, alarms)),
    "sheets": Kind(
        codec.sheet_from,
        lambda sheet: f"{sheet.kind}/{sheet.id}",
        lambda store, sheets, _: _put_sheets(store, sheets),
    ),
}
LATER = frozenset({"alarms", "sheets"})
"""What exports of before this version do not have."""


def restore(store: Whole, folder: Path) -> dict[str, int]:
    """Read an export into an empty store; numbers by kind.

    Raises StoreError where the store is not empty or the export is damaged: then nothing has been written.
    """
    if not _is_empty(store):
        raise StoreError(f"{store.url}: is not empty; restore into a new store")
    for name, kind in KINDS.items():
        _verify(folder / f"{name}.jsonl", kind)
    counts = {}
    for name, kind in KINDS.items():
        counts[name] = 0
        values = _values(folder / f"{name}.jsonl", kind)
        while batch := [value for _, value in islice(values, BATCH)]:
            kind.write(store, batch, counts[name])
            counts[name] += len(batch)
    store.refresh()
    return counts


def _is_empty(store: Whole) -> bool:
    store.refresh()
    counted = store.count_posts()["posts"] or store.count_events() or store.count_cases("state")
    small = store.list_users() or store.list_alarms() or store.all_sheets()
    return not (counted or small or next(store.audit_entries(), None))


def _verify(path: Path, kind: Kind) -> None:
    """Read a file of an export through. Raises StoreError at the first line that is damaged or there twice."""
    lines: dict[str, int] = {}
    for number, value in _values(path, kind):
        key = kind.key(value)
        if key is not None and lines.setdefault(key, number) != number:
            raise StoreError(f"{path}: line {number}: {key} is in line {lines[key]} already; export it again")


def _put_users(store: Whole, users: list[User]) -> None:
    for user in users:
        store.put_user(user)


def _put_alarms(store: Whole, alarms: list[Alarm]) -> None:
    for alarm in alarms:
        store.save_alarm(alarm)


def _put_sheets(store: Whole, sheets: list[Sheet]) -> None:
    for sheet in sheets:
        store.save_sheet(sheet)


def _values(path: Path, kind: Kind) -> Iterator[tuple[int, Any]]:
    """Line numbers, from 1, and what the lines hold."""
    if path.stem in LATER and path.parent.is_dir() and not path.exists():
        return
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                yield number, _value(path, number, line, kind)
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror}); name the folder of an export") from None


def _value(path: Path, number: int, line: bytes, kind: Kind) -> Any:
    try:
        return kind.read(json.loads(line.decode()))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        wrong = f"not JSON ({error})"
    except LookupError as error:
        wrong = f"lacks {error}"
    except (ValueError, TypeError, AttributeError) as error:
        wrong = f"not as it was exported ({error})"
    raise StoreError(f"{path}: line {number}: {wrong}; export it again")


def check(store: Whole) -> list[str]:
    """What is wrong: broken chains, cases whose posts are gone, opened posts without their event."""
    lost = (f"{id_}: posts name this case, and it is gone" for id_ in lost_cases(store))
    return [*_check_cases(store), *lost, *_check_posts(store), *_check_log(store)]


def lost_cases(store: Whole) -> list[str]:
    """Ids of cases that posts name and that are not there, sorted."""
    found: set[str] = set()
    posts = store.all_posts()
    while batch := list(islice(posts, BATCH)):
        named = {record.case for record, _ in batch if record.case is not None}
        found |= named - set(store.get_cases(sorted(named)))
    return sorted(found)


def _check_cases(store: Whole) -> Iterator[str]:
    cases = store.list_cases(CaseFilter())
    while batch := list(islice(cases, BATCH)):
        wanted = {post for case in batch for post in case.posts}
        known = store.get_posts(sorted(wanted))
        for case in batch:
            yield from _check_case(case, set(known))


def _check_case(case: Case, known: set[str]) -> Iterator[str]:
    fault = chain_fault(case)
    if fault is not None:
        yield f"{case.id}: {fault}"
    lost = [post for post in case.posts if post not in known]
    if lost:
        yield f"{case.id}: post {lost[0]} is not in the store"


def _check_posts(store: Whole) -> Iterator[str]:
    posts = store.all_posts()
    last = None
    while batch := list(islice(posts, BATCH)):
        events = store.get_events(sorted({record.event for record, _ in batch if record.event is not None}))
        for record, _ in batch:
            if record.post.id == last:
                # Two writers met it at once, each with a date of another year.
                yield f"{last}: is there twice"
            last = record.post.id
            if record.event is not None and record.post.id not in getattr(events.get(record.event), "posts", ()):
                yield f"{record.post.id}: its event {record.event} does not hold it"


def _check_log(store: Whole) -> Iterator[str]:
    for number in broken_entries(store.audit_entries()):
        yield f"log entry {number}: its hash does not follow from the one before"
