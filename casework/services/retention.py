"""保存期限: what has been kept long enough is anonymised or taken away, counted and written into the log.

Nothing of a case that is still open is touched, whatever its age. Running it again finds nothing more to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from casework.domain import retention
from casework.domain.retention import Keep
from casework.ports import Masker, PostRecord, Store
from casework.records import AuditEntry, CaseFilter

BY = "huiying"
BATCH = 500
SORTS = ("authors", "originals", "posts", "cases")
"""What lies in the store; the others are files."""


@dataclass(slots=True)
class Kept:
    """Of each sort: how much was found over its time, how much was done, how much waits for an open case."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, sort: str, found: int, done: int, waits: int = 0) -> None:
        """Count one batch."""
        held = self.counts.setdefault(sort, {"found": 0, "done": 0, "waits": 0})
        for name, number in (("found", found), ("done", done), ("waits", waits)):
            held[name] += number


def keep_house(store: Store, masker: Masker, keeps: Iterable[Keep], now: datetime, dry: bool = False) -> Kept:
    """Do what the office's periods say of posts, events and cases. ``dry``: only count."""
    counts = Kept()
    by_sort = {keep.what: keep for keep in keeps}
    for sort in SORTS:
        keep = by_sort.get(sort)
        if keep is not None:
            counts.add(sort, 0, 0)
            work = _cases if sort == "cases" else _posts
            work(store, masker, keep, now, dry, counts)
    if not dry and any(held["done"] for held in counts.counts.values()):
        detail = {sort: str(held["done"]) for sort, held in counts.counts.items() if held["done"]}
        store.append_audit(AuditEntry(now, BY, "kept_house", "store", detail))
    return counts


def _posts(store: Store, masker: Masker, keep: Keep, now: datetime, dry: bool, counts: Kept) -> None:
    for batch in store.posts_before(keep.before(now)):
        due = [record for record in batch if _over(record, keep)]
        free = _free(store, due, keep, now)
        counts.add(keep.what, len(due), 0 if dry else len(free), len(due) - len(free))
        if free and not dry:
            _do(store, masker, keep, free)
    store.refresh()


def _over(record: PostRecord, keep: Keep) -> bool:
    """Whether the post still holds what its time is over for."""
    if keep.then == "delete":
        return True
    if keep.what == "authors":
        return record.bared is None and record.post.author is not None
    return record.bared in (None, "author")


def _free(store: Store, records: Sequence[PostRecord], keep: Keep, now: datetime) -> list[PostRecord]:
    """The posts that no case needs: theirs has ended, and its own time since the end is over too.

    The author of a post is of no use to its case once the answer stands, so ``authors`` asks for the end alone.
    """
    cases = store.get_cases([record.case for record in records if record.case])
    last = keep.before(now) if keep.what != "authors" else now

    def free(record: PostRecord) -> bool:
        case = cases.get(record.case or "")
        return case is None or (case.ended and case.history[-1].at <= last)

    return [record for record in records if free(record)]


def _do(store: Store, masker: Masker, keep: Keep, records: Sequence[PostRecord]) -> None:
    ids = [record.post.id for record in records]
    if keep.then == "delete":
        _delete(store, records)
    elif keep.what == "authors":
        store.rewrite_posts(ids, lambda record: _bare(record, "author", None))
    else:
        store.rewrite_posts(ids, lambda record: _bare(record, "original", masker))


def _bare(record: PostRecord, bared: str, masker: Masker | None) -> PostRecord:
    """The record without its author, or with masked texts only."""
    if masker is None:
        post = retention.without_author(record.post)
        changed = [
            replace(old, fields={name: value for name, value in old.fields.items() if name != "author"})
            for old in record.revisions
        ]
        return replace(record, post=post, revisions=tuple(changed), bared=bared)
    # One masker for the whole post: the same person keeps one name in all its revisions.
    mask = masker.of_case().mask_text
    post = retention.masked(record.post, mask)
    revisions = tuple(replace(old, fields=retention.masked_fields(old.fields, mask)) for old in record.revisions)
    return replace(record, post=post, revisions=revisions, bared=bared)


def _delete(store: Store, records: Sequence[PostRecord]) -> None:
    """Take posts away, and the events of which none is left."""
    events = store.get_events(list(dict.fromkeys(record.event for record in records if record.event)))
    store.delete_posts([record.post.id for record in records])
    empty = [event.id for event in events.values() if not store.get_posts(list(event.posts))]
    store.delete_events(empty)


def _cases(store: Store, _: Masker, keep: Keep, now: datetime, dry: bool, counts: Kept) -> None:
    """Ended cases none of whose posts is left: a post that names a case which is gone would look like a theft."""
    last = keep.before(now)
    gone = []
    for case in store.list_cases(CaseFilter()):
        if not (case.ended and case.history[-1].at < last):
            continue
        waits = bool(store.get_posts(list(case.posts)))
        counts.add("cases", 1, 0 if dry or waits else 1, int(waits))
        if not waits:
            gone.append(case.id)
    if not dry:
        for start in range(0, len(gone), BATCH):
            store.delete_cases(gone[start : start + BATCH])
        store.refresh()


def erase(store: Store, ids: Sequence[str], reason: str, by: str, now: datetime) -> list[str]:
    """At a person's request: all that these posts said is taken away; the ids that were there.

    What statistics and an open duty need stays: source, times, place, labels, and the case with its masked title.
    """
    known = store.get_posts(ids)
    store.rewrite_posts(list(known), _erased)
    for id_ in known:
        store.append_audit(AuditEntry(now, by, "erased", id_, {"reason": reason}))
    store.refresh()
    return sorted(known)


def _erased(record: PostRecord) -> PostRecord:
    judged = record.assessment
    if judged is not None:
        judged = replace(judged, value=retention.bare_assessment(judged.value))
    return replace(record, post=retention.erased(record.post), revisions=(), assessment=judged, bared="erased")
