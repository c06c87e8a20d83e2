"""What a person should have got of one case: the rules of grouping, muting and quiet hours, reckoned plainly.

A rung of a ladder is a message to each of its roles. Of one rung to one person about one rule there is one message in
the time set (``grouping``); what comes meanwhile waits and is told together. A message about a limit that is past takes
along the reminders of it that wait for the same person. Acts are told at once, each by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipeline.proof.slow_days import EAST8, Book

GRAVER = ("circulated", "urged", "escalated", "overdue", "reminder")


@dataclass(slots=True)
class Waiting:
    """A notice that waits: its key, what sort, to whom, since when; of which limit, rule and rung it speaks."""

    key: str
    kind: str
    to: str
    at: datetime
    clock: str = ""
    rule: str = ""
    step: str = ""
    limit: Any = None


def _is_news(one: Waiting, running: list[Any], now: datetime) -> bool:
    if not any(limit is one.limit for limit in running) or one.limit.due is None:
        return False
    return one.kind != "overdue" or bool(now >= one.limit.due)


@dataclass(slots=True)
class Outbox:
    """What waits, and ``told``: (key of the leading notice, kind, to, number of matters, moment)."""

    book: Book
    case: str
    waiting: list[Waiting] = field(default_factory=list)
    told: list[tuple[str, str, str, int, str]] = field(default_factory=list)
    sent: dict[tuple[str, str, str], list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, one: Waiting) -> None:
        """One more notice."""
        self.waiting.append(one)

    def add_act(self, kind: str, to: str, at: datetime, number: int) -> None:
        """A notice of an act."""
        self.waiting.append(Waiting(f"{self.case}/{kind}/{to}/{number}", kind, to, at))

    def tell(self, now: datetime, urgent: bool, running: list[Any]) -> None:
        """One round of telling. ``running`` are the limits that run: of no other is anybody urged any more."""
        self.waiting = [one for one in self.waiting if one.limit is None or _is_news(one, running, now)]
        if self.book.is_quiet(now) and not urgent:
            return
        for one in [one for one in self.waiting if one.kind not in GRAVER]:
            self._tell([one], now)
        groups = self._groups()
        free = {key: group for key, group in groups.items() if self._free(key, group, now)}
        for key in sorted(free, key=lambda one: GRAVER.index(one[0])):
            kind, to, rule = key
            group = free[key]
            reminders = ("reminder", to, rule)
            if kind != "reminder" and reminders in groups:
                group = group + groups.pop(reminders)
                free[reminders] = []
            if group and not (kind == "reminder" and not free[key]):
                self._tell(group, now)

    def wakes(self, now: datetime, urgent: bool) -> list[datetime]:
        """When something that waits may go out: the quiet ends, or enough time has passed."""
        if not self.waiting:
            return []
        if self.book.is_quiet(now) and not urgent:
            end = now.astimezone(EAST8).replace(hour=int(self.book.quiet[1][:2]), minute=0)
            return [end if end > now else end + timedelta(days=1)]
        found = [at + self.book.every for told in self.sent.values() for at, _ in told]
        return [at for at in found if at > now] or [now]

    def _groups(self) -> dict[tuple[str, str, str], list[Waiting]]:
        found: dict[tuple[str, str, str], list[Waiting]] = {}
        for one in self.waiting:
            if one.kind in GRAVER:
                found.setdefault((one.kind, one.to, one.rule), []).append(one)
        return found

    def _free(self, key: tuple[str, str, str], group: list[Waiting], now: datetime) -> bool:
        lately = {step for at, step in self.sent[key] if now - at < self.book.every}
        return any(one.step not in lately for one in group)

    def _tell(self, group: list[Waiting], now: datetime) -> None:
        last = datetime.max.replace(tzinfo=EAST8)

        def place(one: Waiting) -> tuple[int, datetime, str]:
            due = one.limit.due if one.limit is not None and one.limit.due is not None else last
            return GRAVER.index(one.kind) if one.kind in GRAVER else 9, due, one.key

        lead = min(group, key=place)
        matters = len({one.clock or one.key for one in group})
        self.told.append((lead.key, lead.kind, lead.to, matters, f"{now.astimezone(EAST8):%m-%d %H:%M}"))
        for one in group:
            self.waiting.remove(one)
            self.sent[(one.kind, one.to, one.rule)].append((now, one.step))
