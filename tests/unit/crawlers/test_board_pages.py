"""The board's pages of single messages: the full text where the list cut it, and no request more than that needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.replica import Replica
from crawlers.replica.server import serve_sites
from crawlers.replica.site import Answer, Ask
from crawlers.run import CollectResult, collect
from crawlers.source_folder import find_source
from tests.recorded.test_error_answers import RecordedSite

CASE = Path(__file__).resolve().parents[2] / "recorded" / "people_board" / "old_pages"
OVERRIDES = {"people_board": {"forums": [{"fid": 569, "name": "河南"}], "expected": {"min": 0, "max": 100}}}
SHELL = Answer(b'<!DOCTYPE html><html><body><div id="app"></div></body></html>')
GONE = Answer(b"gone", status=404)


class Board(RecordedSite):
    """The recorded board; ``pages`` answers for every page of a single message where it is set."""

    pages: Answer | None = None

    def answer(self, ask: Ask) -> Answer:
        return self.pages if self.pages is not None and ask.path.endswith("/content") else super().answer(ask)


@pytest.fixture
def board() -> Board:
    return Board(CASE, find_source("people_board").hosts)


def _run(replica: Replica, tmp: Path, now: datetime) -> tuple[CollectResult, list[str]]:
    """The result, and the pages of single messages that were asked for."""
    begun = len(replica.asked)
    result = collect("people_board", tmp / "out", tmp / "state", replica.base_url, now=now, overrides=OVERRIDES)
    asked = [path.split("=")[1] for *_, path, _ in replica.asked[begun:] if "/content" in path]
    return result, asked


def _counts(result: CollectResult) -> tuple[str, int, int, int]:
    return result.state, result.new, result.changed, result.quarantined


def test_a_message_that_was_read_whole_is_not_asked_again(
    board: Board, tmp_path: Path, now: datetime, read_lines: Any
) -> None:
    with serve_sites([board]) as replica:
        first, asked = _run(replica, tmp_path, now)
        second, again = _run(replica, tmp_path, now + timedelta(hours=1))
    assert (_counts(first), asked) == (("done", 3, 0, 0), ["26200103", "26200102", "26200101"])
    assert (_counts(second), again) == (("done", 0, 0, 0), ["26200101"]), "only the one whose page did not come"
    lines = {line["native_id"]: line for line in read_lines(tmp_path / "out")}
    assert {number: line["truncated"] for number, line in lines.items()} == {
        "26200103": False,
        "26200102": False,
        "26200101": True,
    }
    assert lines["26200103"]["text"].endswith("请尽快派人查看，谢谢。")
    assert lines["26200103"]["reply"]["text"] == "您好，排口已封堵，河道已清淤。"


def test_an_empty_shell_is_asked_once_a_week(board: Board, tmp_path: Path, now: datetime) -> None:
    board.pages = SHELL
    with serve_sites([board]) as replica:
        runs = [_run(replica, tmp_path, now + timedelta(days=days)) for days in (0, 1, 6, 8)]
    assert [len(asked) for _, asked in runs] == [1, 0, 0, 1]
    assert [_counts(result)[:3] for result, _ in runs] == [("done", 3, 0), *[("done", 0, 0)] * 3]


def test_pages_that_do_not_come_are_given_up_after_three(board: Board, tmp_path: Path, now: datetime) -> None:
    board.pages = GONE
    with serve_sites([board]) as replica:
        runs = [_run(replica, tmp_path, now + timedelta(hours=hours)) for hours in (0, 1)]
    assert [len(asked) for _, asked in runs] == [3, 0]
    assert [_counts(result)[:3] for result, _ in runs] == [("done", 3, 0), ("done", 0, 0)]


def test_a_text_that_was_read_whole_stays_whole_when_pages_can_be_had_no_more(
    board: Board, tmp_path: Path, now: datetime
) -> None:
    with serve_sites([board]) as replica:
        _run(replica, tmp_path, now)
        board.pages = SHELL
        runs = [_run(replica, tmp_path, now + timedelta(hours=hours)) for hours in (1, 2)]
    assert [(_counts(result), len(asked)) for result, asked in runs] == [
        (("done", 0, 0, 0), 1),
        (("done", 0, 0, 0), 0),
    ]
