"""The floors, where the data are present; the cards are checked everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nlp.datasets import DataError
from nlp.evaluate import evaluate_task, quality
from nlp.floors import calibration_of, row_of
from nlp.linear import MODELS, read_card
from nlp.proofs import tasks

QUICK = ("board_domain", "offensive", *tasks())
SLOW = tuple(sorted({entry["task"] for entry in quality()} - set(QUICK)))


def test_floors_are_pinned_with_their_data() -> None:
    pinned = quality()
    assert len(pinned) >= 10
    for entry in pinned:
        assert entry["data"] or entry["head"] == "proof"
        assert all(len(digest) == 64 for digest in entry["data"].values())
        low, high = (entry["measured"], entry["guard"]) if entry.get("below") else (entry["guard"], entry["measured"])
        assert low <= high


ENTRY: dict[str, Any] = {"set": "s", "task": "severity", "metric": "exact", "aim": 98, "guard": 87, "floor": 95}


@pytest.mark.parametrize(
    ("change", "value", "ok", "held"),
    [
        ({}, 95.0, True, True),
        ({}, 94.99, False, True),
        ({}, 86.9, False, False),
        ({"guard": 98}, 96.0, True, False),
        ({"floor": None}, 87.0, True, True),
        ({"floor": None}, 86.9, False, False),
        ({"floor": 2, "guard": 3, "below": True}, 2.5, False, True),
        ({"floor": 2, "guard": 3, "below": True}, 2.0, True, True),
        ({"floor": 2, "guard": 3, "below": True}, 3.1, False, False),
    ],
)
def test_a_guard_below_the_floor_is_no_pass(change: dict[str, Any], value: float, ok: bool, held: bool) -> None:
    row = row_of({**ENTRY, **change}, value, 24)
    assert (row["ok"], row["held"]) == (ok, held)
    assert (row["floor"], row["guard"]) == ({**ENTRY, **change}["floor"], {**ENTRY, **change}["guard"])


def test_of_few_rows_the_calibration_error_is_shown_and_nothing_asked() -> None:
    few, many = (calibration_of("s", "disposition", 6.9, rows, None) for rows in (999, 1000))
    assert (few["floor"], few["ok"]) == (None, True)
    assert (many["floor"], many["ok"]) == (5.0, False)


def test_stored_models_were_trained_on_the_pinned_data() -> None:
    for entry in [entry for entry in quality() if entry["head"] != "proof"]:
        card = read_card(MODELS, entry["task"])
        assert card["heads"][entry["head"]]["data"] == entry["data"]


def _check(task: str, shared: Path) -> None:
    answers = evaluate_task(task, shared / "data")
    assert answers
    # What was reached is kept; whether the floor is reached is said by ``ok`` and shown, however it stands.
    assert [answer for answer in answers if not answer["held"]] == []


@pytest.mark.shared
@pytest.mark.parametrize("task", QUICK)
def test_the_floors_hold(task: str, shared: Path) -> None:
    _check(task, shared)


@pytest.mark.shared
@pytest.mark.floors
@pytest.mark.parametrize("task", SLOW)
def test_the_floors_of_the_larger_sets_hold(task: str, shared: Path) -> None:
    _check(task, shared)


def test_a_file_of_labelled_rows_is_judged_by_the_stored_model(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("label,text\nnegative,太差了气死我了\npositive,今天真开心\n", encoding="utf-8")
    answers = evaluate_task("sentiment", path)
    assert {answer["metric"] for answer in answers} == {"accuracy", "macro_f1"}
    assert all(answer["rows"] == 2 for answer in answers)


def test_strange_labels_are_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("label,text\nbad,太差了\n", encoding="utf-8")
    with pytest.raises(DataError, match="found bad; wanted"):
        evaluate_task("sentiment", path)


def test_other_data_than_the_pinned_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="task 'mood' has no floors"):
        evaluate_task("mood", tmp_path)
