"""Names do not leave by the words that are shown of a post or an event (keywords, deciding words, drift)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import run

NOW = "2026-11-24T10:30:00+08:00"
COMPLAINT = "邻居王建军长期占用楼道。我叫李国庆，多次找王建军说理，王建军不听，请城管部门处理楼道堆物。"
REPORT = "举报某镇党委书记张建国收受贿赂，侵占扶贫款。张建国把扶贫款私分，请纪委查处张建国。"


def post(number: int, title: str, text: str) -> dict[str, Any]:
    return {
        "source": "people_board",
        "native_id": str(number),
        "kind": "message",
        "title": title,
        "text": text,
        "published_at": NOW,
        "collected_at": NOW,
    }


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    monkeypatch.setenv("HUIYING_VAR", str(tmp_path))
    lines = [post(1, "王建军占用楼道", COMPLAINT), post(2, "举报某镇党委书记张建国收受贿赂", REPORT)]
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    options = ["--store", f"sqlite:///{tmp_path}/huiying.db", "--now", NOW]
    assert run(["load", str(path), *options]) == 0
    assert run(["run", "--from", "assess", "--until", "open", *options]) == 0
    capsys.readouterr()
    return options


@pytest.mark.parametrize("json_", [[], ["--json"]])
def test_keywords_and_deciding_words_name_nobody(
    where: list[str], json_: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["event", "show", "event:people_board:1", *json_, *where]) == 0
    assert run(["explain", "people_board:1", *json_, *where]) == 0
    shown = capsys.readouterr().out
    assert "楼道" in shown
    assert "王建军" not in shown
    assert "李国庆" not in shown


@pytest.mark.parametrize("json_", [[], ["--json"]])
def test_of_a_report_of_wrongdoing_an_event_shows_nothing_that_it_says(
    where: list[str], json_: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["event", "show", "event:people_board:2", *json_, *where]) == 0
    shown = capsys.readouterr().out
    assert "检举控告件" in shown
    for said in ("张", "扶贫款", "贿赂"):
        assert said not in shown
    assert run(["explain", "people_board:2", *json_, *where]) == 0
    assert "张建国" not in capsys.readouterr().out


def test_a_label_settles_a_report_only_as_the_act_that_it_is(
    where: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from casework.stores.open import open_store

    assert run(["label", "correct", "people_board:2", "petition_kind", "申诉求决", "--by", "li", *where]) == 0
    store = open_store(where[1])
    record = store.get_posts(["people_board:2"])["people_board:2"]
    case = store.get_case(str(record.case))
    store.close()
    assert record.assessment is not None
    assert record.assessment.label("petition_kind") == "申诉求决"
    # The case says so too, by whom and why: label and case never disagree.
    assert case.petition_kind == "申诉求决"
    assert (case.history[-1].by, case.history[-1].note) == ("li", "更正判断")
