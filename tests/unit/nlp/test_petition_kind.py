from __future__ import annotations

import pytest

from nlp.assessor import Assessor

ACCUSING = [
    ("举报示例镇书记", "示例镇书记收受贿赂,侵吞集体资金,请纪委查处"),
    ("", "实名举报示例市城管局副局长王某以权谋私、收受好处费"),
    ("控告村主任", "示例村村主任虚报冒领低保金,优亲厚友"),
    ("反映问题", "某派出所民警充当保护伞,包庇赌场"),
    ("", "举报示例县教育局局长挪用公款,公款旅游"),
    ("举报", "示例街道办工作人员吃拿卡要,索要好处"),
]
ORDINARY = [
    ("投诉物业", "小区物业不作为,电梯坏了一个月没人修"),
    ("", "多次向城管局反映占道经营,一直没有处理,希望尽快解决"),
    ("举报无证经营", "举报示例超市销售过期食品,请市场监管局查处"),
    ("举报邻居", "举报楼上住户养鸡扰民"),
    ("", "派出所迟迟不立案,一直推诿"),
    ("投诉", "窗口工作人员态度恶劣,让人跑了三趟"),
    ("咨询", "请问廉政举报电话是多少"),
]


@pytest.mark.parametrize(("title", "text"), ACCUSING)
def test_wrongdoing_of_officials_is_an_accusation(assessor: Assessor, title: str, text: str) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": "message", "title": title, "text": text}])
    assert answer["petition_kind"]["label"] == "检举控告"
    assert answer["accused"]


@pytest.mark.parametrize(("title", "text"), ORDINARY)
def test_an_ordinary_complaint_is_none(assessor: Assessor, title: str, text: str) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": "message", "title": title, "text": text}])
    assert answer["petition_kind"]["label"] != "检举控告"
    assert answer["accused"] == []


def test_a_report_of_a_firm_is_a_report_and_no_accusation(assessor: Assessor) -> None:
    post = {"id": "a:1", "kind": "message", "title": "举报示例公司偷排污水", "text": "示例公司夜间偷排污水"}
    (answer,) = assessor.assess([post])
    assert answer["message_type"]["label"] == "举报"
    assert answer["petition_kind"]["label"] == "申诉求决"


def test_the_accused_department_is_named_by_its_id(assessor: Assessor) -> None:
    post = {"id": "a:1", "kind": "message", "text": "举报城管局局长受贿,物业公司行贿,请纪委调查"}
    (answer,) = assessor.assess([post])
    assert answer["accused"] == ["city_management"]


@pytest.mark.parametrize("text", ["建议在公园增设座椅", "感谢信:感谢社区工作人员热心帮助"])
def test_proposals_and_thanks(assessor: Assessor, text: str) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": "message", "title": text, "text": text}])
    assert answer["petition_kind"]["label"] == "建议意见"


def test_who_is_asked_to_inquire_is_not_accused(assessor: Assessor) -> None:
    post = {
        "id": "a:1",
        "kind": "message",
        "title": "举报城管局局长受贿",
        "text": "城管局局长收受贿赂,请市场监管局介入调查",
    }
    (answer,) = assessor.assess([post])
    assert answer["accused"] == ["city_management"]


@pytest.mark.parametrize("text", ["", "。", "举报", "😡😡😡", "corruption"])
def test_a_letter_that_says_nothing_accuses_nobody(assessor: Assessor, text: str) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": "message", "text": text}])
    assert answer["petition_kind"]["label"] != "检举控告"
    assert answer["accused"] == []


@pytest.mark.parametrize(("title", "text"), ACCUSING)
def test_in_the_band_under_the_border_a_person_decides(assessor: Assessor, title: str, text: str) -> None:
    bank = assessor.bank
    card = bank.cards["petition_kind"]
    before = bank.cards
    # The border far up: what accuses clearly lies in the band then.
    bank.cards = {**before, "petition_kind": {**card, "signs": {**card["signs"], "threshold": 0.9999, "band": 0.01}}}
    # So long that no short plain accusation is read in it.
    text += "。以上情况请予重视" * 20
    try:
        (answer,) = assessor.assess([{"id": "a:1", "kind": "message", "title": title, "text": text}])
    finally:
        bank.cards = before
    assert answer["petition_kind"]["label"] == "申诉求决"
    assert "petition_kind" in answer["unsure"]
    assert answer["evidence"]["petition_kind"]
    assert answer["accused"] == []


@pytest.mark.parametrize(("title", "text"), [*ACCUSING, *ORDINARY])
def test_what_is_clear_is_not_left_to_a_person(assessor: Assessor, title: str, text: str) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": "message", "title": title, "text": text}])
    assert "petition_kind" not in answer["unsure"]


def test_a_letter_that_names_no_office_is_never_left_to_a_person(assessor: Assessor) -> None:
    post = {"id": "a:1", "kind": "message", "title": "举报贪污受贿", "text": "有人贪污受贿,请严查"}
    (answer,) = assessor.assess([post])
    assert answer["petition_kind"]["label"] != "检举控告"
    assert "petition_kind" not in answer["unsure"]
