"""Reading what is not there: said, with its name, and nothing is made in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casework.stores.open import open_store
from pipeline import cli

READERS = [
    "case list",
    "case show case:1",
    "case sign case:1",
    "search 路灯",
    "audit verify",
    "store check",
    "store export OUT",
    "explain weibo:1",
    "report daily --out OUT.docx",
]
MAKERS = ["load POSTS", "assess", "events", "notify", "supervise", "store migrate", "run --from load"]


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("named", [True, False])
def test_a_store_that_is_not_there_is_named_and_not_made(
    command: str, named: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "no" / "such.db" if named else tmp_path / "var" / "huiying.db"
    store = ["--store", f"sqlite:///{file}"] if named else []
    before = sorted(tmp_path.rglob("*"))
    code = cli.run([*command.replace("OUT", str(tmp_path / "out")).split(), *store, "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert code == 3
    assert answer["error"]["kind"] == "unavailable"
    assert str(file) in answer["error"]["detail"]
    assert "huiying load" in answer["error"]["detail"]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", MAKERS)
def test_a_command_that_works_on_the_store_may_make_it(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "posts.jsonl").touch()
    file = tmp_path / "new" / "huiying.db"
    words = command.replace("POSTS", str(tmp_path / "posts.jsonl")).split()
    assert cli.run([*words, "--store", f"sqlite:///{file}", "--json"]) == 0
    assert file.is_file()
    assert cli.run(["case", "list", "--store", f"sqlite:///{file}", "--json"]) == 0
    capsys.readouterr()


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """The URL of a store without posts."""
    url = f"sqlite:///{tmp_path}/huiying.db"
    open_store(url).close()
    return url


@pytest.mark.parametrize("command", ["case list", "search 路灯", "audit verify", "store check"])
def test_a_folder_of_the_office_that_is_not_there_is_a_wrong_call(
    command: str, empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*command.split(), "--store", empty, "--config", "/no/such/folder", "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"]["kind"] == "config"
    assert "/no/such/folder: no such folder" in answer["error"]["detail"]


def test_an_unknown_department_is_answered_with_the_nearest(empty: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["case", "list", "--store", empty, "--json", "--department"]
    assert cli.run([*command, "market_supervison"]) == 2
    detail = json.loads(capsys.readouterr().out)["error"]["detail"]
    assert "'market_supervison'" in detail
    assert "did you mean market_supervision?" in detail
    assert cli.run([*command, "nope"]) == 2
    assert "no such department" in json.loads(capsys.readouterr().out)["error"]["detail"]
    assert cli.run([*command, "market_supervision"]) == 0
    assert capsys.readouterr().out == ""
