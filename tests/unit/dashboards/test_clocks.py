"""The limits on the page of a case: in the order in which they are due, with what is special about each."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.unit.dashboards.making import NOW, Desk, press


def table(page: str) -> list[str]:
    """The titles of the limits, from above."""
    return re.findall(r'data-label="职责">([^<]+)', page)


def test_what_is_due_first_stands_first_and_what_is_met_last(desk: Desk) -> None:
    case = desk.case(1, severity="major")
    client = desk.signed_in("zhang", "admin")
    press(client, case, "sign")
    case = desk.stored(case)
    shown = table(client.get(f"/cases/{case.id}").text)
    running = sorted((clock for clock in case.running()), key=lambda clock: (clock.due or NOW, clock.key))
    assert len(shown) == len(case.clocks) > 3
    assert shown[: len(running)] == [clock.rule.title for clock in running]
    assert "签收" in shown[len(running) :]
    assert len(running) > 3


def test_a_limit_that_was_extended_says_so(desk: Desk) -> None:
    case = desk.case(1)
    client = desk.signed_in("zhang", "admin")
    assert "已延期" not in client.get(f"/cases/{case.id}").text
    press(client, case, "extend", rule="case_finish", to_time="2026-04-10T18:00", reason="要鉴定")
    page = client.get(f"/cases/{case.id}").text
    assert "2026-04-10 18:00<br><small>已延期</small>" in page


def test_a_limit_that_waits_for_a_calendar_says_for_which_and_guesses_nothing(desk: Desk) -> None:
    desk.clock[0] = NOW.replace(month=12, day=30)
    late = desk.case(1, opened_at=desk.clock[0] - timedelta(hours=1))
    waiting = [clock for clock in late.running() if clock.awaits == 2027]
    assert waiting
    page = desk.signed_in("zhang", "admin").get(f"/cases/{late.id}").text
    assert page.count("待2027年放假安排公布") == len(waiting)


def test_where_every_limit_waits_the_list_and_the_case_say_so(desk: Desk) -> None:
    desk.clock[0] = NOW.replace(month=12, day=30)
    case = desk.case(1, opened_at=desk.clock[0] - timedelta(hours=1))
    client = desk.signed_in("zhang", "admin")
    press(client, case, "sign")
    case = desk.stored(case)
    assert case.running()
    assert all(clock.awaits == 2027 for clock in case.running())
    assert "期限待定" in client.get("/").text
    assert "期限待定：待2027年放假安排公布" in client.get(f"/cases/{case.id}").text


def test_the_reported_unit_is_named_to_those_who_may_see(desk: Desk) -> None:
    report = desk.case(1, to="discipline", excluded=("housing",), kind="检举控告")
    client = desk.signed_in("zhang", "admin")
    assert client.get("/").text.count(">检举控告<") == 1
    page = client.get(f"/cases/{report.id}").text
    assert ">检举控告<" in page
    assert f"被检举控告：{desk.context.office.department_name('housing')}。" in page
    ordinary = client.get(f"/cases/{desk.case(2).id}").text
    assert ">检举控告<" not in ordinary
    assert "被检举控告" not in ordinary
