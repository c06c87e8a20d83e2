"""The hot list over HTTP, from a site in the platform's own form: what it shows is kept, and what rises is marked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.base.hot_list import RISE
from crawlers.replica import Fault, Replica, serve_replica
from crawlers.run import CollectResult, collect

Read = Callable[..., list[dict[str, Any]]]
NOW = datetime.fromisoformat("2026-11-24T11:00:00+08:00")


def _topic(word: str, rank: int | None, heat: int) -> dict[str, Any]:
    return {
        "source": "weibo_hot",
        "native_id": f"20261124-{word}",
        "kind": "weibo",
        "title": word,
        "text": word,
        "published_at": "2026-11-24T08:00:00+08:00",
        "collected_at": NOW.isoformat(),
        "counts": {"views": heat} if rank else {},
        "extra": {"rank": rank} if rank else {},
    }


def _run(replica: Replica, folder: Path, minutes: int) -> CollectResult:
    now = NOW + timedelta(minutes=minutes)
    return collect("weibo_hot", folder, folder / "state", replica.base_url, now=now)


def test_the_list_is_kept_as_it_is_shown_and_a_rise_is_marked(tmp_path: Path, read_lines: Read) -> None:
    calm = [_topic(f"平常话题{n}", n, 900_000 - n * 1000) for n in range(1, 30)]
    with serve_replica([*calm, _topic("青石路停水", 30, 100_000), _topic("示例省推进改造", None, 0)]) as replica:
        first = _run(replica, tmp_path, 0)
        same = _run(replica, tmp_path, 10)
        replica.set_posts([*calm, _topic("青石路停水", 4, 900_000), _topic("示例省推进改造", None, 0)])
        risen = _run(replica, tmp_path, 20)
        assert {host for _, host, _, _ in replica.asked} == {"weibo.com"}
    assert (first.state, first.new, first.quarantined) == ("done", 31, 0)
    assert (same.new, same.changed) == (0, 0)
    assert (risen.new, risen.changed) == (0, 1)
    lines = read_lines(tmp_path)
    assert "示例推广" not in {line["title"] for line in lines}, "an advertisement is no topic"
    for topic in calm:
        (line,) = [line for line in lines if line["native_id"] == topic["native_id"]]
        assert {key: line[key] for key in ("title", "text", "published_at", "counts")} == {
            key: topic[key] for key in ("title", "text", "published_at", "counts")
        }
        assert line["extra"]["rank"] == topic["extra"]["rank"]
    (pinned,) = [line for line in lines if line["title"] == "示例省推进改造"]
    assert (pinned["extra"]["pinned"], "rank" in pinned["extra"]) == (1, False)
    course = [line for line in lines if line["title"] == "青石路停水"]
    assert [line["labels"].get("rise") for line in course] == [None, RISE]
    assert course[-1]["extra"]["trail"] == "11-24 11:00 #30 100000; 11-24 11:20 #4 900000"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(Fault("status", 432), "HTTP 432"), (Fault("log_in"), "log-in wanted"), (Fault("redirect"), "log-in page")],
    ids=["432", "log-in", "redirect"],
)
def test_a_list_that_is_closed_stops_the_source(fault: Fault, reason: str, tmp_path: Path, read_lines: Read) -> None:
    with serve_replica([_topic(f"话题{n}", n, 9000 - n) for n in range(1, 20)], faults=[fault]) as replica:
        result = _run(replica, tmp_path, 0)
        assert sum("hotSearch" in path for _, _, path, _ in replica.asked) == 1
    assert (result.state, reason in str(result.reason)) == ("stopped", True)
    assert read_lines(tmp_path) == []
