"""Grouping and inhibition: what one person would be told many times over one matter is told once, with the count.

Notices of one case, one kind, one recipient and one rule are one message. A message about a limit that is past mutes
the reminders of it that wait for the same person. After a message, more of the same wait until ``every`` has passed.
Acts (转办, 退回) are never held back: each is news. (Alertmanager's grouping and inhibition are the model.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.domain.case import Case
from casework.domain.notice import Notice

GROUPED = ("circulated", "urged", "escalated", "overdue", "reminder")
"""Kinds that repeat themselves, the graver first."""
MUTED = "reminder"
"""What any graver message about the same limit to the same person takes along."""
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notices that go out as one message: ``lead`` gives it its words, ``more`` are told with it."""

    lead: Notice
    more: tuple[Notice, ...] = ()
    attempts: int = 0

    @property
    def notices(self) -> tuple[Notice, ...]:
        """All of them, the lead first."""
        return (self.lead, *self.more)

    def count(self) -> int:
        """How many matters (clocks) the message stands for."""
        return len({notice.facts.get("clock", notice.key) for notice in self.notices})


def bundles(case: Case, now: datetime, every: timedelta) -> list[Bundle]:
    """What of the case's outbox is to be sent at ``now``, in the order of the outbox; the urgent first."""
    groups: dict[Key, list[Notice]] = {}
    for notice in case.waiting():
        groups.setdefault(_key(notice), []).append(notice)
    due = {key: group for key, group in groups.items() if _is_due(case, key, group, now, every)}
    for key in sorted(due, key=lambda key: _gravity(key[0])):
        kind, to, rule = key
        muted = (MUTED, to, rule)
        if kind in GROUPED and kind != MUTED and muted in groups:
            due[key] = due[key] + groups.pop(muted)
            due.pop(muted, None)
    found = [_bundle(case, group) for group in due.values()]
    return sorted(found, key=lambda bundle: not bundle.lead.urgent)


def outdated(case: Case, now: datetime) -> tuple[Notice, ...]:
    """What waits (for the end of the night, for a channel) though what it asks for was done or stands still meanwhile.

    A limit that was met or lifted, one that is paused, and one that is not late any more since it was extended.
    """
    running = {clock.key: clock for clock in case.running()}

    def past(notice: Notice) -> bool:
        if notice.kind not in GROUPED or "clock" not in notice.facts:
            return False
        clock = running.get(notice.facts["clock"])
        if clock is None or (clock.due is None and clock.provisional is None):
            return True
        return notice.kind == "overdue" and not clock.late(now)

    return tuple(notice for notice in case.waiting() if past(notice))


def _key(notice: Notice) -> Key:
    if notice.kind not in GROUPED:
        return (notice.kind, notice.to, notice.key)
    return (notice.kind, notice.to, notice.facts.get("clock", "").partition("@")[0])


def _step(notice: Notice) -> str:
    """The rung of the ladder: another rung is news, however soon it comes after the one before."""
    return notice.key.rsplit("/", 2)[-2] if notice.key.count("/") >= 2 else ""


def _gravity(kind: str) -> int:
    return GROUPED.index(kind) if kind in GROUPED else len(GROUPED)


def _is_due(case: Case, key: Key, group: list[Notice], now: datetime, every: timedelta) -> bool:
    again = max((notice.next_at for notice in group if notice.next_at is not None), default=None)
    if again is not None and again > now:
        # The way to this person is shut for the moment; newer ones would only knock beside it.
        return False
    if key[0] not in GROUPED:
        return True
    held = {_step(one) for one in _told_since(case.outbox, key, now - every)}
    return any(_step(notice) not in held for notice in group)


def _told_since(outbox: Iterable[Notice], key: Key, moment: datetime) -> Iterable[Notice]:
    """What the person was told of this after ``moment``."""
    return (one for one in outbox if one.sent_at is not None and one.sent_at > moment and _key(one) == key)


def _bundle(case: Case, group: list[Notice]) -> Bundle:
    """The lead is of the gravest kind, and of those the one whose limit comes first."""
    dues = {clock.key: clock.due for clock in case.clocks if clock.due is not None}
    far = max(dues.values(), default=None)

    def place(notice: Notice) -> tuple[int, float, str]:
        due = dues.get(notice.facts.get("clock", ""), far)
        return (_gravity(notice.kind), due.timestamp() if due else 0.0, notice.key)

    ordered = sorted(group, key=place)
    return Bundle(ordered[0], tuple(ordered[1:]), max(notice.attempts for notice in group))
