from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from casework.records import Placed
from nlp.grouping import Grouper
from nlp.linear import MODELS, ModelError
from nlp.matters import KEPT, Matters, likeness, load_table
from nlp.settings import read_settings
from nlp.words import segmenter

PLANT = ("示例新城旁边的搅拌站噪音扰民", "我是示例新城业主,小区边上的搅拌站从早响到晚,灰尘很大,家里不敢开窗。")
SAME_PLANT = ("再次反映示例新城搅拌站污染", "搅拌站离示例新城不到百米,运渣车日夜进出,噪音和扬尘让老人孩子无法休息。")
SAME_PLACE = ("咨询配套幼儿园报名时间和收费标准", "请问示例新城的幼儿园哪天开始报名,需要带哪些材料,每学期学费多少。")
OTHER_PLACE = ("样板花园楼下烧烤店油烟扰民", "样板花园一楼的烧烤店每天营业到凌晨,油烟直接排到楼上,投诉多次没有结果。")


@pytest.fixture
def grouper() -> Grouper:
    return Grouper.of_settings(read_settings()["nlp"]["grouping"])


def test_one_matter_in_other_words_is_one_event_and_no_copy(grouper: Grouper) -> None:
    assert grouper.add("a:1", *PLANT) == Placed("a:1")
    assert grouper.add("a:2", *SAME_PLANT) == Placed("a:1")


def test_another_trouble_or_another_place_is_another_event(grouper: Grouper) -> None:
    grouper.add("a:1", *PLANT)
    assert grouper.add("a:2", *SAME_PLACE) == Placed("a:2")
    assert grouper.add("a:3", *OTHER_PLACE) == Placed("a:3")


def test_what_was_seeded_is_joined_as_if_it_had_been_added() -> None:
    settings = read_settings()["nlp"]["grouping"]
    whole, again = Grouper.of_settings(settings), Grouper.of_settings(settings)
    posts = [("a:1", *PLANT), ("a:2", *SAME_PLACE), ("a:3", *OTHER_PLACE), ("a:4", *SAME_PLANT)]
    places = [whole.add(*post) for post in posts]
    for post, place in zip(posts[:3], places[:3], strict=True):
        again.seed(*post, place)
    assert again.add(*posts[3]) == places[3] == Placed("a:1")


def test_a_post_moved_by_hand_draws_those_like_it() -> None:
    grouper = Grouper.of_settings(read_settings()["nlp"]["grouping"])
    grouper.seed("a:1", *OTHER_PLACE, Placed("a:1"))
    grouper.seed("a:2", *PLANT, Placed("a:1"))
    assert grouper.add("a:3", *SAME_PLANT) == Placed("a:1")


def test_an_office_may_switch_it_off() -> None:
    settings = {**read_settings()["nlp"]["grouping"], "matter": 0.0}
    grouper = Grouper.of_settings(settings)
    grouper.add("a:1", *PLANT)
    assert grouper.add("a:2", *SAME_PLANT) == Placed("a:2")


@pytest.mark.parametrize("text", ["", "好", "😀😀", "转发微博", "\x00\x1f"])
def test_what_says_too_little_has_no_matter(text: str) -> None:
    matters = Matters(segmenter(), load_table())
    assert matters.said(None, text) is None


def test_ten_megabytes_are_read_as_their_beginning() -> None:
    matters = Matters(segmenter(), load_table())
    long = matters.said(None, (PLANT[1] + SAME_PLANT[1]) * 100_000)
    short = matters.said(None, (PLANT[1] + SAME_PLANT[1]) * 20)
    assert long is not None
    assert short is not None
    assert likeness(long, short) == pytest.approx(1)


def test_a_word_that_everybody_uses_is_remembered_of_the_latest_alone() -> None:
    matters = Matters(segmenter(), load_table())
    for number in range(3 * KEPT):
        said = matters.said(f"示例新城第{number}次投诉搅拌站", PLANT[1])
        assert said is not None
        matters.take(said)
    assert max(len(latest) for latest in matters._latest.values()) == KEPT


def test_a_missing_or_damaged_table_is_named_with_what_to_run(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "grouping", tmp_path / "grouping")
    path = tmp_path / "grouping" / "main.npz"
    card = tmp_path / "grouping" / "card.json"
    whole = card.read_text(encoding="utf-8")
    card.write_text(whole.replace('"rjieba"', '"jieba"'), encoding="utf-8")
    with pytest.raises(ModelError, match=r"made for words by 'jieba'.*huiying train grouping"):
        load_table(tmp_path)
    card.write_text(whole, encoding="utf-8")
    path.write_bytes(path.read_bytes()[:-9] + b"\x00" * 9)
    with pytest.raises(ModelError, match=r"main\.npz: the model file is damaged.*huiying train grouping"):
        load_table(tmp_path)
    path.unlink()
    with pytest.raises(ModelError, match=r"the model file is missing; run: huiying train grouping"):
        load_table(tmp_path)
