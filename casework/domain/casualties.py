"""Casualties over the posts of one case: which figure stands, and the level that follows from it.

The newest official figure wins, up or down; what is not official never lowers and never replaces an official one.
A figure that is not said again stays. Levels: 生产安全事故报告和调查处理条例 第三条, as ``severity.yml`` gives them.
What stood before stays in the case's history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.emergency import LEVELS
from casework.domain.post import Post
from casework.domain.times import parse_time, store_time

OFFICIAL = frozenset({"news"})
"""Kinds of post whose figures are taken for official: what a citizen writes is hearsay until then."""


@dataclass(frozen=True, slots=True)
class Level:
    """From how many deaths or injured on an emergency is of a level."""

    level: str
    deaths: int
    injured: int


LAW = (Level("extraordinary", 30, 100), Level("major", 10, 50), Level("serious", 3, 10))
"""第三条, for an office without a ``severity.yml`` of its own."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What ``post`` reports. ``deaths``, ``injured``: persons, None where nothing is said.

    ``level``: None where the law sets none or the text does not suffice.
    """

    post: str
    published: datetime
    official: bool
    level: str | None
    deaths: int | None = None
    injured: int | None = None

    @property
    def counted(self) -> bool:
        """Whether it tells of casualties or losses at all, as against an accident of which nothing is known yet."""
        return self.deaths is not None or self.injured is not None or self.level in LEVELS

    def to_json(self) -> dict[str, Any]:
        """As stored in the history."""
        return {
            "post": self.post,
            "published": store_time(self.published),
            "official": self.official,
            "level": self.level,
            "deaths": self.deaths,
            "injured": self.injured,
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Figures:
        """As stored in the history."""
        return Figures(**{**value, "published": parse_time(value["published"])})


def figures_of(post: Post, assessment: Assessment) -> Figures | None:
    """What a post reports; None where it tells of no emergency."""
    if assessment.severity == "none":
        return None
    value = assessment.value["severity"]
    return Figures(
        post.id,
        post.published_at,
        post.kind in OFFICIAL,
        assessment.severity,
        value.get("deaths"),
        value.get("injured"),
    )


def standing(case: Case) -> Figures | None:
    """The figures that stand; None where no post told of an emergency, or in a case of before they were kept."""
    for entry in reversed(case.history):
        if entry.what in ("opened", "figures") and entry.data.get("figures"):
            return Figures.from_json(entry.data["figures"])
    return None


def settle(stands: Figures | None, told: Figures, levels: Sequence[Level]) -> Figures | None:
    """The figures that stand after ``told``; None where nothing changes: of a matter without a level people decide."""
    if not told.counted or told.level not in LEVELS:
        return None
    if stands is None or not stands.counted or (told.official and not stands.official):
        return told
    if not _wins(stands, told):
        return None
    deaths = stands.deaths if told.deaths is None else told.deaths
    injured = stands.injured if told.injured is None else told.injured
    level = _graver(told.level, _by_figures(deaths, injured, levels))
    settled = replace(told, level=level, deaths=deaths, injured=injured)
    return None if settled == stands else settled


def graver(one: str | None, other: str | None) -> bool:
    """Whether ``one`` is a graver level than ``other``; no level is graver than none at all."""
    return _rank(one) > _rank(other)


def _wins(stands: Figures, told: Figures) -> bool:
    if told.official:
        return (told.published, told.post) >= (stands.published, stands.post)
    if stands.official:
        return False
    more = (told.deaths or 0) > (stands.deaths or 0) or (told.injured or 0) > (stands.injured or 0)
    lower = (told.deaths or 0) < (stands.deaths or 0) and told.deaths is not None
    return told.post == stands.post or graver(told.level, stands.level) or (more and not lower)


def _by_figures(deaths: int | None, injured: int | None, levels: Sequence[Level]) -> str:
    reached = (one.level for one in levels if (deaths or 0) >= one.deaths or (injured or 0) >= one.injured)
    return next(reached, LEVELS[-1])


def _graver(one: str, other: str) -> str:
    return one if _rank(one) >= _rank(other) else other


def _rank(level: str | None) -> int:
    return len(LEVELS) - LEVELS.index(level) if level in LEVELS else 0
