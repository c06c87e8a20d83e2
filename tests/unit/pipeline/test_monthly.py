"""What the monthly DAG calls: a drift report, and a trial of what was corrected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import cli, tasks
from tests.unit.pipeline.test_cli import POST, lines_file

NOW = "2026-11-24T12:00:00+08:00"


@pytest.fixture
def working(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one judged message, and no data sets."""
    monkeypatch.setenv("HUIYING_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("HUIYING_STORE", f"sqlite:///{tmp_path}/huiying.db")
    monkeypatch.setenv("HUIYING_SHARED", str(tmp_path / "nowhere"))
    assert cli.run(["load", lines_file(tmp_path / "a.jsonl", POST)]) == 0
    assert cli.run(["assess"]) == 0
    return tmp_path


def test_without_corrections_there_is_the_drift_report(working: Path) -> None:
    found = tasks.learn(NOW)
    assert found["trained"] == {}
    report = json.loads(Path(found["report"]).read_text(encoding="utf-8"))
    assert report["at"] == NOW
    assert "not_trained" not in report
    assert set(report["drift"]) >= {"labels", "unknown_words", "calibration"}


def test_corrections_without_data_sets_are_not_forgotten(working: Path) -> None:
    assert cli.run(["label", "correct", "people_board:1", "board_domain", "医疗"]) == 0
    report = json.loads(Path(tasks.learn(NOW)["report"]).read_text(encoding="utf-8"))
    assert "board_domain" in report["not_trained"]
    assert report["trained"] == {}
