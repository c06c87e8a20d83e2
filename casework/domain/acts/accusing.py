"""检举控告: what keeps a case from the unit it speaks of, and how a person settles it (信访工作条例 第三十条)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from casework.domain.acts.parts import notice, required
from casework.domain.case import Case
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.matching import REPORT
from casework.domain.moves import allowed, check

OTHER_KINDS = ("申诉求决", "建议意见")
"""What a case may be that is no 检举控告 (信访工作条例 第二十九条、第三十一条)."""


def restrict(case: Case, post: str, excluded: Iterable[str], at: datetime, suspected: bool = False) -> Case:
    """A post of the case is, or has become, a 检举控告: from now on the units accused see nothing of the case.

    It goes back to be assigned to the discipline desk, whoever had it; where it is only ``suspected``, to a person of
    the office, who is told. What an ended case keeps is hidden from them all the same. Doing it again changes nothing.
    """
    units = sorted({*case.excluded, *excluded})
    if case.petition_kind == REPORT and (suspected or units == sorted(case.excluded)):
        return case
    data: dict[str, Any] = {"post": post, "excluded": units}
    if suspected:
        told = notice(case.id, "review_needed", "@review/contact", {}, str(case.version))
        data |= {"suspected": True, "notices": [] if case.ended else [told]}
    return case.after("restricted", at, "huiying", None, data)


def confirm(case: Case, excluded: Iterable[str], by: str, at: datetime, note: str | None = None) -> Case:
    """认定: a person says that the case is a 检举控告; ``excluded`` departments are kept out of it.

    It goes to the discipline desk, whoever had it. IllegalMove where it is one already.
    """
    check("confirm", case.state)
    if case.petition_kind == REPORT and not case.suspected:
        raise IllegalMove("confirm", case.state, _others(case, "confirm"), "it is a 检举控告 already")
    return case.after("confirmed", at, by, note, {"excluded": sorted(set(excluded))})


def lift(case: Case, kind: str, reason: str, by: str, at: datetime) -> Case:
    """排除: a person says, with the reason, that the case is no 检举控告 but ``kind``; it goes the ordinary way.

    IllegalMove where it is none; DomainError for another kind.
    """
    check("lift", case.state)
    if case.petition_kind != REPORT:
        raise IllegalMove("lift", case.state, _others(case, "lift"), "it is no 检举控告")
    if kind not in OTHER_KINDS:
        raise DomainError(f"kind: {kind!r}; write one of {', '.join(OTHER_KINDS)}")
    return case.after("lifted", at, by, required("reason", reason), {"petition_kind": kind})


def settled(verb: str, case: Case) -> None:
    """Refuse ``verb`` while a person has not said whether the case is a 检举控告. Raises IllegalMove."""
    if case.suspected:
        why = "first say whether it is a 检举控告: confirm or lift"
        raise IllegalMove(verb, case.state, ("confirm", "lift"), why)


def _others(case: Case, verb: str) -> tuple[str, ...]:
    return tuple(name for name in allowed(case.state) if name != verb)
