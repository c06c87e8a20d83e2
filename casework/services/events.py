"""Events as people see and change them: figures, merging, splitting. What people decide stands on the posts, where
grouping finds it again: a later post like one that was moved goes where that one went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.domain.errors import DomainError
from casework.domain.event import Event, event_id
from casework.domain.event_figures import Told, figures
from casework.domain.heat import post_weight
from casework.ports import Masker, NotFound, Opened, PostRecord, Store
from casework.records import AuditEntry
from casework.services.event_cases import CaseDone, merge_cases, split_case
from casework.services.opening import HIDDEN_TITLE, Opener, title_of

READ_FOR_NAMES = 200
"""Posts of an event that are read for the names in them."""


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


def shown_figures(store: Store, event: Event, masker: Masker, now: datetime) -> dict[str, Any]:
    """The figures as they may circulate: masked, without words that are somebody's name.

    Of a report of wrongdoing neither the title nor what it speaks of is shown (信访工作条例 第三十条).
    """
    value = figures_of(store, event, now)
    if event.title == HIDDEN_TITLE:
        return value | {"title": event.title, "keywords": [], "drift": value["drift"] | {"new_words": []}}
    seen = masker.of_case()
    records = store.get_posts(list(event.posts[:READ_FOR_NAMES]))
    for record in records.values():
        # The texts say of a name that it is one; title and keywords often have it alone.
        seen.mask_text(record.post.text)
    drift = value["drift"] | {"new_words": nameless(value["drift"]["new_words"], seen)}
    keywords = nameless(value["keywords"], seen)
    return value | {"title": seen.mask_text(value["title"]), "keywords": keywords, "drift": drift}


def nameless(words: Sequence[str], seen: Masker) -> list[str]:
    """The words that are nobody's name or number, by a masker that has seen the texts they come from."""
    return [word for word in words if seen.mask_text(word) == word]


def _told(record: PostRecord) -> Told:
    value = record.assessment.value if record.assessment else {}
    mood = value.get("sentiment")
    negative = mood["label"] == "negative" if mood else None
    return Told(record.post, tuple(value.get("terms", ())), negative, record.reprint_of is not None)


@dataclass(frozen=True, slots=True)
class Done:
    """The event that a merge or a split made, and what became of the cases."""

    event: Event
    cases: tuple[CaseDone, ...]


def merge(store: Store, loser: str, winner: str, by: str, now: datetime, keep_cases: bool = False) -> Done:
    """Move every post of ``loser`` into ``winner``, and its case into the winner's where both may be one.

    Written in this order: the cases, the event with all posts, the marks on the posts, what is left of the loser, the
    log; killed anywhere, the same call completes it. ``keep_cases``: the cases stay as they are.
    NotFound; DomainError: the two are one event already; Conflict: somebody wrote one of the cases meanwhile.
    """
    one, other = find_event(store, loser), find_event(store, winner)
    if one.id == other.id:
        one = store.get_events([loser])[loser]
        if one.id == other.id or one == _left(one):
            raise DomainError(f"{loser} and {winner} are one event already")
    case, done = merge_cases(store, one, other, by, now, keep_cases)
    records = store.get_posts([*other.posts, *one.posts])
    joined = _of(other.id, other.title, [*other.posts, *one.posts], records, case)
    store.put_events([joined])
    _move(store, [records[post] for post in one.posts if post in records], joined)
    store.put_events([_left(one)])
    store.append_audit(AuditEntry(now, by, "event_merged", one.id, {"into": other.id, **_logged(done)}))
    return Done(joined, tuple(done))


def _left(loser: Event) -> Event:
    """What is left of a merged event says by its first post where it went; it has no heat."""
    return replace(loser, posts=(loser.root,), last_at=loser.first_at, heat=0.0, case=None)


def split(store: Store, opener: Opener, id_: str, posts: Sequence[str], by: str, now: datetime) -> Done:
    """Move ``posts`` out of an event into one of their own, known by the first of them, with a case where one is due.

    NotFound; DomainError: a post is not of the event, or is its first, which gives it its name; Conflict.
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
    title = title_of(records[moved[0]], opener.masker)
    fresh = _of(event_id(moved[0]), title, moved, records, None)
    parts = split_case(store, opener, event, fresh, by, now)
    fresh = replace(fresh, case=parts.fresh)
    rest = _of(event.id, event.title, [post for post in event.posts if post not in set(posts)], records, parts.rest)
    store.put_events([fresh])
    _move(store, [records[post] for post in moved if post in records], fresh, parts.taken)
    store.put_events([rest])
    detail = {"into": fresh.id, "posts": " ".join(moved), **_logged(parts.done)}
    store.append_audit(AuditEntry(now, by, "event_split", event.id, detail))
    return Done(fresh, parts.done)


def _logged(done: Sequence[CaseDone]) -> dict[str, str]:
    told = [f"{one.case} {one.what} {one.into or one.why}" for one in done]
    return {"cases": "; ".join(told)} if told else {}


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


def _move(store: Store, records: Sequence[PostRecord], event: Event, taken: frozenset[str] = frozenset()) -> None:
    """Mark the posts as of ``event``, those in ``taken`` as of its case too."""
    marks = [
        Opened(r.post.id, event.id, r.decision or "joined", event.case if r.post.id in taken else r.case, r.copy_of)
        for r in records
    ]
    store.put_opened(marks)
    store.refresh()
