"""A topic's rank and heat are kept over time, and its rise is a signal; over simulated looks every ten minutes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import TextResponse

from crawlers.base.hot_list import RISE
from crawlers.collector import Collector
from crawlers.source_folder import find_source
from crawlers.state import Seen
from crawlers.worker import spider_class

START = datetime.fromisoformat("2026-11-24T11:00:00+08:00")
SOURCE = find_source("weibo_hot")


class Lines:
    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.reasons: list[str] = []

    def post(self, line: str) -> None:
        self.posts.append(json.loads(line))

    def refused(self, number: int, reason: str, raw: str) -> None:
        self.reasons.append(reason)


def row(word: str, rank: int, heat: int, flag: str = "") -> dict[str, Any]:
    return {"word": word, "note": word, "realpos": rank, "num": heat, "label_name": flag}


def walk(state: Path | None, rows: Iterable[Any], minutes: int, seen: Seen | None = None) -> Lines:
    """One look, remembered in ``state`` as a run does."""
    lines, seen = Lines(), seen or Seen(state)
    spider: Any = spider_class(SOURCE)(Collector(SOURCE, START + timedelta(minutes=minutes), seen, lines))
    body = json.dumps({"ok": 1, "data": {"realtime": list(rows)}}).encode()
    assert list(spider.parse_list(TextResponse("https://weibo.com/ajax/side/hotSearch", body=body))) == []
    seen.save(complete=spider.collector.stop_reason is None)
    return lines


def of(lines: Lines, word: str) -> dict[str, Any]:
    (post,) = [post for post in lines.posts if post["title"] == word]
    return post


def test_the_course_of_a_topic_is_kept_and_its_rise_marked_once(tmp_path: Path) -> None:
    state = tmp_path / "hot.json"
    calm = [row(f"平常话题{n}", n, 900_000 - n * 1000) for n in range(1, 30)]
    first = walk(state, [*calm, row("青石路停水", 30, 100_000, "新")], 0)
    assert len(first.posts) == 30
    assert {post["labels"].get("rise") for post in first.posts} == {None}, "on a first look everything is new"
    second = walk(state, [*calm, row("青石路停水", 25, 150_000, "热")], 10)
    assert [post["title"] for post in second.posts] == ["青石路停水"], "what did not move is not written again"
    third = walk(state, [*calm, row("青石路停水", 15, 190_000, "新")], 20)
    post = of(third, "青石路停水")
    assert post["labels"] == {"flag": "热", "rise": RISE}
    assert post["counts"] == {"views": 190_000}
    assert post["extra"] == {
        "rank": 15,
        "heat": 190_000,
        "best_rank": 15,
        "peak_heat": 190_000,
        "since_assumed": 1,
        "trail": "11-24 11:00 #30 100000; 11-24 11:10 #25 150000; 11-24 11:20 #15 190000",
    }
    fallen = of(walk(state, [*calm, row("青石路停水", 28, 120_000)], 30), "青石路停水")
    assert fallen["labels"] == {"flag": "热", "rise": RISE}, "a mark that flickers would be a revision each time"
    assert (fallen["extra"]["best_rank"], fallen["extra"]["peak_heat"]) == (15, 190_000)
    assert {fallen["native_id"], post["native_id"]} == {"20261124-青石路停水"}


@pytest.mark.parametrize(
    ("before", "after", "minutes", "rises"),
    [
        ((20, 100_000), (11, 110_000), 10, False),
        ((20, 100_000), (10, 110_000), 10, True),
        ((20, 100_000), (20, 199_999), 10, False),
        ((20, 100_000), (20, 200_000), 10, True),
        ((20, 100_000), (5, 900_000), 61, False),
    ],
)
def test_what_a_rise_is_stands_in_the_source(
    tmp_path: Path, before: tuple[int, int], after: tuple[int, int], minutes: int, rises: bool
) -> None:
    state = tmp_path / "hot.json"
    walk(state, [row("话题", *before)], 0)
    assert (of(walk(state, [row("话题", *after)], minutes), "话题")["labels"].get("rise") == RISE) == rises


def test_a_topic_straight_into_the_first_places_is_a_rise_but_not_on_the_first_look(tmp_path: Path) -> None:
    state = tmp_path / "hot.json"
    walk(state, [row("旧话题", 1, 5)], 0)
    found = walk(state, [row("新话题", 3, 500), row("更后的新话题", 11, 50)], 10)
    assert [post["labels"].get("rise") for post in found.posts] == [RISE, None]


def test_a_topic_that_was_away_a_day_is_another_and_is_forgotten_until_then(tmp_path: Path) -> None:
    state = tmp_path / "hot.json"
    walk(state, [row("话题", 20, 100)], 0)
    day = 24 * 60 + 1
    walk(state, [row("别的", 1, 9)], day)
    assert list(Seen(state).notes["topics"]) == ["别的"]
    back = of(walk(state, [row("话题", 20, 100), row("别的", 1, 9)], day + 10), "话题")
    assert back["native_id"] == "20261125-话题"
    assert back["extra"]["trail"] == "11-25 11:11 #20 100"


def test_a_long_stay_keeps_its_first_and_its_newest_points(tmp_path: Path) -> None:
    seen = Seen(None)
    for look in range(200):
        lines = walk(None, [row("话题", 20 + look % 3, 1000 + look)], 10 * look, seen)
    points = of(lines, "话题")["extra"]["trail"].split("; ")
    assert 30 <= len(points) <= 60
    assert points[0] == "11-24 11:00 #20 1000"
    assert points[-1].endswith(" 1199")
    assert len(set(points)) == len(points)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(max_size=5),
            st.dictionaries(
                st.sampled_from(["word", "note", "realpos", "rank", "num", "label_name", "onboard_time", "is_ad"]),
                st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([])),
            ),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_row_of_any_form_is_a_topic_or_put_aside(rows: list[Any]) -> None:
    seen = Seen(None)
    for minutes in (0, 10):
        lines = walk(None, rows, minutes, seen)
        assert all(lines.reasons)
        for post in lines.posts:
            assert post["title"]
            assert post["extra"]["trail"]
