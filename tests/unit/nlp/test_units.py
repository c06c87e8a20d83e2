from __future__ import annotations

import itertools

import pytest

from nlp.units import UnitFinder, values

NAMES = {"城管局": "city_management", "示例市城市管理局": "city_management", "市场监管局": "market_supervision"}
FINDER = UnitFinder(NAMES)

CASES = [
    ("多次向城管局反映占道经营", ["city_management"]),
    ("示例市城市管理局和市场监管局互相推诿", ["city_management", "market_supervision"]),
    ("投诉示例鑫禾物业服务有限公司乱收费", ["示例鑫禾物业服务有限公司"]),
    ("举报示例镇书记收受贿赂", ["示例镇"]),
    ("样板村村委会不公开账目", ["样板村村委会"]),
    ("市场监管局已处罚示例超市", ["market_supervision", "示例超市"]),
    ("投诉示例区样板街道样板社区不作为,样板社区一直不管", ["示例区样板街道样板社区"]),
    ("如果政府不管,该公司还会来", []),
    ("我们积极响应政府号召,却终止银行贷款", []),
    ("截止2019年7月25日样板开发商没有交房", ["样板开发商"]),
    ("某派出所民警打人", ["某派出所"]),
    ("示例县第三中学收费,团结社区不管", ["示例县第三中学", "团结社区"]),
    ("起诉示例鑫禾物业,示例鑫禾物业不理", ["示例鑫禾物业"]),
    ("商品房开发商跑了,普惠性幼儿园收费,某走读学校补课", []),
    ("绿化格局和产业布局都变了,这是民生政府、信任政府", []),
    ("示例县物业收费,示例县公办幼儿园和示例县人民医院不收费", ["示例县人民医院"]),
    ("很多工厂排污,两个物业不管,经示例县人民政府同意", ["示例县人民政府"]),
    ("和谐小康社区停电,示例区实验小学和第八小学放假", ["和谐小康社区", "示例区实验小学", "第八小学"]),
    ("向市财政局和示例县民政局反映", ["市财政局", "示例县民政局"]),
    ("公司拖欠工资", []),
    ("结果出现僵局", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_units(text: str, wanted: list[str]) -> None:
    assert values(FINDER.find(text)) == wanted


def test_spans_are_those_of_the_text_and_do_not_overlap() -> None:
    text = "示例市城市管理局委托示例保洁有限公司,市场监管局不知情"
    found = FINDER.find(text)
    assert len(found) == 3
    assert text[found[1].start : found[1].end] == "示例保洁有限公司"
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))


def test_without_departments_only_patterns_are_found() -> None:
    assert values(UnitFinder({}).find("示例市公安局不立案")) == ["示例市公安局"]
