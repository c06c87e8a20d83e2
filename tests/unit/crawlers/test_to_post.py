from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from crawlers.to_post import Item, Refused, read_count, to_line, to_post


def _item(**other: Any) -> Item:
    values: dict[str, Any] = {"native_id": "7", "text": "路灯坏了", "published": "2026-11-23 10:00", **other}
    return Item(**values)


def test_an_item_becomes_a_line_of_the_contract(now: datetime) -> None:
    post = to_post(
        _item(
            title="cafe\u0301\n灯",
            labels={"domain": "城建", "type": None},
            counts={"likes": "1.2万", "reposts": "转发", "comments": 3, "views": None},
            reply={"organisation": "示例局", "text": "已修复", "at": "2026-11-23 18:00", "state": "已办理"},
            extra={"by": "rules", "ip": "192.0.2.1", "uid": 5, "none": None},
        ),
        "people_board",
        "message",
        now,
    )
    assert post["title"] == "café 灯"
    assert post["published_at"] == "2026-11-23T10:00:00+08:00"
    assert post["collected_at"] == "2026-11-24T11:00:00+08:00"
    assert post["labels"] == {"domain": "城建"}
    assert post["counts"] == {"likes": 12000, "comments": 3}
    assert post["reply"]["at"] == "2026-11-23T18:00:00+08:00"
    assert post["extra"] == {"by": "rules"}
    assert "\n" not in to_line(post)


def test_a_day_alone_is_marked(now: datetime) -> None:
    post = to_post(_item(published="2026-11-23"), "henan_gov", "news", now)
    assert (post["published_at"], post["extra"]) == ("2026-11-23T00:00:00+08:00", {"time_shown": "day"})


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        (None, "no time"),
        ("", "no time"),
        ("不详", "no time can be read"),
        ("1989-12-31 23:59", "before 1990"),
        ("2026-11-24 12:00", "in the future"),
    ],
)
def test_a_time_that_is_none_is_refused_with_the_reason(published: str | None, reason: str, now: datetime) -> None:
    with pytest.raises(Refused, match=reason):
        to_post(_item(published=published), "weibo", "weibo", now)


def test_a_clock_a_little_ahead_is_no_mistake(now: datetime) -> None:
    assert to_post(_item(published=now + timedelta(minutes=5)), "weibo", "weibo", now)


def test_a_row_that_no_store_could_keep_is_refused(now: datetime) -> None:
    with pytest.raises(Refused, match="surrogate"):
        to_post(_item(text="坏\ud800"), "weibo", "weibo", now)
    with pytest.raises(Refused, match="native_id"):
        to_post(_item(native_id=""), "weibo", "weibo", now)


def test_an_empty_text_is_a_post(now: datetime) -> None:
    assert to_post(_item(text=" \n "), "weibo", "weibo", now)["text"] == ""


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        (12, 12),
        ("3,456", 3456),
        ("1.2万", 12000),
        ("100万+", 1000000),
        ("2亿", 200000000),
        ("转发", None),
        ("赞", None),
        (None, None),
        (True, None),
        (-1, None),
        ("-3", None),
        ("nan", None),
    ],
)
def test_counts_are_read_as_sites_show_them(shown: object, number: int | None) -> None:
    assert read_count(shown) == number
