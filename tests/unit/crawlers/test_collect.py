"""The real spiders against the replica, over HTTP on loopback, each run in its own process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from casework.domain.post import parse_post
from crawlers.replica import Fault, Replica, SavedPage, serve_replica
from crawlers.run import CollectResult, collect

Make = Callable[..., dict[str, Any]]
Read = Callable[..., list[dict[str, Any]]]
ORIGINAL = {"retweet_of": "4990001", "retweet_text": "原文：示例路积水[泪]"}
GONE = {"retweet_of": "4990002", "retweet_deleted": 1}


def _world(make: Make) -> list[dict[str, Any]]:
    reply = {"organisation": "示例局", "text": "已修复。", "at": "2026-11-22T10:00:00+08:00", "state": "已办理"}
    labels = {"domain": "交通", "type": "投诉"}
    board = [make("people_board", n, author="李**", place="示例市", labels=labels) for n in range(23)]
    board[3] |= {"reply": reply, "text": "很长的留言，" * 40}
    weibo = [make("weibo", n, title=None, author="示例用户", counts={"likes": n}) for n in range(24)]
    weibo[2] |= {"text": "长文第一段。\n" + "再写一段很长的话。" * 30, "place": "发布于 河南"}
    weibo[4]["extra"] = {"pinned": 1}
    weibo[5] |= {"text": "转发微博", "extra": ORIGINAL}
    weibo[6] |= {"text": "还有人记得吗#路灯#[doge]", "extra": GONE}
    news = [make("henan_gov", n, author="编辑甲", extra={"origin": "示例日报"}) for n in range(25)]
    people = [make("people_com_cn", n, native_id=f"c351638-{5000000 + n}") for n in range(23)]
    return [*board, *weibo, *news, *people, *[make("gov_cn", n) for n in range(4)]]


@pytest.fixture
def replica(make_post: Make) -> Iterator[Replica]:
    page = (
        "<html><head><title>{0}_示例网</title></head><body><h1>{0}</h1>"
        "<p>2026年11月{1}日 08:00 来源：示例网</p>{2}</body></html>"
    )
    body = "<p>" + "市民反映路口信号灯损坏，有关部门表示已派人维修，预计两天内恢复。" * 6 + "</p>"
    pages = [
        SavedPage(f"p{n}.html", page.format(f"第{n}条示例新闻标题", n, body).encode("gb18030")) for n in range(1, 4)
    ]
    with serve_replica(_world(make_post), pages) as running:
        yield running


def _all(sources: list[str], tmp: Path, base_url: str, **other: Any) -> dict[str, CollectResult]:
    with ThreadPoolExecutor(3) as pool:
        jobs = {s: pool.submit(collect, s, tmp / "out" / s, tmp / "state", base_url, **other) for s in sources}
        return {source: job.result() for source, job in jobs.items()}


def _comparable(post: dict[str, Any]) -> dict[str, Any]:
    kept = ("native_id", "title", "text", "published_at", "author", "place", "labels", "counts", "reply", "truncated")
    return {key: value for key, value in parse_post(post).to_json().items() if key in kept}


def _asked_only_own_hosts_by_name(replica: Replica) -> None:
    hosts = {host for _, host, _, _ in replica.asked}
    assert hosts == {"liuyan.people.com.cn", "m.weibo.cn", "www.henan.gov.cn", "www.gov.cn"} | {
        "henan.people.com.cn",
        "news.huiying.example",
    }
    assert all(agent == "Huiying/0.1 (+huiying@office.example)" for *_, agent in replica.asked)


SHAPES = ["people_board", "weibo", "henan_gov", "people_com_cn", "gov_cn", "news_pages"]


def test_every_source_gives_what_its_site_shows_and_a_second_run_gives_nothing(
    replica: Replica, tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    first = _all(SHAPES, tmp_path, replica.base_url, now=now)
    assert {s: (r.new, r.changed, r.quarantined, r.state) for s, r in first.items()} == {
        "people_board": (23, 0, 0, "done"),
        "weibo": (24, 0, 0, "done"),
        "henan_gov": (25, 0, 0, "done"),
        "people_com_cn": (23, 0, 0, "done"),
        "gov_cn": (4, 0, 0, "done"),
        "news_pages": (3, 0, 0, "done"),
    }
    served = {(p["source"], p["native_id"]): p for p in _world(make_post)}
    for source in ("people_board", "weibo", "henan_gov"):
        lines = read_lines(tmp_path / "out" / source)
        assert len(lines) == first[source].new
        for line in lines:
            expected = _comparable(served[source, line["native_id"]])
            if source == "people_board" and len(expected["text"]) > 100:
                expected |= {"text": expected["text"][:100] + "...", "truncated": True}
            assert _comparable(line) == expected
            assert line["collected_at"] == "2026-11-24T11:00:00+08:00"
    weibo = {line["native_id"]: line["extra"] for line in read_lines(tmp_path / "out" / "weibo")}
    assert weibo["5000005"] == ORIGINAL
    assert weibo["5000006"] == GONE
    assert weibo["5000004"] == {"pinned": 1}
    page = read_lines(tmp_path / "out" / "news_pages")[0]
    assert (page["title"], page["published_at"]) == ("第1条示例新闻标题", "2026-11-01T08:00:00+08:00")
    assert "信号灯损坏" in page["text"]

    _asked_only_own_hosts_by_name(replica)
    files = sorted(tmp_path.glob("out/*/*"))
    again = _all(SHAPES, tmp_path, replica.base_url, now=now)
    assert {(r.new, r.changed, r.quarantined, r.state, r.files) for r in again.values()} == {(0, 0, 0, "done", ())}
    assert sorted(tmp_path.glob("out/*/*")) == files


def test_an_edit_and_a_new_message_come_alone_and_full_brings_all(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts = [make_post("people_board", n) for n in range(12)]
    with serve_replica(posts) as replica:
        collect("people_board", tmp_path / "1", tmp_path / "state", replica.base_url, now=now)
        posts[0]["reply"] = {"organisation": "示例局", "text": "已修复", "at": None, "state": "已办理"}
        replica.set_posts([*posts, make_post("people_board", 99)])
        second = collect("people_board", tmp_path / "2", tmp_path / "state", replica.base_url, now=now)
        third = collect("people_board", tmp_path / "3", tmp_path / "state", replica.base_url, full=True, now=now)
    assert (second.new, second.changed) == (1, 1)
    assert {line["native_id"] for line in read_lines(tmp_path / "2")} == {"5000000", "5000099"}
    assert (third.new, third.changed) == (13, 0)


STOPS: dict[str, tuple[str, list[Fault], str, str]] = {
    "432": ("weibo", [Fault("status", 432, after=1)], "stopped", "no valid session (HTTP 432)"),
    "log_in": ("weibo", [Fault("log_in", after=1)], "stopped", "log-in wanted (ok -100)"),
    "redirect": ("weibo", [Fault("redirect", after=1)], "stopped", "redirected to a log-in page (HTTP 302"),
    "empty": ("weibo", [Fault("empty", after=1)], "stopped", "empty cards after full ones"),
    "cut": ("people_board", [Fault("cut", after=1)], "stopped", "broken answer"),
    "503": ("henan_gov", [Fault("status", 503, after=1, retry_after=0)], "stopped", "for the third time in a row"),
    "429": ("people_board", [Fault("status", 429, after=1, times=2, retry_after=1)], "done", ""),
    "article 404": ("henan_gov", [Fault("status", 404, path="/5000003.html")], "done", ""),
}


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[CollectResult, Path, float, int]]:
    now = datetime.fromisoformat("2026-11-24T11:00:00+08:00")

    def posts(source: str) -> list[dict[str, Any]]:
        kind = {"people_board": "message", "weibo": "weibo"}.get(source, "news")
        common = {"source": source, "kind": kind, "collected_at": now.isoformat()}
        return [
            {
                **common,
                "native_id": str(5000000 + n),
                "title": f"第{n}号示例标题文字",
                "text": f"第{n}号路口的信号灯坏了，请尽快派人维修，谢谢各位。" * 3,
                "published_at": f"2026-11-{1 + n % 20:02d}T08:00:00+08:00",
            }
            for n in range(25)
        ]

    def one(name: str) -> tuple[CollectResult, Path, float, int]:
        source, faults, _, _ = STOPS[name]
        folder = tmp_path_factory.mktemp("run")
        with serve_replica(posts(source), faults=faults) as replica:
            begin = time.monotonic()
            result = collect(source, folder / "out", folder / "state", replica.base_url, now=now)
            return result, folder, time.monotonic() - begin, len(replica.asked)

    with ThreadPoolExecutor(3) as pool:
        return dict(zip(STOPS, pool.map(one, STOPS), strict=True))


@pytest.mark.parametrize("name", STOPS)
def test_a_site_that_says_stop_is_left_with_its_reason_and_what_came_before_stays(
    name: str, stopped: dict[str, tuple[CollectResult, Path, float, int]], read_lines: Read
) -> None:
    result, folder, _, _ = stopped[name]
    _, _, state, reason = STOPS[name]
    assert (result.state, reason in (result.reason or "")) == (state, True)
    lines = read_lines(folder / "out")
    assert len(lines) == result.new
    if state == "done":
        assert result.reason is None
        assert result.new == 25 - result.quarantined
    elif name == "503":
        assert result.new == 0, "the list came, then every article was refused"
    else:
        assert result.new == 10, "the first page came before the stop"


def test_a_stop_is_at_once_and_a_back_off_waits(
    stopped: dict[str, tuple[CollectResult, Path, float, int]], read_lines: Read
) -> None:
    for name in ("432", "log_in", "redirect", "empty"):
        assert stopped[name][3] == 3, f"{name}: robots.txt, one page, one refusal, then nothing more"
    assert stopped["503"][3] == 2 + 3
    assert stopped["429"][2] > 2, "Retry-After was kept twice"
    result, folder, _, _ = stopped["article 404"]
    assert (result.new, result.quarantined) == (24, 1)
    (refused,) = read_lines(folder / "out", "*.quarantine.jsonl")
    assert refused["reason"] == "HTTP 404"
    assert "5000003" in refused["raw"]


def test_after_a_stop_the_next_run_brings_the_rest(
    stopped: dict[str, tuple[CollectResult, Path, float, int]], tmp_path: Path, now: datetime, make_post: Make
) -> None:
    _, folder, _, _ = stopped["log_in"]
    posts = [make_post("weibo", n) for n in range(25)]
    with serve_replica(posts) as replica:
        result = collect("weibo", tmp_path, folder / "state", replica.base_url, now=now)
    assert (result.new + result.changed, result.state) == (25, "done")


def test_robots_txt_is_obeyed_with_its_delay(tmp_path: Path, now: datetime, make_post: Make) -> None:
    posts = [make_post("gov_cn", n) for n in range(3)]
    runs = {
        "delay": ("User-agent: *\nCrawl-delay: 0.5\n", 200),
        "closed": ("User-agent: *\nDisallow: /\n", 200),
        "article": ("User-agent: Huiying\nDisallow: /yaowen/liebiao/202611/content_5000001\n", 200),
        "broken": ("", 500),
    }

    def one(name: str) -> tuple[CollectResult, list[float], int]:
        robots, status = runs[name]
        with serve_replica(posts, robots=robots, robots_status=status) as replica:
            found = collect("gov_cn", tmp_path / name, tmp_path / f"{name}-state", replica.base_url, now=now)
            return found, replica.asked_at, len(replica.asked)

    with ThreadPoolExecutor(3) as pool:
        results = dict(zip(runs, pool.map(one, runs), strict=True))
    found, times, _ = results["delay"]
    assert found.new == 3
    assert min(later - earlier for earlier, later in pairwise(times[1:])) >= 0.5
    assert results["closed"][0].reason == "robots.txt of www.gov.cn forbids /yaowen/index.htm"
    assert (results["closed"][0].state, results["closed"][2]) == ("stopped", 1)
    assert (results["article"][0].new, results["article"][0].quarantined) == (2, 1)
    assert results["broken"][0].state == "stopped"
    assert "HTTP 500" in str(results["broken"][0].reason)


def test_one_list_of_two_that_is_gone_is_put_aside(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts = [make_post("henan_gov", n) for n in range(3)]
    gone = Fault("status", 404, path="/bmjd/")
    with serve_replica(posts, faults=[gone]) as replica:
        one = collect("henan_gov", tmp_path, tmp_path / "state", replica.base_url, now=now)
        replica.set_faults(Fault("status", 404, path="/zwgk/"))
        both = collect("henan_gov", tmp_path, tmp_path / "state", replica.base_url, now=now)
    assert (one.new, one.quarantined, one.state) == (3, 1, "done")
    (refused,) = read_lines(tmp_path, "*.quarantine.jsonl")
    assert refused["reason"] == "list page: HTTP 404"
    assert (both.new, both.state) == (0, "stopped")


def test_other_hosts_are_never_asked(tmp_path: Path, now: datetime) -> None:
    listing = (
        '<a href="http://127.0.0.1:9/2026/1124.html">本机的一个示例页面</a>'
        '<a href="https://elsewhere.example/2026/1124.html">别处的一个示例页面</a>'
    )
    pages = [SavedPage("away.html", listing.encode(), "text/html; charset=utf-8")]
    with serve_replica(pages=pages) as replica:
        result = collect("news_pages", tmp_path, tmp_path / "state", replica.base_url, now=now)
        assert {host for _, host, _, _ in replica.asked} == {"news.huiying.example"}
        assert len(replica.asked) == 3
    assert (result.new, result.quarantined) == (0, 1)


def test_a_site_that_is_not_there_is_a_result_not_a_crash(tmp_path: Path, now: datetime) -> None:
    result = collect("gov_cn", tmp_path, tmp_path / "state", "http://127.0.0.1:9", now=now)
    assert result.state == "stopped"
    assert "not reachable" in str(result.reason)
    assert result.to_json().keys() == {"new", "changed", "quarantined", "state", "reason"}
