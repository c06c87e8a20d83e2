"""Search: hits, counts and exports hold nothing that the person may not see; values are only text."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from casework.services.subscriptions import subscriptions
from pipeline.tables import to_xlsx
from tests.unit.dashboards.making import NOW, Desk, token
from tests.unit.dashboards.test_office_desk import event_of, post_of
from tests.unit.dashboards.test_pages import Outline


def test_posts_are_found_masked_with_counts(desk: Desk) -> None:
    post_of(desk, 1, "event:weibo:1", "小区路灯不亮，电话 13912345678")
    post_of(desk, 2, "event:weibo:2", "路灯修好了", sentiment={"label": "positive"})
    client = desk.signed_in("zhang")
    page = client.get("/search", params={"q": "路灯"}).text
    assert "共 2 条" in page
    assert "<mark>路灯</mark>" in page
    assert "13912345678" not in page
    assert "正面" in page
    assert "共 1 条" in client.get("/search", params={"q": "路灯", "sentiment": "positive"}).text
    assert "共 0 条" in client.get("/search", params={"q": "井盖"}).text
    day = NOW.date()
    assert "共 2 条" in client.get("/search", params={"since": str(day), "until": str(day)}).text
    assert "共 0 条" in client.get("/search", params={"until": str(day - timedelta(days=2))}).text


def test_reports_are_neither_found_nor_counted_for_others(desk: Desk) -> None:
    post_of(desk, 1, "event:weibo:1", "路灯不亮")
    post_of(desk, 2, "event:weibo:2", "路灯科长收钱", petition_kind={"label": "检举控告"})
    post_of(desk, 3, "event:weibo:3", "路灯科长也许收钱", unsure=["petition_kind"])
    assert "共 3 条" in desk.signed_in("zhang").get("/search", params={"q": "路灯"}).text
    for role in ("leader", "spokesperson"):
        client = desk.signed_in(f"wang-{role}", role)
        page = client.get("/search", params={"q": "路灯"}).text
        assert "共 1 条" in page
        assert "收钱" not in page
        rows = load_workbook(BytesIO(client.get("/search/export", params={"q": "路灯"}).content)).active
        assert rows is not None
        assert rows.max_row == 3


def test_brackets_of_the_text_are_not_taken_for_the_hit(desk: Desk) -> None:
    post_of(desk, 1, "event:weibo:1", "【通报】小区路灯不亮")
    page = desk.signed_in("zhang").get("/search", params={"q": "路灯"}).text
    assert "【通报】" in page
    assert "<mark>路灯</mark>" in page


def test_a_post_of_a_report_is_hidden_whatever_is_said_of_it_alone(desk: Desk) -> None:
    case = desk.case(7, to="discipline", kind="检举控告", title="反映某科长")
    post_of(desk, 7, "event:weibo:7", "路灯款去哪了", case.id)
    page = desk.signed_in("wang", "leader").get("/search", params={"q": "路灯"}).text
    assert "共 0 条" in page
    assert "<strong>0</strong>今日信息" in desk.signed_in("wang", "leader").get("/screen").text


def test_a_case_that_names_the_desk_is_not_found_by_it(desk: Desk) -> None:
    review = desk.context.office.review_desk
    case = desk.case(7, to="discipline", excluded=(review,), kind="检举控告", title="反映某科长")
    post_of(desk, 7, "event:weibo:7", "某科长收钱", case.id, petition_kind={"label": "检举控告"})
    client = desk.signed_in("zhang")
    for what in ("posts", "events", "cases", "answers"):
        page = client.get("/search", params={"q": "科长", "what": what}).text
        assert "共 0 条" in page
        assert "某科长" not in page


def test_a_department_searches_its_own_cases_alone(desk: Desk) -> None:
    desk.case(1, to="water", title="水管漏水")
    desk.case(2, to="housing", title="水管老化")
    post_of(desk, 3, "event:weibo:3", "水管爆了")
    client = desk.signed_in("qian", "department", "water")
    page = client.get("/search", params={"q": "水管", "what": "posts"}).text
    assert "共 1 条" in page
    assert "漏水" in page
    assert "老化" not in page
    assert "爆了" not in page
    assert client.get("/search/export", params={"q": "水管"}).status_code == 403


def test_events_and_answers_are_found(desk: Desk) -> None:
    event_of(desk, 1, "路灯不亮", post_of(desk, 1, "event:weibo:1", "路灯不亮"))
    client = desk.signed_in("zhang", "admin")
    assert "热度" in client.get("/search", params={"q": "路灯", "what": "events"}).text
    assert "请先填要找的词" in client.get("/search", params={"what": "answers"}).text
    assert "共 0 条" in client.get("/search", params={"q": "更换", "what": "answers"}).text


def test_an_export_is_masked_marked_and_on_record(desk: Desk) -> None:
    post_of(desk, 1, "event:weibo:1", '=HYPERLINK("http://evil.example") 电话 13912345678')
    answer = desk.signed_in("zhang").get("/search/export", params={"q": "电话"})
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert "zhang" in str(rows[0][0])
    assert len(rows) == 3
    text = str(rows[2][3])
    assert text.startswith("'=HYPERLINK")
    assert "13912345678" not in text
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    [entry] = desk.logged("exported")
    assert (entry.by, entry.detail["rows"]) == ("zhang", "1")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    sheet = load_workbook(BytesIO(to_xlsx("表", ("一",), [(text,), (1.5,), (None,)], "zhang", NOW))).active
    assert sheet is not None
    assert str(sheet["A3"].value)[0] == "'"
    assert sheet["A3"].data_type == "s"
    assert sheet["A4"].value == 1.5


def test_a_search_is_saved_as_a_subscription(desk: Desk) -> None:
    client = desk.signed_in("zhang")
    page = client.get("/search", params={"q": "爆管"}).text
    form = {"csrf": token(page), "q": "爆管", "name": "爆管", "severity": "serious"}
    answer = client.post("/search/save", data=form)
    assert answer.status_code == 303
    [kept] = subscriptions(desk.context.store)
    assert (kept.phrases, kept.severity, kept.by) == (("爆管",), ("serious",), "zhang")
    assert kept.to == f"{desk.context.office.review_desk}/contact"
    assert "已经存为订阅" in client.get(answer.headers["location"]).text
    assert client.post("/search/save", data=form | {"name": " "}).status_code == 400
    assert client.post("/search/save", data=form | {"csrf": "x"}).status_code == 403


def test_hostile_and_odd_values_are_only_text(desk: Desk) -> None:
    post_of(desk, 1, "event:weibo:1", "<script>alert(1)</script>路灯")
    client = desk.signed_in("zhang")
    page = client.get("/search", params={"q": "<script>", "source": '"><b>', "since": "不是日子", "region": "%"})
    assert page.status_code == 200
    outline = Outline(page.text)
    assert outline.named("b") == []
    assert all(attrs.get("src", "").startswith("/static/") for attrs in outline.named("script"))
    assert client.get("/search", params={"q": "x" * 201}).status_code == 422
    assert client.get("/search", params={"offset": "99999999"}).status_code == 422
    ids = [attrs["id"] for _, attrs in Outline(client.get("/search", params={"q": "路灯"}).text).tags if "id" in attrs]
    assert len(ids) == len(set(ids))
