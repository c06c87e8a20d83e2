"""A case: the unit of work, one document with its state, its duties, its history and its unsent notices.

The history is the truth: ``replay`` makes the case from it, and every act (``casework.domain.acts``) only adds an
entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from casework.domain import audit
from casework.domain.clock import Clock, FrozenRule
from casework.domain.deadlines import Pause
from casework.domain.errors import BrokenChain, DomainError
from casework.domain.handover import Handover
from casework.domain.happenings import Happening, follow, truly_dated, verify
from casework.domain.matching import REPORT
from casework.domain.moves import ENDED
from casework.domain.notice import Notice
from casework.domain.rungs import Acknowledged, Rung, pending


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its history makes it.

    ``title`` is masked. ``posts`` are ids, the root first. ``excluded`` are departments that must not see it
    (信访工作条例 第三十条). ``gates`` are the reviews passed. ``paused`` is the start of the open pause; ``reasons``
    are the kinds of reason of ``pauses``, and of the open one last (see ``deadlines.PAUSE_REASONS``). ``moments`` are
    the moments from which limits start, as known by now; ``assumed`` are those that another stands in for.
    ``watchers`` see it beside its departments (知会). ``desk`` is the coordination desk while it decides a disputed
    duty. ``handover`` is how the department got it. ``places`` are the division codes of the post that opened it.
    ``answered`` are posts whose author has an answer. ``token`` is the store's mark against lost updates;
    ``stored_version`` is how many happenings the store says it wrote, which tells where some were taken away.
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
    watchers: tuple[str, ...] = ()
    desk: str | None = None
    handover: Handover | None = None
    places: tuple[str, ...] = ()
    reason: str = ""
    rules: Mapping[str, FrozenRule] = field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()
    pauses: tuple[Pause, ...] = ()
    paused: datetime | None = None
    reasons: tuple[str | None, ...] = ()
    moments: Mapping[str, datetime] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()
    draft: str | None = None
    gates: tuple[str, ...] = ()
    publications: tuple[tuple[str, datetime], ...] = ()
    answered: tuple[str, ...] = ()
    merged_into: str | None = None
    acknowledged: tuple[Acknowledged, ...] = ()
    outbox: tuple[Notice, ...] = ()
    history: tuple[Happening, ...] = ()
    token: str | None = field(default=None, compare=False)
    stored_version: int | None = field(default=None, compare=False)

    @property
    def version(self) -> int:
        """Number of happenings: every write adds at least one, so it also tells two writers apart."""
        return len(self.history)

    @property
    def known_since(self) -> datetime | None:
        """The earliest moment at which the matter was known: nothing was done about it before."""
        starts = [clock.start for clock in self.clocks]
        return min(starts if self.opened_at is None else [self.opened_at, *starts], default=None)

    @property
    def suspected(self) -> bool:
        """Whether a person has still to say if this is a 检举控告; until then it is kept apart like one."""
        return self.state == "to_review" and self.petition_kind == REPORT

    @property
    def holder(self) -> str:
        """Who has to act on it: the department, or ``@review`` or the coordination desk while it has none."""
        if self.state == "returned":
            return self.desk or "@review"
        return self.department or "@review"

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

    def strange(self, clock: Clock) -> bool:
        """Whether a clock from another case stands still where it should run, or runs where it should stand."""
        stopped = self.paused is not None and clock.rule.stopped_by(self.reasons[-1])
        return clock.left is not None and clock.awaits is None and (clock.due is None) != stopped

    def rungs(self) -> list[Rung]:
        """The rungs of the ladders that are still to be taken, in their order."""
        return pending(self.running(), self.history, self.acknowledged)

    def stops(self, rule: FrozenRule, until: datetime | None = None) -> tuple[Pause, ...]:
        """The pauses that stop a clock of ``rule``, the open one with its end at ``until``."""
        open_ = () if self.paused is None else ((self.paused, until),)
        pairs = zip((*self.pauses, *open_), self.reasons, strict=True)
        return tuple(pause for pause, reason in pairs if rule.stopped_by(reason))

    @property
    def look_at(self) -> datetime | None:
        """The next moment at which supervision must read the case; a mark of work, not of lateness."""
        moments = [rung.at for rung in self.rungs()[:1]]
        moments += [clock.due for clock in self.last_of_day() if clock.due is not None]
        moments += [self.history[-1].at for clock in self.running() if clock.due is None and self.strange(clock)]
        if self.state == "merged" and self.history[-1].what == "merged":
            # The winner may not have taken the duties yet (two writes): supervision completes it.
            moments.append(self.history[-1].at)
        return min(moments, default=None)

    @property
    def awaits(self) -> int | None:
        """The first year whose calendar some running limit waits for; None where none does."""
        return min((clock.awaits for clock in self.running() if clock.awaits is not None), default=None)

    def last_of_day(self) -> list[Clock]:
        """Of the duties that come again at the next time of day, the latest clock of each that still runs."""
        latest: dict[str, Clock] = {}
        for clock in self.clocks:
            if clock.rule.times:
                latest[clock.rule.id] = clock
        running = self.running()
        return [clock for clock in latest.values() if clock in running]

    def waiting(self) -> tuple[Notice, ...]:
        """Notices not yet taken by a channel and not given up."""
        if self.state in ("merged", "rejected"):
            return ()
        return tuple(notice for notice in self.outbox if notice.state == "waiting")

    def unconfirmed(self) -> tuple[Notice, ...]:
        """Notices of which the service has not said yet whether they arrived."""
        return tuple(notice for notice in self.outbox if notice.state == "sent" and notice.receipt)

    @property
    def notify_at(self) -> datetime | None:
        """The next moment at which a waiting notice is to be tried, or a service to be asked for a receipt."""
        open_ = (*self.waiting(), *self.unconfirmed())
        return min((notice.next_at or notice.created_at for notice in open_), default=None)

    def after(self, what: str, at: datetime, by: str, note: str | None, data: Mapping[str, Any]) -> Case:
        """The case with one more entry in its history.

        A history never runs backwards: what a run that began earlier has to add is dated with the entry it follows
        (an act of a person is refused instead, see ``acts.in_order``).
        """
        from casework.domain.fold import apply  # the fold knows cases; a case asks it only when it moves on

        previous = self.history[-1].hash if self.history else audit.START
        if self.history:
            at = max(at, self.history[-1].at)
        return apply(self, follow(previous, at, what, by, note, data))


def chain_fault(case: Case) -> BrokenChain | None:
    """Where the chain of the history is broken, or where it was cut short; None where it is whole."""
    try:
        verify(case.history)
    except BrokenChain as error:
        return error
    if case.stored_version not in (None, case.version):
        return BrokenChain(case.version, f"{case.stored_version} entries were written, {case.version} are there")
    return None


def replay(id_: str, history: Iterable[Happening]) -> Case:
    """The case that ``history`` makes. The first entry must be ``opened``."""
    from casework.domain.fold import apply  # see Case.after

    case, entries = Case(id_), tuple(history)
    for entry, dated in zip(entries, truly_dated(entries), strict=True):
        changed = apply(case, dated)
        # What happened counts by its true time; the history keeps what was written.
        case = changed if dated is entry else replace(changed, history=(*case.history, entry))
    if not case.history or case.history[0].what != "opened":
        raise DomainError(f"{id_}: a history begins with 'opened'")
    return case
