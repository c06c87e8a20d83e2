"""``huiying search``: every post for programs, every text once for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casework.domain.times import parse_time
from casework.records import Opened
from casework.stores.open import open_store
from pipeline import cli
from tests.unit.pipeline.test_cli import POST, lines_file


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A message and two pieces of news that repeat it."""
    url = f"sqlite:///{tmp_path}/huiying.db"
    news = [{**POST, "source": "news", "native_id": str(number), "kind": "news"} for number in (1, 2)]
    assert cli.run(["load", lines_file(tmp_path / "a.jsonl", POST, *news), "--store", url]) == 0
    opened = open_store(url)
    for id_ in ("people_board:1", "news:1", "news:2"):
        copy_of = None if id_ == "people_board:1" else "people_board:1"
        opened.put_opened([Opened(id_, "event:people_board:1", "joined", None, copy_of)])
    assert opened.get_posts(["news:1"])["news:1"].post.published_at == parse_time(POST["published_at"])
    opened.close()
    return url


def test_programs_get_every_post_and_people_every_text_once(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.run(["search", "路灯", "--store", store, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [set(line) for line in lines] == [{"id", "highlight"}] * 3
    assert cli.run(["search", "路灯", "--store", store]) == 0
    (shown,) = capsys.readouterr().out.splitlines()
    assert shown.startswith("news:1  ")
    assert shown.endswith("（另有转载 2 条）")


def test_either_way_may_be_asked_for(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.run(["search", "路灯", "--store", store, "--json", "--fold"]) == 0
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert line["reprints"] == 2
    assert cli.run(["search", "路灯", "--store", store, "--no-fold"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
