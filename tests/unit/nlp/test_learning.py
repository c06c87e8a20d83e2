"""One head learnt anew with corrections, held against the one in force."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from nlp.datasets import DataError
from nlp.learning import Corrected, f1_of, learn
from nlp.linear import MODELS, load_head

RUMOURS = ("网传示例市明天全城停水请大家赶紧储水", "紧急扩散示例路有人抢小孩速转", "震惊吃示例果会得重病转给家人")
TRUE = ("示例市水务局通报管网检修时间", "示例路今天上午恢复通车", "示例区疾控中心发布健康提示")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Made rows in the form of the set that the rumour head learns from."""
    folder = tmp_path / "data"
    folder.mkdir()
    with (folder / "ced_weibo_rumor_train.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("label", "text"))
        for number in range(20):
            writer.writerows(("rumor", f"{text}第{number}次消息") for text in RUMOURS)
            writer.writerows(("non-rumor", f"{text}第{number}号公告") for text in TRUE)
    return folder


def test_what_agrees_with_the_rows_is_taken_and_the_version_says_so(data: Path, tmp_path: Path) -> None:
    corrections = [Corrected("", f"示例湖有怪兽网传视频速转第{number}", "rumor") for number in range(12)]
    verdict = learn("rumour", data, corrections, tmp_path / "out")
    assert verdict.accepted
    assert set(verdict.report["classes"]) == {"rumor", "non-rumor"}
    assert verdict.report["classes"]["rumor"]["rows"] == 60 + 12
    assert verdict.report["right_on_corrections"]["after"] == 100
    card = json.loads((tmp_path / "out" / "rumour" / "card.json").read_text(encoding="utf-8"))
    assert card["version"] == verdict.report["version"]
    assert card["version"].endswith("+12")
    assert load_head(tmp_path / "out", "rumour", "main", "rjieba").labels == ("non-rumor", "rumor")


def test_what_makes_the_model_worse_is_refused_and_nothing_is_written(data: Path, tmp_path: Path) -> None:
    # They say of the very same sentences the opposite of the rows.
    wrong = [Corrected("", f"{text}第{number}次消息", "non-rumor") for number in range(20) for text in RUMOURS]
    verdict = learn("rumour", data, wrong, tmp_path / "out")
    assert not verdict.accepted
    assert verdict.report["macro_f1_of_sets"]["after"] < verdict.report["macro_f1_of_sets"]["before"] - 1
    assert verdict.report["classes"]["rumor"]["gain"] < 0
    assert not (tmp_path / "out").exists()


def test_labels_that_no_head_knows_and_tasks_by_rules_are_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="corrections to maybe; its heads learn main: non-rumor, rumor"):
        learn("rumour", data, [Corrected("", "x", "maybe")], tmp_path)
    with pytest.raises(DataError, match="none: it goes by rules"):
        learn("severity", data, [Corrected("", "x", "major")], tmp_path)
    with pytest.raises(DataError, match="task 'mood' is not known"):
        learn("mood", data, [Corrected("", "x", "good")], tmp_path)


def test_f1_of_a_class_that_is_nowhere_is_nought() -> None:
    import numpy as np

    truth, guess = np.array([0, 0, 1]), np.array([0, 1, 1])
    assert f1_of(0, truth, guess) == pytest.approx(66.67)
    assert f1_of(2, truth, guess) == 0


def test_the_models_in_force_are_not_touched(data: Path, tmp_path: Path) -> None:
    before = (MODELS / "rumour" / "card.json").read_bytes()
    learn("rumour", data, [Corrected("", "网传示例速转", "rumor")], tmp_path / "out")
    assert (MODELS / "rumour" / "card.json").read_bytes() == before
