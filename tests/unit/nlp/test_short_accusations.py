"""Short plain accusations: what they are taken for, whose unit they name, and that reading them costs little."""

from __future__ import annotations

import pytest

from nlp.assessor import Assessor
from nlp.person_units import with_persons
from nlp.plain_accusations import LIKELY, LONGEST, SURE, plain
from nlp.proofs import short_accusations as proof
from nlp.units import UnitFinder, values

PLAIN = [
    "教育局局长收钱给人安排工作",
    "城管执法人员收保护费",
    "交警收黑钱放行超载车",
    "村支书侵吞征地款",
    "示例村村主任是我邻居。他把低保给了自己亲戚，还截留了慰问金。",
    "收黑钱的交警还在上班",
]
NOTHING = [
    "物业经理收钱放外来车进来",
    "小区物业的主任吃回扣",
    "派出所立案半年没有进展",
    "交警没收我一分钱，还帮我推车",
    "公司老板给客户送红包",
    "",
]
ONLY_TOLD = [
    "感谢村主任自己掏钱修路",
    "某市原副市长受贿案一审宣判",
    "请问村干部收受礼品有什么规定？",
    "建议公开村干部的账目，防止截留",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_accusations_are_read(text: str) -> None:
    found = plain(text)
    assert found.level == SURE
    assert found.words
    assert found.spans


@pytest.mark.parametrize("text", NOTHING)
def test_firms_slowness_and_what_is_denied_are_none(text: str) -> None:
    assert plain(text).level == 0


@pytest.mark.parametrize("text", ONLY_TOLD)
def test_news_praise_questions_and_proposals_accuse_nobody(text: str) -> None:
    found = plain(text)
    assert found.level == 0
    assert found.told


def test_what_is_only_asked_is_left_to_a_person() -> None:
    assert plain("村支书是不是收了老板的红包").level == LIKELY


def test_a_letter_is_not_read_so() -> None:
    text = "城管执法人员收保护费。" + "情况属实" * LONGEST
    assert plain(text).level == 0


def test_the_longest_text_of_one_word_is_read() -> None:
    for word in ("收", "村支书", "给钱", "把低保", "请", "局"):
        assert plain((word * LONGEST)[:LONGEST]).level <= SURE


def test_the_rows_are_many_and_each_once() -> None:
    rows = proof.sentences()
    made = [row for row in rows if row["part"] != "held_out"]
    assert len(made) >= 150
    assert len(rows) - len(made) >= 60
    assert len({row["text"] for row in rows}) == len(rows)
    assert {row["kind"] for row in rows} == {"检举控告", "其他"}


UNITS = [
    ("新密市来集镇村干部挪用低保金", ["新密市来集镇政府", "村委会"]),
    ("示例村村支书侵吞征地款", ["示例村村委会"]),
    ("镇政府工作人员索要红包", ["镇政府"]),
    ("示例镇书记收钱", ["示例镇政府"]),
    ("示例街道办主任收钱", ["示例街道办"]),
    ("街道书记吃空饷", ["街道办"]),
    ("法院执行法官吃拿卡要", ["法院"]),
    ("检察官索贿", ["检察院"]),
    ("派出所民警打人", ["派出所"]),
    ("公安局副局长充当保护伞", ["公安局"]),
    ("校长截留营养餐补助", ["学校"]),
    ("示例县第三中学校长吃回扣", ["示例县第三中学"]),
    ("示例县人民医院院长收回扣", ["示例县人民医院"]),
    ("社区主任优亲厚友", ["社区居委会"]),
    ("市城投公司总经理受贿", ["市城投公司"]),
    ("示例区区长受贿", ["example_district"]),
    ("示例培训学校校长收钱,示例鑫禾物业公司经理吃回扣", []),
]


@pytest.mark.parametrize(("text", "wanted"), UNITS)
def test_the_unit_of_a_person(text: str, wanted: list[str]) -> None:
    finder = UnitFinder({"示例区人民政府": "example_district"}, frozenset(["来集镇"]))
    found = with_persons(text, finder.find(text), finder.ids)
    assert values(unit for unit in found if unit.body) == wanted


def test_the_accused_unit_of_a_short_text_is_known(assessor: Assessor) -> None:
    posts = [{"id": "a:1", "kind": "weibo", "text": text} for text in ("城管局局长收黑钱", "示例镇干部贪污扶贫款")]
    first, second = assessor.assess(posts)
    assert first["accused"] == first["units"] == ["city_management"]
    assert second["accused"] == ["示例镇政府"]


def test_firms_are_no_bodies_that_a_report_accuses(assessor: Assessor) -> None:
    post = {"id": "a:1", "title": "示例鑫禾物业公司乱收费", "text": "城管局和村支书都不管,请市场监管局调查"}
    assert assessor.bodies(post) == ["city_management", "村委会"]
