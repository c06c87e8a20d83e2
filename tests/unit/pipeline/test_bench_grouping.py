from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bench.grouping import SIZES, exponent, posts_of


def test_the_exponent_of_a_power_is_its_power() -> None:
    assert exponent((10, 20, 40), (1.0, 4.0, 16.0)) == pytest.approx(2)
    assert exponent(SIZES, [size / 1000 for size in SIZES]) == pytest.approx(1)


def test_posts_are_made_where_no_real_ones_are(tmp_path: Path) -> None:
    posts, what = posts_of(tmp_path, 2000)
    assert what == "made"
    assert len(posts) == 2000
    assert posts == posts_of(tmp_path, 2000)[0]
