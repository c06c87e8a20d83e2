"""Handing over on every store: return and second designation, disputes, watchers, successors, by service and list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework.config.load import load_office
from casework.domain import acts
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.office import Office
from casework.domain.routing import Route
from casework.ports import Store
from casework.records import CaseFilter
from casework.services.respond import act
from pipeline.settings import ROOT
from tests.contract.stores.things import case
from tests.unit.domain.making import HOUR, START, WORKTIME, opened

WHY = {"reason": "不属本单位职责"}


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(ROOT / "config")


def ids(store: Store, where: CaseFilter) -> list[str]:
    store.refresh()
    return [one.id[-1] for one in store.list_cases(where)]


def test_a_case_goes_round_by_the_rules_and_ends_at_the_coordination_desk(store: Store, office: Office) -> None:
    assert all(store.create_cases([opened()]))
    key = "case:board:1"
    act(store, office, key, "assign", {"to": "housing", "with": "water, ecology"}, "office", START)
    found = act(store, office, key, "return", WHY, "housing", START + HOUR)
    assert (found.state, found.co_departments) == ("returned", ("water", "ecology"))
    second = act(store, office, key, "assign", {"to": "construction"}, "office", START + 2 * HOUR)
    assert second.reason == "指定：由人工指定郑州市城乡建设局办理（第二次指定，不得再退回）。"
    with pytest.raises(IllegalMove, match="second time"):
        act(store, office, key, "return", WHY, "construction", START + 3 * HOUR)
    asked = act(store, office, key, "dispute", WHY, "construction", START + 3 * HOUR)
    assert (asked.desk, asked.watchers) == ("supervision", ("supervision",))
    assert ids(store, CaseFilter(seen_by=("supervision",))) == ["1"]
    assert ids(store, CaseFilter(department="supervision")) == []
    last = act(store, office, key, "assign", {"to": "housing"}, "office", START + 4 * HOUR)
    assert "为最终决定" in last.reason
    with pytest.raises(IllegalMove, match="final"):
        act(store, office, key, "dispute", WHY, "housing", START + 5 * HOUR)
    again = store.get_case(key)
    assert (again.handover, again.watchers) == (last.handover, last.watchers)


@pytest.mark.parametrize("helping", ["nobody", "industry_commerce"])
def test_a_helper_must_exist(store: Store, office: Office, helping: str) -> None:
    assert all(store.create_cases([opened()]))
    with pytest.raises(DomainError, match=f"no such department '{helping}'"):
        act(store, office, "case:board:1", "assign", {"to": "housing", "with": helping}, "office", START)


def test_lists_by_who_may_see_and_what_a_case_is_of(store: Store) -> None:
    watched = acts.assign(opened("board:2"), Route("water", (), "r", watchers=("news",)), "x", START, WORKTIME)
    placed = replace(opened("board:4", excluded=("police",)))
    assert all(store.create_cases([case(1, to="housing", co=("news",)), watched, case(3, to="health"), placed]))
    assert ids(store, CaseFilter(seen_by=("news",))) == ["1", "2"]
    assert ids(store, CaseFilter(seen_by=("news", "health"))) == ["1", "2", "3"]
    assert ids(store, CaseFilter(viewer=("traffic", "police"))) == ["1", "2", "3"]
    assert ids(store, CaseFilter(viewer=("traffic",))) == ["1", "2", "3", "4"]
    assert ids(store, CaseFilter(states=("assigned", "signed"))) == ["1", "2", "3"]
    assert ids(store, CaseFilter(board_domain="城建")) == ["1", "2", "3", "4"]
    assert ids(store, CaseFilter(board_domain="交通")) == []
    counted = store.count_cases("department", CaseFilter(board_domain="城建", states=("assigned",), seen_by=("news",)))
    assert counted == {"housing": 1, "water": 1}


def test_the_place_of_a_case_is_asked_for_by_its_district(store: Store) -> None:
    opening = acts.Opening(
        "case:p", "board:p", "路灯", ("board:p",), (), "event:p", "none", None, None, (), "opened", "r", {}
    )
    street = acts.open_case(replace(opening, places=("410105001", "410102")), [], START, WORKTIME)
    assert all(store.create_cases([street, case(1)]))
    assert ids(store, CaseFilter(place="410105")) == ["p"]
    assert ids(store, CaseFilter(place="410102")) == []
    assert store.get_case("case:p").places == ("410105001", "410102")


def test_a_successor_named_today_may_not_be_given_a_report_about_its_predecessor(store: Store, office: Office) -> None:
    units = dict(office.routing.departments)
    units["housing"] = replace(units["housing"], until=date(2026, 2, 1), successor="construction")
    reformed = replace(office, routing=replace(office.routing, departments=units))
    assert all(store.create_cases([opened(excluded=("housing",))]))
    with pytest.raises(IllegalMove, match="unit reported"):
        act(store, reformed, "case:board:1", "assign", {"to": "construction"}, "office", START)
    held = act(store, reformed, "case:board:1", "assign", {"to": "discipline"}, "office", START)
    assert held.excluded == ("construction", "housing")
