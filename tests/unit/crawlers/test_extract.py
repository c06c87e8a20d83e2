from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from crawlers.extract import extract

SENTENCE = "示例区人民路发生路面塌陷，抢修人员已到场，预计两天内恢复通行。"
STORY = "".join(f"<p>{SENTENCE}第{n}段。</p>" for n in range(6))
NAV = "".join(f'<a href="/{n}">栏目{n}</a>' for n in range(30))


def _page(body: str, head: str = "", title: str = "示例区一路口塌陷_示例频道_示例新闻网") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body><div>{NAV}</div>{body}</body></html>".encode()


def test_a_government_page_by_its_meta_set(now: datetime) -> None:
    head = (
        '<meta name="ArticleTitle" content="关于供暖的通知"><meta name="PubDate" content="2026-11-20 09:30">'
        '<meta name="ContentSource" content="示例厅">'
    )
    body = f'<div id="content">{STORY}<span class="operator">责任编辑：钱某</span></div><p>版权声明</p>'
    found = extract(_page(body, head), "https://www.henan.gov.cn/2026/11-20/1.html", now)
    assert (found["title"], found["source"], found["by"]) == ("关于供暖的通知", "示例厅", "rules")
    assert found["published_at"] == "2026-11-20T09:30:00+08:00"
    assert found["text"].count("\n") == 5
    assert "编辑" not in found["text"]


def test_a_page_without_rules_by_readability_without_title_and_byline(now: datetime) -> None:
    byline = "<p>2026-11-22 15:42 来源：示例日报 作者：孙晓</p>"
    body = f"<div><h1>示例区一路口塌陷</h1>{byline}<div>{STORY}<p>责任编辑：李某</p></div></div>"
    found = extract(_page(body), None, now)
    assert (found["title"], found["by"]) == ("示例区一路口塌陷", "readability")
    assert (found["source"], found["author"]) == ("示例日报", "孙晓")
    assert found["published_at"] == "2026-11-22T15:42:00+08:00"
    assert found["text"].startswith(SENTENCE)
    assert found["text"].endswith("第5段。")


def test_the_day_in_meta_is_refined_by_the_text_of_the_same_day_only(now: datetime) -> None:
    head = '<meta name="publishdate" content="2026-11-22">'
    same = extract(_page(f"<h1>示例区一路口塌陷</h1><p>2026年11月22日08:16</p>{STORY}", head), None, now)
    other = extract(_page(f"<h1>示例区一路口塌陷</h1><p>2026年11月23日08:16</p>{STORY}", head), None, now)
    assert same["published_at"] == "2026-11-22T08:16:00+08:00"
    assert other["published_at"] == "2026-11-22T00:00:00+08:00"


def test_no_time_is_made_up(now: datetime) -> None:
    found = extract(_page(f"<h1>示例区一路口塌陷</h1>{STORY}<p>版权所有 2009 示例网</p>"), None, now)
    assert found["published_at"] is None
    assert found["text"]


def test_a_declared_charset_that_lies(now: datetime) -> None:
    page = _page(f"<h1>胡喆路口塌陷三天</h1>{STORY}", '<meta charset="gb2312">', "胡喆路口塌陷三天")
    assert extract(page, None, now)["title"] == "胡喆路口塌陷三天"
    declared = page.decode().replace("gb2312", "utf-8").encode("gb18030")
    assert extract(declared, None, now, "text/html; charset=utf-8")["title"] == "胡喆路口塌陷三天"


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\x00" * 500,
        os.urandom(20_000),
        b"<" * 20_000,
        b"<div>" * 20_000,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    ],
    ids=["empty", "nul", "random", "brackets", "deep", "picture"],
)
def test_what_is_no_page_gives_an_empty_answer_not_a_crash(page: bytes, now: datetime) -> None:
    found = extract(page, None, now)
    assert set(found) == {"url", "title", "text", "published_at", "source", "author", "by"}
    assert found["published_at"] is None


def test_heavy_libraries_wait_until_a_page_needs_them() -> None:
    code = (
        "import sys, crawlers.extract, crawlers.importing, crawlers.run\n"
        "print([m for m in ('scrapy', 'trafilatura', 'readability', 'htmldate', 'openpyxl') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
