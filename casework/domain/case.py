"""A case: the unit of work, one document with its state, its duties, its history and its unsent notices.

The history is the truth: ``replay`` makes the case from it, and every act (``casework.domain.acts``) only adds an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from casework.domain import audit
from casework.domain.clock import Clock, FrozenRule
from casework.domain.deadlines import Pause
from casework.domain.errors import DomainError
from casework.domain.happenings import Happening, follow
from casework.domain.moves import ENDED
from casework.domain.notice import Notice
from casework.domain.times import parse_time


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its history makes it.

    ``title`` is masked. ``posts`` are ids, the root first. ``excluded`` are departments that must not see it
    (信访工作条例 第三十条). ``gates`` are the reviews passed. ``paused`` is the start of the open pause.
    ``answered`` are posts whose author has an answer. ``token`` is the store's mark against lost updates.
    """

    id: str
    state: str = ""
    title: str = ""
    posts: tuple[str, ...] = ()
    event: str = ""
    severity: str | None = "none"
    petition_kind: str | None = None
    board_domain: str | None = None
    opened_at: datetime | None = None
    department: str | None = None
    co_departments: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    reason: str = ""
    rules: Mapping[str, FrozenRule] = field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()
    pauses: tuple[Pause, ...] = ()
    paused: datetime | None = None
    draft: str | None = None
    gates: tuple[str, ...] = ()
    publications: tuple[tuple[str, datetime], ...] = ()
    answered: tuple[str, ...] = ()
    merged_into: str | None = None
    outbox: tuple[Notice, ...] = ()
    history: tuple[Happening, ...] = ()
    token: str | None = field(default=None, compare=False)

    @property
    def version(self) -> int:
        """Number of happenings: every write adds at least one, so it also tells two writers apart."""
        return len(self.history)

    @property
    def ended(self) -> bool:
        """Whether no duty runs any more."""
        return self.state in ENDED

    @property
    def due(self) -> datetime | None:
        """The earliest due moment of an unfulfilled duty: the one that leads."""
        moments = [clock.due for clock in self.running() if clock.due is not None]
        return min(moments, default=None)

    def running(self) -> tuple[Clock, ...]:
        """Duties not yet fulfilled; none once the case has ended."""
        return () if self.ended else tuple(clock for clock in self.clocks if clock.met_at is None)

    def overdue(self, now: datetime) -> bool:
        """Whether some duty is late at ``now``; never for an ended case."""
        return any(clock.late(now) for clock in self.running())

    def taken_steps(self) -> frozenset[tuple[str, str]]:
        """(clock key, step) of every rung of a ladder that has been taken."""
        whats = ("reminded", "overdue", "escalated")
        return frozenset((h.data["clock"], h.data["step"]) for h in self.history if h.what in whats)

    @property
    def look_at(self) -> datetime | None:
        """The next moment at which supervision must read the case; a mark of work, not of lateness."""
        taken = self.taken_steps()
        moments = [
            moment.at for clock in self.running() for moment in clock.moments if (clock.key, moment.step) not in taken
        ]
        if self.history and any(clock.awaits for clock in self.running()):
            # The calendar may be published any day: look again tomorrow.
            moments.append(self.history[-1].at + timedelta(days=1))
        if self.state == "merged" and self.history[-1].what == "merged":
            # The winner may not have taken the duties yet (two writes): supervision completes it.
            moments.append(self.history[-1].at)
        return min(moments, default=None)

    def waiting(self) -> tuple[Notice, ...]:
        """Notices not yet taken by a channel and not given up."""
        if self.state in ("merged", "rejected"):
            return ()
        return tuple(notice for notice in self.outbox if notice.state == "waiting")

    @property
    def notify_at(self) -> datetime | None:
        """The next moment at which a waiting notice is to be tried."""
        return min((notice.next_at or notice.created_at for notice in self.waiting()), default=None)

    def after(self, what: str, at: datetime, by: str, note: str | None, data: Mapping[str, Any]) -> Case:
        """The case with one more entry in its history."""
        previous = self.history[-1].hash if self.history else audit.START
        return apply(self, follow(previous, at, what, by, note, data))


def replay(id_: str, history: Iterable[Happening]) -> Case:
    """The case that ``history`` makes. The first entry must be ``opened``."""
    case = Case(id_)
    for entry in history:
        case = apply(case, entry)
    if not case.history or case.history[0].what != "opened":
        raise DomainError(f"{id_}: a history begins with 'opened'")
    return case


def apply(case: Case, entry: Happening) -> Case:
    """The case after ``entry``."""
    changed = _APPLY[entry.what](case, entry) if entry.what in _APPLY else case
    return replace(changed, history=(*case.history, entry))


def _clocks(case: Case, entry: Happening) -> tuple[Clock, ...]:
    return tuple(Clock.from_json(value, case.rules) for value in entry.data.get("clocks", ()))


def _notices(entry: Happening) -> tuple[Notice, ...]:
    return tuple(
        Notice(value["key"], value["kind"], value["to"], entry.at, value["facts"], value["urgent"])
        for value in entry.data.get("notices", ())
    )


def _met(case: Case, entry: Happening, posts: Iterable[str] | None = None) -> tuple[Clock, ...]:
    """Clocks with those that ``entry`` fulfils marked; duties owed to a message only where it is in ``posts``."""
    at = parse_time(entry.data["at"]) if entry.data.get("at") else entry.at
    owed = None if posts is None else frozenset(posts)

    def fulfilled(clock: Clock) -> bool:
        if clock.met_at is not None or entry.what not in clock.rule.met_by:
            return False
        return clock.post is None or owed is None or clock.post in owed

    return tuple(replace(clock, met_at=at) if fulfilled(clock) else clock for clock in case.clocks)


def _opened(case: Case, entry: Happening) -> Case:
    data = entry.data
    rules = {value["id"]: FrozenRule.from_json(value) for value in data["rules"]}
    opened = replace(
        case,
        state=data["state"],
        title=data["title"],
        posts=tuple(data["posts"]),
        event=data["event"],
        severity=data["severity"],
        petition_kind=data["petition_kind"],
        board_domain=data["board_domain"],
        opened_at=entry.at,
        reason=data["reason"],
        excluded=tuple(data["excluded"]),
        rules=rules,
    )
    return replace(opened, clocks=_clocks(opened, entry), outbox=_notices(entry))


def _joined(case: Case, entry: Happening) -> Case:
    fresh = tuple(post for post in entry.data["posts"] if post not in case.posts)
    return replace(case, posts=case.posts + fresh, clocks=case.clocks + _clocks(case, entry))


def _assigned(case: Case, entry: Happening) -> Case:
    data = entry.data
    moved = replace(
        case,
        state="assigned",
        department=data["department"],
        co_departments=tuple(data["co_departments"]),
        excluded=tuple(data["excluded"]),
        reason=data["reason"],
        clocks=_met(case, entry),
        outbox=case.outbox + _notices(entry),
    )
    return replace(moved, clocks=moved.clocks + _clocks(case, entry))


def _moved(state: str) -> Callable[[Case, Happening], Case]:
    def apply_move(case: Case, entry: Happening) -> Case:
        clocks = _met(case, entry) + _clocks(case, entry)
        return replace(case, state=state, clocks=clocks, outbox=case.outbox + _notices(entry))

    return apply_move


def _ended(state: str) -> Callable[[Case, Happening], Case]:
    """A move after which no duty runs: what is left ends with the case and is judged by that moment."""

    def apply_end(case: Case, entry: Happening) -> Case:
        ended = tuple(replace(clock, met_at=clock.met_at or entry.at) for clock in case.clocks)
        return replace(case, state=state, clocks=ended, outbox=case.outbox + _notices(entry))

    return apply_end


def _recounted(case: Case, entry: Happening) -> Case:
    """New due moments (extension, end of a pause, a calendar published), each under the clock's own rule."""
    fresh = {value["key"]: value for value in entry.data["clocks"]}

    def again(clock: Clock) -> Clock:
        if clock.key not in fresh:
            return clock
        counted = Clock.from_json(fresh[clock.key], {clock.rule.id: clock.rule})
        return replace(counted, met_at=clock.met_at)

    return replace(case, clocks=tuple(again(clock) for clock in case.clocks))


def _paused(case: Case, entry: Happening) -> Case:
    return replace(_recounted(case, entry), paused=entry.at)


def _resumed(case: Case, entry: Happening) -> Case:
    recounted = _recounted(case, entry)
    if case.paused is None:
        return recounted
    return replace(recounted, paused=None, pauses=(*case.pauses, (case.paused, entry.at)))


def _drafted(case: Case, entry: Happening) -> Case:
    # A new text has passed no gate, whatever an older one had passed.
    return replace(case, state="drafted", draft=entry.data["text"], gates=(), clocks=_met(case, entry))


def _reviewed(case: Case, entry: Happening) -> Case:
    if not entry.data["ok"]:
        return replace(case, state="handling", gates=())
    gates = (*case.gates, entry.data["gate"])
    return replace(case, state=entry.data["state"], gates=gates, clocks=_met(case, entry))


def _published(case: Case, entry: Happening) -> Case:
    link = (entry.data["url"], parse_time(entry.data["at"]))
    return replace(case, state="published", publications=(*case.publications, link), clocks=_met(case, entry))


def _answered(case: Case, entry: Happening) -> Case:
    posts = entry.data["posts"]
    fresh = tuple(post for post in posts if post not in case.answered)
    return replace(case, answered=case.answered + fresh, clocks=_met(case, entry, posts))


def _fulfilled(case: Case, entry: Happening) -> Case:
    at, keys = parse_time(entry.data["at"]), frozenset(entry.data["keys"])
    return replace(case, clocks=tuple(replace(c, met_at=at) if c.key in keys else c for c in case.clocks))


def _merged(case: Case, entry: Happening) -> Case:
    # The clocks stay here as they were; the winner's copies run on, so nothing is counted twice or lost.
    return replace(case, state="merged", merged_into=entry.data["into"])


def _absorbed(case: Case, entry: Happening) -> Case:
    extra = {value["id"]: FrozenRule.from_json(value) for value in entry.data["rules"]}
    known = replace(case, rules={**extra, **case.rules})
    # A clock runs on under the rule that its own case froze, also where the winner froze another value.
    clocks = tuple(Clock.from_json(value, extra) for value in entry.data["clocks"])
    fresh = tuple(post for post in entry.data["posts"] if post not in case.posts)
    excluded = tuple(sorted({*case.excluded, *entry.data["excluded"]}))
    return replace(known, posts=case.posts + fresh, clocks=case.clocks + clocks, excluded=excluded)


def _alarmed(case: Case, entry: Happening) -> Case:
    return replace(case, outbox=case.outbox + _notices(entry))


def _notified(case: Case, entry: Happening) -> Case:
    data = entry.data

    def told(notice: Notice) -> Notice:
        if notice.key != data["key"]:
            return notice
        return replace(notice, state="sent", sent_at=entry.at, channel=data["channel"], next_at=None)

    return replace(case, outbox=tuple(told(notice) for notice in case.outbox))


def _notice_failed(case: Case, entry: Happening) -> Case:
    data = entry.data
    next_at = parse_time(data["next_at"]) if data["next_at"] else None

    def failed(notice: Notice) -> Notice:
        if notice.key != data["key"]:
            return notice
        state, attempts = data["state"], data["attempts"]
        return replace(notice, state=state, attempts=attempts, next_at=next_at, detail=data["detail"])

    return replace(case, outbox=tuple(failed(notice) for notice in case.outbox))


_APPLY: Mapping[str, Callable[[Case, Happening], Case]] = {
    "opened": _opened,
    "joined": _joined,
    "accepted": _moved("opened"),
    "rejected": _ended("rejected"),
    "assigned": _assigned,
    "signed": _moved("signed"),
    "returned": _moved("returned"),
    "handled": _moved("handling"),
    "extended": _recounted,
    "recounted": _recounted,
    "paused": _paused,
    "resumed": _resumed,
    "drafted": _drafted,
    "reviewed": _reviewed,
    "published": _published,
    "answered": _answered,
    "fulfilled": _fulfilled,
    "closed": _ended("closed"),
    "reopened": _moved("handling"),
    "archived": _moved("archived"),
    "transferred": _ended("transferred"),
    "merged": _merged,
    "absorbed": _absorbed,
    "reminded": _alarmed,
    "overdue": _alarmed,
    "escalated": _alarmed,
    "notified": _notified,
    "notice_failed": _notice_failed,
}
