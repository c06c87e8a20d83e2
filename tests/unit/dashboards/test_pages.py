"""The list, the page of a case, pages about errors: Chinese, escaped, clear about what is due and what to do."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from casework.ports import Unavailable
from dashboards import shield
from dashboards.app import ERRORS
from tests.unit.dashboards.making import NOW, Desk, press, token

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


class Outline(HTMLParser):
    """Tags, ids, labels and form fields of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, dict(attrs)))

    def named(self, *names: str) -> list[dict[str, str | None]]:
        """Attributes of the tags of these names."""
        return [attrs for tag, attrs in self.tags if tag in names]


def test_the_list_says_what_is_due_by_which_clause_and_what_to_do(desk: Desk) -> None:
    desk.case(1, title="路灯不亮")
    page = desk.signed_in("zhang").get("/").text
    for words in ("已逾期", "截止", "本单位设定（无上级条文）", "签收：", "已转办", "下一步", "住房"):
        assert words in page
    assert "<strong>1</strong> 件已逾期" in page


def test_what_is_late_stands_first(desk: Desk) -> None:
    desk.clock[0] = NOW - timedelta(days=1)
    early = desk.case(1, title="先到的")
    late = desk.case(2, to=None, title="没有转办的")
    desk.clock[0] = NOW
    page = desk.signed_in("zhang").get("/").text
    assert 0 < page.index(early.title) < page.index(late.title)


def test_time_left_is_in_words(desk: Desk) -> None:
    case = desk.case(1)
    due = case.due
    assert due is not None
    client = desk.signed_in("zhang")
    for shift, words in ((-timedelta(hours=3, minutes=20), "还有 3 小时 20 分"), (timedelta(days=2), "已逾期 2 天")):
        desk.clock[0] = due + shift
        assert words in client.get("/").text
        assert words in client.get(f"/cases/{case.id}").text


def test_filters_and_search(desk: Desk) -> None:
    desk.case(1, title="甲路灯", severity="none")
    desk.case(2, to="transport", title="乙井盖", severity="major")
    desk.case(3, to=None, state="to_review", title="丙噪音")
    client = desk.signed_in("zhang")
    wanted = {
        ("state", "to_review"): "丙",
        ("department", "transport"): "乙",
        ("severity", "major"): "乙",
        ("words", "路灯"): "甲",
        ("words", "灯路"): "",
        ("due", "late"): "甲乙",
        ("state", "nonsense"): "甲乙丙",
    }
    for (name, value), expected in wanted.items():
        page = client.get("/", params={name: value}).text
        shown = "".join(one for one in "甲乙丙" if re.search(f'class="title"[^>]*>{one}', page))
        assert shown == expected, (name, value)
        assert "正在看" in page


def test_paging_shows_every_case_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.views.case_list.PAGE", 4)
    for number in range(10):
        desk.case(number, title=f"第{number}件事")
    client = desk.signed_in("zhang")
    seen: list[str] = []
    path: str | None = "/?words=事"
    while path is not None:
        page = client.get(path).text
        seen += re.findall(r"第(\d)件事", page)
        assert "共 10 件" in page
        later = re.search(r'href="([^"]+)">下一页', page)
        path = later.group(1).replace("&amp;", "&") if later else None
    assert sorted(seen) == [str(number) for number in range(10)]
    assert "回到第一页" in client.get("/?offset=1000").text


def test_hostile_values_are_only_text(desk: Desk) -> None:
    case = desk.case(1, title=HOSTILE, text=HOSTILE, url="javascript:alert(1)")
    client = desk.signed_in("<b>zhang", "admin")
    press(client, case, "return", reason=HOSTILE)
    press(client, desk.stored(case), "assign", to="housing")
    press(client, desk.stored(case), "sign")
    press(client, desk.stored(case), "draft", text=HOSTILE)
    failed = press(client, case, "draft", text=HOSTILE)
    pages = [
        client.get("/").text,
        client.get("/", params={"words": HOSTILE, "state": HOSTILE, "department": HOSTILE}).text,
        client.get(f"/cases/{case.id}?done={HOSTILE}").text,
        failed.text,
        client.post("/enter", data={"name": HOSTILE, "to": HOSTILE}).text,
        client.post(f"/cases/{case.id}/do/draft", data={"text": HOSTILE, "version": HOSTILE, "csrf": HOSTILE}).text,
        desk.client().post(f"/cases/{case.id}/do/draft", data={"text": HOSTILE}).text,
    ]
    for page in pages:
        outline = Outline(page)
        assert outline.named("b") == []
        assert all(attrs.get("src", "").startswith("/static/") for attrs in outline.named("script"))
        assert all(attrs.get("src") == "/static/icon.svg" for attrs in outline.named("img"))
        assert not any(name.startswith("on") or name == "style" for _, attrs in outline.tags for name in attrs)
        assert "javascript:" not in "".join(attrs.get("href") or "" for attrs in outline.named("a"))
    assert sum("&lt;script&gt;" in page for page in pages) >= 5
    assert "{{7*7}}" in pages[0]


def test_every_field_has_a_label_and_ids_are_unique(desk: Desk) -> None:
    case = desk.case(1)
    client = desk.signed_in("zhang", "office")
    pages = [client.get("/").text, client.get(f"/cases/{case.id}").text, desk.client().get("/enter").text]
    fields = 0
    for page in pages:
        outline = Outline(page)
        ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
        assert len(ids) == len(set(ids))
        labels = {attrs.get("for") for attrs in outline.named("label")}
        for attrs in outline.named("input", "select", "textarea"):
            if attrs.get("type") != "hidden":
                assert attrs.get("id") in labels, attrs
                fields += 1
        assert len(outline.named("h1")) == 1
        assert outline.named("html")[0]["lang"] == "zh-CN"
    assert fields > 10


def test_every_form_that_writes_carries_the_token(desk: Desk) -> None:
    case = desk.case(1)
    page = desk.signed_in("zhang", "admin").get(f"/cases/{case.id}").text
    forms = re.findall(r'<form method="post".*?</form>', page, re.S)
    assert len(forms) > 5
    assert all('name="csrf"' in form for form in forms)
    assert token(page)


def test_headers(desk: Desk) -> None:
    client = desk.signed_in("zhang")
    case = desk.case(1)
    for path in ("/", f"/cases/{case.id}", "/cases/case:none", "/enter", "/nothing", "/healthz"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers
    assert client.get("https://testserver/enter").headers["strict-transport-security"]


def test_nothing_comes_from_another_host(desk: Desk) -> None:
    case = desk.case(1)
    client = desk.signed_in("zhang", "admin")
    pages = [client.get("/").text, client.get(f"/cases/{case.id}").text, client.get("/static/style.css").text]
    for page in pages:
        loaded = [attrs.get("src") or attrs.get("href") or "" for attrs in Outline(page).named("link", "img", "script")]
        assert all(one.startswith("/static/") for one in loaded)
        assert "url(" not in page
        assert "@import" not in page


def test_pages_about_errors(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.case(1)
    client = desk.signed_in("zhang", "admin")
    lazy = desk.client(raise_server_exceptions=False)
    lazy.cookies.update(client.cookies)
    big = {"csrf": "x", "text": "长" * shield.LARGEST}
    found = {
        404: client.get("/nothing"),
        405: client.put("/"),
        413: client.post(f"/cases/{case.id}/do/draft", data=big),
        422: client.get("/?offset=x"),
    }

    def away(*_: object, **__: object) -> None:
        raise Unavailable("http://user:secret@server:9200: refused")

    monkeypatch.setattr(desk.context.store, "get_case", away)
    found[503] = lazy.get(f"/cases/{case.id}")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Traceback of something")

    monkeypatch.setattr(desk.context.store, "get_case", broken)
    found[500] = lazy.get(f"/cases/{case.id}")
    for status, answer in found.items():
        assert answer.status_code == status
        title, advice = ERRORS[status]
        assert title in answer.text
        assert advice in answer.text
        assert not re.search(r"Traceback|secret|Error|File \"", answer.text)
        assert "content-security-policy" in answer.headers


def test_a_body_without_a_length_is_limited_too(desk: Desk) -> None:
    case = desk.case(1)
    client = desk.signed_in("zhang", "admin")
    chunks = (b"text=" + b"x" * 100_000 for _ in range(20))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(f"/cases/{case.id}/do/draft", content=chunks, headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\nrubbish"),
        (
            "multipart/form-data; boundary=a; charset=nonsense",
            b'--a\r\nContent-Disposition: form-data; name="text"\r\n\r\nx',
        ),
        ("application/x-www-form-urlencoded", b"text=%ff%fe&csrf=\xff"),
        ("application/json", b"{}"),
    ],
)
def test_a_body_that_is_no_form(desk: Desk, kind: str, body: bytes) -> None:
    case = desk.case(1)
    client = desk.signed_in("zhang", "admin")
    answer = client.post(f"/cases/{case.id}/do/draft", content=body, headers={"content-type": kind})
    assert answer.status_code in (400, 403)
    assert "回应" in answer.text
    assert desk.stored(case).version == case.version


def test_a_missing_post_and_a_missing_title(desk: Desk) -> None:
    case = desk.case(1, title="")
    data = {"posts": ["board:gone"], "owed": False, "clocks": []}
    desk.context.store.save_case(case.after("joined", NOW, "huiying", None, data))
    client = desk.signed_in("zhang")
    assert "（无标题）" in client.get("/").text
    assert "（无标题）" in client.get(f"/cases/{case.id}").text


def test_the_history_names_what_each_entry_is_about(desk: Desk) -> None:
    case = desk.case(1)
    client = desk.signed_in("zhang", "admin")
    press(client, case, "sign")
    press(client, desk.stored(case), "draft", text="第一稿")
    press(client, desk.stored(case), "review", gate="first", ok="no", note="太短")
    press(client, desk.stored(case), "draft", text="第二稿写得长一些")
    due = {"rule": "case_finish", "to_time": "2026-04-10T18:00", "reason": "要鉴定"}
    press(client, desk.stored(case), "extend", **due)
    late = desk.stored(case).after(
        "overdue", NOW, "huiying", None, {"clock": "case_finish", "step": "due", "notices": []}
    )
    desk.context.store.save_case(late)
    page = client.get(f"/cases/{case.id}").text
    for words in (
        "一审退回修改",
        "太短",
        "第一稿",
        "第二稿写得长一些",
        "延至 4月10日 18:00",
        "要鉴定",
        "系统提醒、逾期与升级 1 次",
    ):
        assert words in page


def test_a_report_by_telephone_comes_before_the_draft(desk: Desk) -> None:
    case = desk.case(1, severity="major", title="重大事故")
    client = desk.signed_in("zhang", "admin")
    press(client, case, "sign")
    page = client.get(f"/cases/{case.id}").text
    assert "现在要做：重大突发事件电话报告" in page
    assert (
        press(client, desk.stored(case), "fulfil", rule="report_phone_major", at="2026-03-04T22:30").status_code == 303
    )
    assert "现在要做：重大突发事件书面报告" in client.get(f"/cases/{case.id}").text
