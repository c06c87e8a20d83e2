"""What is trained is held against the model in force; a worse one is not written unless a person says so."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest

from nlp.comparing import NOISE, compare, train_against
from pipeline import cli

RUMOURS = ("网传示例市明天全城停水请大家赶紧储水", "紧急扩散示例路有人抢小孩速转", "震惊吃示例果会得重病转给家人")
TRUE = ("示例市水务局通报管网检修时间", "示例路今天上午恢复通车", "示例区疾控中心发布健康提示")


def made(folder: Path, wrong: float) -> Path:
    """Rows in the form of the set that the rumour head learns from; a share of them, by dice, says the opposite."""
    dice = random.Random(5)
    rows = [("rumor", f"{text}第{number}次消息") for number in range(20) for text in RUMOURS]
    rows += [("non-rumor", f"{text}第{number}号公告") for number in range(20) for text in TRUE]
    other = {"rumor": "non-rumor", "non-rumor": "rumor"}
    folder.mkdir(parents=True)
    with (folder / "ced_weibo_rumor_train.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("label", "text"))
        writer.writerows((other[label] if dice.random() < wrong else label, text) for label, text in rows)
    return folder


@pytest.fixture
def force(tmp_path: Path) -> Path:
    """A model in force, learnt from rows that are right."""
    card = train_against("rumour", made(tmp_path / "good", 0), tmp_path / "force", tmp_path / "none")
    assert card["comparison"] == {"against": None, "heads": card["comparison"]["heads"], "worse": []}
    assert card["accepted"]
    assert set(card["heads"]["main"]["classes"]) == {"rumor", "non-rumor"}
    return tmp_path / "force"


def test_what_is_worse_is_refused_and_written_only_by_name(force: Path, tmp_path: Path) -> None:
    data, out = made(tmp_path / "bad", 0.4), tmp_path / "out"
    card = train_against("rumour", data, out, force)
    head = card["comparison"]["heads"]["main"]
    assert not card["accepted"]
    assert card["comparison"]["worse"] == ["main"]
    assert head["classes"]["rumor"]["gain"] < 0
    assert head["classes"]["rumor"]["rows"] > 20
    assert not head["same_rows"]
    assert list(out.iterdir()) == []
    assert train_against("rumour", data, out, force, even_if_worse=True)["accepted"]
    assert sorted(path.name for path in (out / "rumour").iterdir()) == ["card.json", "main.npz"]
    assert "comparison" not in json.loads((out / "rumour" / "card.json").read_text(encoding="utf-8"))


def test_the_same_rows_gain_and_lose_nothing(force: Path, tmp_path: Path) -> None:
    before = (force / "rumour" / "main.npz").read_bytes()
    card = train_against("rumour", tmp_path / "good", force, force)
    head = card["comparison"]["heads"]["main"]
    assert (card["accepted"], head["same_rows"], head["gain"], head["slack"]) == (True, True, 0.0, NOISE)
    assert {one["gain"] for one in head["classes"].values()} == {0.0}
    assert (force / "rumour" / "main.npz").read_bytes() == before


def test_a_point_is_noise_only_where_the_rows_differ() -> None:
    def card(f1: float, data: str) -> dict[str, object]:
        return {"version": "1", "heads": {"main": {"scores": {"macro_f1": f1}, "data": {data: "x"}}}}

    assert compare(card(79.5, "a"), card(80.0, "a"))["worse"] == ["main"]
    assert compare(card(79.5, "b"), card(80.0, "a"))["worse"] == []
    assert compare(card(78.9, "b"), card(80.0, "a"))["worse"] == ["main"]
    found = compare(card(79.5, "b"), {"version": "0", "heads": {}})["heads"]["main"]
    assert (found["before"], found["gain"]) == (None, None)


def test_the_command_says_it_and_exits_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = made(tmp_path / "bad", 0.4), tmp_path / "out"
    command = ["train", "rumour", "--data", str(data), "--out", str(out)]
    assert cli.run(command) == 1
    said = capsys.readouterr().out
    assert "像谣言：F1" in said
    assert "没有写入；确要写入请加 --even-if-worse" in said
    assert cli.run([*command, "--corrections", "--even-if-worse"]) == 2
