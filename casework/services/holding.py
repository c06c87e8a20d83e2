"""What holds a notice back though its moment has come: a silence, or a channel that has had its fill for this minute.

Quotas are kept in the store, so that all processes together keep within what a service allows (20 a minute for a
group's robot: the next one would shut it for ten). A quarter of each is left for what is urgent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.domain.case import Case
from casework.domain.duty import Quiet
from casework.domain.notice import Notice
from casework.domain.silence import Silence
from casework.domain.times import parse_time, store_time
from casework.ports import Channel, Conflict, Sheet, Store

SILENCE, QUOTA = "silence", "quota"
"""Kinds of sheet."""
MINUTE = timedelta(minutes=1)
TRIES = 5


@dataclass(slots=True)
class Gate:
    """The gate of one round of telling. ``clock`` says what time it is by now; ``night``: what is ordinary waits."""

    store: Store
    now: datetime
    clock: Callable[[], datetime]
    silences: tuple[Silence, ...] = ()
    night: bool = False
    full: dict[str, datetime] = field(default_factory=dict)

    def silent(self, case: Case, notice: Notice) -> bool:
        """Whether a silence holds the notice."""
        return any(silence.holds(case, notice, self.now) for silence in self.silences)

    def takes(self, channel: Channel, urgent: bool) -> bool:
        """Whether the channel may be given one more message in this minute; if so it is counted as given."""
        most = channel.limits.per_minute
        if most is None:
            return True
        mine = most if urgent else max(1, most * 3 // 4)
        at = max(self.now, self.clock())
        name = f"{channel.name}/{urgent}"
        if self.full.get(name, at) > at:
            return False
        for _ in range(TRIES):
            sheet = self.store.get_sheet(QUOTA, channel.name) or Sheet(QUOTA, channel.name, {"sent": []})
            sent = [moment for moment in map(parse_time, sheet.doc["sent"]) if moment > at - MINUTE]
            if len(sent) >= mine:
                self.full[name] = sent[-mine] + MINUTE
                return False
            doc = {"sent": [store_time(moment) for moment in (*sent, at)]}
            try:
                self.store.save_sheet(Sheet(QUOTA, channel.name, doc, sheet.token))
            except Conflict:
                continue
            return True
        return False


def open_gate(store: Store, now: datetime, quiet: Quiet | None, clock: Callable[[], datetime] | None = None) -> Gate:
    """The gate for a round that begins at ``now``."""
    held = (Silence.from_doc(sheet.id, sheet.doc) for sheet in store.list_sheets(SILENCE))
    silences = tuple(silence for silence in held if silence.active(now))
    night = quiet is not None and quiet.until(now) is not None
    return Gate(store, now, clock or (lambda: now), silences, night)
