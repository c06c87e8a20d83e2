"""突发事件 on the page: countdown, checklist, rolling information, who was told; and who may record it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from casework.domain.case import Case
from casework.domain.emergency import track
from tests.unit.dashboards.making import NOW, Desk


def send(client: TestClient, case: Case, verb: str, **fields: str) -> Any:
    page = client.get(f"/cases/{case.id}").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    return client.post(f"/cases/{case.id}/emergency/{verb}", data={"csrf": token[1], **fields})


def test_the_track_of_a_grave_case_is_on_its_page(desk: Desk) -> None:
    case = desk.case(1, severity="major")
    page = desk.signed_in("zhang").get(f"/cases/{case.id}").text
    for said in (
        "突发事件处置",
        "倒计时",
        "重大突发事件电话报告",
        "核对清单",
        "值班员",
        "滚动信息",
        "谁在什么时候被告知",
    ):
        assert said in page, said
    plain = desk.case(2)
    other = desk.signed_in("li").get(f"/cases/{plain.id}").text
    assert "倒计时" not in other
    assert "按突发事件处置" in other


def test_it_is_recorded_from_the_page_and_ends_with_its_review(desk: Desk) -> None:
    case, client = desk.case(1, severity="major"), desk.signed_in("zhang")
    assert send(client, case, "inform", text="桥面沉降", source="交警", at="2026-03-04T22:50").status_code == 303
    assert send(client, case, "told", who="市长", how="电话", at="2026-03-04T22:55").status_code == 303
    refused = send(client, case, "close")
    assert refused.status_code == 400
    assert "清单上还有" in refused.text
    items = [item.id for item in desk.context.office.checklist if item.required]
    for item in items:
        assert send(client, case, "check", item=item, not_needed="").status_code == 303
    assert "还没有提交复盘" in send(client, case, "close").text
    assert send(client, case, "review", text="联系人 13812345678 应早到").status_code == 303
    assert send(client, case, "close").status_code == 303
    page = client.get(f"/cases/{case.id}").text
    assert "突发事件（已结束）" in page
    assert "桥面沉降" in page
    assert "13812345678" not in page
    assert {entry.detail["verb"] for entry in desk.logged("acted")} >= {"emergency_inform", "emergency_close"}


def test_what_is_wrong_is_said_and_what_was_entered_stays(desk: Desk) -> None:
    case, client = desk.case(1, severity="major"), desk.signed_in("zhang")
    later = (NOW + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")
    answer = send(client, case, "inform", text="还在写的情况", source="交警", at=later)
    assert (answer.status_code, "时间不能晚于现在" in answer.text) == (400, True)
    assert "还在写的情况" in answer.text
    assert client.post(f"/cases/{case.id}/emergency/inform", data={"csrf": "x", "text": "y"}).status_code == 403
    assert send(client, case, "nothing").status_code == 404


def test_by_hand_and_by_whom(desk: Desk) -> None:
    case, client = desk.case(1), desk.signed_in("zhang")
    assert "级别要从列表里选" in send(client, case, "open", level="", reason="聚集").text
    assert send(client, case, "open", level="serious", reason="现场有人聚集").status_code == 303
    assert track(desk.stored(case)) is not None
    department = desk.signed_in("wang", "department", "housing")
    page = department.get(f"/cases/{case.id}").text
    assert "倒计时" in page
    assert "记一条滚动信息" not in page
    assert send(department, case, "inform", text="x", source="y").status_code == 403
