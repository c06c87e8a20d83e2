"""Samples that people label: drawn again they are the same; strange label files are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.datasets import DataError
from nlp.labelling.sets import SETS, named, read_labels, sample, write_labels, write_sample
from nlp.labelling.source import FILES, letters


@pytest.mark.parametrize("name", SETS)
def test_a_sample_has_enough_rows_and_none_twice(name: str) -> None:
    drawn = sample(name)
    least = {"petition": 320, "message": 420, "hot_pairs": 620}
    assert len(drawn) >= least[name]
    assert len({one.row for one in drawn}) == len(drawn)
    assert all(one.of > 0 and one.stratum for one in drawn)


@pytest.mark.shared
@pytest.mark.parametrize("name", SETS)
def test_the_same_data_give_the_same_rows(name: str, shared: Path) -> None:
    drawn = named(name).draw(shared / "data")
    assert drawn == sample(name)
    found = letters(shared / "data", FILES)
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
    with pytest.raises(DataError, match="petition, message, hot_pairs"):
        named("letters")
