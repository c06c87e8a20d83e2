from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from crawlers.extract import NO_RULES, extract, extract_page, extras

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


def test_what_a_script_would_show_and_paragraphs_that_are_sections_are_text(now: datetime) -> None:
    story = "".join(f'<section style="margin: 0"><span>{SENTENCE}第{n}段。</span></section>' for n in range(6))
    found = extract(_page(f'<div class="rich" style="visibility: hidden;">{story}</div>'), None, now)
    assert found["by"] == "readability"
    assert found["text"].count(SENTENCE) == 6


def test_links_to_elsewhere_and_notices_are_no_text(now: datetime) -> None:
    links = "".join(f'<li><a href="/{n}.html">另一条新闻的标题第{n}条</a><i>2026-11-0{n}</i></li>' for n in range(1, 6))
    behind = f"<ul>{links}</ul><p>声明：本网转载仅为传递信息。</p><p>示例客户端</p>"
    found = extract(_page(f'<div class="main">{STORY}{behind}</div>'), None, now)
    assert found["text"].endswith("第5段。")


def test_a_loose_place_is_only_known_on_its_own_site(now: datetime) -> None:
    body = (
        f'<div class="article-content"><h3>频道导航与推荐阅读，每日更新</h3><p>{SENTENCE}</p></div><div>{STORY}</div>'
    )
    assert extract(_page(body), "https://www.toutiao.com/a1/", now)["by"] == "rules"
    assert extract(_page(body), "https://news.huiying.example/1.html", now)["by"] == "readability"


def test_a_sites_rules_can_be_left_out(now: datetime) -> None:
    page = _page(f'<div class="left_zw">{STORY}</div>')
    assert extract_page(page, None, None, NO_RULES, now).by == "rules"
    assert extract_page(page, None, None, NO_RULES, now, without="chinanews.com").by == "readability"


def test_attachments_and_captions_hang_on_the_article(now: datetime) -> None:
    body = f"""<div class="TRS_Editor">{STORY}<p><img src="1.jpg" alt="抢修人员在示例路口作业"></p>
<p class="img_descr">示例路口塌陷现场</p><p><a href="../P020261120.pdf">塌陷情况通报.pdf</a></p>
<p><a href="/more.html">更多</a></p></div>
<div>附件：<a href="down.jsp?file=b.docx">理赔申请表</a></div><a href="/guide.pdf">网站使用指南</a>"""
    found = extract_page(_page(body), "https://www.huiying.example/a/b/1.html", None, NO_RULES, now)
    assert found.attachments == (
        ("塌陷情况通报.pdf", "https://www.huiying.example/a/P020261120.pdf"),
        ("理赔申请表", "https://www.huiying.example/a/b/down.jsp?file=b.docx"),
    )
    assert found.captions == ("示例路口塌陷现场", "抢修人员在示例路口作业")
    assert "示例路口塌陷现场" not in found.text
    kept = extras(found)
    assert kept["captions"] == "示例路口塌陷现场\n抢修人员在示例路口作业"
    assert str(kept["attachments"]).splitlines()[1] == "理赔申请表 https://www.huiying.example/a/b/down.jsp?file=b.docx"
    assert extras(extract_page(_page(STORY), None, None, NO_RULES, now))["attachments"] is None


@pytest.mark.parametrize(
    ("byline", "source"),
    [
        ("2026-11-22 15:42 来源：示例日报<a>参与互动</a>", "示例日报"),
        ("<span>2026-11-22来源：示例时报网</span><span>作者：孙晓</span>", "示例时报网"),
        ("发表于2026-11-22 | 120次阅读 | 来源ABC网 | 作者孙晓", "ABC网"),
        ("2026-11-22 出处：示例科技 编辑：孙晓", "示例科技"),
        ("示例都市报 2026-11-22 10:00", "示例都市报"),
        ("来 源： 示例办公室", "示例办公室"),
        ("2026-11-22 10:00</p><p>图片来源：示例图库", None),
        ("国内新闻</p><p>2026-11-22 10:00", None),
    ],
)
def test_the_source_as_bylines_write_it(byline: str, source: str | None, now: datetime) -> None:
    found = extract(_page(f"<h1>示例区一路口塌陷</h1><p>{byline}</p>{STORY}"), None, now)
    assert found["source"] == source


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("本文来源：示例日报 作者：孙晓 责任编辑：NF041", "孙晓"),
        ("作者：孙晓 钱一鸣", "孙晓 钱一鸣"),
        ("（记者 孙晓 通讯员 钱一鸣）", "孙晓"),
        ("（示例日报记者孙晓）", "孙晓"),
        ("示例路口塌陷现场。记者 孙晓 摄", None),
        ("[责任编辑：钱一鸣]", "钱一鸣"),
        ("此事已获记者确认。", None),
        ("经记者梳理发现，问题已解决。", None),
    ],
)
def test_the_author_as_bylines_write_it(line: str, author: str | None, now: datetime) -> None:
    found = extract(_page(f"<h1>示例区一路口塌陷</h1><p>2026-11-22</p>{STORY}<p>{line}</p>"), None, now)
    assert found["author"] == author


def test_a_reporter_who_is_spoken_to_is_no_author_and_a_site_no_person(now: datetime) -> None:
    head = '<meta name="author" content="示例新闻网">'
    story = f"<p>示例区住建局对记者表示，{SENTENCE}</p>{STORY}"
    assert extract(_page(f"<h1>示例区一路口塌陷</h1>{story}", head), None, now)["author"] is None


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
