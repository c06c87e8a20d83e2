"""A page that would cost minutes to read is put aside with its reason; real pages are far below the bounds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crawlers.encoding import decode
from crawlers.extract import NO_RULES, extract_page
from crawlers.page import Page
from crawlers.page_size import DEEPEST, LONGEST_TEXT, MOST_ELEMENTS, too_deep, too_large
from crawlers.source_model import Article

PARAGRAPH = "<p>市民反映，供水问题已经解决，有关部门继续跟进处理。</p>"
HEAD = "<html><head><title>示例标题</title></head><body>"
PAGES = {
    "nested with text": (HEAD + f"<div>{PARAGRAPH}" * 2000, "too deep"),
    "nested with text, never deeper": (HEAD + (f"<div>{PARAGRAPH}" * 120 + "</div>" * 120) * 50, "too deep"),
    "nested": (HEAD + "<div>" * 200_000 + "深" * 100, "too deep"),
    "tables in tables": (HEAD + "<table><tr><td>" * 20_000 + "字", "too deep"),
    "links": (HEAD + "<a>" * 100_000, "too large"),
    "paragraphs": (HEAD + PARAGRAPH * (MOST_ELEMENTS + 1), "too large"),
    "one long text": (HEAD + f"<p>{'市民反映，' * (LONGEST_TEXT // 5 + 1)}</p>", "too large"),
}


@pytest.mark.parametrize("name", PAGES)
def test_it_is_not_read_and_says_why(name: str, now: datetime) -> None:
    page, why = PAGES[name]
    found = extract_page(page.encode(), "https://www.huiying.example/1.html", None, NO_RULES, now)
    assert (found.text, found.by) == ("", "none")
    assert why in str(found.why)


def test_a_large_page_is_read_where_the_source_says_where_its_text_is(now: datetime) -> None:
    page = f"{HEAD}<div id='text'>{PARAGRAPH * (MOST_ELEMENTS + 1)}</div></body></html>"
    found = extract_page(page.encode(), None, None, Article(body=("#text",)), now)
    assert (found.by, found.why) == ("rules", None)
    assert found.text.count("供水问题") == MOST_ELEMENTS + 1


@pytest.mark.parametrize("levels", [DEEPEST - 4, DEEPEST - 3, DEEPEST - 2])
def test_the_bound_of_depth(levels: int) -> None:
    """Two levels are html and body, one is the paragraph's."""
    page = Page(f"{HEAD}{'<div>' * levels}{PARAGRAPH}{'</div>' * levels}</body></html>")
    assert (too_deep(page) is None) == (levels <= DEEPEST - 3)


@pytest.mark.shared
def test_no_real_page_is_near_the_bounds(shared: Path) -> None:
    pages = sorted((shared / "pages").rglob("*.htm*"))
    assert len(pages) > 100
    for path in pages:
        page = Page(decode(path.read_bytes())[0])
        assert too_deep(page) is None, path.name
        assert too_large(page) is None, path.name
