"""What is said of routing rules is sure: proved against routing itself, rule by rule and by brute force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.departments import Department
from casework.domain.matching import Conditions, Facts
from casework.domain.routing import DISTRICT, UNIT, RoutingRule, RoutingTable, route
from casework.domain.rule_study import contradictions, covers, study, unrouted

DAY = date(2026, 1, 5)
UNITS = {
    unit.id: unit
    for unit in (
        Department("desk", "值班台"),
        Department("discipline", "纪委"),
        Department("a", "甲局"),
        Department("b", "乙局"),
        Department("gone", "旧局", until=date(2019, 1, 1)),
    )
}


def rule(id_: str, to: str = "a", basis: str = "类别", **when: object) -> RoutingRule:
    return RoutingRule(id_, basis, Conditions(**when), to, "由{department}办理。")  # type: ignore[arg-type]


def table(*rules: RoutingRule) -> RoutingTable:
    return RoutingTable(UNITS, rules, "desk", "discipline")


def said(*rules: RoutingRule) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(found.kind, found.rule, found.by) for found in study(table(*rules), DAY)]


def test_rules_that_merely_overlap_are_left_alone() -> None:
    assert said(rule("one", words=("漏水",)), rule("two", "b", board_domain=("城建",))) == []


def test_a_rule_behind_a_wider_one_never_acts() -> None:
    assert said(rule("wide"), rule("narrow", "b", words=("漏水",))) == [("shadowed", "narrow", ("wide",))]
    assert said(rule("wide", words=("漏水",)), rule("narrow", "b", words=("楼顶漏水",))) == [
        ("shadowed", "narrow", ("wide",))
    ]


def test_a_basis_comes_before_the_order_of_the_file() -> None:
    assert said(rule("late", basis="类别"), rule("early", "b", "指定")) == [("shadowed", "late", ("early",))]


def test_two_rules_together_may_leave_nothing_to_a_third() -> None:
    first, second = rule("one", board_domain=("城建",)), rule("two", "b", board_domain=("交通",))
    third = rule("three", "b", board_domain=("城建", "交通"))
    assert said(first, second, third) == [("shadowed", "three", ("one", "two"))]
    wider = replace(third, when=Conditions(board_domain=("城建", "交通", "环保")))
    assert said(first, second, wider) == [("partly", "three", ("one", "two"))]


def test_what_names_nobody_for_sure_shadows_nobody() -> None:
    assert said(rule("unit", UNIT), rule("place", DISTRICT, "属地"), rule("class")) == [("never", "place", ())]
    assert said(rule("ended", "gone"), rule("class")) == [("never", "ended", ())]


def test_a_report_of_wrongdoing_goes_by_no_rule_at_all() -> None:
    assert said(rule("report", petition_kind=("检举控告",))) == [("never", "report", ())]


def test_the_same_conditions_to_two_departments_contradict() -> None:
    one, two = rule("one", words=("漏水", "渗水")), rule("two", "b", words=("渗水", "漏水"))
    assert said(one, two) == [("contradicts", "two", ("one",))]
    assert list(contradictions([one, two])) == [(0, 1)]
    assert list(contradictions([one, replace(two, basis="指定")])) == []
    assert list(contradictions([one, replace(two, to="a")])) == []


def test_a_class_that_no_rule_takes_is_named() -> None:
    found = unrouted(table(rule("one", board_domain=("城建",))), {"board_domain": ("城建", "交通")}, DAY)
    assert found == [("board_domain", "交通")]


LABELS, WORDS = ("城建", "交通"), ("漏水", "楼顶漏水", "路灯")
CONDITIONS = st.builds(
    Conditions,
    board_domain=st.lists(st.sampled_from(LABELS), max_size=2, unique=True).map(tuple),
    words=st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(tuple),
    regions=st.lists(st.sampled_from(("9901", "990102", "990103")), max_size=2, unique=True).map(tuple),
    severity=st.sampled_from(((), ("none",), ("major", "unknown"))),
    heat_at_least=st.sampled_from((None, 1.0, 2.0)),
)
MATTERS = [
    Facts("message", "board", text, domain, severity=severity, regions=regions, heat=heat)
    for text in ("", "漏水", "楼顶漏水", "路灯", "漏水路灯")
    for domain in (None, *LABELS)
    for severity in ("none", "major", None)
    for regions in ((), ("990102",), ("990103001",), ("990102", "990103"))
    for heat in (0.0, 1.0, 2.0)
]


@given(CONDITIONS, CONDITIONS)
def test_a_rule_that_covers_holds_wherever_the_covered_one_does(wide: Conditions, narrow: Conditions) -> None:
    if covers(wide, narrow):
        assert all(wide.hold(matter) for matter in MATTERS if narrow.hold(matter))


@given(st.lists(CONDITIONS, min_size=2, max_size=5))
def test_a_rule_that_is_said_never_to_act_never_does(conditions: list[Conditions]) -> None:
    rules = [
        RoutingRule(f"r{n}", "类别", when, "ab"[n % 2], "由{department}办理。") for n, when in enumerate(conditions)
    ]
    dead = {found.rule for found in study(table(*rules), DAY) if found.kind in ("shadowed", "contradicts", "never")}
    acting = {route(matter, table(*rules), DAY).rule for matter in MATTERS}
    assert not dead & acting


@pytest.mark.parametrize("wide", [Conditions(empty=True), Conditions(posts_at_least=3)])
def test_numbers_and_emptiness_are_compared(wide: Conditions) -> None:
    assert covers(wide, wide)
    assert not covers(wide, Conditions())
    assert covers(Conditions(), wide)
