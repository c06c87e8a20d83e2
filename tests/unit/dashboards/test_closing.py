"""Closing, sign-off and follow-up at the page: what is missing is said, done by whom it may be, and kept."""

from __future__ import annotations

from datetime import timedelta

from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.moves import GATES
from casework.domain.times import show_time
from casework.services.respond import act
from tests.unit.dashboards.making import NOW, Desk, press

TEXT = "听说自来水有毒，李小明的电话是13812345678，快看 https://board.example/1"


def answered(desk: Desk, disposition: str | None = None, text: str = TEXT) -> Case:
    """A case whose answer was published, two hours ago."""
    case = desk.case(text=text)
    store, at = desk.context.store, NOW - timedelta(hours=2)
    if disposition is not None:
        value = {"disposition": {"label": disposition, "score": 0.9}, "severity": {"level": "none"}, "accused": []}
        store.put_assessments({"board:1": (Assessment(value, 1), "")})
        store.refresh()
    for verb, args in (
        ("sign", {}),
        ("draft", {"text": "已核实"}),
        *(("review", {"gate": gate, "ok": "yes"}) for gate in GATES),
        ("publish", {"url": "https://gov.example/1", "at": show_time(at)}),
    ):
        act(store, desk.context.office, case.id, verb, args, "li", at)
    return desk.stored(case)


def test_a_rumour_is_closed_at_the_page_once_its_lead_is_handed_over_masked(desk: Desk) -> None:
    case = answered(desk, "虚假信息")
    client = desk.signed_in("zhang", "office")
    refused = press(client, case, "close")
    assert refused.status_code == 409
    assert "还有事项没有登记在案，见“办结所需”" in refused.text
    assert "线索移交或不移交线索的理由" in refused.text
    none = press(client, case, "record", item="lead", text="移交核查")
    assert none.status_code == 400
    assert "要选移交给谁" in none.text
    assert press(client, case, "record", item="lead", text="移交核查", lead_to="public_security").status_code == 303
    entry = desk.stored(case).history[-1]
    assert entry.data["to"] == ["public_security"]
    (lead,) = entry.data["lead"]
    assert set(lead) == {"source", "url", "published_at", "title", "text"}
    assert "13812345678" not in lead["text"]
    assert "自来水有毒" in lead["text"]
    assert "小李" not in str(lead)
    assert press(client, desk.stored(case), "close").status_code == 303


def test_a_marked_case_waits_for_the_principals_own_sign_off(desk: Desk) -> None:
    case = desk.case(text="路灯不亮")
    office = desk.signed_in("zhang", "office")
    assert press(office, case, "mark", mark="common", reason="多个小区反映").status_code == 303
    store, at = desk.context.store, NOW
    act(store, desk.context.office, case.id, "sign", {}, "li", at)
    act(store, desk.context.office, case.id, "draft", {"text": "已修复"}, "li", at)
    for gate in GATES:
        act(store, desk.context.office, case.id, "review", {"gate": gate, "ok": "yes"}, "li", at)
    link = {"url": "https://gov.example/1", "at": "2026-03-04T22:50"}
    refused = press(office, desk.stored(case), "publish", **link)
    assert refused.status_code == 409
    assert "已标记普遍性，要先由主要负责人签批" in refused.text
    assert "/do/endorse" not in refused.text
    assert "等主要负责人签批" in office.get(f"/cases/{case.id}").text
    head = desk.signed_in("wang", "principal")
    page = head.get(f"/cases/{case.id}").text
    assert "/do/endorse" in page
    assert "未经主要负责人签批不能发布" in page
    assert press(head, desk.stored(case), "endorse", ok="yes").status_code == 303
    assert "等主要负责人签批" not in office.get(f"/cases/{case.id}").text
    assert "wang 已于" in office.get(f"/cases/{case.id}").text
    assert press(office, desk.stored(case), "publish", **link).status_code == 303


def test_what_people_said_of_the_answer_is_entered_at_the_page(desk: Desk) -> None:
    case = answered(desk)
    client = desk.signed_in("zhang", "office")
    assert "待回访：board:1" in client.get(f"/cases/{case.id}").text
    silent = press(client, case, "follow_up", post="board:1", result="reached", solved="", satisfied="")
    assert silent.status_code == 400
    assert "要写是否解决或是否满意" in silent.text
    done = press(client, case, "follow_up", post="board:1", result="reached", solved="partly", satisfied="no")
    assert done.status_code == 303
    assert desk.stored(case).state == "handling"
    page = client.get(f"/cases/{case.id}").text
    assert "已回访，部分解决，不满意，人工回访" in page
    assert "待回访" not in page
