"""Lists that lead back to themselves: each page is asked once, and the run says why the list ended."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest

from crawlers.base.laps import Laps
from crawlers.collector import Collector
from crawlers.replica import Replica
from crawlers.replica.server import serve_sites
from crawlers.replica.site import NOT_FOUND, Answer, Ask
from crawlers.replica.sites.discuz import DiscuzSite
from crawlers.replica.sites.timeline import TimelineSite
from crawlers.run import CollectResult, collect
from crawlers.source_folder import find_source
from crawlers.state import Seen

Make = Callable[..., dict[str, Any]]
HOST = "www.ring.example"
STORY = "".join(f"<p>示例区人民路发生路面塌陷，抢修人员已到场，预计两天内恢复通行。第{n}段。</p>" for n in range(4))


class Lists:
    """Pages of three articles each; ``following``: page → the page that its link leads to."""

    source = "news_pages"
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, following: Callable[[int], int | None], last: int, feed: bool = False) -> None:
        self.following, self.last, self.feed = following, last, feed

    def answer(self, ask: Ask) -> Answer:
        if ask.path == "/list":
            return self.list_page(int(ask.query.get("page", 1)))
        if ask.path.startswith("/2026/"):
            page = f"<html><title>示例</title><body><h1>示例标题文字</h1><p>2026-11-23 10:00</p>{STORY}</body></html>"
            return Answer(page.encode())
        return NOT_FOUND

    def list_page(self, page: int) -> Answer:
        shown, following = min(page, self.last), self.following(page)
        links = [f"http://{HOST}/2026/{shown}00{n}.html" for n in range(3)]
        after = escape(f"http://{HOST}/list?page={following}") if following else None
        if self.feed:
            entries = "".join(f"<entry><title>示例</title><link href='{link}'/></entry>" for link in links)
            more = f"<link rel='next' href='{after}'/>" if after else ""
            return Answer(f"<feed xmlns='http://www.w3.org/2005/Atom'>{more}{entries}</feed>".encode(), "text/xml")
        rows = "".join(f"<li><a href='{link}'>示例标题文字第{n}篇</a></li>" for n, link in enumerate(links))
        more = f"<a class='next' href='{after}'>下一页</a>" if after else ""
        return Answer(f"<html><body><ul>{rows}</ul>{more}</body></html>".encode())


class DiscuzRing(DiscuzSite):
    """A board whose last page leads back to the first."""

    def _list(self, page: int) -> Answer:
        answer = super()._list(page)
        if b'class="nxt"' in answer.body:
            return answer
        back = b'<a class="nxt" href="wzpostlist.php?mod=list&amp;page=1">1</a></body>'
        return Answer(answer.body.replace(b"</body>", back))


class TimelineRing(TimelineSite):
    """A time line that begins again when it is over."""

    def answer(self, ask: Ask) -> Answer:
        answer = super().answer(ask)
        held = json.loads(answer.body) if ask.path == "/api/container/getIndex" else {}
        if not held.get("data", {}).get("cards"):
            return super().answer(Ask(ask.method, ask.host, ask.path, {**ask.query, "page": "1"}, ask.form))
        return answer


class AlternatingBoard:
    """A board that does not heed the cursor: two pages by turns."""

    source = "people_board"
    hosts: tuple[str, ...] = ("liuyan.people.com.cn",)
    turn = 0

    def answer(self, ask: Ask) -> Answer:
        self.turn += 1
        row = {"content": "信号灯坏了三天，请尽快维修。", "dateline": 1763900000, "forumName": "河南省委书记"}
        rows = [{**row, "tid": 5000000 + self.turn % 2 * 10 + n, "subject": "信号灯坏了"} for n in range(10)]
        return Answer(json.dumps({"result": "success", "success": True, "responseData": rows}).encode(), "text/html")


def _sources() -> dict[str, dict[str, Any]]:
    site = {"hosts": [HOST], "start": [f"http://{HOST}/list"], "walk": {"usual": 2, "most": 200}}
    native_id = {"native_id": r"/2026/(\d+)", "list": {"article": "/2026/"}}
    return {
        "news_pages": site,
        "chinanews": {**site, **native_id, "article": {}},
        "xintongqiao": {"walk": {"usual": 5, "most": 200}},
        "weibo": {"accounts": [{"uid": "1000000001", "name": "示例"}], "delay_seconds": 1},
        "people_board": {"walk": {"usual": 5, "most": 200}, "forums": [{"fid": 569, "name": "河南"}]},
    }


def _run(source: str, site: Any, folder: Path, now: datetime, **other: Any) -> tuple[CollectResult, Replica]:
    with serve_sites([site]) as replica:
        places = folder, folder / "state", replica.base_url
        return collect(source, *places, now=now, overrides=_sources(), **other), replica


def _lists_asked(replica: Replica) -> Counter[str]:
    return Counter(path for _, _, path, _ in replica.asked if path.startswith("/list"))


@pytest.mark.parametrize("feed", [False, True], ids=["pages", "feed"])
@pytest.mark.parametrize("begins", [1, 2, 3])
def test_pages_in_a_ring_are_asked_once_each(feed: bool, begins: int, tmp_path: Path, now: datetime) -> None:
    site = Lists(lambda page: page + 1 if page < 4 else begins, last=4, feed=feed)
    source = "chinanews" if feed else "news_pages"
    result, replica = _run(source, site, tmp_path, now)
    assert (result.state, result.new) == ("done", 12)
    # The first page is asked under its own address, and once more where a link names it by another.
    assert all(times == 1 for times in _lists_asked(replica).values())
    assert _lists_asked(replica).total() == (5 if begins == 1 else 4)
    assert "page" in str(result.reason)
    assert "walk.most" not in str(result.reason)
    assert str(result.reason).startswith("a list ended: ")


def test_a_whole_new_walk_of_a_ring_ends_too_and_one_that_stays_above_it_says_nothing(
    tmp_path: Path, now: datetime
) -> None:
    site = Lists(lambda page: page + 1 if page < 4 else 2, last=4)
    _run("news_pages", site, tmp_path, now)
    short, asked = _run("news_pages", site, tmp_path, now + timedelta(hours=1))
    whole, replica = _run("news_pages", site, tmp_path, now + timedelta(hours=2), full=True)
    assert (short.reason, _lists_asked(asked).total()) == (None, 2)
    assert (whole.new, _lists_asked(replica).total()) == (12, 4)


def test_a_list_that_shows_its_last_page_for_ever_ends(tmp_path: Path, now: datetime) -> None:
    result, replica = _run("news_pages", Lists(lambda page: page + 1, last=3), tmp_path, now)
    assert (result.state, result.new) == ("done", 9)
    assert _lists_asked(replica).total() == 4
    assert "page 4 shows nothing but what the pages before it showed" in str(result.reason)


def test_a_discuz_board_whose_last_page_leads_to_the_first(tmp_path: Path, now: datetime, make_post: Make) -> None:
    posts = [make_post("xintongqiao", n, kind="message", author="示例网友") for n in range(45)]
    result, replica = _run("xintongqiao", DiscuzRing(posts), tmp_path, now)
    assert (result.state, result.new) == ("done", 45)
    assert sum("mod=list" in path for _, _, path, _ in replica.asked) <= 4
    assert str(result.reason).startswith("a list ended: ")


def test_a_time_line_that_begins_again(tmp_path: Path, now: datetime, make_post: Make) -> None:
    posts = [make_post("weibo", n, kind="weibo", author="示例网友") for n in range(35)]
    result, replica = _run("weibo", TimelineRing(posts), tmp_path, now)
    assert (result.state, result.new) == ("done", 35)
    assert sum("getIndex" in path for _, _, path, _ in replica.asked) <= 6


def test_a_board_that_does_not_heed_the_cursor_is_a_broken_answer(tmp_path: Path, now: datetime) -> None:
    site = AlternatingBoard()
    result, _ = _run("people_board", site, tmp_path, now)
    assert (result.state, result.new) == ("stopped", 20)
    assert site.turn == 3
    assert "leads back to" in str(result.reason)


def test_where_a_walk_was_outlives_its_process(now: datetime) -> None:
    source = find_source("news_pages")
    killed, resumed = Seen(None), Seen(None)
    laps = Laps(Collector(source, now, killed, None))  # type: ignore[arg-type]
    assert laps.came_back("list", 1, "a", "b", ["1", "2"]) is None
    assert laps.came_back("list", 2, "b", "c", ["3", "4"]) is None
    resumed.apply(json.loads(json.dumps(killed.delta())))
    again = Laps(Collector(source, now, resumed, None))  # type: ignore[arg-type]
    assert "leads back to a" in str(again.came_back("list", 3, "c", "a", ["5"]))
    # From its head a list is walked anew.
    assert again.came_back("list", 1, "a", "b", ["1", "2"]) is None
    assert again.came_back("list", 2, "b", "c", ["3", "4"]) is None


def test_rows_that_moved_on_between_two_pages_and_other_lists_are_no_ring(now: datetime) -> None:
    laps = Laps(Collector(find_source("news_pages"), now, Seen(None), None))  # type: ignore[arg-type]
    assert laps.came_back("list", 1, "a", "b", ["1", "2", "3"]) is None
    assert laps.came_back("list", 2, "b", "c", ["2", "3", "4"]) is None
    assert laps.came_back("other", 1, "x", "y", ["1", "2", "3"]) is None
    assert laps.came_back("list", 3, "c", None, []) is None
