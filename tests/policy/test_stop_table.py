"""The table of ``docs/how-to/deadlines.md``, which says what stops which limit, is read and held to."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.config.load import load_office
from casework.domain import acts
from casework.domain.case import Case
from casework.domain.clock import FrozenRule, start_clock
from casework.domain.deadlines import PAUSE_REASONS, DeadlineRule, Unit
from casework.domain.times import store_time
from casework.domain.words import HAPPENINGS
from tests.unit.domain.making import START, deadline_rule, opened

ROOT = Path(__file__).resolve().parents[2]
OFFICE = load_office(ROOT / "config")
RULES = {rule.id: rule for rule in OFFICE.deadline_rules}
STARTS = {
    "occurred": "发生",
    "discovered": "发现",
    "assigned": "转办",
    "answered": "答复",
    "received": "收到",
    "at_desk": "到值班台或被退回",
}
UNITS = {
    "clock_minutes": "分钟",
    "clock_hours": "小时",
    "calendar_days": "日",
    "working_days": "个工作日",
    "working_hours": "个工作小时",
}
POST = "board:1"
AT = START + timedelta(minutes=1)
DATA: dict[str, dict[str, Any]] = {
    "assigned": {
        "department": "housing",
        "co_departments": [],
        "watchers": [],
        "excluded": [],
        "reason": "",
        "rule": None,
        "default": False,
        "held": False,
        "final": None,
        "returns": None,
    },
    "signed": {},
    "returned": {},
    "published": {"url": "https://example.gov.example/1", "at": store_time(AT)},
    "answered": {"posts": [POST], "at": store_time(AT)},
    "forwarded": {"posts": [POST], "at": store_time(AT)},
    "received": {"posts": [POST], "at": store_time(AT)},
    "followed_up": {"post": POST, "result": "reached", "solved": "yes", "satisfied": None, "at": store_time(AT)},
    "rejected": {},
    "transferred": {"to": "公安"},
    "closed": {},
}
ENDS = {"rejected", "transferred", "closed"}
"""After these no limit runs, whatever it is."""


def rows() -> dict[str, list[str]]:
    """Rule → the cells of its row."""
    text = (ROOT / "docs" / "how-to" / "deadlines.md").read_text(encoding="utf-8")
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", text, re.M)]
    return {cells[1].strip("`"): cells for cells in table if cells[1].startswith("`")}


ROWS = rows()


def stops(rule: str) -> set[str]:
    """The happenings that the table names."""
    return set(re.findall(r"`(\w+)`", ROWS[rule][3]))


def written(rule: DeadlineRule) -> list[str]:
    """The row as the rule's file has it."""
    value = rule.values[-1]
    times = "、".join(f"{at:%H:%M}" for at in rule.times)
    limit = f"每日 {times} 前" if times else f"{value.amount} {UNITS[rule.unit]}"
    met = "、".join(f"{HAPPENINGS[name]}（`{name}`）" for name in rule.met_by)
    every = set(rule.pauses) == set(PAUSE_REASONS)
    pauses = "各类理由，写明" if every else "、".join(PAUSE_REASONS[name] for name in rule.pauses) or "不可中止"
    extension = rule.extension_of(value)
    far = f"{extension.times} 次，至多 {extension.amount} {UNITS[rule.unit]}" if extension.amount else "不可"
    return [f"{rule.title}（{limit}）", f"`{rule.id}`", STARTS[rule.starts], met, pauses, far]


def test_the_table_has_every_rule_and_no_other() -> None:
    assert len(ROWS) > 10
    assert set(ROWS) == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_row_says_what_the_rule_says(rule: str) -> None:
    assert ROWS[rule] == written(RULES[rule])


def running(rule: str) -> Case:
    """A case of one message on which only this limit runs."""
    idle = deadline_rule("idle", Unit.CLOCK_HOURS, 1, "flagged", "closed")
    case = opened(POST, rules=(idle,))
    frozen = FrozenRule.freeze(RULES[rule], OFFICE.ladders[RULES[rule].ladder], START)
    assert frozen is not None
    post = POST if frozen.per_message else None
    clock = start_clock(frozen, START, OFFICE.worktime, post=post)
    data = {"to": "none", "from": "none", "rules": [frozen.to_json()], "clocks": [clock.to_json()], "lifted": []}
    return case.after("level_set", START, "test", None, data)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_what_the_table_names_stops_it_and_nothing_else(rule: str) -> None:
    case = running(rule)
    (clock,) = case.running()
    stopped = set()
    for what, data in DATA.items():
        if case.after(what, AT, "test", None, data).clocks[0].met_at is not None:
            stopped.add(what)
    if acts.fulfil(case, rule, AT, "test", AT).clocks[0].met_at is not None:
        stopped.add("fulfilled")
    # A person may record any duty as done outside the system; the table names it where that is the way.
    assert stopped - ENDS - {"fulfilled"} == stops(rule) - ENDS - {"fulfilled"}
    assert stopped >= ENDS | {"fulfilled"}
    assert stops(rule) <= stopped
    assert clock.met_at is None
