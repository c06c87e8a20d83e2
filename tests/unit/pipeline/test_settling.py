"""Settling whether a case is a report of wrongdoing: by command, kept as a correction of its posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casework.domain.assessment import Assessment
from casework.stores.open import open_store
from pipeline import cli
from tests.unit.pipeline.test_cli import POST, lines_file

Said = pytest.CaptureFixture[str]
CASE = "case:people_board:1"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """One message whose kind is in doubt, opened."""
    monkeypatch.setenv("HUIYING_VAR", str(tmp_path / "var"))
    url = f"sqlite:///{tmp_path}/huiying.db"
    post = {**POST, "text": "住房局说账目已经公布，电话13812345678没人接，请回复"}
    assert cli.run(["load", lines_file(tmp_path / "a.jsonl", post), "--store", url]) == 0
    assert cli.run(["assess", "--store", url]) == 0
    value = {**_value(url), "unsure": ["petition_kind", "emotion"], "units": ["housing", "discipline"]}
    opened = open_store(url)
    opened.put_assessments({"people_board:1": (Assessment(value, 1), "")})
    opened.close()
    assert cli.run(["run", "--from", "open", "--until", "assign", "--store", url]) == 0
    return url


def _value(url: str) -> dict[str, Any]:
    opened = open_store(url)
    found = opened.get_posts(["people_board:1"])["people_board:1"].assessment
    opened.close()
    assert found is not None
    return dict(found.value)


def _run(capsys: Said, store: str, *command: str) -> dict[str, Any]:
    capsys.readouterr()
    assert cli.run([*command, "--store", store, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("command", "label", "accused"),
    [
        (["lift", CASE, "--reason", "只问账目"], "申诉求决", []),
        (["lift", CASE, "--reason", "提建议", "--kind", "建议意见"], "建议意见", []),
        (["confirm", CASE, "--unit", "housing"], "检举控告", ["housing", "discipline", "住房局"]),
    ],
)
def test_what_a_person_says_puts_the_post_right_and_is_kept(
    store: str, tmp_path: Path, capsys: Said, command: list[str], label: str, accused: list[str]
) -> None:
    assert _run(capsys, store, "case", "show", CASE)["state"] == "to_review"
    assert _run(capsys, store, "case", *command, "--by", "li")["state"] == "opened"
    after = _value(store)
    assert after["petition_kind"] == {"label": label, "score": 1.0}
    assert after["unsure"] == ["emotion"]
    assert after["accused"] == accused
    path = tmp_path / "var" / "training" / "corrections.jsonl"
    (kept,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert (kept["task"], kept["label"], kept["by"]) == ("petition_kind", label, "li")
    assert "13812345678" not in kept["text"]
    # The post is looked at again: what the person said of the case stands.
    _run(capsys, store, "run", "--from", "open", "--until", "assign")
    _run(capsys, store, "run", "--from", "open", "--until", "assign")
    case = _run(capsys, store, "case", "show", CASE)
    assert (case["department"] == "discipline") == (label == "检举控告")
    assert [entry["what"] for entry in case["history"]].count("restricted") == 0


def test_an_unknown_department_is_named(store: str, capsys: Said) -> None:
    capsys.readouterr()
    assert cli.run(["case", "confirm", CASE, "--unit", "nobody", "--store", store]) == 2
    assert "no such department 'nobody'" in capsys.readouterr().err
