"""领导台 and the big screen: what is serious, what waits for the leader, what is late; nothing of a report."""

from __future__ import annotations

from datetime import timedelta

from casework.domain import acts
from casework.services.opening import HIDDEN_TITLE
from tests.unit.dashboards.making import NOW, Desk
from tests.unit.dashboards.test_office_desk import event_of, post_of


def test_what_is_serious_and_late_with_its_denominator(desk: Desk) -> None:
    desk.case(1, title="高架桥塌陷", severity="major", to="transport")
    desk.case(2, title="路灯不亮", to="housing")
    desk.case(3, title="又一盏路灯", to="housing", opened_at=NOW - timedelta(minutes=5))
    desk.case(4, title="反映某科长", to="discipline", kind="检举控告", severity="major")
    page = desk.signed_in("wang", "leader").get("/leader").text
    assert "高架桥塌陷" in page
    assert "反映某科长" not in page
    assert "1 / 2（50.0%）" in page
    assert "检举控告件不在内" in page


def test_a_marked_case_waits_for_the_sign_off(desk: Desk) -> None:
    case = desk.case(1, title="停水多日")
    case = acts.mark(case, "common", "五篇反映", "zhang", NOW)
    case = acts.sign(case, "li", NOW, desk.context.office.worktime)
    case = acts.draft(case, "经核查，已恢复供水。", "li", NOW)
    for gate in ("first", "second", "third", "secrecy"):
        case = acts.review(case, gate, True, f"r-{gate}", NOW)
    desk.context.store.save_case(case)
    client = desk.signed_in("wang", "leader")
    assert "等主要负责人签批" in client.get("/leader").text
    desk.context.store.save_case(acts.endorse(desk.stored(case), True, "wang", NOW))
    assert "等主要负责人签批" not in client.get("/leader").text


def test_the_screen_shows_nobody_and_nothing_of_a_report(desk: Desk) -> None:
    event_of(desk, 1, "路灯不亮", post_of(desk, 1, "event:weibo:1", "路灯不亮，电话 13912345678"))
    report = post_of(desk, 2, "event:weibo:2", "某科长收钱", petition_kind={"label": "检举控告"})
    event_of(desk, 2, HIDDEN_TITLE, report)
    desk.case(4, title="反映某科长", to="discipline", kind="检举控告", severity="major")
    for name, role in (("wang", "leader"), ("zhang", "office")):
        client = desk.signed_in(name, role)
        for path in ("/screen", "/screen/part"):
            page = client.get(path).text
            assert "路灯不亮" in page
            assert "<strong>1</strong>今日信息" in page
            assert "<strong>0</strong>较大以上在办" in page
            for hidden in ("13912345678", "某科长", HIDDEN_TITLE, "网友小李"):
                assert hidden not in page
    assert desk.signed_in("qian", "department", "water").get("/screen").status_code == 403
