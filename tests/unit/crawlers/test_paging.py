"""The next list page by a page's own numbers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crawlers.adding.forms import propose
from crawlers.base.paging import counted_page
from crawlers.replica.server import serve_sites
from crawlers.replica.site import NOT_FOUND, Answer, Ask
from crawlers.run import collect
from crawlers.source_model import Paging
from crawlers.text import parse_page

FIRST = "https://www.a.gov.cn/news/index.shtml"
COUNT = Paging(by="count", css="#pageDec")
SCRIPT = Paging(by="script")


@pytest.mark.parametrize(
    ("paging", "markup", "page", "following"),
    [
        (SCRIPT, '<script>createPageHTML(3, 0, "index", "shtml");</script>', 1, "index_1.shtml"),
        (SCRIPT, "<script>var a = 1;\ncreatePageHTML( 3,1,'index','shtml')</script>", 2, "index_2.shtml"),
        (SCRIPT, '<script>createPageHTML(3, 2, "index", "shtml");</script>', 3, None),
        (
            SCRIPT,
            "<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}</script>",
            1,
            None,
        ),
        (SCRIPT, '<script>createPageHTML(9, 0, "//elsewhere.example/x", "html")</script>', 1, None),
        (SCRIPT, "<p>createPageHTML(3, 0, 'index', 'html')</p>", 1, None),
        (COUNT, '<i id="pageDec" pagesize="20" pagecount="41"></i>', 2, "index_2.shtml"),
        (COUNT, '<i id="pageDec" pagesize="20" pagecount="40"></i>', 2, None),
        (COUNT, '<i id="pageDec" pagesize="zwanzig" pagecount="40"></i>', 1, None),
        (COUNT, '<i id="pageDec" pagesize="20"></i>', 1, None),
        (COUNT, "", 1, None),
    ],
)
def test_the_page_after_this_one(paging: Paging, markup: str, page: int, following: str | None) -> None:
    root = parse_page(f"<html><body>{markup}</body></html>")
    wanted = f"https://www.a.gov.cn/news/{following}" if following else None
    assert counted_page(paging, root, FIRST, page) == wanted


@pytest.mark.parametrize(("first", "second"), [("/a/", "/a/index_1.html"), ("/a/index.htm#top", "/a/index_1.htm")])
def test_the_second_page_ends_as_the_first(first: str, second: str) -> None:
    root = parse_page('<html><body><i id="pageDec" pagesize="20" pagecount="41"></i></body></html>')
    assert counted_page(COUNT, root, f"https://www.a.gov.cn{first}", 1) == f"https://www.a.gov.cn{second}"


class Offices:
    """A list of three pages whose links to each other a script writes."""

    source = "gov_cn"
    hosts: tuple[str, ...] = ("www.gov.cn",)

    def answer(self, ask: Ask) -> Answer:
        pages = {"/yaowen/index.htm": 0, "/yaowen/index_1.htm": 1, "/yaowen/index_2.htm": 2}
        if ask.path in pages:
            rows = "".join(_row(pages[ask.path] * 4 + n) for n in range(4))
            script = f"<script>createPageHTML(3, {pages[ask.path]}, 'index', 'htm')</script>"
            return Answer(f"<html><body><div class='news_box'><ul class='list'>{rows}</ul></div>{script}".encode())
        if ask.path.startswith("/yaowen/2026/content_"):
            text = "<p>示例部门发布通知，要求各地做好冬季供暖保障工作，及时回应群众反映的问题。</p>"
            head = '<meta name="firstpublishedtime" content="2026-11-20-10:00:00">'
            return Answer(
                f"<html><head>{head}<title>示例通知</title></head><body><div id='UCAP-CONTENT'>{text}".encode()
            )
        return NOT_FOUND


def _row(number: int) -> str:
    return f"<li><a href='2026/content_{7000 + number}.htm'>第{number}条示例新闻的标题</a><span>2026-11-20</span></li>"


def test_a_script_s_pages_are_proposed_and_walked(tmp_path: Path, now: datetime) -> None:
    site = Offices()
    start = "https://www.gov.cn/yaowen/index.htm"
    body = site.answer(Ask("GET", "www.gov.cn", "/yaowen/index.htm", {}, {})).body
    found = propose(body, None, start, now)
    assert found is not None
    assert found.paging == {"by": "script"}
    overrides = {"gov_cn": {"start": [start], "paging": dict(found.paging), "list": dict(found.rules)}}
    with serve_sites([site]) as replica:
        result = collect("gov_cn", tmp_path, tmp_path / "state", replica.base_url, now=now, overrides=overrides)
    assert (result.state, result.new, result.quarantined) == ("done", 12, 0)
