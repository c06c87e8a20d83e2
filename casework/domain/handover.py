"""How a department got a case: when, whether it may hand it back, and until when.

Sources: 信访工作条例 第二十三条: a unit to which a matter was wrongly sent objects with reasons in
five working days. 潍坊市12345条例: no second return after a designation.
国办函〔2025〕66号 (五): unclear duties are coordinated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.domain.deadlines import Unit, compute
from casework.domain.errors import MissingCalendar
from casework.domain.happenings import Happening
from casework.domain.matching import REPORT
from casework.domain.worktime import WorkTime

SECOND, COORDINATED = "second", "coordinated"
"""Why a designation is final: after a return, or decided by the coordination desk."""


@dataclass(frozen=True, slots=True)
class ReturnLimit:
    """退回: within how many working days after the assignment, and by which clause."""

    amount: int
    reference: str


@dataclass(frozen=True, slots=True)
class Handover:
    """The newest assignment. ``final``: None, SECOND or COORDINATED. ``limit`` is None where none was frozen."""

    at: datetime
    default: bool
    final: str | None
    limit: ReturnLimit | None

    @staticmethod
    def of(entry: Happening) -> Handover:
        """What an ``assigned`` entry says; histories of before 2026-11-24 have neither ``final`` nor ``returns``."""
        found: Mapping[str, Any] | None = entry.data.get("returns")
        limit = ReturnLimit(found["amount"], found["reference"]) if found else None
        return Handover(entry.at, bool(entry.data["default"]), entry.data.get("final"), limit)

    def returns_end(self, worktime: WorkTime) -> datetime | None:
        """The first instant at which it can be returned no more; None where no limit was frozen.

        None as well while the notice of a year is not out: nobody is refused for days that may turn out to be off.
        """
        if self.limit is None:
            return None
        try:
            return compute(Unit.WORKING_DAYS, self.limit.amount, self.at, worktime).due
        except MissingCalendar:
            return None


def designated(history: Sequence[Happening]) -> str | None:
    """Whether the next assignment is final: what came since the case was opened or its kind was changed last."""
    found: str | None = None
    default = False
    for entry in history:
        if entry.what in ("opened", "restricted", "lifted"):
            found = None
        elif entry.what == "assigned":
            default = bool(entry.data["default"])
        elif entry.what == "disputed":
            found = COORDINATED
        elif entry.what == "returned" and not default and found is None:
            # What the default desk passes on was designated to nobody yet.
            found = SECOND
    return found


def held(petition_kind: str | None, history: Sequence[Happening]) -> bool:
    """Whether a 检举控告 still waits at its desk for a person to confirm or lift the mark."""
    if petition_kind != REPORT:
        return False
    last = [entry.what for entry in history if entry.what in ("opened", "restricted", "confirmed")]
    return last[-1:] != ["confirmed"]
