"""Pages for handing over: return, second designation, dispute at the coordination desk, watchers, successors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from casework.domain import acts
from casework.domain.routing import Route
from tests.unit.dashboards.making import OPENED, Desk, press

WHY = "三定方案没有写这项职责"


def test_a_dispute_goes_from_the_page_to_the_coordination_desk_and_back(desk: Desk) -> None:
    case = desk.case(to="housing")
    office, housing = desk.signed_in("li", "office"), desk.signed_in("wang", "department", "housing")
    assert press(housing, desk.stored(case), "return", reason=WHY).status_code == 303
    assert press(office, desk.stored(case), "assign", to="housing").status_code == 303
    refused = press(housing, desk.stored(case), "return", reason=WHY)
    assert refused.status_code == 409
    assert "第二次指定，不能再退回" in refused.text
    assert press(housing, desk.stored(case), "dispute", reason=WHY).status_code == 303
    page = housing.get(f"/cases/{case.id}").text
    assert "等郑州市人民政府督查室重新转办" in page
    assert WHY in page
    coordination = desk.signed_in("sun", "department", "supervision")
    assert case.title in coordination.get("/").text
    page = coordination.get(f"/cases/{case.id}").text
    assert "/do/assign" in page
    assert "/do/transfer" not in page
    assert press(coordination, desk.stored(case), "assign", to="construction").status_code == 303
    decided = desk.stored(case)
    assert (decided.state, decided.department) == ("assigned", "construction")
    # Decided: it may be read there on, and no more.
    assert "/do/assign" not in coordination.get(f"/cases/{case.id}").text


def test_helpers_are_chosen_at_the_page(desk: Desk) -> None:
    case = desk.case()
    office = desk.signed_in("li", "office")
    assert 'name="with" value="ecology"' in office.get(f"/cases/{case.id}").text
    assert press(office, desk.stored(case), "assign", to="housing", **{"with": ["ecology", "water"]}).status_code == 303  # type: ignore[arg-type]
    assert desk.stored(case).co_departments == ("ecology", "water")


def test_a_watcher_reads_and_does_nothing(desk: Desk) -> None:
    case = desk.case()
    office = desk.context.office
    route = Route("traffic_police", (), "指定：测试。", watchers=("public_security",))
    desk.context.store.save_case(acts.assign(desk.stored(case), route, "x", OPENED, office.worktime))
    superior = desk.signed_in("zhao", "department", "public_security")
    assert case.title in superior.get("/").text
    page = superior.get(f"/cases/{case.id}").text
    assert "知会：郑州市公安局" in page
    assert "/do/" not in page


def test_the_default_desk_passes_on_what_no_rule_routed(desk: Desk) -> None:
    office = desk.context.office
    case = desk.case()
    route = Route(office.default_desk, (), "人工：测试。", default=True)
    desk.context.store.save_case(acts.assign(desk.stored(case), route, "x", OPENED, office.worktime))
    duty = desk.signed_in("qian", "department", office.default_desk)
    assert press(duty, desk.stored(case), "assign", to="housing").status_code == 303
    assert duty.get(f"/cases/{case.id}").status_code == 404


def test_the_successor_goes_on_with_the_cases_of_its_predecessor(desk: Desk) -> None:
    case, report = desk.case(1, to="housing"), desk.case(2, to="discipline", excluded=("housing",), kind="检举控告")
    context = desk.context
    units = dict(context.office.routing.departments)
    units["housing"] = replace(units["housing"], until=date(2026, 1, 31), successor="construction")
    context.__dict__["office"] = replace(context.office, routing=replace(context.office.routing, departments=units))
    heir = desk.signed_in("wu", "department", "construction")
    page = heir.get("/").text
    assert case.title in page
    assert "共 1 件" in page
    assert press(heir, desk.stored(case), "sign").status_code == 303
    assert heir.get(f"/cases/{report.id}").status_code == 404
