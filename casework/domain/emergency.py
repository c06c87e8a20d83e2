"""突发事件: what is one, so that nothing that concerns it waits."""

from __future__ import annotations

from casework.domain.case import Case

LEVELS = ("extraordinary", "major", "serious", "ordinary")
"""特别重大, 重大, 较大, 一般 (突发事件应对法 第三条), the gravest first."""
URGENT = frozenset({"extraordinary", "major", "serious"})
"""Levels whose notices wait for no morning: follow-ups are due from 较大 on (河南省应急管理厅通知)."""


def urgent(case: Case) -> bool:
    """Whether the notices of a case go out at any hour: an emergency, or one of which the level is not known yet."""
    return case.severity is None or case.severity in URGENT
