"""What commands say to people is Chinese: no English word but names, ids and metrics."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from casework.services import assign, notify, open_cases, supervise
from pipeline import cli
from pipeline.commands import model_words, stage_words
from tests.unit.pipeline.test_cli import POST, lines_file

Said = pytest.CaptureFixture[str]
IDS = re.compile(
    r"people_board[:\w]*|event:|case:|board_domain|[\w.]*/[\w./-]+|\b[a-z_]+\b(?=）：)|housing|kappa|AUC|F1"
)
NOW = ("--now", "2026-11-24T12:00:00+08:00")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HUIYING_VAR", str(tmp_path / "var"))
    return f"sqlite:///{tmp_path}/huiying.db"


def test_the_whole_way_speaks_chinese(store: str, tmp_path: Path, capsys: Said) -> None:
    post = {**POST, "text": "示例新城旁边的搅拌站噪音扰民,家里不敢开窗,请尽快处理"}
    commands = (
        ["load", lines_file(tmp_path / "a.jsonl", post)],
        ["assess"],
        ["events", *NOW],
        ["case", "show", "case:people_board:1", *NOW],
        ["event", "list", "--since", "2000-01-01T00:00:00+08:00", *NOW],
        ["event", "show", "event:people_board:1", *NOW],
        ["explain", "people_board:1"],
        ["label", "correct", "people_board:1", "board_domain", "环保", "--by", "李"],
        ["drift", *NOW],
        ["supervise", *NOW],
        ["store", "check"],
        ["audit", "verify"],
    )
    for command in commands:
        capsys.readouterr()
        assert cli.run([*command, "--store", store]) == 0, command
        said = capsys.readouterr().out
        assert re.search("[一-鿿]", said), command
        left = re.findall(r"[A-Za-z]{3,}", IDS.sub("", said))
        assert left in ([], ["huiying"] * len(left)), (command, left, said)


def test_every_count_of_a_stage_has_its_word() -> None:
    makers: tuple[Callable[[], object], ...] = (
        open_cases.OpenCounts,
        assign.AssignCounts,
        notify.NotifyCounts,
        supervise.SuperviseCounts,
    )
    keys = {key for made in makers for key in made().to_json()}  # type: ignore[attr-defined]
    assert len(keys) > 10
    assert keys <= set(stage_words.COUNTS)


def test_what_training_and_judging_say() -> None:
    head = {"same_rows": False, "metric": "macro_f1", "before": 80.0, "after": 78.5, "gain": -1.5, "classes": {}}
    head["classes"] = {"rumor": {"before": None, "after": 77.0, "gain": None, "rows": 12}}
    card = {
        "version": "2",
        "accepted": False,
        "comparison": {"against": "1", "heads": {"main": head}, "worse": ["main"]},
    }
    lines = list(model_words.trained_lines("rumour", card))
    assert lines[0] == "谣言可能（rumour）：版本 2，与在用的 1 版相比"
    assert "80.0 → 78.5（-1.5）" in lines[1]
    assert "像谣言：F1 77.0（在用模型没有这项数字），12 条" in lines[2]
    assert lines[-1].endswith("--even-if-worse。")
    row = {"set": "x", "task": "reply", "metric": "auc", "value": 98, "floor": 98, "aim": None, "rows": 9, "ok": True}
    assert list(model_words.score_lines(row)) == ["达标   x  答复核对（reply）  AUC 98（底线 98，9 条）"]
    row |= {"value": 90, "guard": 88, "held": True, "ok": False}
    assert list(model_words.score_lines(row)) == ["未达标 x  答复核对（reply）  AUC 90（底线 98，不许低于 88，9 条）"]
