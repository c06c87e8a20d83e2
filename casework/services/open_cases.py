"""研判, the second half: posts become events, and an event that needs an answer becomes a case.

Posts are taken in (published_at, id) order; each batch writes cases, then events, then the marks on the posts. A run
that is killed anywhere does the unmarked posts again: a case that exists already tells what was decided, and every
write says the same a second time, so it comes to the same cases, events and marks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from casework.domain import acts
from casework.domain.assessment import Assessment, facts_of
from casework.domain.case import Case
from casework.domain.clock import FrozenRule
from casework.domain.event import Event, case_id, event_id
from casework.domain.heat import post_weight
from casework.domain.matching import Facts
from casework.domain.office import Office
from casework.domain.routing import excluded_units
from casework.ports import Grouper, Masker, NotFound, Opened, Placed, PostRecord, Store, StoreError

BATCH = 500
TITLE = 60
"""Characters of a title taken from a text without one."""
ANSWERED_KINDS = ("message", "hotline")
"""Kinds whose author is owed an answer (豫办〔2016〕60号 三(7): 收集、整理、转办、督办、回复)."""

Freezer = Callable[[Facts, datetime], Sequence[FrozenRule]]
"""Which deadline rules apply to a matter, frozen as of a moment."""


@dataclass(slots=True)
class OpenCounts:
    """in = opened + joined + none + to_review."""

    opened: int = 0
    joined: int = 0
    none: int = 0
    to_review: int = 0

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        total = self.opened + self.joined + self.none + self.to_review
        return {
            "in": total,
            "opened": self.opened,
            "joined": self.joined,
            "none": self.none,
            "to_review": self.to_review,
        }


@dataclass(frozen=True, slots=True)
class Opener:
    """What opening needs besides the store."""

    office: Office
    grouper: Grouper
    masker: Masker
    freeze: Freezer


def open_cases(store: Store, opener: Opener, now: datetime) -> OpenCounts:
    """Decide of every assessed post of which nothing was decided yet."""
    counts = OpenCounts()
    seeded = False
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

    def fresh(self) -> list[Case]:
        return [case for key, case in self.cases.items() if key not in self.stored]


def _open_batch(store: Store, opener: Opener, batch: list[PostRecord], now: datetime) -> list[str]:
    placed = {record.post.id: _placed(record, opener.grouper) for record in batch}
    roots = {post: place.root for post, place in placed.items()}
    for _ in range(10):
        work = _read(store, roots)
        decisions = [_decide(work, opener, record, roots[record.post.id], now) for record in batch]
        if all(store.create_cases(work.fresh())) and not store.save_cases(work.changed()):
            store.put_events(list(work.events.values()))
            store.put_opened([replace(done, copy_of=placed[done.post].original) for done in decisions])
            return [decision.decision for decision in decisions]
        # Somebody wrote one of these cases meanwhile: read them again and say the same once more.
    raise StoreError("cases changed ten times in a row while posts were being joined to them; run again")


def _placed(record: PostRecord, grouper: Grouper) -> Placed:
    if record.event is not None:
        return Placed(record.event.removeprefix("event:"), record.copy_of)
    return grouper.add(record.post.id, record.post.title, record.post.text)


def _read(store: Store, roots: Mapping[str, str]) -> _Work:
    """The events of the posts (post id → root) and every case that may speak for one of them."""
    events = store.get_events(list(dict.fromkeys(event_id(root) for root in roots.values())))
    wanted = [event.case for event in events.values() if event.case]
    wanted += [case_id(post) for pair in roots.items() for post in pair]
    cases = store.get_cases(list(dict.fromkeys(wanted)))
    hops = [case.merged_into for case in cases.values() if case.merged_into]
    while hops:
        more = store.get_cases([hop for hop in dict.fromkeys(hops) if hop not in cases])
        cases.update(more)
        hops = [case.merged_into for case in more.values() if case.merged_into and case.merged_into not in cases]
    return _Work(events, dict(cases), dict(cases))


def _decide(work: _Work, opener: Opener, record: PostRecord, root: str, now: datetime) -> Opened:
    post, key = record.post, event_id(root)
    known = work.events.get(key)
    if known is not None and post.id in known.posts and record.event is None:
        return _decided_before_kill(work, known, post.id)
    weight = post_weight(post.kind, post.counts)
    title = known.title if known else _title(record, opener.masker)
    event = known or Event(key, title, (post.id,), post.published_at, post.published_at, weight)
    event = event.joined(post.id, post.published_at, weight)
    work.events[key] = event
    own = work.cases.get(case_id(post.id))
    if own is not None and own.history[0].data["trigger"] == post.id:
        # Opened by this very post, before a kill or before the post was revised.
        work.events[key] = replace(event, case=event.case or own.id)
        speaking = _present_case(work, work.events[key]) or own
        work.cases[speaking.id] = _updated(speaking, record, opener, now)
        return Opened(post.id, key, own.history[0].data["state"], own.id)
    case = _present_case(work, event)
    if case is not None and (post.id in case.posts or not case.ended):
        return _join(work, case, record, event, opener, now)
    return _open(work, opener, record, event, now)


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
    id_ = case_id(post.id) if case_id(event.root) in work.cases else case_id(event.root)
    opening = _opening(id_, record, assessment, event, opener, state, rule.id, now)
    case = acts.open_case(opening, opener.freeze(facts, now), now, opener.office.worktime)
    work.cases[id_] = _updated(case, record, opener, now)
    work.events[event.id] = replace(event, case=id_)
    return Opened(post.id, event.id, state, id_)


def _present_case(work: _Work, event: Event) -> Case | None:
    """The case that speaks for the event now: the one it names, or, after a kill between two writes, its first."""
    case = work.cases.get(event.case or case_id(event.root))
    while case is not None and case.merged_into is not None:
        case = work.cases.get(case.merged_into)
    return case


def _join(work: _Work, case: Case, record: PostRecord, event: Event, opener: Opener, now: datetime) -> Opened:
    post = record.post
    owed = post.kind in ANSWERED_KINDS
    joined = acts.join(case, post.id, owed, _known_since(record, now), opener.office.worktime)
    work.cases[case.id] = _updated(joined, record, opener, now)
    return Opened(post.id, event.id, "joined", case.id)


def _updated(case: Case, record: PostRecord, opener: Opener, now: datetime) -> Case:
    """The case told of a revision of its post, and of an answer that the source shows or shows no more."""
    if record.event is not None:
        case = acts.revise(case, record.post.id, record.revision, now)
    return acts.look(case, record.post, now, opener.office.worktime)


def _known_since(record: PostRecord, now: datetime) -> datetime:
    """When the office had the post: the limit runs from then, however late the post was judged."""
    return min(record.post.collected_at, now)


def _opening(
    id_: str,
    record: PostRecord,
    assessment: Assessment,
    event: Event,
    opener: Opener,
    state: str,
    reason: str,
    now: datetime,
) -> acts.Opening:
    post = record.post
    known = _known_since(record, now)
    reported = assessment.label("petition_kind") == "检举控告"
    departments = opener.office.routing.departments
    return acts.Opening(
        id=id_,
        trigger=post.id,
        title=_title(record, opener.masker),
        posts=event.posts,
        messages=(post.id,) if post.kind in ANSWERED_KINDS else (),
        event=event.id,
        severity=assessment.severity,
        petition_kind=assessment.label("petition_kind"),
        board_domain=assessment.label("board_domain"),
        excluded=excluded_units(assessment.accused, departments) if reported else (),
        state=state,
        reason=reason,
        moments=_moments(post.published_at, known, now),
        # When it happened is unknown until a person enters it: the time of discovery stands in, and the page says so.
        assumed=frozenset({"occurred"}),
    )


def _moments(published: datetime, known: datetime, now: datetime) -> Mapping[str, datetime]:
    return {
        "occurred": known,
        "published": published,
        "discovered": known,
        "received": known,
        "flagged": now,
        "level_set": now,
    }


def _title(record: PostRecord, masker: Masker) -> str:
    post = record.post
    first_line = post.text.strip().split("\n", 1)[0]
    title = (post.title or "").strip() or first_line
    return masker.mask_text(title)[:TITLE] or "(无标题)"


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
