"""The public shape of a time line: groups in groups, pinned posts, retweets of what is gone, counts in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from crawlers.collector import Collector
from crawlers.source_folder import find_source
from crawlers.state import Seen
from crawlers.to_post import to_post
from crawlers.weibo import mid_to_bid, status_item
from crawlers.worker import spider_class

NOW = datetime.fromisoformat("2026-11-24T11:00:00+08:00")


def blog(number: int, **more: Any) -> dict[str, Any]:
    at = "Mon Nov 23 09:12:05 +0800 2026"
    return {"id": str(5230000000000000 + number), "created_at": at, "text": f"第{number}条", "user": None, **more}


def spider() -> Any:
    source = find_source("weibo")
    return spider_class(source)(Collector(source, NOW, Seen(None), None))  # type: ignore[arg-type]


def numbers(cards: list[Any]) -> list[int]:
    page = spider().page({"ok": 1, "data": {"cardlistInfo": {}, "cards": cards}}, 1, 0)
    return [int(row["id"]) % 1000 if row else 0 for row in page.rows]


def test_groups_of_any_depth_are_read_in_their_order() -> None:
    inner: dict[str, Any] = {"card_type": 11, "card_group": [{"card_type": 9, "mblog": blog(3)}]}
    for _ in range(5000):
        inner = {"card_type": 11, "card_group": [inner]}
    cards = [
        {"card_type": 9, "mblog": blog(1)},
        {"card_type": 11, "card_group": [{"card_type": 9, "mblog": blog(2)}, inner, {"card_type": 4, "desc": "更多"}]},
        {"card_type": 9, "mblog": blog(4)},
        None,
    ]
    # What is no card at all comes too, to be refused and counted.
    assert numbers(cards) == [1, 2, 3, 4, 0]


@pytest.mark.parametrize(
    ("row", "extra"),
    [
        ({"title": {"text": "置顶"}}, {"pinned": 1}),
        ({"profile_type_id": "proweibotop_"}, {"pinned": 1}),
        ({"isTop": 1}, {"pinned": 1}),
        ({"title": "置顶", "profile_type_id": None}, {}),
        ({"edit_count": "3"}, {"edits": 3}),
        ({"retweeted_status": {"id": "7", "user": None, "text": "抱歉"}}, {"retweet_of": "7", "retweet_deleted": 1}),
        ({"retweeted_status": {"id": 7, "user": {"screen_name": "x"}}}, {"retweet_of": "7", "retweet_text": ""}),
        ({"retweeted_status": None}, {}),
    ],
)
def test_marks_of_a_post(row: dict[str, Any], extra: dict[str, Any]) -> None:
    post = to_post(status_item(blog(1, **row), None, False), "weibo", "weibo", NOW)
    assert post["extra"] == extra


def test_counts_in_words_and_a_picture_list_of_another_form() -> None:
    row = blog(
        1,
        reposts_count="100万+",
        comments_count="1.2万",
        attitudes_count="赞",
        pics={"0": {"url": "x"}},
        text='路灯坏了<span class="url-icon"><img alt=[怒]></span>\u200b',
    )
    post = to_post(status_item(row, None, False), "weibo", "weibo", NOW)
    assert post["counts"] == {"reposts": 1_000_000, "comments": 12_000}
    assert post["text"] == "路灯坏了[怒]"
    assert post["url"] == f"https://m.weibo.cn/status/{mid_to_bid(5230000000000001)}"
