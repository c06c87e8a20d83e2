"""``huiying source new`` over lists that are no pages: feeds, sitemaps and their indexes, JSON."""

from __future__ import annotations

import importlib
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from scrapy.http import TextResponse

from crawlers.adding.forms import feeds_of
from crawlers.adding.new import new_source
from crawlers.collector import Collector
from crawlers.replica.server import serve_sites
from crawlers.replica.site import NOT_FOUND, Answer, Ask
from crawlers.replica.sites.county import CountySite
from crawlers.source_folder import load_sources
from crawlers.state import Seen


class Listed:
    """A site with a list in some form, further lists, and one article for every address of a number."""

    source = "practice"
    hosts: tuple[str, ...] = ("www.qingshi.example",)

    def __init__(self, answers: dict[str, str]) -> None:
        self._answers = answers

    def answer(self, ask: Ask) -> Answer:
        if ask.path in self._answers:
            return Answer(self._answers[ask.path].encode("utf-8"), "text/plain")
        if re.fullmatch(r"/c/\d+\.html", ask.path):
            return CountySite().answer(replace(ask, path="/xwzx/content/202611/show_88213.shtml"))
        return NOT_FOUND


class Nothing:
    """A sink that nothing may reach."""

    def post(self, line: str) -> None:
        raise AssertionError(line)

    def refused(self, number: int, reason: str, raw: str) -> None:
        raise AssertionError(reason)


SITE = "http://www.qingshi.example"
BASES = {"FeedSpider": "feed", "SitemapSpider": "sitemap", "ArticleListSpider": "article_list"}
_ITEM = "<item><title>标题</title><link>{0}/c/7700{1}.html</link><pubDate>2026-11-2{1} 08:30:00</pubDate></item>"
_FEED = f"<rss version='2.0'><channel>{''.join(_ITEM.format(SITE, n) for n in range(4))}</channel></rss>"
_URLS = "".join(f"<url><loc>{SITE}/c/7700{n}.html</loc><lastmod>2026-11-2{n}</lastmod></url>" for n in range(4))
_MAPS = "".join(f"<sitemap><loc>{SITE}/m{n}.xml</loc><lastmod>2026-11-{10 + n}</lastmod></sitemap>" for n in range(3))
_ROWS = [
    {"id": n, "pic": f"/p/{n}.jpg", "biaoti": "一条示例新闻", "dizhi": f"/c/7700{n}.html", "shijian": 1795000000 + n}
    for n in range(4)
]
FORMS: dict[str, tuple[dict[str, str], str, dict[str, Any]]] = {
    "feed": ({"/list": _FEED}, "FeedSpider", {}),
    "sitemap": ({"/list": f"<?xml version='1.0'?><urlset>{_URLS}</urlset>"}, "SitemapSpider", {}),
    "index": (
        {"/list": f"<sitemapindex>{_MAPS}</sitemapindex>", "/m2.xml": f"<urlset>{_URLS}</urlset>"},
        "SitemapSpider",
        {},
    ),
    "json": (
        {"/list": json.dumps({"code": 0, "data": {"ads": [{"url": "/1"}], "list": _ROWS}}, ensure_ascii=False)},
        "ArticleListSpider",
        {"json_rows": {"rows": "data.list", "url": "dizhi", "date": "shijian"}},
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_list_in_another_form_is_known_by_its_content(form: str, places: tuple[Path, Path], now: datetime) -> None:
    answers, base, rules = FORMS[form]
    with serve_sites([Listed(answers)]) as replica:
        made = new_source("qingshi", f"{SITE}/list", now, replica.base_url, "a@office.example", *places)
    assert len(made.source.listing.links) == made.source.listing.dated == 4
    assert made.source.listing.native_id == r"/(\d+)\.html?"
    assert f"class Spider({base}):" in (places[0] / "qingshi" / "spider.py").read_text(encoding="utf-8")
    value = yaml.safe_load((places[0] / "qingshi" / "source.yml").read_text(encoding="utf-8"))
    assert value.get("list", {}) == rules
    written = {"assessment": {"by": "甲", "date": "2026-11-24", "effect": "每日 30 次", "personal_data": "无"}}
    case = places[1] / "qingshi" / "list_and_article"
    recording = json.loads((case / "exchanges.json").read_text(encoding="utf-8"))
    # The recorded walk, with the spider that the source has: from its start to the one article.
    source = load_sources(places[0], {"qingshi": {**written, **recording["overrides"]}})["qingshi"]
    module = importlib.import_module(f"crawlers.base.{BASES[base]}")
    spider = getattr(module, base)(collector=Collector(source, now, Seen(None), Nothing()))
    address = str(source.all_starts()[0])
    for row in recording["exchanges"][:-1]:
        assert row["url"] == address
        response = TextResponse(address, body=(case / row["file"]).read_bytes())
        (address,) = [request.url for request in spider.parse_list(response, address, 1)]
    assert recording["exchanges"][-1]["url"] == address


def test_a_page_says_which_feeds_it_has() -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml"><link rel="stylesheet" href="/a.css">'
    assert feeds_of(f"<html><head>{head}</head></html>", f"{SITE}/list/") == [f"{SITE}/rss.xml"]
