"""Real pages and answers from ../shared, where it is present. None of it is part of the repository."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.collector import Collector
from crawlers.encoding import decode
from crawlers.extract import NO_RULES, extract, extract_page
from crawlers.page import Page
from crawlers.page_quality import f1, figures, judge
from crawlers.replica import saved_pages, serve_replica, time_of_mid
from crawlers.run import collect
from crawlers.source_folder import find_source
from crawlers.state import Seen
from crawlers.worker import spider_class

pytestmark = pytest.mark.shared
Read = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize(("leave_out", "least"), [(False, 0.98), (True, 0.975)], ids=["with rules", "without"])
def test_the_gold_pages_are_read_as_well_as_the_floors_want(
    shared: Path, now: datetime, leave_out: bool, least: float
) -> None:
    """Wanted without the site's own rules: body .955, title .90, date .98, author .7, source .9; held: near what is."""
    judged = judge(shared / "pages", leave_out, now)
    got = figures(judged)
    assert got.pages == 58
    assert got.sources >= 30
    assert sum(page.date is not None for page in judged) >= 50
    assert got.body >= least
    assert got.lost == 0
    assert got.title >= 0.95
    assert got.date >= 0.98
    assert got.author >= 0.9
    assert got.source >= 0.95
    assert {page.by for page in judged} >= ({"readability"} if leave_out else {"rules", "readability"})


def test_no_page_of_a_larger_set_is_lost_without_its_sites_rules(shared: Path, now: datetime) -> None:
    pages = sorted((shared / "pages" / "news_netease2015_all" / "RawHtml").glob("*.html"))[::4]
    assert len(pages) >= 15
    scores = []
    for path in pages:
        body = path.read_bytes()
        ruled, general = (extract_page(body, None, None, NO_RULES, now, without) for without in (None, "163.com"))
        if ruled.by == "rules":
            assert general.by in ("readability", "trafilatura")
            scores.append(f1(general.text, ruled.text))
    assert len(scores) >= 15
    assert min(scores) >= 0.4
    assert sum(scores) / len(scores) >= 0.9


def test_title_time_and_source_of_a_larger_set_are_those_of_the_sites_own_places(shared: Path, now: datetime) -> None:
    """What is read without rules against where the site keeps it, on pages most of which no pattern was made on."""
    right = []
    for path in sorted((shared / "pages" / "news_netease2015_all" / "RawHtml").glob("*.html"))[::2]:
        body = path.read_bytes()
        page = Page(decode(body)[0])
        title, byline = next(page.texts(["#h1title"]), None), next(page.texts([".ep-time-soure"]), "")
        if title is not None:
            found = extract_page(body, None, None, NO_RULES, now, without="163.com")
            time = found.moment.at.strftime("%Y-%m-%d %H:%M:%S") if found.moment else "none"
            right.append(found.title == title and byline.startswith(time) and f": {found.source}" in byline)
    assert len(right) >= 25
    assert sum(right) / len(right) >= 0.95


def test_no_page_of_any_kind_breaks_extraction(shared: Path, now: datetime) -> None:
    pages = [path for path in sorted((shared / "pages").rglob("*.html")) if path.stat().st_size < 200_000]
    assert len(pages) > 100
    for path in pages[::3]:
        body = path.read_bytes()
        for piece in (body, body[: len(body) // 3]):
            assert set(extract(piece, None, now)) >= {"title", "text", "published_at", "by"}


def test_the_template_of_the_province_site(shared: Path, now: datetime) -> None:
    body = (shared / "pages" / "news_template_henan_gov" / "index.html").read_bytes()
    found = extract(body, "https://www.henan.gov.cn/2022/08-11/2559082.html", now)
    assert (found["published_at"], found["by"]) == ("2022-08-11T14:21:00+08:00", "rules")
    assert f'name="ContentSource" content="{found["source"]}"' in body.decode()
    assert "责任编辑" not in found["text"]


class _Lines:
    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []

    def post(self, line: str) -> None:
        self.posts.append(json.loads(line))

    def refused(self, number: int, reason: str, raw: str) -> None:
        raise AssertionError(f"row {number} refused: {reason}")


def test_real_cards_of_a_time_line_twice(shared: Path, now: datetime) -> None:
    folder = shared / "pages" / "weibo" / "m.weibo.cn"
    source, lines = find_source("weibo"), _Lines()
    spider: Any = spider_class(source)(collector=Collector(source, now, Seen(None), lines))
    verdicts: list[Counter[str]] = []
    for name in ("bison__weibo_ak_list_0.json", "bison__weibo_ak_list_1.json", "bison__weibo_ys_list_0.json"):
        page = spider.page(json.loads((folder / name).read_text(encoding="utf-8")), 1, 0)
        assert page.following in ({"since_id": "4646131823281332"}, {"page": "2"})
        items = [(spider.item(row, None), row) for row in page.rows]
        verdicts.append(Counter(spider.collector.take(item, row) for item, row in items))
    assert verdicts[0] == {"new": 10}
    assert verdicts[1]["new"] == 1, "five hours later: one post more"
    assert verdicts[2] == {"new": 11}
    assert any(post["truncated"] for post in lines.posts)
    assert any("retweet_of" in post["extra"] for post in lines.posts)
    assert not [post for post in lines.posts if re.search(r"</?\w+|&\w+;|\u200b", post["text"])]
    for post in lines.posts:
        shift = datetime.fromisoformat(post["published_at"]) - time_of_mid(int(post["native_id"]))
        assert abs(shift.total_seconds()) <= 2
    nothing = json.loads((folder / "bison__weibo_err_profile.json").read_text(encoding="utf-8"))
    assert spider.page(nothing, 2, 10) is None
    assert spider.collector.stop_reason is None


def test_a_real_row_of_the_board(shared: Path, now: datetime) -> None:
    answer = json.loads((shared / "pages" / "liuyan" / "tid_list_item_2021.json").read_text(encoding="utf-8"))
    source, lines = find_source("people_board"), _Lines()
    spider: Any = spider_class(source)(collector=Collector(source, now, Seen(None), lines))
    (row,) = answer["responseData"]
    assert spider.collector.take(spider.item(row, source.forums[0]), row) == "new"  # type: ignore[union-attr]
    (post,) = lines.posts
    assert (post["native_id"], post["truncated"], post["reply"]) == (str(row["tid"]), True, None)
    assert datetime.fromisoformat(post["published_at"]).timestamp() == row["dateline"]
    assert post["labels"] == {"domain": row["domainName"], "type": row["typeName"]}
    assert not {"ip", "userId", "sourceName", "from"} & set(post["extra"])


def test_the_gold_pages_over_http(shared: Path, tmp_path: Path, now: datetime, read_lines: Read) -> None:
    pages = [page for page in saved_pages(shared / "pages" / "news") if len(page.body) < 150_000]
    assert len(pages) > 20
    with serve_replica(pages=pages) as replica:
        result = collect("news_pages", tmp_path, tmp_path / "state", replica.base_url, now=now)
    assert result.state == "done"
    assert result.new + result.quarantined == len(pages)
    assert len(read_lines(tmp_path)) == result.new >= len(pages) - 2
