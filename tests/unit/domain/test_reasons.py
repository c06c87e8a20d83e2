"""Why a rule matched or did not, in one Chinese phrase a condition."""

from __future__ import annotations

import pytest

from casework.domain.matching import Conditions, Facts
from casework.domain.reasons import NAMES, tried

FACTS = Facts("weibo", "weibo", "楼顶漏水", "城建", severity=None, regions=("990102",), units=("housing",), heat=3.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kinds": ("news",)}, "信息类型要求新闻，现为微博"),
        ({"kinds": ("weibo", "news")}, "信息类型为微博"),
        ({"board_domain": ("交通", "环保")}, "领域要求交通、环保，现为城建"),
        ({"petition_topic": ("环境保护",)}, "信访分类要求环境保护，现为未定"),
        ({"severity": ("major",)}, "级别要求重大，现为待定级"),
        ({"severity": ("unknown",)}, "级别为待定级"),
        ({"words": ("路灯", "停水")}, "正文没有路灯、停水"),
        ({"words": ("路灯", "漏水")}, "正文有漏水"),
        ({"regions": ("9902",)}, "地点要求9902，现为990102"),
        ({"regions": ("9901",)}, "地点为990102"),
        ({"units": ("housing",)}, "点名housing"),
        ({"heat_at_least": 5.0}, "热度要到5，现为3"),
        ({"posts_at_least": 1}, "信息条数1，达到1"),
        ({"empty": True}, "要求正文为空，现有正文"),
        ({"empty": False}, "有正文"),
        ({}, "对所有事项适用"),
        ({"board_domain": ("城建",), "words": ("漏水",)}, "领域为城建；正文有漏水"),
    ],
)
def test_a_condition_says_what_it_asked_and_what_it_found(given: dict[str, object], expected: str) -> None:
    when = Conditions(**given)  # type: ignore[arg-type]
    failed = when.failing(FACTS)
    step = tried("r", "类别", when, FACTS, failed)
    assert (step.matched, step.failed, step.note) == (failed is None, failed, expected)


def test_every_condition_has_a_name() -> None:
    assert set(NAMES) == {name for name in Conditions.__match_args__ if not name.startswith("_")}
