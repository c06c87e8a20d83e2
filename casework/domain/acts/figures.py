"""The casualties that stand, as the posts of a case report them; ``acts.set_level`` sets the level that follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from casework.domain.acts.parts import notice
from casework.domain.case import Case
from casework.domain.casualties import Figures, Level, graver, settle, standing

SYSTEM = "huiying"


def figures_after(case: Case, told: Figures, levels: Sequence[Level]) -> Figures | None:
    """The figures that stand after ``told``; None where nothing changes. A case that has ended stays as it ended."""
    return None if case.ended else settle(standing(case), told, levels)


def propose_level(case: Case, to: str, post: str, at: datetime) -> Case:
    """A post that joined says graver than what stands: a person is told and decides; each level is proposed once.

    The same case where ``to`` is not graver, or was proposed since a level was last set, or the post opened the case.
    """
    if case.ended or case.history[0].data["trigger"] == post or not graver(to, case.severity):
        return case
    for entry in reversed(case.history):
        if entry.what in ("level_set", "emergency_opened"):
            break
        if entry.what == "level_proposed" and not graver(to, entry.data["to"]):
            return case
    told = notice(case.id, "graver", "@review/contact", {"to": to}, str(case.version))
    data = {"to": to, "post": post, "notices": [{**told, "urgent": True}]}
    return case.after("level_proposed", at, SYSTEM, None, data)


def tell(case: Case, figures: Figures, at: datetime) -> Case:
    """``figures`` stand from now on; those of before stay in the history."""
    return case.after("figures", at, SYSTEM, None, {"figures": figures.to_json()})
