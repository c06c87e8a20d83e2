"""签收提醒 on the page: who has the alarms in hand and until when; for no longer than the ladder allows."""

from __future__ import annotations

import re
from typing import Any

from fastapi.testclient import TestClient

from casework.domain.case import Case
from tests.unit.dashboards.making import Desk


def press(client: TestClient, case: Case, until: str) -> Any:
    page = client.get(f"/cases/{case.id}").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    data = {"csrf": token[1], "version": str(case.version), "until": until}
    return client.post(f"/cases/{case.id}/do/acknowledge", data=data)


def test_the_page_says_who_has_the_alarms_in_hand(desk: Desk) -> None:
    case, client = desk.case(1), desk.signed_in("wang", "department", "housing")
    assert press(client, case, "2026-03-05T09:00").status_code == 303
    page = client.get(f"/cases/{case.id}").text
    assert "wang 已签收提醒，提醒和升级暂停到" in page
    assert "提醒和升级暂停到 3月5日 09:00" in page
    assert [one.by for one in desk.stored(case).acknowledged] == ["wang"]


def test_not_for_ever_and_not_for_what_is_past(desk: Desk) -> None:
    case, client = desk.case(1), desk.signed_in("wang", "department", "housing")
    for until, said in (
        ("2026-04-05T09:00", "提醒最多暂停到 2026-03-05T23:00"),
        ("2026-03-04T22:00", "要晚于现在"),
        ("明天", "不是时间"),
        ("", "还没有填"),
    ):
        answer = press(client, case, until)
        assert answer.status_code in (400, 409), until
        assert said in answer.text, (until, re.findall(r'role="alert">([^<]+)', answer.text))
    assert desk.stored(case).acknowledged == ()
