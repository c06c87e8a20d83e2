"""Samples that people label: drawn again they are the same; strange label files are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.datasets import DataError
from nlp.labelling import scoring
from nlp.labelling.agreement import agreement, differing, kappa
from nlp.labelling.evaluate import f1_scores, rows, rules_of_disposition, tasks
from nlp.labelling.sets import (
    FOLDER,
    SETS,
    drawn_again,
    named,
    read_labels,
    sample,
    settled,
    write_labels,
    write_sample,
)
from nlp.labelling.source import FILES, letters

ROOT = Path(__file__).resolve().parents[3]
JUDGED = ["petition", "message", "complaints"]


@pytest.mark.parametrize("name", SETS)
def test_a_sample_has_enough_rows_and_none_twice(name: str) -> None:
    drawn = sample(name)
    least = {"petition": 320, "petition_train": 300, "petition_border": 580, "message": 420, "complaints": 200}
    least |= {"hot_pairs": 620, "sentiment_message": 280, "sentiment_news": 300}
    assert len(drawn) >= least[name]
    assert len({one.row for one in drawn}) == len(drawn)
    assert all(one.of > 0 and one.stratum for one in drawn)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.floors if name == "hot_pairs" else ())
        for name, entry in SETS.items()
        if entry.draw is not None
    ],
)
def test_the_same_data_give_the_same_rows(name: str, shared: Path) -> None:
    drawn = drawn_again(name, shared / "data")
    assert drawn == sample(name)
    found = named(name).texts(shared / "data")
    assert all(id_ in found for one in drawn for id_ in one.row.split("+"))


def _folder(tmp_path: Path) -> Path:
    write_sample(sample("message")[:2], tmp_path / "message.sample.csv")
    return tmp_path


def test_labels_are_written_in_the_order_of_the_sample_and_read_again(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    first, second = (one.row for one in sample("message", folder))
    write_labels(
        "message", "pass1", [{"row": second, "message_type": "投诉"}, {"row": first, "message_type": "求助"}], folder
    )
    found = read_labels("message", "pass1", folder)
    assert list(found) == [first, second]
    assert found[first]["message_type"] == "求助"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["{0},投诉", "{0},投诉"], "twice"),
        (["attach2/0,投诉"], "not in the sample"),
        (["{0},抱怨", "{1},投诉"], "line 2: message_type '抱怨'"),
        (["{0},投诉"], "1 rows of the sample have no label"),
    ],
)
def test_a_strange_file_of_labels_is_named(tmp_path: Path, lines: list[str], told: str) -> None:
    folder = _folder(tmp_path)
    ids = [one.row for one in sample("message", folder)]
    text = "\n".join(["row,message_type", *(line.format(*ids) for line in lines)])
    (folder / "message.pass1.csv").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_labels("message", "pass1", folder)


def test_an_unknown_set_is_named() -> None:
    with pytest.raises(DataError, match="petition, petition_train, petition_border, message, complaints, hot_pairs"):
        named("letters")


def test_kappa_of_cohens_own_kind_of_table() -> None:
    first = ["a"] * 20 + ["a"] * 5 + ["b"] * 10 + ["b"] * 15
    second = ["a"] * 20 + ["b"] * 5 + ["a"] * 10 + ["b"] * 15
    assert kappa(first, second) == pytest.approx(0.4)
    assert kappa(["a", "a"], ["a", "a"]) == 1.0
    assert kappa(["a", "b"], ["b", "a"]) == pytest.approx(-1.0)


READ_TWICE = {
    "petition": 0.7,
    "petition_train": 0.7,
    "petition_border": 0.7,
    "complaints": 0.4,
    "message": 0.8,
    "hot_pairs": 0.9,
}
"""Sets of two readers with the least kappa; hardly a letter of ``complaints`` accuses: chance agrees on nearly all."""


@pytest.mark.parametrize(("name", "least"), READ_TWICE.items())
def test_two_readers_agree(name: str, least: float) -> None:
    entries = agreement(name)
    assert entries
    assert all(entry["kappa"] >= least for entry in entries)


@pytest.mark.parametrize("name", READ_TWICE)
def test_the_agreed_labels_follow_the_readers_and_name_a_rule_where_they_differ(name: str) -> None:
    agreed, one = settled(name), read_labels(name, "pass1")
    differ = {row["row"] for row in differing(name)}
    assert differ
    for row, label in agreed.items():
        assert bool(label["rule"]) == (row in differ)
        if row not in differ:
            assert all(label[column] == one[row][column] for column in named(name).columns)
    guide = (ROOT / "docs/how-to/labelling.md").read_text(encoding="utf-8")
    assert all(f"**{label['rule']}" in guide for label in agreed.values() if label["rule"])


def test_a_letter_of_two_sets_is_settled_alike() -> None:
    seen: dict[str, str] = {}
    for name in ("petition", "petition_train", "petition_border", "complaints"):
        for row, label in settled(name).items():
            assert seen.setdefault(row, label["petition_kind"]) == label["petition_kind"]


def test_the_labels_hold_ids_and_labels_alone() -> None:
    files = sorted(FOLDER.glob("*.csv"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert text.isascii() or max(len(line) for line in text.splitlines()) < 60, path.name


def test_scores_of_pairs() -> None:
    found = f1_scores([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")], ("a", "b", "c"))
    assert found["accuracy"] == 75.0
    assert found["macro_f1"] == pytest.approx(100 * (2 / 3 + 4 / 5) / 2, abs=0.01)
    assert found["macro_f1_common"] == 0.0


def test_a_sample_that_a_model_chose_is_not_drawn_again(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="petition_border: its rows were chosen by what an earlier model was unsure of"):
        drawn_again("petition_border", tmp_path)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "judged"), [("petition_train", ["petition"]), ("petition_border", JUDGED)])
def test_no_letter_of_a_judged_writer_is_trained_on(name: str, judged: list[str], shared: Path) -> None:
    found = letters(shared / "data", FILES)
    writers = {found[one.row].user for one in sample(name)}
    assert writers
    assert not writers & {found[one.row].user for other in judged for one in sample(other)}


QUICK = ("message_type", "units")
"""Tasks that nothing is trained for."""


@pytest.mark.shared
@pytest.mark.parametrize(
    "task", [task if task in QUICK else pytest.param(task, marks=pytest.mark.floors) for task in tasks()]
)
def test_the_floors_on_labelled_letters_hold(task: str, shared: Path) -> None:
    found = list(rows(shared / "data", only=task))
    assert found
    assert [row for row in found if not row["held"]] == []


@pytest.mark.shared
@pytest.mark.floors
def test_the_scores_of_rules_are_those_that_letters_give(shared: Path) -> None:
    again = scoring.count(rules_of_disposition(shared / "data"))
    assert set(again) == set(scoring.counted())
    for rule, one in again.items():
        known = scoring.counted()[rule]
        assert abs(scoring.score_of(one["right"], one["rows"]) - scoring.score_of(known["right"], known["rows"])) < 0.1


def test_a_rule_that_was_counted_on_few_letters_is_unsure() -> None:
    told = [("often", True)] * 12 + [("often", False)] * 3 + [("wrong", False)] * 9 + [("wrong", True)] * 3
    counts = scoring.count([*told, ("once", True)])
    assert counts["often"] == {"rows": 15, "right": 12}
    assert scoring.score_of(12, 15) == pytest.approx(13 / 17)
    assert scoring.score_of_rule("never counted") == (0.5, False)
    held = scoring.held_out(told)
    value, rows_, bins = scoring.error(held)
    assert (rows_, sum(one["rows"] for one in bins)) == (27, 27)
    assert 0 < value < 50
    assert scoring.error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)])[0] == 0
