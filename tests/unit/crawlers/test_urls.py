"""Links that are no address hinder none of the others beside them."""

from __future__ import annotations

import pytest

from crawlers.base.feed import feed_links
from crawlers.base.listing import json_links
from crawlers.base.sitemap import read_map
from crawlers.discuz_page import rows_of
from crawlers.source_folder import find_source
from crawlers.source_model import JsonList
from crawlers.urls import absolute

BASE = "https://www.huiying.example/a/"
BAD = "//[broken/1.html"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [("1.html", f"{BASE}1.html"), ("/b/2.html", "https://www.huiying.example/b/2.html"), (BAD, BAD), ("", BASE)],
)
def test_an_address_as_its_page_means_it(address: str, wanted: str) -> None:
    assert absolute(BASE, address) == wanted


def test_one_broken_link_costs_a_list_nothing_else() -> None:
    items = "".join(f"<item><title>t</title><link>{link}</link></item>" for link in (BAD, "1.html"))
    links, _ = feed_links(f"<rss version='2.0'><channel>{items}</channel></rss>", BASE)
    rows = json_links(f'[{{"u": "{BAD}"}}, {{"u": "1.html"}}]', BASE, JsonList(rows="", url="u"))
    _, entries = read_map(
        f"<urlset><url><loc>{BAD}</loc></url><url><loc>1.html</loc></url></urlset>".encode(), None, BASE
    )
    for found in (links, rows, entries):
        assert [link for link, *_ in found] == [BAD, f"{BASE}1.html"]
    page = "<div class='bm_c'><table><tr><th class='new'><a href='//[x/thread-1-1-1.html'>a</a></th></tr></table></div>"
    (row,), _, _ = rows_of(page, BASE, find_source("xintongqiao"))  # type: ignore[arg-type]
    assert row.url == "//[x/thread-1-1-1.html"
