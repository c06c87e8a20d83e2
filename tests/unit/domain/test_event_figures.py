"""An event in figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.domain.event_figures import Told, burst, drift, figures, title
from casework.domain.post import Post
from tests.unit.domain.making import START


def told(number: int, hours: float = 0, terms: tuple[str, ...] = (), **more: Any) -> Told:
    at = START + timedelta(hours=hours)
    values = {"source": "board", "kind": "message", "text": "路灯坏了", "title": None, "counts": {}, **more}
    negative, reprint = values.pop("negative", None), values.pop("reprint", False)
    source, kind, text = values.pop("source"), values.pop("kind"), values.pop("text")
    return Told(Post(source, str(number), kind, text, at, at, **values), terms, negative, reprint)


def test_the_figures_of_a_small_event() -> None:
    posts = [
        told(2, 3, ("路灯", "物业"), source="weibo", kind="weibo", counts={"reposts": 50}, negative=True),
        told(1, 0, ("路灯",), negative=False, title="示例小区路灯坏了一周没人修"),
        told(3, 5, ("路灯",), source="news", kind="news", reprint=True, counts={"reposts": 900}),
    ]
    found = figures(posts, START + timedelta(hours=6))
    assert found["posts"] == 3
    assert found["first"] == "board:1"
    assert [(one["source"], one["posts"]) for one in found["spread"]] == [("board", 1), ("weibo", 1), ("news", 1)]
    assert found["key_posts"] == ["weibo:2", "board:1"]
    assert found["keywords"] == ["路灯", "物业"]
    assert found["title"] == "示例小区路灯坏了一周没人修"
    assert found["negative_share"] == 0.5
    assert found["heat"] == found["course"][-1]["heat"] > 0
    assert found["drift"] == {"likeness": None, "turned": False, "new_words": []}


def test_heat_over_time_rises_with_posts_and_falls_without() -> None:
    found = figures([told(1, 0), told(2, 1)], START + timedelta(days=5))
    heats = [point["heat"] for point in found["course"]]
    assert len(heats) == 6
    # The second post came after the first point.
    assert heats[0] < heats[1]
    assert heats[1:] == sorted(heats[1:], reverse=True)
    assert heats[-2] / heats[-1] == pytest.approx(2, abs=0.01)


def test_a_burst_is_told_from_the_usual_traffic_of_that_hour() -> None:
    now = START + timedelta(weeks=8)
    usual = [now - timedelta(weeks=week, minutes=5 * n) for week in range(1, 5) for n in range(9)]
    calm = burst([*usual, *(now - timedelta(minutes=5 * n) for n in range(9))], now)
    assert calm == {"last_hour": 9, "usual": 9.0, "score": 0.0}
    loud = burst([*usual, *(now - timedelta(minutes=n) for n in range(50))], now)
    assert loud["score"] > 10
    assert burst([], now) == {"last_hour": 0, "usual": 0.0, "score": 0.0}


def test_an_event_that_turns_to_something_else_is_told() -> None:
    before = [told(n, n, ("路灯", "物业")) for n in range(6)]
    same = [told(n, n, ("路灯", "物业", "维修")) for n in range(6, 12)]
    other = [told(n, n, ("车位", "涨价")) for n in range(6, 12)]
    assert drift([*before, *same])["turned"] is False
    turned = drift([*before, *other])
    assert turned["turned"] is True
    assert set(turned["new_words"]) == {"车位", "涨价"}


def test_the_title_is_a_sentence_of_the_posts() -> None:
    posts = [told(1, text="大家好。搅拌站噪音扰民日夜不停！请处理"), told(2, 1, text="【搅拌站】噪音")]
    assert title(posts, ["搅拌站", "噪音"]) == "搅拌站噪音扰民日夜不停"
    assert title([told(1, text="")], []) == "(无标题)"
    assert title([told(1, text="短")], []) == "短"
