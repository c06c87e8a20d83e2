"""The casualties that stand, as the posts of a case report them; ``acts.set_level`` sets the level that follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from casework.domain.case import Case
from casework.domain.casualties import Figures, Level, settle, standing

SYSTEM = "huiying"


def figures_after(case: Case, told: Figures, levels: Sequence[Level]) -> Figures | None:
    """The figures that stand after ``told``; None where nothing changes. A case that has ended stays as it ended."""
    return None if case.ended else settle(standing(case), told, levels)


def tell(case: Case, figures: Figures, at: datetime) -> Case:
    """``figures`` stand from now on; those of before stay in the history."""
    return case.after("figures", at, SYSTEM, None, {"figures": figures.to_json()})
