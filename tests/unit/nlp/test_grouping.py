from __future__ import annotations

import random

from casework.records import Placed
from nlp.grouping import Grouper

NOTICE = "示例路与样板街交叉口红绿灯已坏三天,早晚高峰车辆拥堵严重,请交警部门尽快维修"
REPRINT = "示例路与样板街交叉口红绿灯已坏三天,早晚高峰车辆拥堵严重,请交警部门尽快维修!扩散"
OTHER = "示例小区二次供水水箱长期不清洗,自来水有异味,居民反映多次物业不管"


def test_reprints_join_and_other_matters_do_not() -> None:
    grouper = Grouper()
    assert grouper.add("a:1", None, NOTICE).root == "a:1"
    assert grouper.add("a:2", None, OTHER).root == "a:2"
    assert grouper.add("a:3", None, REPRINT).root == "a:1"
    assert grouper.add("a:4", "", NOTICE).root == "a:1"


def test_a_title_that_the_text_repeats_changes_nothing() -> None:
    grouper = Grouper()
    grouper.add("a:1", None, NOTICE)
    assert grouper.add("a:2", NOTICE[:12], NOTICE).root == "a:1"


def test_short_texts_join_only_what_is_identical() -> None:
    grouper = Grouper()
    assert grouper.add("a:1", None, "路灯坏了").root == "a:1"
    assert grouper.add("a:2", None, "路灯坏啦").root == "a:2"
    assert grouper.add("a:3", None, "路灯坏了!").root == "a:1"


def test_a_text_without_letters_is_always_alone() -> None:
    grouper = Grouper()
    assert [grouper.add(f"a:{n}", None, text).root for n, text in enumerate(("", "……", "", "😀"))] == [
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
    places = [whole.add(id_, None, text) for id_, text in posts]
    assert len({place.root for place in places}) < len(posts)
    assert any(place.original for place in places)
    for cut in (1, 37, 75):
        again = Grouper()
        for (id_, text), place in zip(posts[:cut], places[:cut], strict=True):
            again.seed(id_, None, text, place)
        assert [again.add(id_, None, text) for id_, text in posts[cut:]] == places[cut:]


def test_a_post_joins_the_most_similar_event() -> None:
    grouper = Grouper()
    grouper.add("a:1", None, NOTICE[:24] + "希望城管部门清理路边的小广告和垃圾堆")
    grouper.add("a:2", None, NOTICE)
    assert grouper.add("a:3", None, REPRINT).root == "a:2"


def test_ten_thousand_equal_posts_cost_no_more_than_one_entry() -> None:
    grouper = Grouper()
    roots = {grouper.add(f"a:{n}", None, NOTICE).root for n in range(10_000)}
    assert roots == {"a:0"}
    assert len(grouper) == 1


def test_a_reprint_names_the_post_that_gave_the_text_first() -> None:
    grouper = Grouper()
    assert grouper.add("a:1", "信号灯", NOTICE) == Placed("a:1")
    assert grouper.add("a:2", "信号灯", NOTICE) == Placed("a:1", "a:1")
    assert grouper.add("a:3", "信号灯", REPRINT) == Placed("a:1", "a:1")
    # Alike enough to be of the same matter, not to be the same text.
    told_otherwise = NOTICE[:30] + "。市民接送孩子都要绕行"
    assert grouper.add("a:4", None, told_otherwise) == Placed("a:1")
    assert grouper.add("a:5", None, told_otherwise + "!转") == Placed("a:1", "a:4")


def test_a_reprint_of_a_reprint_is_one_of_the_first() -> None:
    grouper = Grouper()
    text, ids = NOTICE * 3, []
    for step in range(8):
        # Each cuts a little more: the last is no longer like the first, but like the one before it.
        ids.append(grouper.add(f"a:{step}", None, text[: len(text) - 8 * step]))
    assert ids[0] == Placed("a:0")
    assert ids[1:] == [Placed("a:0", "a:0")] * 7


def test_short_words_that_many_write_are_no_reprints() -> None:
    grouper = Grouper()
    assert [grouper.add(f"a:{n}", None, "转发微博").original for n in range(3)] == [None, None, None]
