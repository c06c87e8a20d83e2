"""A board whose number is another's: nothing of it is taken, the other boards are read, and the run says so."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.base.board_names import is_another, place_of
from crawlers.replica.server import serve_sites
from crawlers.replica.site import Answer, Ask
from crawlers.run import CollectResult, collect
from crawlers.run_log import log_path, read_runs
from crawlers.source_folder import find_source
from crawlers.watch import status_of

PLACES = {
    "河南": ("province", "河南"),
    "海南省委书记": ("province", "海南"),
    "北京市市长": ("province", "北京"),
    "内蒙古自治区党委书记": ("province", "内蒙古"),
    "河南省教育厅": ("province", "河南"),
    "郑州市委书记": ("city", "郑州市"),
    "河南郑州市市长": ("city", "郑州市"),
    "恩施土家族苗族自治州州长": ("city", "恩施土家族苗族自治州"),
    "金水区委书记": ("county", "金水区"),
    "重庆市万州区委书记": ("county", "万州区"),
    "灵山县委书记": ("county", "灵山县"),
    "阿荣旗委书记": ("county", "阿荣旗"),
    "市委书记": None,
}


@pytest.mark.parametrize("name", PLACES)
def test_whose_board_a_name_is(name: str) -> None:
    assert place_of(name) == PLACES[name]


@pytest.mark.parametrize(
    ("expected", "shown", "another"),
    [
        ("河南", ["海南省委书记"], True),
        ("河南", ["海南省委书记", "广东省省长"], True),
        ("河南", ["河南省委书记"], False),
        ("河南", ["河南省委书记", "海南省委书记"], False),
        ("河南", ["金水区委书记"], False),
        ("河南", ["海南省委书记", "金水区委书记"], False),
        ("河南省委书记", ["金水区委书记", "郑州市委书记"], True),
        ("河南省委书记", ["河南省省长"], True),
        ("河南省委书记", ["河南省委书记", "金水区委书记"], False),
        ("郑州市", ["洛阳市委书记"], True),
        ("金水区", ["灵山县委书记"], True),
        ("12345", ["金水区委书记"], False),
    ],
)
def test_what_is_surely_another_board(expected: str, shown: list[str], another: bool) -> None:
    assert is_another(expected, shown) == another


class Boards:
    """Boards by number: the names that their rows carry by turns."""

    source = "people_board"
    hosts: tuple[str, ...] = ("liuyan.people.com.cn",)

    def __init__(self, **names: list[Any]) -> None:
        self.names = {fid.strip("_"): shown for fid, shown in names.items()}

    def answer(self, ask: Ask) -> Answer:
        fid, shown = ask.form["fid"], self.names[ask.form["fid"]]
        row = {"content": "信号灯坏了三天，请尽快维修。", "dateline": 1763900000, "subject": "信号灯坏了"}
        tids = range(int(fid) * 1000 + 4, int(fid) * 1000, -1) if ask.form["lastItem"] == "0" else ()
        rows = [{**row, "tid": tid, "forumName": shown[tid % len(shown)]} for tid in tids]
        return Answer(json.dumps({"result": "success", "success": True, "responseData": rows}).encode(), "text/html")


def _run(site: Boards, folder: Path, now: datetime, **names: str) -> CollectResult:
    forums = [{"fid": int(fid.strip("_")), "name": name} for fid, name in names.items()]
    with serve_sites([site]) as replica:
        places = folder, folder / "state", replica.base_url
        return collect("people_board", *places, now=now, overrides={"people_board": {"forums": forums}})


def test_of_a_wrong_board_nothing_is_taken_and_the_others_are_read(
    tmp_path: Path, now: datetime, read_lines: Any
) -> None:
    site = Boards(_569=["海南省委书记"], _570=["河南省省长"])
    first = _run(site, tmp_path, now, _569="河南", _570="河南")
    second = _run(site, tmp_path, now + timedelta(hours=1), _569="河南", _570="河南")
    assert (first.state, first.new, first.quarantined) == ("done", 4, 1)
    assert {line["place"] for line in read_lines(tmp_path)} == {"河南省省长"}
    for result in (first, second):
        assert "board 569 calls itself 海南省委书记, people_board/source.yml says 河南" in str(result.reason)
    runs = read_runs(log_path(tmp_path / "state", "people_board"))
    status = status_of(find_source("people_board"), runs, now + timedelta(hours=1))
    assert (status.state, str(status.reason)[:10]) == ("collecting", "提示：board 5")
    corrected = _run(site, tmp_path, now + timedelta(hours=2), _569="海南", _570="河南")
    assert (corrected.new, corrected.reason) == (4, None)


def test_where_every_board_is_another_the_source_stops(tmp_path: Path, now: datetime, read_lines: Any) -> None:
    site = Boards(_569=["海南省委书记"], _570=["海南省省长"])
    result = _run(site, tmp_path, now, _569="河南", _570="河南")
    assert (result.state, result.new, result.quarantined) == ("stopped", 0, 2)
    assert "nothing of it is taken" in str(result.reason)
    assert read_lines(tmp_path) == []


@pytest.mark.parametrize("shown", [["河南省委书记", "金水区委书记"], ["金水区委书记"]])
def test_rows_of_other_names_are_taken_with_a_remark(shown: list[str], tmp_path: Path, now: datetime) -> None:
    result = _run(Boards(_569=shown), tmp_path, now, _569="河南")
    assert (result.state, result.new, result.quarantined) == ("done", 4, 0)
    assert "board 569 calls itself 金水区委书记" in str(result.reason)


@pytest.mark.parametrize("shown", [["河南省委书记"], [None], [""]])
def test_rows_without_a_name_and_of_the_right_one_need_no_word(shown: list[Any], tmp_path: Path, now: datetime) -> None:
    result = _run(Boards(_569=shown), tmp_path, now, _569="河南")
    assert (result.state, result.new, result.reason) == ("done", 4, None)
