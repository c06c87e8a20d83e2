"""A label that a person corrects: put right at once, kept for training, kept when the post is judged anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casework.stores.open import open_store
from pipeline import cli
from tests.unit.pipeline.test_cli import POST, lines_file

Said = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """One judged and opened message, working files beside it."""
    monkeypatch.setenv("HUIYING_VAR", str(tmp_path / "var"))
    url = f"sqlite:///{tmp_path}/huiying.db"
    post = {**POST, "text": "路灯坏了,电话13812345678没人接,请尽快维修"}
    assert cli.run(["load", lines_file(tmp_path / "a.jsonl", post), "--store", url]) == 0
    assert cli.run(["assess", "--store", url]) == 0
    assert cli.run(["events", "--store", url]) == 0
    return url


def _value(url: str) -> dict[str, Any]:
    opened = open_store(url)
    found = opened.get_posts(["people_board:1"])["people_board:1"].assessment
    opened.close()
    assert found is not None
    return dict(found.value)


def _kept(tmp_path: Path) -> list[dict[str, Any]]:
    path = tmp_path / "var" / "training" / "corrections.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_correction_puts_the_assessment_right_and_is_kept_masked(store: str, tmp_path: Path, capsys: Said) -> None:
    before = _value(store)
    capsys.readouterr()
    command = ["label", "correct", "people_board:1", "board_domain", "医疗", "--by", "li", "--store", store, "--json"]
    assert cli.run(command) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["was"] == before["board_domain"]["label"] != "医疗"
    after = _value(store)
    assert after["board_domain"] == {"label": "医疗", "score": 1.0}
    assert after["models"]["board_domain"] == "by hand"
    assert after["models"]["sentiment"] == before["models"]["sentiment"]
    (kept,) = _kept(tmp_path)
    assert kept["by"] == "li"
    assert "13812345678" not in kept["text"]


def test_judging_anew_takes_what_other_models_judged_and_keeps_what_people_said(
    store: str, tmp_path: Path, capsys: Said
) -> None:
    assert cli.run(["label", "correct", "people_board:1", "board_domain", "医疗", "--store", store]) == 0
    assert cli.run(["events", "--store", store]) == 0
    capsys.readouterr()
    assert cli.run(["assess", "--again", "--store", store, "--json"]) == 0
    stages = json.loads(capsys.readouterr().out)["stages"]
    assert stages["reassess"] == {"in": 1, "done": 0, "kept": 1, "refused": 0}
    opened = open_store(store)
    record = opened.get_posts(["people_board:1"])["people_board:1"]
    assert record.assessment is not None
    older = {**record.assessment.value, "models": {**record.assessment.value["models"], "sentiment": "2020.1.1"}}
    opened.put_assessments({"people_board:1": (type(record.assessment)(older, record.revision), "路灯")})
    opened.close()
    assert cli.run(["events", "--store", store]) == 0
    capsys.readouterr()
    assert cli.run(["assess", "--again", "--store", store, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stages"]["reassess"]["done"] == 1
    value = _value(store)
    assert value["models"]["sentiment"] != "2020.1.1"
    assert value["board_domain"]["label"] == "医疗"


def test_an_import_goes_on_after_a_row_that_cannot_be_taken(store: str, tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "labels.csv"
    lines = ["post,task,label", "people_board:1,sentiment,neutral", "people_board:9,sentiment,neutral"]
    lines += ["people_board:1,severity,major", "people_board:1,emotion,bored"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert cli.run(["label", "import", str(file), "--store", store, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["stages"]["label"] == {"in": 4, "done": 2, "refused": 2}
    assert [row["line"] for row in said["refused"]] == [3, 5]
    assert "write one of" in said["refused"][1]["reason"]
    assert _value(store)["sentiment"]["neutral"] == 1.0


def test_nothing_corrected_is_nothing_to_learn(store: str, tmp_path: Path, capsys: Said) -> None:
    command = ["train", "rumour", "--data", str(tmp_path), "--out", str(tmp_path / "out"), "--corrections"]
    assert cli.run([*command, "--store", store]) == 2
    assert "nothing was corrected" in capsys.readouterr().err


def test_drift_gives_shares_unknown_words_and_calibration(store: str, capsys: Said) -> None:
    assert cli.run(["label", "correct", "people_board:1", "board_domain", "医疗", "--store", store]) == 0
    capsys.readouterr()
    command = ["drift", "--days", "3650", "--now", "2026-11-24T12:00+08:00", "--store", store, "--json"]
    assert cli.run(command) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["posts"] == {"before": 0, "now": 1}
    assert report["labels"]["board_domain"]["shares"] == {"医疗": {"before": 0.0, "now": 1.0}}
    assert 0 <= report["unknown_words"]["now"] < 1
    assert report["unknown_words"]["before"] is None
    assert report["calibration"]["board_domain"]["corrected"] == 1


def test_a_report_of_wrongdoing_by_correction_accuses_the_units_named(store: str) -> None:
    opened = open_store(store)
    record = opened.get_posts(["people_board:1"])["people_board:1"]
    assert record.assessment is not None
    named = {**record.assessment.value, "units": ["housing"], "accused": []}
    opened.put_assessments({"people_board:1": (type(record.assessment)(named, record.revision), "路灯")})
    opened.close()
    command = ["label", "correct", "people_board:1", "petition_kind"]
    assert cli.run([*command, "检举控告", "--store", store]) == 0
    assert _value(store)["accused"] == ["housing"]
    # Before its case stands, nobody takes the mark away by a label: it would go to the unit that it accuses.
    assert cli.run([*command, "申诉求决", "--store", store]) == 2
    assert _value(store)["accused"] == ["housing"]


SAID: list[tuple[str, str, Any]] = [
    ("disposition", "重大问题", {"label": "重大问题", "score": 1.0, "rule": "by_hand"}),
    ("units", "housing, 某物业公司", ["housing", "某物业公司"]),
    ("regions", "330106", [{"code": "330106", "name": "西湖区", "path": "浙江省/杭州市/西湖区", "from": "hand"}]),
    (
        "severity",
        "major deaths=12 category=事故灾难",
        {"level": "major", "category": "事故灾难", "deaths": 12, "injured": None, "signals": []},
    ),
]
REFUSED = [
    ("disposition", "别的"),
    ("units", ""),
    ("regions", "999999"),
    ("severity", "big"),
    ("severity", "major a=3"),
]


def test_what_nothing_learns_from_is_put_right_too_and_a_level_counts_the_limits(store: str, capsys: Said) -> None:
    assert cli.run(["run", "--from", "open", "--until", "assign", "--store", store]) == 0
    before = _value(store)
    for task, label in REFUSED:
        assert cli.run(["label", "correct", "people_board:1", task, label, "--by", "li", "--store", store]) == 2
    assert _value(store) == before
    for task, label, _ in SAID:
        assert cli.run(["label", "correct", "people_board:1", task, label, "--by", "li", "--store", store]) == 0
    assert cli.run(["assess", "--again", "--store", store]) == 0
    value = _value(store)
    for task, _, found in SAID:
        assert (value[task], value["models"][task]) == (found, "by hand")
        assert task not in value["unsure"]
    capsys.readouterr()
    assert cli.run(["case", "show", "case:people_board:1", "--store", store, "--json"]) == 0
    case = json.loads(capsys.readouterr().out)
    assert case["severity"] == "major"
    assert [entry["by"] for entry in case["history"] if entry["what"] == "level_set"] == ["li"]
    assert "report_phone_major" in {one["rule"] for one in case["deadlines"]}
    # Naming units keeps nobody out of a report: that is an act.
    assert cli.run(["case", "confirm", "case:people_board:1", "--unit", "housing", "--store", store]) == 0
    assert cli.run(["label", "correct", "people_board:1", "units", "无", "--store", store]) == 2
    assert "case confirm --unit" in capsys.readouterr().err


def test_a_report_by_correction_accuses_no_firm(store: str) -> None:
    """Only official bodies are accused of wrongdoing of an office, by name or by their people."""
    opened = open_store(store)
    record = opened.get_posts(["people_board:1"])["people_board:1"]
    assert record.assessment is not None
    named = {**record.assessment.value, "units": ["housing", "示例市示例物业公司"], "accused": []}
    opened.put_assessments({"people_board:1": (type(record.assessment)(named, record.revision), "路灯")})
    opened.close()
    command = ["label", "correct", "people_board:1", "petition_kind"]
    assert cli.run([*command, "检举控告", "--store", store]) == 0
    assert _value(store)["accused"] == ["housing"]
