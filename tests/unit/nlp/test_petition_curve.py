"""The curve of the accusations found: Wilson's interval, and what the shipped card says of every border."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nlp.labelling.petition_curve import POINTS, wilson
from nlp.linear import MODELS, read_card


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [(0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (5, 10, 23.7, 76.3), (81, 263, 25.5, 36.6), (0, 0, 0.0, 100.0)],
)
def test_the_interval_is_wilsons(found: int, of: int, low: float, high: float) -> None:
    assert wilson(found, of) == pytest.approx((low, high), abs=0.1)


def test_the_card_says_what_every_border_finds_and_costs() -> None:
    card = read_card(MODELS, "petition_kind")["signs"]
    entries = card["curve"]
    assert len(entries) == len(POINTS)
    for before, after in pairwise(entries):
        assert before["border"] >= after["border"]
        for key in ("recall", "recall_known", "letters", "complaints"):
            assert before[key] <= after[key], key
    for entry, point in zip(entries, POINTS, strict=True):
        assert entry["recall"] >= point - 1
        for name in ("recall", "recall_known"):
            low, high = entry[f"{name}_within"]
            assert low <= entry[name] <= high
        assert 0 <= entry["complaints_taken"] <= entry["complaints_read"]
    assert card["band"] < card["threshold"]
