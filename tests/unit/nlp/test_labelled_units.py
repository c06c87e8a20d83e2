"""What people said of the units found: nothing but marks is kept, and what nobody judged counts against."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.datasets import rows
from nlp.labelling.sets import FOLDER
from nlp.labelling.units import PARTS, mark, measure


def test_the_labels_hold_marks_of_values_and_both_parts() -> None:
    said = rows(FOLDER / "units.csv", ("row", "part", "value", "name"))
    drawn = rows(FOLDER / "units.sample.csv", ("row", "part"))
    parts = {row["row"]: row["part"] for row in drawn}
    assert len(parts) == len(drawn) >= 700
    assert sum(part == "unseen" for part in parts.values()) >= 150
    assert set(parts.values()) == set(PARTS)
    for row in said:
        assert parts[row["row"]] == row["part"]
        assert row["name"] in ("yes", "no")
        assert len(row["value"]) == 12
        assert int(row["value"], 16) >= 0


@pytest.mark.shared
def test_a_value_that_nobody_judged_counts_as_no_name(shared: Path, tmp_path: Path) -> None:
    whole = measure(shared / "data")
    assert whole["judged_unseen"] > 95
    lines = (FOLDER / "units.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for number, line in enumerate(lines) if number == 0 or number % 2]
    (tmp_path / "units.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (tmp_path / "units.sample.csv").write_bytes((FOLDER / "units.sample.csv").read_bytes())
    half = measure(shared / "data", tmp_path)
    for part in PARTS:
        assert half[f"precision_{part}"] < whole[f"precision_{part}"] - 25


def test_a_mark_tells_values_apart_and_is_no_word() -> None:
    assert mark("示例公司") != mark("示例公司甲")
    assert mark("示例公司") == mark("示例公司")
    assert mark("示例公司").isascii()
