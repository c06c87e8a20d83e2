"""The one language of conditions."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from casework.domain.matching import UNKNOWN, Conditions, Facts

FACTS = Facts(
    kind="weibo",
    source="weibo",
    text="标题\n小区停水三天",
    board_domain="城建",
    petition_topic="城乡建设",
    message_type="投诉",
    petition_kind="申诉求决",
    sentiment="negative",
    disposition="实际困难",
    severity="none",
    category=None,
    regions=("410105",),
    units=("housing", "某物业公司"),
    heat=8.0,
    posts=3,
    unsure=("emotion", "petition_kind"),
)
HOLD: list[dict[str, Any]] = [
    {},
    {"kinds": ("weibo", "news")},
    {"sources": ("weibo",)},
    {"board_domain": ("环保", "城建")},
    {"severity": ("none",)},
    {"regions": ("4101",)},
    {"regions": ("410105",)},
    {"units": ("housing",)},
    {"words": ("停电", "停水")},
    {"heat_at_least": 8.0},
    {"posts_at_least": 3},
    {"empty": False},
    {"no_content": False},
    {"unsure": ("petition_kind",)},
    {"kinds": ("weibo",), "message_type": ("投诉",), "words": ("小区",)},
]
FAIL: list[tuple[dict[str, Any], str]] = [
    ({"kinds": ("message",)}, "kinds"),
    ({"sources": ("people_board",)}, "sources"),
    ({"board_domain": ("环保",)}, "board_domain"),
    ({"category": ("事故灾难",)}, "category"),
    ({"severity": (UNKNOWN,)}, "severity"),
    ({"regions": ("3301",)}, "regions"),
    ({"regions": ("410105001",)}, "regions"),
    ({"units": ("police",)}, "units"),
    ({"words": ("停电",)}, "words"),
    ({"heat_at_least": 8.1}, "heat_at_least"),
    ({"posts_at_least": 4}, "posts_at_least"),
    ({"empty": True}, "empty"),
    ({"no_content": True}, "no_content"),
    ({"unsure": ("sentiment",)}, "unsure"),
    ({"kinds": ("weibo",), "words": ("停电",)}, "words"),
]


@pytest.mark.parametrize("given", HOLD, ids=str)
def test_conditions_that_hold(given: dict[str, Any]) -> None:
    assert Conditions(**given).hold(FACTS)
    assert Conditions(**given).failing(FACTS) is None


@pytest.mark.parametrize(("given", "failing"), FAIL, ids=str)
def test_conditions_that_do_not_hold_name_the_first_that_fails(given: dict[str, Any], failing: str) -> None:
    assert Conditions(**given).failing(FACTS) == failing
    assert not Conditions(**given).hold(FACTS)


def test_a_severity_of_null_is_unknown_in_a_condition() -> None:
    unsure = Facts("message", "board", severity=None)
    assert Conditions(severity=(UNKNOWN,)).hold(unsure)
    assert not Conditions(severity=("none", "ordinary")).hold(unsure)


def test_a_matter_without_a_place_fails_a_condition_on_places() -> None:
    assert Conditions(regions=("4101",)).failing(Facts("news", "x")) == "regions"


def test_only_the_conditions_given_are_named() -> None:
    assert Conditions(kinds=("news",), heat_at_least=0.0, empty=False).names() == ("kinds", "heat_at_least", "empty")
    assert Conditions().names() == ()


def test_every_condition_is_tried_here() -> None:
    tried = {name for given, _ in FAIL for name in given}
    labels = {"petition_topic", "message_type", "petition_kind", "sentiment", "disposition"}
    assert tried | labels == {item.name for item in fields(Conditions) if item.init}
    for name in labels:
        assert Conditions(**{name: ("其他值",)}).failing(FACTS) == name  # type: ignore[arg-type]
