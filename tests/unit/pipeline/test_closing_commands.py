"""The commands of closing and follow-up: what is missing is told, a list is imported, the rates are counted."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.domain.times import show_time
from casework.records import User
from casework.stores.open import open_store
from pipeline import cli
from tests.unit.domain.making import HOUR, START, assigned

Said = pytest.CaptureFixture[str]
CASE = "case:board:1"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HUIYING_VAR", str(tmp_path / "var"))
    store = open_store(f"sqlite:///{tmp_path}/x.db")
    assert store.create_cases([assigned(at=START)]) == [True]
    store.put_user(User("wang", "principal", "-"))
    store.close()
    return f"sqlite:///{tmp_path}/x.db"


class Line:
    """The command line at a clock that moves a minute with every call."""

    def __init__(self, url: str, said: Said) -> None:
        self.url, self.said, self.at = url, said, START + HOUR

    def __call__(self, *words: str, code: int = 0) -> Any:
        self.at += timedelta(minutes=1)
        self.said.readouterr()
        assert cli.run([*words, "--store", self.url, "--now", show_time(self.at), "--json"]) == code
        lines = self.said.readouterr().out.strip().splitlines()
        return [json.loads(line) for line in lines] if words[1:2] == ("list",) else json.loads(lines[-1])


def test_from_the_answer_to_the_rates(url: str, tmp_path: Path, capsys: Said) -> None:
    line, text = Line(url, capsys), tmp_path / "text.txt"
    text.write_text("已更换线路。", encoding="utf-8")
    line("case", "sign", CASE)
    line("case", "mark", CASE, "--as", "strong", "--reason", "反应强烈")
    line("case", "draft", CASE, "--text-file", str(text))
    for gate in ("first", "second", "third", "secrecy"):
        line("case", "review", CASE, "--gate", gate, "--ok")
    refused = line("case", "publish", CASE, "--url", "https://gov.example/1", "--at", show_time(line.at), code=1)
    assert "marked 反应强烈" in refused["error"]["detail"]
    line("case", "endorse", CASE, "--ok", code=1)
    line("case", "endorse", CASE, "--ok", "--by", "wang")
    line("case", "publish", CASE, "--url", "https://gov.example/1", "--at", show_time(line.at))
    line("case", "record", CASE, "--item", "solution", "--text-file", str(text))
    wrong = line("case", "record", CASE, "--item", "solutions", "--text-file", str(text), code=2)
    assert "write one of adopted" in wrong["error"]["detail"]
    needs = line("case", "needs", CASE)
    assert needs["on_record"] == ["answer", "solution"]
    assert needs["missing"] == []
    assert needs["marks"] == {"strong": "反应强烈"}
    assert needs["endorsed"] is True
    line("case", "close", CASE)
    (waiting,) = line("follow-up", "list")
    assert (waiting["case"], waiting["post"], waiting["late"]) == (CASE, "board:1", False)
    assert line("case", "follow-up", CASE, "--solved", "yes", "--satisfied", "5")["state"] == "closed"
    assert line("follow-up", "list") == []
    found = line("follow-up", "figures")["all"]
    assert found["solved"] == found["satisfied"] == {"count": 1, "of": 1, "rate": 1.0}
    sheet = tmp_path / "list.csv"
    sheet.write_text("编号,是否满意,回访时间\nboard:1,不满意,2026-03-01\n", encoding="utf-8")
    counts = line("follow-up", "import", str(sheet))["stages"]["follow_up"]
    assert (counts["in"], counts["quarantined"]) == (1, 1)
    assert line("follow-up", "board")["stages"]["follow_up"]["recorded"] == 0


def test_a_list_that_is_none_is_refused_whole(url: str, tmp_path: Path, capsys: Said) -> None:
    line = Line(url, capsys)
    assert "no such file" in line("follow-up", "import", str(tmp_path / "none.csv"), code=2)["error"]["detail"]
    sheet = tmp_path / "list.xlsx"
    sheet.write_bytes(b"PK\x03\x04 cut off")
    assert "not a whole XLSX file" in line("follow-up", "import", str(sheet), code=2)["error"]["detail"]
    bare = tmp_path / "bare.csv"
    bare.write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert "no header within 10 rows" in line("follow-up", "import", str(bare), code=2)["error"]["detail"]
