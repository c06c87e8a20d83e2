"""Signs of an accusation: what is counted, and the curve over them."""

from __future__ import annotations

import math

import pytest

from nlp.grave_matters import weighty_words
from nlp.petition_signs import NAMES, names_office, score, signs, wrong_words


def _named(title: str, text: str) -> dict[str, float]:
    return dict(zip(NAMES, signs(title, text), strict=True))


def test_counts_are_of_the_text_and_of_the_title() -> None:
    found = _named("举报示例村支书贪污", "村支书侵吞公款,村民敢怒不敢言。电梯坏了。")
    assert found["title_reports_office"] == 1
    assert found["title_wrong_of_people"] == 1
    assert found["wrong_by_office"] == pytest.approx(math.log1p(2))
    assert names_office(list(found.values()))


def test_a_complaint_about_a_firm_has_no_sign_of_an_office() -> None:
    found = _named("投诉物业乱收费", "物业停电三天,业主无法生活。")
    assert found["title_firm_alone"] == 1
    assert found["wrong_by_office"] == 0
    assert not names_office(list(found.values()))


def test_words_of_wrong_are_those_beside_an_office() -> None:
    assert wrong_words("镇长以权谋私。门前的树是私自砍的。") == ["以权谋私"]


def test_the_curve_rises_with_the_weights_and_stays_a_probability() -> None:
    card = {"mean": [0.0] * (len(NAMES) + 1), "weights": [0.0] * len(NAMES) + [1.0], "bias": 0.0}
    values = [0.0] * len(NAMES)
    assert score(values, 0.0, card) == pytest.approx(0.5)
    assert 0 < score(values, -1e6, card) < score(values, 1.0, card) < score(values, 1e6, card) <= 1
    with pytest.raises(ValueError, match="zip"):
        score(values[1:], 0.0, card)


@pytest.mark.parametrize(
    ("title", "text", "weighty"),
    [
        ("楼盘烂尾", "五百户业主交房无期", True),
        ("", "平台非法集资,涉及3亿元", True),
        ("小区噪音", "夜里施工,老人睡不着", False),
        ("", "我家墙上有一道裂缝", False),
        ("", "", False),
    ],
)
def test_a_matter_is_weighty_by_more_than_one_sign(title: str, text: str, weighty: bool) -> None:
    assert bool(weighty_words(title, text)) is weighty
