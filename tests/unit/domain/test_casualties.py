"""Figures of casualties over the posts of one case: the newest official one wins, what stood before stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.domain.casualties import LAW, Figures, graver, settle
from tests.unit.domain.making import START


def figures(
    hour: int, level: str | None, deaths: int | None, injured: int | None, *, official: bool = True, post: str = ""
) -> Figures:
    return Figures(post or f"news:{hour}", START + timedelta(hours=hour), official, level, deaths, injured)


@pytest.mark.parametrize(
    ("stands", "told", "level", "deaths", "injured"),
    [
        (figures(1, "serious", 3, 12), figures(2, "serious", 5, 10), "serious", 5, 10),
        (figures(1, "serious", 3, 55), figures(2, "serious", 5, None), "major", 5, 55),
        (figures(1, "major", 12, 3), figures(2, "ordinary", 2, None), "ordinary", 2, 3),
        (figures(1, "serious", 9, None, official=False), figures(2, "ordinary", 1, 2), "ordinary", 1, 2),
        (figures(3, "serious", 9, None, official=False), figures(2, "ordinary", 1, 2), "ordinary", 1, 2),
        (figures(1, None, None, None), figures(2, "serious", 4, None, official=False), "serious", 4, None),
        (figures(1, "ordinary", 1, None, official=False), figures(0, "serious", 3, 1, official=False), "serious", 3, 1),
        (None, figures(1, "ordinary", 0, 0), "ordinary", 0, 0),
    ],
    ids=["newer", "kept", "corrected", "official", "rumour_later", "unknown", "graver_rumour", "first"],
)
def test_the_figure_that_stands(
    stands: Figures | None, told: Figures, level: str | None, deaths: int | None, injured: int | None
) -> None:
    found = settle(stands, told, LAW)
    assert found is not None
    assert (found.level, found.deaths, found.injured) == (level, deaths, injured)
    assert (found.post, found.published) == (told.post, told.published)
    assert Figures.from_json(found.to_json()) == found
    assert settle(found, told, LAW) is None


@pytest.mark.parametrize(
    ("stands", "told"),
    [
        (figures(2, "serious", 5, None), figures(1, "serious", 3, None)),
        (figures(1, "serious", 5, None), figures(2, "major", 12, None, official=False)),
        (figures(1, "serious", 5, None, official=False), figures(2, "ordinary", 1, None, official=False)),
        (figures(1, "serious", 5, None), figures(2, None, None, None)),
        (figures(1, "serious", 3, None), figures(2, None, 3, 4)),
    ],
    ids=["older", "rumour", "lower_rumour", "nothing_known", "no_level"],
)
def test_what_changes_nothing(stands: Figures, told: Figures) -> None:
    assert settle(stands, told, LAW) is None


def test_levels_are_ordered() -> None:
    assert graver("major", "serious")
    assert graver("ordinary", None)
    assert not graver(None, "none")
    assert not graver("serious", "serious")
