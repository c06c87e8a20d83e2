"""``huiying explain``: the words that decided, in the masked text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import cli
from tests.unit.pipeline.test_cli import POST, lines_file


def test_the_words_that_decided_are_shown_in_the_masked_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/huiying.db"
    post = {**POST, "title": "小区路灯不亮", "text": "物业公司一直不修小区的路灯,电话13812345678没人接。"}
    assert cli.run(["load", lines_file(tmp_path / "a.jsonl", post), "--store", url]) == 0
    assert cli.run(["assess", "--store", url]) == 0
    capsys.readouterr()
    assert cli.run(["explain", "people_board:1", "--store", url, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert "13812345678" not in value["text"]
    assert value["spans"]
    for span in value["spans"]:
        assert value[span["field"]][span["start"] : span["end"]] == span["word"]
        assert all(span["word"] in value["evidence"][label] for label in span["for"])
    assert cli.run(["explain", "people_board:1", "--store", url]) == 0
    shown = capsys.readouterr().out
    assert f"【{value['spans'][0]['word']}】" in shown
    assert "13812345678" not in shown
