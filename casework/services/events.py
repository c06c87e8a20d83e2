"""Events as people see and change them: figures, merging, splitting. What people decide stands on the posts, where
grouping finds it again: a later post like one that was moved goes where that one went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from casework.domain.errors import DomainError
from casework.domain.event import Event, event_id
from casework.domain.event_figures import Told, figures
from casework.domain.heat import post_weight
from casework.ports import Masker, NotFound, Opened, PostRecord, Store
from casework.records import AuditEntry
from casework.services.opening import title_of


def find_event(store: Store, id_: str) -> Event:
    """The event, or the one that took its first post in a merge. Raises NotFound."""
    seen = set()
    while id_ not in seen:
        seen.add(id_)
        event = store.get_events([id_]).get(id_)
        if event is None:
            raise NotFound(f"no such event {id_!r}")
        record = store.get_posts([event.root]).get(event.root)
        if record is None or record.event in (None, id_):
            return event
        id_ = str(record.event)
    raise NotFound(f"{id_}: its merges run in a circle")


def figures_of(store: Store, event: Event, now: datetime) -> dict[str, Any]:
    """The figures of an event; sentences and title are not masked yet."""
    records = store.get_posts(list(event.posts))
    told = [_told(records[id_]) for id_ in event.posts if id_ in records]
    if not told:
        raise NotFound(f"{event.id}: none of its posts is in the store")
    return {"id": event.id, "case": event.case, **figures(told, now)}


def _told(record: PostRecord) -> Told:
    value = record.assessment.value if record.assessment else {}
    mood = value.get("sentiment")
    negative = mood["label"] == "negative" if mood else None
    return Told(record.post, tuple(value.get("terms", ())), negative, record.reprint_of is not None)


def merge(store: Store, loser: str, winner: str, by: str, now: datetime) -> Event:
    """Move every post of ``loser`` into ``winner``; the winner. Cases stay: they are merged by themselves.

    NotFound; DomainError: the two are one event already.
    """
    one, other = find_event(store, loser), find_event(store, winner)
    if one.id == other.id:
        raise DomainError(f"{loser} and {winner} are one event already")
    records = store.get_posts([*other.posts, *one.posts])
    joined = _of(other.id, other.title, [*other.posts, *one.posts], records, other.case or one.case)
    # What is left of the loser says by its first post where it went.
    left = _of(one.id, one.title, [one.root], records, None)
    _move(store, records, one.posts, joined)
    store.put_events([joined, Event(left.id, left.title, left.posts, left.first_at, left.last_at)])
    store.append_audit(AuditEntry(now, by, "event_merged", one.id, {"into": other.id}))
    return joined


def split(store: Store, masker: Masker, id_: str, posts: Sequence[str], by: str, now: datetime) -> Event:
    """Move ``posts`` out of an event into one of their own, known by the first of them; the new event.

    NotFound; DomainError: a post is not of the event, or is its first, which gives it its name.
    """
    event = find_event(store, id_)
    strange = [post for post in posts if post not in event.posts]
    if strange or not posts:
        raise DomainError(
            f"{event.id} has no post {', '.join(strange) or 'named'}; its posts: {', '.join(event.posts)}"
        )
    if event.root in posts:
        raise DomainError(f"{event.root} gives {event.id} its name and stays; move the other posts out instead")
    records = store.get_posts(list(event.posts))
    moved = [post for post in event.posts if post in set(posts)]
    fresh = _of(event_id(moved[0]), title_of(records[moved[0]], masker), moved, records, None)
    rest = _of(event.id, event.title, [post for post in event.posts if post not in set(posts)], records, event.case)
    _move(store, records, moved, fresh)
    store.put_events([rest, fresh])
    store.append_audit(AuditEntry(now, by, "event_split", event.id, {"into": fresh.id, "posts": " ".join(moved)}))
    return fresh


def _of(id_: str, title: str, posts: Sequence[str], records: dict[str, PostRecord], case: str | None) -> Event:
    """An event of the posts that are there, its heat made anew."""
    found = [records[post].post for post in posts if post in records]
    if not found:
        raise NotFound(f"{id_}: none of its posts is in the store")
    first = found[0]
    weight = post_weight(first.kind, first.counts)
    event = Event(id_, title, (first.id,), first.published_at, first.published_at, weight, case)
    for post in found[1:]:
        event = event.joined(post.id, post.published_at, post_weight(post.kind, post.counts))
    return event


def _move(store: Store, records: dict[str, PostRecord], posts: Sequence[str], event: Event) -> None:
    there = [records[post] for post in posts if post in records]
    store.put_opened([Opened(r.post.id, event.id, r.decision or "joined", r.case, r.copy_of) for r in there])
    store.refresh()
