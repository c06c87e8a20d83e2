"""Feeds and sitemaps: every form that sites write, and what no site should write."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import Request, TextResponse

from crawlers.base.feed import feed_links
from crawlers.base.listing import BrokenListError
from crawlers.collector import Collector
from crawlers.dates import read_time
from crawlers.source_folder import find_source
from crawlers.state import Seen
from crawlers.worker import spider_class

RECORDED = Path(__file__).resolve().parents[2] / "recorded"
NOW = datetime.fromisoformat("2026-11-24T11:00:00+08:00")
BASE = "https://news.huiying.example/feed.xml"
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>示例</title>
<link rel="self" href="https://news.huiying.example/feed.xml"/><link rel="next" href="/feed.xml?page=2"/>
<entry><title>甲</title><link rel="alternate" href="/a/1.html"/><updated>2026-11-24T00:30:00Z</updated></entry>
<entry><title>乙</title><link href="https://news.huiying.example/a/2.html"/><published>2026-11-24 08:30:00</published>
<updated>2026-11-24 09:30:00</updated></entry>
</feed>"""
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>示例</title></channel>
<item rdf:about="y"><title>甲</title><link>/a/1.html</link><dc:date>2026-11-24</dc:date></item></rdf:RDF>"""


class _Sink:
    def __init__(self) -> None:
        self.refusals: list[str] = []

    def post(self, line: str) -> None:
        raise AssertionError("no article was answered")

    def refused(self, number: int, reason: str, raw: str) -> None:
        self.refusals.append(reason)


def _spider(source_id: str, **overrides: Any) -> tuple[Any, _Sink]:
    source, sink = find_source(source_id, {source_id: overrides}), _Sink()
    return spider_class(source)(collector=Collector(source, NOW, Seen(None), sink)), sink


def _read(spider: Any, url: str, body: bytes) -> list[Request]:
    return list(spider.parse_list(TextResponse(url, body=body), first=url, page=1))


def _map(*entries: str, root: str = "urlset") -> bytes:
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</{root}>'.encode()


def test_atom_and_rdf_give_addresses_times_as_written_and_the_next_page() -> None:
    links, following = feed_links(ATOM, BASE)
    assert links == [
        ("https://news.huiying.example/a/1.html", "2026-11-24T00:30:00Z"),
        ("https://news.huiying.example/a/2.html", "2026-11-24 08:30:00"),
    ]
    assert following == "https://news.huiying.example/feed.xml?page=2"
    assert feed_links(RDF, BASE) == ([("https://news.huiying.example/a/1.html", "2026-11-24")], None)


def test_a_naive_time_of_a_feed_is_chinas() -> None:
    moment = read_time(feed_links(ATOM, BASE)[0][1][1] or "", NOW)
    assert moment is not None
    assert moment.at == datetime.fromisoformat("2026-11-24T08:30:00+08:00")


@pytest.mark.parametrize("text", ["", "<html><body>维护中</body></html>", '{"code": 1}', "\ufffd" * 50])
def test_what_is_no_feed_is_not_taken_for_a_quiet_day(text: str) -> None:
    with pytest.raises(BrokenListError, match="no feed"):
        feed_links(text, BASE)


def test_a_feed_that_leads_to_itself_ends() -> None:
    spider, _ = _spider("chinanews", hosts=["news.huiying.example"], start=[BASE], list={})
    asked = {BASE}
    waiting = _read(spider, BASE, ATOM.encode())
    for request in waiting:
        if request.callback == spider.parse_list:
            asked.add(request.url)
            again = spider.parse_list(TextResponse(request.url, body=ATOM.encode()), **request.cb_kwargs)
            assert [further.url for further in again if further.callback == spider.parse_list] in ([], [request.url])
    assert len(asked) == 2


def test_packed_maps_and_names_in_any_case_are_read() -> None:
    spider, sink = _spider("people_sitemap")
    entry = "<URL><Loc> http://society.people.com.cn/n1/2026/1124/c1-2.html </Loc><LastMod>2026-11-24</LastMod></URL>"
    (request,) = _read(spider, "http://www.people.cn/a.xml.gz", gzip.compress(_map(entry, root="URLSET")))
    assert request.url == "http://society.people.com.cn/n1/2026/1124/c1-2.html"
    assert request.cb_kwargs == {"native_id": "c1-2", "shown_date": "2026-11-24"}
    assert sink.refusals == []


def test_an_index_leads_only_to_the_sources_own_maps_and_ends() -> None:
    spider, sink = _spider("people_sitemap", list={}, walk={"most": 3})
    index = _map(
        *(f"<sitemap><loc>http://{host}/s.xml</loc></sitemap>" for host in ("www.people.cn", "10.0.0.1")),
        root="sitemapindex",
    )
    (request,) = _read(spider, "http://www.people.cn/sitemap_index.xml", index)
    assert request.url == "http://www.people.cn/s.xml"
    assert sink.refusals == ["list page: not on a host of the source"]
    for number in range(10):
        more = _map(f"<sitemap><loc>http://www.people.cn/{number}.xml</loc></sitemap>", root="sitemapindex")
        if not _read(spider, request.url, more):
            break
    else:
        raise AssertionError("the chain of indexes never ends")
    assert "walk.most" in sink.refusals[-1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x1f\x8b broken",
        gzip.compress(b"<urlset>" + b" " * 60_000_000),
        b"<html><body>404</body></html>",
        b"<urlset",
    ],
    ids=["empty", "no gzip", "bomb", "html", "cut"],
)
def test_what_is_no_map_stops_a_source_that_has_no_other(body: bytes) -> None:
    spider, _ = _spider("people_sitemap")
    assert _read(spider, "http://www.people.cn/sitemap_index.xml", body) == []
    assert spider.collector.stop_reason is not None


def test_entities_are_not_resolved() -> None:
    spider, _ = _spider("people_sitemap")
    body = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "http://society.people.com.cn/n1/2026/1124/c1-2.html">]>
<urlset><url><loc>&a;</loc></url><url><loc>&b;</loc></url></urlset>"""
    assert _read(spider, "http://www.people.cn/sitemap_index.xml", body) == []


ANSWERS = [
    ("chinanews", RECORDED / "chinanews" / "two_feeds" / "scroll.xml"),
    ("people_sitemap", RECORDED / "people_sitemap" / "index_and_maps" / "society.xml"),
]


@pytest.mark.parametrize(("source_id", "path"), ANSWERS, ids=["feed", "sitemap"])
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_damaged_answer_breaks_nothing(source_id: str, path: Path, data: st.DataObject) -> None:
    body = path.read_bytes()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(body))] * 2)))
    spider, sink = _spider(source_id)
    requests = _read(
        spider, spider.source.all_starts()[0], body[:start] + data.draw(st.binary(max_size=20)) + body[end:]
    )
    assert (
        requests or sink.refusals or spider.collector.stop_reason or spider.collector.read < spider.source.expected.min
    )
