"""A label that is unsure, or of a text that says nothing, chooses no department."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from casework.domain.assessment import Assessment, facts_of
from casework.domain.content import says_something
from casework.domain.departments import Department
from casework.domain.matching import Conditions, Facts, surely
from casework.domain.post import Post
from casework.domain.routing import DISTRICT, UNIT, RoutingRule, RoutingTable, route

DAY = date(2026, 1, 5)
UNITS = (
    Department("desk", "值班台"),
    Department("discipline", "纪委"),
    Department("housing", "房管局"),
    Department("east", "东区政府", regions=("990102",)),
)
RULES = (
    RoutingRule("class", "类别", Conditions(board_domain=("城建",)), "housing", "领域为{domain}，由{department}办理。"),
    RoutingRule("place", "属地", Conditions(), DISTRICT, "由{department}负责。"),
    RoutingRule("named", "指定", Conditions(), UNIT, "点名{department}。"),
)
TABLE = RoutingTable({unit.id: unit for unit in UNITS}, RULES, "desk", "discipline")
DOUBTED = Facts("message", "board", text="最后一条", board_domain="城建", unsure=("board_domain",))


def test_a_domain_that_is_unsure_goes_to_the_default_desk_and_says_why() -> None:
    found = route(DOUBTED, TABLE, DAY, explain=True)
    assert (found.department, found.default) == ("desk", True)
    assert found.reason == "人工：领域判断没有把握，转值班台由人工确定承办单位。"
    assert found.tried[-1].note == "领域要求城建，现在没有把握"
    assert route(replace(DOUBTED, unsure=()), TABLE, DAY).department == "housing"


def test_place_and_named_units_still_route() -> None:
    assert route(replace(DOUBTED, regions=("990102",)), TABLE, DAY).department == "east"
    assert route(replace(DOUBTED, units=("housing",)), TABLE, DAY).department == "housing"


def test_a_text_that_says_nothing_goes_to_no_line_department() -> None:
    facts = replace(DOUBTED, text="13", no_content=True, regions=("990102",), unsure=("petition_kind",))
    found = route(facts, TABLE, DAY, explain=True)
    assert (found.department, found.reason) == ("desk", "人工：没有可判断的内容，转值班台由人工确定承办单位。")
    assert [one.rule for one in found.tried] == ["no_content"]


def test_only_what_is_unsure_is_left_out() -> None:
    facts = replace(DOUBTED, message_type="投诉", petition_topic="城乡建设", unsure=("board_domain", "emotion"))
    sure = surely(facts)
    assert (sure.board_domain, sure.message_type, sure.petition_topic) == (None, "投诉", "城乡建设")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *[("", False), ("好", False), ("13900000000", False), ("[中国赞][泪]", False), ("no Chinese", False)],
        *[("😭😭", False), ("\x01\x02\n", False), ("停水", True), ("停-水", True), ("[泪]停水", True), ("臺灣", True)],
    ],
)
def test_what_says_something(text: str, says: bool) -> None:
    assert says_something(text) is says


def test_the_domain_that_the_writer_chose_stands_in_for_one_that_is_unsure() -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    post = Post("board", "1", "message", "最后一条", at, at, labels={"domain": "交通"})
    value = {"board_domain": {"label": "城建", "score": 0.1}, "severity": {"level": "none"}, "unsure": ["board_domain"]}
    facts = facts_of(post, Assessment(value, 1))
    assert (facts.board_domain, facts.unsure, facts.no_content) == ("交通", (), False)
    assert facts_of(post, Assessment({**value, "unsure": []}, 1)).board_domain == "城建"
