"""研判, the second half: posts become events, and an event that needs an answer becomes a case.

Posts are taken in (published_at, id) order; each batch writes cases, then events, then the marks on the posts. A run
that is killed anywhere does the unmarked posts again: a case that exists already tells what was decided, and every
write says the same a second time, so it comes to the same cases, events and marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from casework.domain import acts
from casework.domain.assessment import facts_of
from casework.domain.case import Case
from casework.domain.event import Event, case_id, event_id
from casework.domain.heat import post_weight
from casework.ports import Grouper, NotFound, Opened, Placed, PostRecord, Store, StoreError
from casework.services.alarms import raise_alarms
from casework.services.figures import follow
from casework.services.opening import (
    ANSWERED_KINDS,
    Opener,
    event_title,
    is_report,
    known_since,
    opening_of,
    reports,
    suspected,
    updated,
)
from casework.services.rising import risen
from casework.services.subscriptions import Seen, watch

BATCH = 500


@dataclass(slots=True)
class OpenCounts:
    """in = opened + joined + none + to_review."""

    opened: int = 0
    joined: int = 0
    none: int = 0
    to_review: int = 0

    def total(self) -> int:
        """Posts of which was decided."""
        return self.opened + self.joined + self.none + self.to_review

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        return {
            "in": self.total(),
            "opened": self.opened,
            "joined": self.joined,
            "none": self.none,
            "to_review": self.to_review,
        }


def open_cases(store: Store, opener: Opener, now: datetime, seeded: bool = False) -> OpenCounts:
    """Decide of every assessed post of which nothing was decided yet.

    ``seeded``: the opener's grouper knows the posts of the store already; else it is told when there is work.
    """
    counts = OpenCounts()
    for batch in store.unopened(BATCH):
        if not seeded:
            _seed(store, opener.grouper)
            seeded = True
        for decision in _open_batch(store, opener, batch, now):
            setattr(counts, decision, getattr(counts, decision) + 1)
    return counts


def _seed(store: Store, grouper: Grouper) -> None:
    beginning = datetime(1990, 1, 1, tzinfo=UTC)
    for known in store.grouped(beginning):
        placed = Placed(known.event.removeprefix("event:"), known.copy_of)
        grouper.seed(known.id, known.title, known.text, placed)


@dataclass(slots=True)
class _Work:
    """One batch in the making: events and cases as read and as changed so far."""

    events: dict[str, Event]
    cases: dict[str, Case]
    stored: dict[str, Case]

    def changed(self) -> list[Case]:
        return [case for key, case in self.cases.items() if key in self.stored and case != self.stored[key]]

    def followed(self, case: Case) -> Case:
        """The case, or where it was merged the one that took it."""
        while case.merged_into is not None and case.merged_into in self.cases:
            case = self.cases[case.merged_into]
        return case

    def speaking(self, id_: str) -> Case:
        """The same by its id."""
        return self.followed(self.cases[id_])

    def present(self, event: Event) -> Case | None:
        """The case that speaks for the event: the one it names, or, after a kill between two writes, its first."""
        case = self.cases.get(event.case or case_id(event.root))
        return None if case is None else self.followed(case)

    def reported(self) -> frozenset[str]:
        """The posts of the cases that are reports of wrongdoing."""
        return frozenset(post for case in self.cases.values() if is_report(case) for post in case.posts)

    def fresh(self) -> list[Case]:
        return [case for key, case in self.cases.items() if key not in self.stored]


def _open_batch(store: Store, opener: Opener, batch: list[PostRecord], now: datetime) -> list[str]:
    placed = {record.post.id: _placed(record, opener.grouper) for record in batch}
    roots = {post: place.root for post, place in placed.items()}
    for _ in range(10):
        work = _read(store, roots)
        decisions = [_decide(work, opener, record, roots[record.post.id], now) for record in batch]
        for record, done in zip(batch, decisions, strict=True):
            if done.case in work.cases:
                speaking = work.speaking(done.case)
                work.cases[speaking.id] = follow(store, opener.office, speaking, record, now)
        if all(store.create_cases(work.fresh())) and not store.save_cases(work.changed()):
            # Before the marks on the posts: killed in between, it is told by the next run.
            watch(store, opener.office, _seen(work, batch, decisions), now, opener.office.update_every)
            if told := risen(batch, decisions, work.speaking):
                raise_alarms(store, opener.office, told, now)
            store.put_events(list(work.events.values()))
            store.put_opened([replace(done, copy_of=placed[done.post].original) for done in decisions])
            return [_counted(work, record, done) for record, done in zip(batch, decisions, strict=True)]
        # Somebody wrote one of these cases meanwhile: read them again and say the same once more.
    raise StoreError("cases changed ten times in a row while posts were being joined to them; run again")


def _seen(work: _Work, batch: list[PostRecord], decisions: list[Opened]) -> Iterator[Seen]:
    """What subscriptions are asked about: each post with its event and the case that speaks for it."""
    for record, done in zip(batch, decisions, strict=True):
        case = work.speaking(done.case) if done.case is not None else None
        yield Seen(record, work.events[done.event], case)


def _counted(work: _Work, record: PostRecord, done: Opened) -> str:
    """Under which word a decision is counted: the case of a revised post was opened by an earlier run."""
    again = record.event is not None and done.case in work.stored
    return "joined" if again else done.decision


def _placed(record: PostRecord, grouper: Grouper) -> Placed:
    if record.event is not None:
        return Placed(record.event.removeprefix("event:"), record.copy_of)
    return grouper.add(record.post.id, record.post.title, record.post.text)


def _read(store: Store, roots: Mapping[str, str]) -> _Work:
    """The events of the posts (post id → root) and every case that may speak for one of them."""
    events = store.get_events(list(dict.fromkeys(event_id(root) for root in roots.values())))
    wanted = [event.case for event in events.values() if event.case]
    wanted += [case_id(post) for pair in roots.items() for post in pair]
    work = _Work(events, store.get_cases(list(dict.fromkeys(wanted))), {})
    _read_on(store, work.cases)
    # Where a new case may have to be opened: which of the event's posts are reports with a case of their own.
    present = [(event, work.present(event)) for event in events.values()]
    free = [event for event, case in present if case is None or case.ended or is_report(case)]
    more = [case_id(post) for event in free for post in event.posts if case_id(post) not in work.cases]
    if more:
        work.cases.update(store.get_cases(more))
        _read_on(store, work.cases)
    work.stored = dict(work.cases)
    return work


def _read_on(store: Store, cases: dict[str, Case]) -> None:
    """Add the cases into which ``cases`` were merged."""
    while hops := [c.merged_into for c in cases.values() if c.merged_into and c.merged_into not in cases]:
        found = store.get_cases(list(dict.fromkeys(hops)))
        if not found:
            return
        cases.update(found)


def _decide(work: _Work, opener: Opener, record: PostRecord, root: str, now: datetime) -> Opened:
    post, key = record.post, event_id(root)
    known = work.events.get(key)
    if known is not None and post.id in known.posts and record.event is None:
        return _decided_before_kill(work, known, post.id)
    weight = post_weight(post.kind, post.counts)
    title = event_title(known, record, opener.masker)
    at = post.published_at
    event = replace(known, title=title) if known else Event(key, title, (post.id,), at, at, weight)
    event = event.joined(post.id, post.published_at, weight)
    work.events[key] = event
    own = work.cases.get(case_id(post.id))
    speaking = None if own is None else work.followed(own)
    if own is not None and speaking is not None and _opened_by(own, speaking, post.id):
        # Opened by this very post, before a kill or before the post was revised.
        work.events[key] = event if is_report(own) else replace(event, case=event.case or own.id)
        work.cases[speaking.id] = updated(speaking, record, opener, now)
        return Opened(post.id, key, own.history[0].data["state"], own.id)
    case = work.present(event)
    # A report of wrongdoing stands alone: who has the event's case must not read it (信访工作条例 第三十条).
    apart = reports(record) or suspected(record, opener) or case is None or is_report(case) or case.ended
    if case is not None and (post.id in case.posts or not apart):
        return _join(work, case, record, event, opener, now)
    return _open(work, opener, record, event, now)


def _opened_by(own: Case, speaking: Case, post: str) -> bool:
    """Whether ``post`` opened ``own`` and is still with the case that speaks for it: it may have been split off."""
    gone = any(entry.what == "parted" and post in entry.data["posts"] for entry in speaking.history)
    return bool(own.history[0].data["trigger"] == post) and not gone


def _decided_before_kill(work: _Work, event: Event, post: str) -> Opened:
    """Events are written after cases: a post that is in its event has its decision in the cases."""
    for case in work.cases.values():
        for entry in case.history:
            if entry.what == "opened" and entry.data["trigger"] == post:
                return Opened(post, event.id, entry.data["state"], case.id)
            if entry.what == "joined" and post in entry.data["posts"]:
                return Opened(post, event.id, "joined", case.id)
    return Opened(post, event.id, "none", None)


def _open(work: _Work, opener: Opener, record: PostRecord, event: Event, now: datetime) -> Opened:
    post, assessment = record.post, record.assessment
    assert assessment is not None  # unopened() yields assessed posts only
    facts = facts_of(post, assessment, event.heat_at(now), len(event.posts))
    rule = opener.office.decide(facts)
    if rule.then == "none":
        return Opened(post.id, event.id, "none", None)
    state = "opened" if rule.then == "open" else "to_review"
    if reports(record) or suspected(record, opener):
        id_, posts = case_id(post.id), [post.id]
    else:
        id_ = case_id(post.id) if case_id(event.root) in work.cases else case_id(event.root)
        hidden = work.reported()
        posts = [one for one in event.posts if one not in hidden]
        work.events[event.id] = replace(event, case=id_)
    opening = opening_of(id_, record, event.id, tuple(posts), opener, state, rule.id, now)
    case = acts.open_case(opening, opener.freeze(facts, now), now, opener.office.worktime)
    work.cases[id_] = updated(case, record, opener, now)
    return Opened(post.id, event.id, opening.state, id_)


def _join(work: _Work, case: Case, record: PostRecord, event: Event, opener: Opener, now: datetime) -> Opened:
    post = record.post
    owed = post.kind in ANSWERED_KINDS
    joined = acts.join(case, post.id, owed, known_since(record, now), opener.office.worktime)
    work.cases[case.id] = updated(joined, record, opener, now)
    return Opened(post.id, event.id, "joined", case.id)


def find_case(store: Store, id_: str) -> Case:
    """The case, or where it was merged the one that took it. Raises NotFound."""
    case = store.get_case(id_)
    seen = {id_}
    while case.merged_into is not None:
        if case.merged_into in seen:
            raise NotFound(f"{id_}: its merges run in a circle")
        seen.add(case.merged_into)
        case = store.get_case(case.merged_into)
    return case
