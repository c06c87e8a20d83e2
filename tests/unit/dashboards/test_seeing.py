"""Who sees which case: roles, departments, reports of wrongdoing, originals."""

from __future__ import annotations

import pytest

from casework.records import CaseFilter
from dashboards import access
from tests.unit.dashboards.making import OPENED, Desk, press, token

PHONE = "13812345678"


def test_a_department_sees_its_own_cases_only(desk: Desk) -> None:
    own = desk.case(1, to="housing", title="住房的事")
    helped = desk.case(2, to="transport", co=("housing",), title="协办的事")
    other = desk.case(3, to="transport", title="别家的事")
    bare = desk.case(4, to=None, title="还没转办的事")
    client = desk.signed_in("wang", "department", "housing")
    page = client.get("/").text
    assert own.title in page
    assert helped.title in page
    assert other.title not in page
    assert bare.title not in page
    asked = client.get("/", params={"department": "transport"}).text
    assert other.title not in asked
    assert client.get(f"/cases/{own.id}").status_code == 200
    assert client.get(f"/cases/{helped.id}").status_code == 200


def test_an_unknown_case_and_a_forbidden_one_answer_alike(desk: Desk) -> None:
    other = desk.case(3, to="transport", title="别家的事")
    client = desk.signed_in("wang", "department", "housing")
    form = {"csrf": token(client.get("/").text), "reason": "看看", "text": "稿"}
    for tail in ("", "/do/sign", "/do/nothing", "/originals"):
        send = client.post if tail else client.get
        more = {"data": form} if tail else {}
        forbidden, unknown = send(f"/cases/{other.id}{tail}", **more), send(f"/cases/case:none{tail}", **more)
        assert forbidden.status_code == unknown.status_code == 404
        assert forbidden.text == unknown.text
    assert desk.stored(other).version == other.version
    assert [entry.thing for entry in desk.logged("viewed")] == []


def test_a_department_that_helps_reads_and_does_not_act(desk: Desk) -> None:
    helped = desk.case(2, to="transport", co=("housing",))
    client = desk.signed_in("wang", "department", "housing")
    assert "/do/" not in client.get(f"/cases/{helped.id}").text
    assert press_without_form(client, helped.id, "sign") == 403
    assert desk.stored(helped).state == "assigned"


def press_without_form(client: object, id_: str, verb: str) -> int:
    """Send an act that the page does not offer."""
    csrf = token(client.get("/").text)  # type: ignore[attr-defined]
    status: int = client.post(f"/cases/{id_}/do/{verb}", data={"csrf": csrf, "text": "稿"}).status_code  # type: ignore[attr-defined]
    return status


@pytest.mark.parametrize(
    ("role", "department", "may", "may_not"),
    [
        ("department", "housing", "sign", "assign"),
        ("leader", None, None, "sign"),
        ("spokesperson", None, None, "sign"),
    ],
)
def test_a_role_does_what_it_may(desk: Desk, role: str, department: str | None, may: str | None, may_not: str) -> None:
    case = desk.case()
    client = desk.signed_in("he", role, department)
    page = client.get(f"/cases/{case.id}").text
    assert may is None or f"/do/{may}" in page
    assert f"/do/{may_not}" not in page
    assert press_without_form(client, case.id, may_not) == 403
    assert desk.stored(case).version == case.version


def test_an_accused_department_sees_nothing(desk: Desk) -> None:
    report = desk.case(1, to="discipline", excluded=("housing",), kind="检举控告", title="举报科长吃拿卡要")
    client = desk.signed_in("wang", "department", "housing")
    page = client.get("/", params={"words": "举报"}).text
    assert report.title not in page
    assert client.get(f"/cases/{report.id}").status_code == 404
    # Also where it was a helper before the mark came (by merging), and for one with a wider role who sits there.
    mistaken = desk.case(2, to="discipline", co=("housing",), title="后来才知道的事")
    data = {"from": "x", "posts": [], "messages": [], "excluded": ["housing"], "rules": [], "clocks": []}
    assert client.get(f"/cases/{mistaken.id}").status_code == 200
    desk.context.store.save_case(mistaken.after("absorbed", OPENED, "huiying", None, data))
    assert mistaken.title not in client.get("/").text
    assert client.get(f"/cases/{mistaken.id}").status_code == 404
    wide = desk.signed_in("zhao", "leader", "housing")
    assert mistaken.title not in wide.get("/").text
    assert wide.get(f"/cases/{mistaken.id}").status_code == 404


@pytest.mark.parametrize(
    ("role", "department", "sees"),
    [
        ("admin", None, True),
        ("office", None, True),
        ("department", "discipline", True),
        ("leader", None, False),
        ("spokesperson", None, False),
        ("department", "transport", False),
    ],
)
def test_who_sees_a_report_of_wrongdoing(desk: Desk, role: str, department: str | None, sees: bool) -> None:
    assert desk.context.office.discipline_desk == "discipline"
    report = desk.case(1, to="discipline", excluded=("housing",), kind="检举控告", title="举报科长吃拿卡要")
    plain = desk.case(2, to="discipline", co=("transport",), title="路灯的事")
    client = desk.signed_in("he", role, department)
    page = client.get("/").text
    assert plain.title in page
    assert (report.title in page) is sees
    assert client.get(f"/cases/{report.id}").status_code == (200 if sees else 404)
    assert f"共 {2 if sees else 1} 件" in page


def test_excluded_departments_are_not_offered_and_not_taken(desk: Desk) -> None:
    report = desk.case(1, to=None, excluded=("housing",), kind="检举控告")
    client = desk.signed_in("zhang", "admin")
    page = client.get(f"/cases/{report.id}").text
    assert 'value="discipline"' in page
    for barred, why in (("housing", "第三十条"), ("transport", "确认或解除标记之前")):
        assert f'value="{barred}"' not in page
        answer = press(client, report, "assign", to=barred)
        assert answer.status_code == 409
        assert why in answer.text
    assert desk.stored(report).department is None


def test_a_case_cannot_be_merged_into_one_that_is_not_seen(desk: Desk) -> None:
    case = desk.case(1)
    hidden = desk.case(2, to="discipline", excluded=("news_office",), kind="检举控告")
    assert desk.context.office.review_desk == "news_office"
    client = desk.signed_in("zhang", "admin")
    answer = press(client, case, "merge", into=hidden.id)
    assert answer.status_code == 400
    assert "没有这个编号" in answer.text


def test_a_report_is_not_merged_with_another_kind(desk: Desk) -> None:
    report = desk.case(1, to="discipline", kind="检举控告")
    plain = desk.case(2)
    client = desk.signed_in("zhang", "admin")
    for loser, winner in ((report, plain), (plain, report)):
        answer = press(client, loser, "merge", into=winner.id)
        assert answer.status_code == 400
        assert "检举控告件不能与其他案件并单" in answer.text
    assert press(client, plain, "merge", into=desk.case(3).id).status_code == 303
    assert desk.stored(plain).state == "merged"


def test_posts_are_masked_and_authors_are_nowhere(desk: Desk) -> None:
    case = desk.case(1, text=f"请联系张伟，电话{PHONE}。", title=f"找{PHONE}")
    for client in (desk.signed_in("zhang", "admin"), desk.signed_in("wang", "department", "housing")):
        for path in ("/", f"/cases/{case.id}"):
            page = client.get(path).text
            assert PHONE not in page
            assert "网友小李" not in page
        assert "138****5678" in client.get(f"/cases/{case.id}").text
    assert {entry.by for entry in desk.logged("viewed")} == {"zhang", "wang"}


def test_what_people_write_is_masked_in_the_history(desk: Desk) -> None:
    case = desk.case(1)
    client = desk.signed_in("zhang", "admin")
    press(client, case, "return", reason=f"当事人电话{PHONE}，不属我局")
    page = client.get(f"/cases/{case.id}").text
    assert "不属我局" in page
    assert PHONE not in page


def test_originals_are_shown_with_a_reason_and_on_record(desk: Desk) -> None:
    case = desk.case(1, text=f"请联系张伟，电话{PHONE}。")
    client = desk.signed_in("zhang", "office")
    form = {"csrf": token(client.get("/").text)}
    path = f"/cases/{case.id}/originals"
    assert client.get(path).status_code == 404
    assert PHONE not in client.post(path, data=form).text
    assert PHONE not in client.post(path, data={"reason": "核实"}).text
    assert desk.logged("revealed") == []
    answer = client.post(path, data={**form, "reason": "联系当事人核实"})
    assert PHONE in answer.text
    assert "网友小李" not in answer.text
    (entry,) = desk.logged("revealed")
    assert (entry.by, entry.thing, entry.detail["reason"]) == ("zhang", case.id, "联系当事人核实")
    assert PHONE not in client.get(f"/cases/{case.id}").text


@pytest.mark.parametrize("role", ["admin", "leader", "spokesperson"])
def test_originals_are_not_for_every_role(desk: Desk, role: str) -> None:
    case = desk.case(1, text=f"电话{PHONE}。")
    client = desk.signed_in("he", role)
    assert "/originals" not in client.get(f"/cases/{case.id}").text
    form = {"csrf": token(client.get("/").text), "reason": "好奇"}
    answer = client.post(f"/cases/{case.id}/originals", data=form)
    assert answer.status_code == 403
    assert PHONE not in answer.text


def test_a_role_that_is_not_in_the_table_sees_nothing(desk: Desk) -> None:
    case = desk.case(1)
    client = desk.signed_in("he", "guest")
    assert case.title not in client.get("/").text
    assert client.get(f"/cases/{case.id}").status_code == 404
    user = desk.context.store.get_user("he")
    assert access.list_filter(user, desk.context.office, CaseFilter()) is None
