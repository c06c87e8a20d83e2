from __future__ import annotations

import random

from nlp.grouping import Grouper

NOTICE = "示例路与样板街交叉口红绿灯已坏三天,早晚高峰车辆拥堵严重,请交警部门尽快维修"
REPRINT = "示例路与样板街交叉口红绿灯已坏三天,早晚高峰车辆拥堵严重,请交警部门尽快维修!扩散"
OTHER = "示例小区二次供水水箱长期不清洗,自来水有异味,居民反映多次物业不管"


def test_reprints_join_and_other_matters_do_not() -> None:
    grouper = Grouper()
    assert grouper.add("a:1", None, NOTICE) == "a:1"
    assert grouper.add("a:2", None, OTHER) == "a:2"
    assert grouper.add("a:3", None, REPRINT) == "a:1"
    assert grouper.add("a:4", "", NOTICE) == "a:1"


def test_a_title_that_the_text_repeats_changes_nothing() -> None:
    grouper = Grouper()
    grouper.add("a:1", None, NOTICE)
    assert grouper.add("a:2", NOTICE[:12], NOTICE) == "a:1"


def test_short_texts_join_only_what_is_identical() -> None:
    grouper = Grouper()
    assert grouper.add("a:1", None, "路灯坏了") == "a:1"
    assert grouper.add("a:2", None, "路灯坏啦") == "a:2"
    assert grouper.add("a:3", None, "路灯坏了!") == "a:1"


def test_a_text_without_letters_is_always_alone() -> None:
    grouper = Grouper()
    assert [grouper.add(f"a:{n}", None, text) for n, text in enumerate(("", "……", "", "😀"))] == [
        "a:0",
        "a:1",
        "a:2",
        "a:3",
    ]


def test_seeding_restores_the_state() -> None:
    rng = random.Random(3)
    words = [
        "路灯",
        "停车",
        "物业",
        "水管",
        "公交",
        "学校",
        "医院",
        "噪音",
        "垃圾",
        "电梯",
        "扰民",
        "收费",
        "投诉",
        "漏水",
        "施工",
        "夜间",
    ]
    posts = [(f"a:{n:03}", "".join(rng.choice(words) for _ in range(12))) for n in range(60)]
    posts += [(f"b:{n:03}", text + "请处理") for n, (_, text) in enumerate(posts[:30])]
    whole = Grouper()
    roots = [whole.add(id_, None, text) for id_, text in posts]
    assert len(set(roots)) < len(posts)
    for cut in (1, 37, 75):
        again = Grouper()
        for (id_, text), root in zip(posts[:cut], roots[:cut], strict=True):
            again.seed(id_, None, text, root)
        assert [again.add(id_, None, text) for id_, text in posts[cut:]] == roots[cut:]


def test_a_post_joins_the_most_similar_event() -> None:
    grouper = Grouper()
    grouper.add("a:1", None, NOTICE[:24] + "希望城管部门清理路边的小广告和垃圾堆")
    grouper.add("a:2", None, NOTICE)
    assert grouper.add("a:3", None, REPRINT) == "a:2"


def test_ten_thousand_equal_posts_cost_no_more_than_one_entry() -> None:
    grouper = Grouper()
    roots = {grouper.add(f"a:{n}", None, NOTICE) for n in range(10_000)}
    assert roots == {"a:0"}
    assert len(grouper) == 1
