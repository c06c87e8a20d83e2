"""Which department is responsible, on a small table of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework.domain.departments import Department, excluded_units
from casework.domain.errors import DomainError
from casework.domain.matching import Conditions, Facts
from casework.domain.routing import (
    DISTRICT,
    UNIT,
    HelperRule,
    RoutingRule,
    RoutingTable,
    route,
)

DAY = date(2026, 1, 5)
UNITS = (
    Department("desk", "值班台"),
    Department("discipline", "纪委"),
    Department("news", "新闻办"),
    Department("housing", "房管局"),
    Department("police", "公安局"),
    Department("traffic", "交警支队", parent="police"),
    Department("squad", "交警大队", parent="traffic"),
    Department("east", "东区政府", regions=("990102",)),
    Department("west", "西区政府", regions=("990103",)),
    Department("market", "市监局"),
    Department("commerce", "工商局", until=date(2019, 1, 31), successor="market"),
    Department("closed", "已撤销的局", until=date(2019, 1, 31)),
)
RULES = (
    RoutingRule("class", "类别", Conditions(board_domain=("城建",)), "housing", "领域为{domain}，由{department}办理。"),
    RoutingRule("place", "属地", Conditions(), DISTRICT, "由{department}负责。"),
    RoutingRule("named", "指定", Conditions(), UNIT, "点名{department}。"),
)
TABLE = RoutingTable({unit.id: unit for unit in UNITS}, RULES, "desk", "discipline")


def matter(**known: object) -> Facts:
    return Facts(**{"kind": "message", "source": "board", **known})  # type: ignore[arg-type]


def test_the_named_department_comes_before_the_place_and_the_place_before_the_class() -> None:
    everything = matter(units=("police",), regions=("990102",), board_domain="城建")
    assert route(everything, TABLE, DAY).department == "police"
    assert route(replace(everything, units=()), TABLE, DAY).department == "east"
    assert route(replace(everything, units=(), regions=()), TABLE, DAY).department == "housing"
    assert [rule.basis for rule in TABLE.ordered()] == ["指定", "属地", "类别"]


def test_a_rule_gives_its_reason_with_its_basis() -> None:
    found = route(matter(board_domain="城建"), TABLE, DAY)
    assert found.reason == "类别：领域为城建，由房管局办理。"
    assert (found.rule, found.default, found.held, found.excluded) == ("class", False, False, ())


def test_explaining_names_every_rule_tried_and_what_failed() -> None:
    tried = route(matter(board_domain="环保"), TABLE, DAY, explain=True).tried
    assert [(t.rule, t.matched, t.failed) for t in tried] == [
        ("named", False, "unit"),
        ("place", False, "district"),
        ("class", False, "board_domain"),
    ]


def test_without_a_rule_the_default_desk_gets_it() -> None:
    found = route(matter(board_domain="环保"), TABLE, DAY)
    assert (found.department, found.default, found.rule) == ("desk", True, None)
    assert found.reason.startswith("人工：")


@pytest.mark.parametrize("code", ["990102", "990102005"])
def test_a_street_belongs_to_its_district(code: str) -> None:
    assert route(matter(regions=(code,)), TABLE, DAY).department == "east"


@pytest.mark.parametrize("regions", [("9901",), ("990102", "990103"), ("110101",)])
def test_the_whole_city_several_districts_and_other_cities_are_no_one_districts(regions: tuple[str, ...]) -> None:
    assert route(matter(regions=regions, board_domain="城建"), TABLE, DAY).department == "housing"


def test_a_district_is_found_although_other_places_are_named() -> None:
    assert route(matter(regions=("110101", "990103")), TABLE, DAY).department == "west"


def test_of_several_departments_named_the_first_leads_and_the_others_help() -> None:
    found = route(matter(units=("某物业公司", "housing", "police")), TABLE, DAY)
    assert (found.department, found.co_departments) == ("housing", ("police",))


def test_helpers_come_with_whatever_rule_holds_and_never_twice() -> None:
    table = replace(TABLE, helpers=(HelperRule("opinion", Conditions(kinds=("weibo",)), ("news", "housing")),))
    assert route(matter(kind="weibo", board_domain="城建"), table, DAY).co_departments == ("news",)
    assert route(matter(kind="weibo"), table, DAY).co_departments == ("news", "housing")
    assert route(matter(board_domain="城建"), table, DAY).co_departments == ()


def test_after_its_last_day_the_successor_takes_over() -> None:
    named = matter(units=("commerce",))
    assert route(named, TABLE, date(2019, 1, 31)).department == "commerce"
    assert route(named, TABLE, date(2019, 2, 1)).department == "market"


def test_a_department_that_ended_without_successor_is_passed_over() -> None:
    found = route(matter(units=("closed",), board_domain="城建"), TABLE, DAY)
    assert found.department == "housing"


def test_successors_in_a_circle_are_passed_over() -> None:
    ended = date(2019, 1, 1)
    circle = {
        "one": Department("one", "一局", until=ended, successor="two"),
        "two": Department("two", "二局", until=ended, successor="one"),
    }
    table = replace(TABLE, departments={**TABLE.departments, **circle})
    assert route(matter(units=("one",)), table, DAY).department == "desk"


def test_a_report_of_wrongdoing_goes_to_the_discipline_desk_and_nowhere_else() -> None:
    found = route(
        matter(petition_kind="检举控告", accused=("police",), units=("police",), regions=("990102",)), TABLE, DAY
    )
    assert (found.department, found.co_departments, found.held) == ("discipline", (), True)
    assert found.excluded == ("police", "squad", "traffic")
    assert "第三十条" in found.reason


def test_an_ordinary_complaint_about_a_department_still_goes_to_it() -> None:
    found = route(matter(petition_kind="申诉求决", units=("police",)), TABLE, DAY)
    assert (found.department, found.excluded) == ("police", ())


def test_the_successor_of_an_accused_department_is_excluded_too() -> None:
    assert excluded_units(("commerce",), TABLE.departments) == ("commerce", "market")


def test_unknown_names_among_the_accused_exclude_nobody() -> None:
    assert excluded_units(("某公司",), TABLE.departments) == ()


def test_an_accused_discipline_desk_does_not_judge_itself() -> None:
    report = matter(petition_kind="检举控告", accused=("discipline",))
    assert route(report, TABLE, DAY).department == "desk"
    assert route(replace(report, accused=("discipline", "desk")), TABLE, DAY).department == "news"


def test_when_every_department_is_reported_a_person_must_act() -> None:
    with pytest.raises(DomainError, match="higher body"):
        route(matter(petition_kind="检举控告", accused=tuple(TABLE.departments)), TABLE, DAY)


def test_several_districts_help_the_department_of_the_class() -> None:
    found = route(matter(regions=("990102", "990103"), board_domain="城建"), TABLE, DAY)
    assert (found.department, found.co_departments) == ("housing", ("east", "west"))
    assert found.reason == "类别：领域为城建，由房管局办理；事项涉及多地，东区政府、西区政府协办。"


def test_several_districts_without_a_class_go_to_their_common_superior() -> None:
    both = matter(regions=("990102", "990103"))
    found = route(both, TABLE, DAY)
    assert (found.department, found.co_departments, found.default) == ("desk", ("east", "west"), True)
    above = {id_: replace(TABLE.departments[id_], parent="news") for id_ in ("east", "west")}
    found = route(both, replace(TABLE, departments={**TABLE.departments, **above}), DAY)
    assert (found.department, found.co_departments, found.default) == ("news", ("east", "west"), False)
    assert found.reason == "属地：事项涉及东区政府、西区政府，由其共同的上级新闻办主办。"


def test_the_city_leads_where_a_district_is_named_as_well() -> None:
    found = route(matter(units=("west", "housing")), TABLE, DAY)
    assert (found.department, found.co_departments) == ("housing", ("west",))
    assert "市级部门主办" in found.reason
    assert route(matter(units=("west", "east")), TABLE, DAY).department == "west"


def test_a_complaint_is_seen_by_the_superior_or_the_supervision_desk_too() -> None:
    table = replace(TABLE, supervision="news")
    found = route(matter(units=("traffic",), message_type="投诉"), table, DAY)
    assert (found.department, found.watchers) == ("traffic", ("police",))
    assert found.reason == "指定：点名交警支队；投诉件同时知会公安局。"
    assert route(matter(units=("housing",), message_type="投诉"), table, DAY).watchers == ("news",)
    assert route(matter(units=("housing",), message_type="投诉"), TABLE, DAY).watchers == ()
    # Who has the case needs no copy of it, and a question is no complaint.
    assert route(matter(units=("news",), message_type="投诉"), table, DAY).watchers == ()
    assert route(matter(units=("housing",), message_type="咨询"), table, DAY).watchers == ()
    assert route(matter(units=("traffic", "police"), message_type="投诉"), table, DAY).watchers == ("news",)


def test_explaining_says_what_was_asked_and_what_was_found() -> None:
    tried = route(matter(board_domain="城建", regions=("990102", "990103")), TABLE, DAY, explain=True).tried
    assert [step.note for step in tried] == [
        "正文没有点名名录里的单位",
        "涉及多地（东区政府、西区政府），由上级主管部门主办",
        "领域为城建",
    ]
    (named,) = route(matter(units=("police",)), TABLE, DAY, explain=True).tried
    assert named.note == "对所有事项适用；点名公安局"
