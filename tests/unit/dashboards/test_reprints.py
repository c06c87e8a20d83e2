"""A case shows a text once, with how often and where it was reprinted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.post import Post
from casework.records import Opened
from dashboards.reprints import fold
from tests.unit.dashboards.making import NOW, OPENED, Desk

TEXT = "示例路路口红绿灯已坏三天，联系电话13812345678。"


def reprinted(desk: Desk, sites: list[str | None], kind: str = "news") -> Case:
    """A case whose message is reprinted on sites (None: a source without addresses)."""
    case = desk.case(1, text=TEXT)
    worktime = desk.context.office.worktime
    for number, site in enumerate(sites):
        at = OPENED + timedelta(minutes=number)
        url = None if site is None else f"https://{site}/{number}.html"
        post = Post("news_pages", str(number), kind, TEXT, at, at, url=url, title=f"转载{number}")
        desk.context.store.put_posts([post], NOW)
        desk.context.store.put_opened([Opened(post.id, case.event, "joined", case.id, "board:1")])
        case = acts.join(case, post.id, False, at, worktime)
    desk.context.store.save_case(case)
    return desk.stored(case)


def page(desk: Desk, case: Case) -> str:
    answer = desk.signed_in("li").get(f"/cases/{case.id}")
    assert answer.status_code == 200
    return str(answer.text)


def test_reprints_are_counted_by_site_under_their_text(desk: Desk) -> None:
    shown = page(desk, reprinted(desk, ["a.example", "b.example", "a.example", None]))
    assert "5 条（其中转载 4 条）" in shown
    assert "转载 4 条，3 个网站：a.example（2）、b.example、news_pages" in shown
    assert 'href="https://b.example/1.html"' in shown
    assert shown.count('<article class="post">') == 1
    assert "13812345678" not in shown


def test_many_sites_are_named_in_the_fold_and_the_rest_of_the_list_is_counted(desk: Desk) -> None:
    shown = page(desk, reprinted(desk, [f"s{number:03}.example" for number in range(230)]))
    assert "转载 230 条，230 个网站：s000.example、s001.example" in shown
    assert "另有 30 条未列出" in shown
    assert set(re.findall(r"s\d{3}\.example", shown)) == {f"s{number:03}.example" for number in range(230)}


def test_a_message_of_the_same_words_stands_for_itself(desk: Desk) -> None:
    shown = page(desk, reprinted(desk, ["a.example"], kind="message"))
    assert "转载 " not in shown
    assert shown.count('<article class="post">') == 2


def test_an_address_that_is_none_is_no_link(desk: Desk) -> None:
    case = reprinted(desk, ["a.example"])
    post = Post("news_pages", "9", "news", TEXT, NOW, NOW, url="javascript:alert(1)")
    desk.context.store.put_posts([post, Post("x", "8", "news", TEXT, NOW, NOW, url="http://[broken")], NOW)
    desk.context.store.put_opened([Opened(id_, case.event, "joined", case.id, "board:1") for id_ in (post.id, "x:8")])
    records: Any = desk.context.store.get_posts(["board:1", post.id, "x:8"])
    (told,) = fold(records.values())
    assert [(one.site, one.url) for one in told.reprints] == [("news_pages", None), ("x", "http://[broken")]


def test_a_reprint_whose_original_is_elsewhere_is_shown_itself(desk: Desk) -> None:
    reprinted(desk, ["a.example", "b.example"])
    records = desk.context.store.get_posts(["news_pages:0", "news_pages:1"])
    assert [one.record.post.id for one in fold(records.values())] == ["news_pages:0", "news_pages:1"]
