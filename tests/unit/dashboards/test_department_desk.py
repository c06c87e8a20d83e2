"""办理台: one's own cases alone, by what to do; signing from the list; co-department's part is marked."""

from __future__ import annotations

from tests.unit.dashboards.making import Desk, token


def test_own_cases_by_what_to_do(desk: Desk) -> None:
    mine = desk.case(1, to="water", title="水管漏水")
    desk.case(2, to="housing", title="房屋渗水")
    desk.case(3, to="transport", co=("water",), title="路面塌陷带断水管")
    desk.case(4, to="discipline", excluded=("water",), kind="检举控告", title="反映供水科长")
    client = desk.signed_in("qian", "department", "water")
    page = client.get("/department")
    assert page.status_code == 200
    for shown in ("水管漏水", "路面塌陷", "协办", "待签收", "已逾期", "本单位设定（无上级条文）"):
        assert shown in page.text
    for hidden in ("房屋渗水", "反映供水科长"):
        assert hidden not in page.text
    # The one button is that of the case that is led; the one that is helped with is signed by who leads it.
    assert page.text.count('action="/cases/') == 1
    form = {"csrf": token(page.text), "version": str(mine.version), "back": "/department"}
    assert client.post(f"/cases/{mine.id}/do/sign", data=form).headers["location"] == "/department"
    assert desk.stored(mine).state == "signed"
    assert "拟稿" in client.get("/department").text


def test_the_head_begins_here_and_others_do_not_open_it(desk: Desk) -> None:
    assert desk.signed_in("zhao", "spokesperson").get("/department").status_code == 403
    client = desk.client()
    assert client.get("/department").headers["location"].startswith("/enter?to=")
