"""What becomes of cases when a person merges or splits their events. Whatever is not done is said, with the reason.

A report of wrongdoing stays a case of its own whatever its event does: who has the other case must not read it
(信访工作条例 第三十条). What has ended is joined with nothing and split no more: its history is finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.domain import acts
from casework.domain.assessment import facts_of
from casework.domain.case import Case
from casework.domain.event import Event, case_id
from casework.ports import Store, StoreError
from casework.services.open_cases import find_case
from casework.services.opening import Opener, is_report, opening_of
from casework.services.supervise import complete_merge

REPORT, ENDED, ANSWERED, ASKED = "report", "ended", "answered", "asked"
"""Why a case stays as it is: a 检举控告; it has ended; nothing of the part awaits an answer; the person wants it so."""


@dataclass(frozen=True, slots=True)
class CaseDone:
    """What was done with a case: ``merged`` or ``split`` (``into`` says where to), ``moved`` to the other event whole,
    or ``kept`` as it was, with ``why``."""

    case: str
    what: str
    into: str | None = None
    why: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """As the command line answers."""
        return {"case": self.case, "what": self.what, "into": self.into, "why": self.why}


def merge_cases(
    store: Store, loser: Event, winner: Event, by: str, now: datetime, keep: bool
) -> tuple[str | None, list[CaseDone]]:
    """The case that speaks for both events from now on, and what was done: that of ``loser`` goes into ``winner``'s.

    The writes are those of ``case merge``, in its order; a half-done merge is completed. Raises Conflict.
    """
    gone, stays = _spoken_for(store, loser, now), _spoken_for(store, winner, now)
    if gone is None or stays is None or gone.id == stays.id:
        one = stays or gone
        return (None if one is None else one.id), []
    speaking = gone if (stays.ended or is_report(stays)) and not (gone.ended or is_report(gone)) else stays
    why = ASKED if keep else _apart(gone, stays)
    if why is not None:
        return speaking.id, [CaseDone(gone.id, "kept", why=why), CaseDone(stays.id, "kept", why=why)]
    for case in (gone, stays):
        acts.in_order(case, now)
    store.save_case(acts.merge(gone, stays, by, now))
    store.save_case(complete_merge(store.get_case(gone.id), store, now))
    return stays.id, [CaseDone(gone.id, "merged", into=stays.id)]


def _apart(one: Case, other: Case) -> str | None:
    """Why two cases are not merged; None where they are."""
    if is_report(one) or is_report(other):
        return REPORT
    return ENDED if one.ended or other.ended else None


def _spoken_for(store: Store, event: Event, now: datetime) -> Case | None:
    """The case that speaks for ``event``, its merge completed if it was left half done."""
    if event.case is None:
        return None
    named = store.get_case(event.case)
    if named.state == "merged" and named.history[-1].what == "merged":
        store.save_case(complete_merge(named, store, now))
    return find_case(store, event.case)


@dataclass(frozen=True, slots=True)
class Parts:
    """The cases of both parts of a split event, what was done, and the posts that are now of the new case."""

    rest: str | None
    fresh: str | None
    done: tuple[CaseDone, ...] = ()
    taken: frozenset[str] = frozenset()


def split_case(store: Store, opener: Opener, event: Event, fresh: Event, by: str, now: datetime) -> Parts:
    """Give the posts of ``fresh``, which were in ``event``, a case of their own where they need one.

    Two writes: the new case first, then the old one lets them go; killed in between, the same call completes it.
    Raises Conflict.
    """
    case = _spoken_for(store, event, now)
    if case is None:
        return Parts(None, None)
    moved = [post for post in case.posts if post in fresh.posts]
    if not moved:
        return _split_before(store, case, fresh)
    if set(moved) == set(case.posts):
        return Parts(None, case.id, (CaseDone(case.id, "moved", into=fresh.id),))
    if case.ended or is_report(case):
        return Parts(case.id, None, (CaseDone(case.id, "kept", why=ENDED if case.ended else REPORT),))
    acts.in_order(case, now)
    started = _half_done(store, case, moved) or _started(store, opener, case, moved, fresh, by, now)
    if started is None:
        return Parts(case.id, None, (CaseDone(case.id, "kept", why=ANSWERED),))
    store.save_case(acts.part(case, started, by, now))
    return _split(case, started.id, moved)


def _split(case: Case, into: str, posts: Sequence[str]) -> Parts:
    return Parts(case.id, into, (CaseDone(case.id, "split", into=into),), frozenset(posts))


def _split_before(store: Store, case: Case, fresh: Event) -> Parts:
    """What an earlier call did that was killed after its last write to a case; else that nothing was to be done."""
    for entry in reversed(case.history):
        if entry.what == "parted" and set(entry.data["posts"]) <= set(fresh.posts):
            return _split(case, find_case(store, entry.data["into"]).id, entry.data["posts"])
    return Parts(case.id, None)


def _ids(post: str) -> list[str]:
    """Ids for a case of ``post``: its first may be that of a case which was merged since."""
    return [case_id(post), *(f"{case_id(post)}~{number}" for number in range(2, 21))]


def _half_done(store: Store, case: Case, moved: Sequence[str]) -> Case | None:
    """The new case of an earlier call that was killed before its second write."""
    found = store.get_cases([id_ for post in moved for id_ in _ids(post)])
    for one in found.values():
        if set(acts.taken_from(one, case.id)) == set(moved) and not acts.parted_to(case, one.id):
            return one
    return None


def _started(
    store: Store, opener: Opener, case: Case, moved: Sequence[str], fresh: Event, by: str, now: datetime
) -> Case | None:
    """The new case, written; None where no post of it needs an answer."""
    records = store.get_posts(list(moved))
    for post in moved:
        record = records.get(post)
        if record is None or record.assessment is None or post in case.answered:
            continue
        facts = facts_of(record.post, record.assessment, fresh.heat_at(now), len(fresh.posts))
        rule = opener.office.decide(facts)
        if rule.then == "none":
            continue
        known = set(store.get_cases(_ids(post)))
        for id_ in (one for one in _ids(post) if one not in known):
            state = "opened" if rule.then == "open" else "to_review"
            opening = opening_of(id_, record, fresh.id, tuple(moved), opener, state, rule.id, now)
            rules = opener.freeze(facts, now)
            made = acts.take(case, moved, opening, rules, by, now, opener.office.worktime)
            if store.create_cases([made])[0]:
                return made
        raise StoreError(f"{post}: twenty cases were opened for it already")
    return None
