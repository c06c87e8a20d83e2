"""并单: two cases of one matter become one; every message keeps its own clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casework.domain import emergency
from casework.domain.acts.accusing import settled
from casework.domain.acts.parts import messages, one_each
from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.follow_up import handed_over
from casework.domain.marks import standing
from casework.domain.matching import REPORT
from casework.domain.moves import allowed, check
from casework.domain.rungs import handed_on
from casework.domain.times import store_time


def merge(loser: Case, winner: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """并单, first write: the loser points at the winner. ``absorb`` is the second."""
    check("merge", loser.state)
    settled("merge", loser)
    if loser.id == winner.id:
        raise DomainError(f"{loser.id} cannot be merged into itself")
    if (loser.petition_kind == REPORT) != (winner.petition_kind == REPORT):
        # The report would be seen by whoever has the other case (信访工作条例 第三十条).
        raise IllegalMove("merge", loser.state, allowed(loser.state), "a 检举控告 is merged with none but its like")
    barred = {winner.department, *winner.co_departments, *winner.watchers} & set(loser.excluded)
    if barred:
        why = f"{winner.id} is with {', '.join(sorted(map(str, barred)))}, the unit reported"
        raise IllegalMove("merge", loser.state, allowed(loser.state), why)
    if winner.ended:
        raise IllegalMove("merge", loser.state, allowed(loser.state), f"{winner.id} is {winner.state}")
    return loser.after("merged", at, by, note, {"into": winner.id})


def absorb(winner: Case, loser: Case, by: str, at: datetime) -> Case:
    """并单, second write: the winner takes the loser's posts and running clocks. Doing it again changes nothing.

    A limit of the case itself (owed to no message) runs once: of two by the same rule the one due first stays.
    """
    if any(entry.what == "absorbed" and entry.data["from"] == loser.id for entry in winner.history):
        return winner
    keys = {clock.key for clock in winner.clocks}
    clocks: list[dict[str, Any]] = []
    dropped: list[str] = []
    taken: list[list[str]] = []
    untold = frozenset(notice.key for notice in loser.outbox if notice.state == "waiting")
    for clock in loser.clocks:
        twin = _twin(winner, clock)
        if clock.met_at is None and (twin is None or _before(clock, twin)):
            dropped += [twin.key] if twin is not None else []
            value = clock.leaving(loser.stops(clock.rule), at).to_json()
            value["key"] = f"{clock.key}~{loser.id}" if clock.key in keys else clock.key
            clocks.append(value)
            told = handed_on(clock.key, loser.history, untold)
            taken += [[value["key"], step, store_time(moment)] for step, moment in told]
    used = {value["rule"] for value in clocks}
    track = emergency.track(loser)
    data = {
        "from": loser.id,
        "posts": list(loser.posts),
        "messages": list(messages(loser)),
        "excluded": list(loser.excluded),
        "answered": list(loser.answered),
        "rules": [clock.rule.to_json() for clock in one_each(loser.clocks) if clock.rule.id in used],
        "clocks": clocks,
        "dropped": dropped,
        "taken": taken,
        # What needs the 主要负责人's sign-off needs it in the winner too.
        "marks": sorted(standing(loser)),
        **handed_over(loser, loser.posts),
        # The winner goes on with the emergency too.
        "emergency": loser.severity if track and track.closed_at is None else None,
    }
    return winner.after("absorbed", at, by, None, data)


def _twin(winner: Case, clock: Clock) -> Clock | None:
    """The running limit of the winner itself by the same rule as this one of the loser itself."""
    if clock.post is not None or clock.met_at is not None:
        return None
    return next((own for own in winner.running() if own.post is None and own.rule.id == clock.rule.id), None)


def _before(one: Clock, other: Clock) -> bool:
    """Whether ``one`` is due first; a limit without a due moment (paused, waiting for a calendar) leads nothing."""
    return one.due is not None and (other.due is None or one.due < other.due)
