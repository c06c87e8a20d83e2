"""Where ``--by`` is an account, its role and department are held to; who grants an extension stands in the rule."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from casework.config.load import load_office
from casework.domain import acts
from casework.domain.case import Case
from casework.domain.errors import IllegalMove
from casework.domain.matching import Facts
from casework.domain.office import Office
from casework.domain.routing import Route
from casework.domain.times import show_time
from casework.ports import Store
from casework.records import User
from casework.services.notice_facts import facts_of_notice
from casework.services.respond import act
from casework.services.telling import recipient
from tests.unit.domain.making import HOUR, START, opened

ROLES = ("admin", "office", "department", "leader", "spokesperson")


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(Path(__file__).resolve().parents[3] / "config")


@pytest.fixture
def case(store: Store, office: Office) -> Case:
    for role in ROLES:
        store.put_user(User(role, role, "-", "housing" if role == "department" else None))
    store.put_user(User("other", "department", "-", "water"))
    store.put_user(User("gone", "office", "-", None, True))
    petition = [
        rule for rule in office.deadline_rules if rule.id in ("petition_finish", "message_answer", "case_finish")
    ]
    made = acts.assign(opened(rules=tuple(petition)), Route("housing", (), "测试"), "huiying", START, office.worktime)
    assert len(petition) == 3
    assert office.frozen_rules(Facts("message", "board", petition_kind="申诉求决"), START)
    store.create_cases([made])
    return store.get_case(made.id)


def due(case: Case, rule: str) -> str:
    (clock,) = [clock for clock in case.clocks if clock.rule.id == rule]
    assert clock.due is not None
    return show_time(clock.due + timedelta(days=1))


@pytest.mark.parametrize("by", ["department", "other", "spokesperson", "leader", "gone"])
def test_who_may_not_pause_does_not(store: Store, office: Office, case: Case, by: str) -> None:
    with pytest.raises(IllegalMove, match=f"{by} may not"):
        act(store, office, case.id, "pause", {"reason": "等鉴定"}, by, START + HOUR)
    assert store.get_case(case.id).version == case.version


def test_a_department_asks_and_does_not_grant(store: Store, office: Office, case: Case) -> None:
    args = {"rule": "case_finish", "to": due(case, "case_finish"), "reason": "要鉴定"}
    with pytest.raises(IllegalMove, match="department may not"):
        act(store, office, case.id, "extend", args, "department", START + HOUR)
    with pytest.raises(IllegalMove, match="other may not"):
        act(store, office, case.id, "ask", args, "other", START + HOUR)
    asked = act(store, office, case.id, "ask", args, "department", START + HOUR)
    (told,) = [notice for notice in asked.outbox if notice.kind == "extension"]
    assert told.to == "@review/contact"
    assert facts_of_notice(asked, told, office, START + HOUR)["reason"] == "要鉴定"
    granted = act(store, office, case.id, "extend", args, "office", START + 2 * HOUR)
    assert [entry.what for entry in granted.history][-2:] == ["extension_asked", "extended"]


def test_the_rule_says_who_grants(store: Store, office: Office, case: Case) -> None:
    args = {"rule": "petition_finish", "to": due(case, "petition_finish"), "reason": "情况复杂"}
    with pytest.raises(IllegalMove, match=r"granted by leader, admin; office is office: 信访工作条例 第三十四条"):
        act(store, office, case.id, "extend", args, "office", START + HOUR)
    asked = act(store, office, case.id, "ask", args, "department", START + HOUR)
    (told,) = [notice for notice in asked.outbox if notice.kind == "extension"]
    assert told.to == "@review/leader"
    assert recipient(told.to, office).endswith("分管领导")
    assert act(store, office, case.id, "extend", args, "leader", START + 2 * HOUR).history[-1].by == "leader"


def test_a_name_that_is_no_account_is_only_recorded(store: Store, office: Office, case: Case) -> None:
    paused = act(store, office, case.id, "pause", {"reason": "等鉴定"}, "cli", START + HOUR)
    assert paused.history[-1].by == "cli"
