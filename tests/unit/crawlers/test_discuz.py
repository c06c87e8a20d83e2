"""A Discuz board over HTTP: what it shows is what is kept, and what changes is fetched alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.discuz_page import LOG_IN, rows_of, thread_of, why_none
from crawlers.replica import Fault, Replica, serve_replica
from crawlers.run import CollectResult, collect
from crawlers.source_folder import find_source
from crawlers.sources.xintongqiao.spider import Spider
from crawlers.text import parse_page

Make = Callable[..., dict[str, Any]]
Read = Callable[..., list[dict[str, Any]]]
SOURCE = find_source("xintongqiao")
ANSWER = {"organisation": "金水区", "text": "您好，已修复。", "at": "2026-11-22T10:00:00+08:00", "state": "已办结"}
WAITING = {"organisation": "金水区", "text": None, "at": None, "state": "待处理"}


def _posts(make: Make) -> list[dict[str, Any]]:
    posts = [make("xintongqiao", n, kind="message", author="示例网友", counts={"comments": 0}) for n in range(23)]
    posts[3] |= {"reply": ANSWER, "counts": {"comments": 25}}
    posts[4] |= {"reply": WAITING, "extra": {"waiting_minutes": 90}}
    return posts


def _run(replica: Replica, tmp: Path, now: datetime, **other: Any) -> CollectResult:
    return collect("xintongqiao", tmp / "out", tmp / "state", replica.base_url, now=now, **other)


def _threads(replica: Replica, since: int) -> list[str]:
    return [path for *_, path, _ in replica.asked[since:] if path.startswith("/thread")]


def test_what_the_board_shows_is_kept_and_what_changed_is_fetched_alone(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts = _posts(make_post)
    later = now + timedelta(days=1)
    with serve_replica(posts) as replica:
        first = _run(replica, tmp_path, now)
        second = _run(replica, tmp_path, now + timedelta(hours=3))
        begun = len(replica.asked)
        _run(replica, tmp_path, now + timedelta(hours=3.5))
        again = _threads(replica, begun)
        posts[4] |= {"reply": {**ANSWER, "text": "您好，已派人。", "at": "2026-11-24T09:00:00+08:00"}}
        posts[5] |= {"reply": WAITING}
        replica.set_posts([*posts, make_post("xintongqiao", 99, kind="message")])
        third = _run(replica, tmp_path, later)
    assert (first.state, first.new, first.quarantined) == ("done", 23, 0)
    assert (second.new, second.changed, second.state) == (0, 0, "done")
    assert again == [], "a thread looked at lately is not fetched again unless the list shows a new word in it"
    assert (third.new, third.changed) == (1, 2)
    lines = {line["native_id"]: line for line in read_lines(tmp_path / "out")}
    assert lines["5000003"]["reply"] == ANSWER
    assert lines["5000003"]["counts"] == {"comments": 25}
    assert lines["5000004"]["reply"]["text"] == "您好，已派人。"
    assert lines["5000004"]["place"] == "金水区"
    assert lines["5000005"]["reply"] == WAITING
    assert "跟帖" not in str(lines), "what other people wrote is counted, not kept"


def test_a_thread_of_which_a_page_is_missing_is_put_aside_whole(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    with serve_replica(_posts(make_post), faults=[Fault("status", 404, path="/thread-5000003-3-1")]) as replica:
        result = _run(replica, tmp_path, now)
        replica.set_faults()
        healed = _run(replica, tmp_path, now + timedelta(hours=1))
    assert (result.state, result.new, result.quarantined) == ("done", 22, 1)
    (refused,) = read_lines(tmp_path / "out", "*.quarantine.jsonl")
    assert refused["reason"] == "HTTP 404; asked again at the next run"
    assert healed.new == 1


def test_a_thread_that_the_board_has_deleted_is_marked_and_its_text_stays(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts = _posts(make_post)[:3]
    with serve_replica(posts, faults=[]) as replica:
        _run(replica, tmp_path, now)
        body = '<div id="messagetext"><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></div>'
        replica.set_faults(Fault("status", 200, path="/thread-5000001", body=body))
        runs = [_run(replica, tmp_path, now + timedelta(hours=hours)) for hours in (1, 2)]
    assert [(run.state, run.new, run.changed, run.quarantined) for run in runs] == [
        ("done", 0, 1, 0),
        ("done", 0, 0, 0),
    ]
    (marked,) = [line for line in read_lines(tmp_path / "out") if line["extra"].get("deleted_at")]
    assert (marked["native_id"], marked["text"]) == ("5000001", "")


@pytest.mark.parametrize(
    ("author", "answers"),
    [
        *(("金水区", True), ("市公安局", True), ("郑州市城管局", True), ("新密市", True)),
        *(("阳光小区", False), ("示例网友", False), ("", False), ("金水区居民", False)),
    ],
)
def test_who_is_a_unit(author: str, answers: bool) -> None:
    from crawlers.collector import Collector
    from crawlers.discuz_page import Entry
    from crawlers.state import Seen

    spider = Spider(Collector(SOURCE, datetime.fromisoformat("2026-11-24T11:00:00+08:00"), Seen(None), None))  # type: ignore[arg-type]
    assert spider._answers(Entry(author, None, ""), None) == answers
    assert spider._answers(Entry("阳光物业", None, ""), "阳光物业"), "the unit that the page names always is one"


PIECES = [
    *("<table>", "<tr>", "</div>", '<a class="nxt" href="x">', '<td class="t_f">', "发表于 2026", "<", "\x00"),
    *('<div id="postlist">', '<div id="post_1">', "状态：待处理", "单位：", "等待时间9小时:1分钟"),
    '<a href="thread-1-1-1.html">',
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_a_damaged_page_breaks_nothing(text: str) -> None:
    rows, _, root = rows_of(text, "https://xtq.zynews.cn/x", SOURCE)  # type: ignore[arg-type]
    assert all(row.tid == "1" for row in rows)
    found = thread_of(text, "https://xtq.zynews.cn/x", SOURCE)  # type: ignore[arg-type]
    assert found is None or found.entries
    assert why_none(root) is None
    assert why_none(parse_page("<p id='messagetext'>请先登录</p>")) == ("请先登录", LOG_IN)
