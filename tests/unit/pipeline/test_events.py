"""``huiying event``: list, show, merge, split."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import cli
from tests.unit.pipeline.test_cli import POST, lines_file

NOW = ("--now", "2026-11-24T12:00:00+08:00")


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Two letters about one plant, one of them with a phone number, and one about lamps, judged and grouped."""
    url = f"sqlite:///{tmp_path}/huiying.db"
    texts = (
        "示例新城旁边的搅拌站噪音扰民,灰尘很大,家里不敢开窗,电话13812345678",
        "再次反映示例新城搅拌站噪音和灰尘扰民,日夜不停,家里不敢开窗",
        "样板花园南门的路灯坏了三个月,晚上老人出行不便",
    )
    posts = [{**POST, "native_id": str(n), "title": None, "text": text} for n, text in enumerate(texts, start=1)]
    assert cli.run(["load", lines_file(tmp_path / "a.jsonl", *posts), "--store", url]) == 0
    assert cli.run(["assess", "--store", url]) == 0
    assert cli.run(["events", "--store", url, *NOW]) == 0
    return url


def test_events_are_listed_shown_split_and_merged(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*command: str) -> list[dict[str, object]]:
        capsys.readouterr()
        assert cli.run(["event", *command, "--store", store, "--json", *NOW]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    listed = said("list", "--since", "2000-01-01T00:00:00+08:00")
    assert {str(line["id"]): line["posts"] for line in listed} == {"event:people_board:1": 2, "event:people_board:3": 1}
    (shown,) = said("show", "event:people_board:1")
    assert shown["posts"] == 2
    assert "13812345678" not in json.dumps(shown)
    assert "搅拌站" in str(shown["title"])
    (fresh,) = said("split", "event:people_board:1", "--post", "people_board:2", "--by", "li")
    assert fresh["id"] == "event:people_board:2"
    (whole,) = said("merge", "event:people_board:2", "event:people_board:1", "--by", "li")
    assert whole["posts"] == ["people_board:1", "people_board:2"]
    assert cli.run(["event", "show", "event:people_board:1", "--store", store, *NOW]) == 0
    assert "帖文 2 条，热度" in capsys.readouterr().out


def test_an_event_that_is_not_there_is_said(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["event", "show", "event:none", "--store", store]) == 2
    assert "no such event" in capsys.readouterr().err
