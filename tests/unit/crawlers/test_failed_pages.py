"""Pages of posts that did not come: asked again wherever they stand, ever more seldom, until they come or are gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import exceptions as scrapy_errors
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError

from crawlers import failed
from crawlers.replica import Fault, Replica, serve_replica
from crawlers.run import CollectResult, collect
from crawlers.run_log import log_path, read_runs
from crawlers.source_folder import find_source
from crawlers.state import Seen
from crawlers.trouble import may_pass
from crawlers.watch import status_of

Make = Callable[..., dict[str, Any]]
Read = Callable[..., list[dict[str, Any]]]
HOUR = timedelta(hours=1)
PLACES = {"henan_gov": "/5000000.html", "xintongqiao": "/thread-5000000-1-1.html"}
"""Source → the path of its oldest post, on the list's third page."""
ONE_PAGE = {"walk": {"usual": 1, "most": 9, "recheck_hours": 72}}


def _posts(make: Make, source: str) -> list[dict[str, Any]]:
    kind = "message" if source == "xintongqiao" else "news"
    first = datetime.fromisoformat("2026-11-20T08:00:00+08:00")
    return [
        make(source, n, kind=kind, author="示例网友", published_at=(first + n * HOUR).isoformat()) for n in range(45)
    ]


def _run(source: str, replica: Replica, folder: Path, now: datetime) -> CollectResult:
    return collect(source, folder, folder / "state", replica.base_url, now=now, overrides={source: ONE_PAGE})


def _asked(replica: Replica, since: int, path: str) -> int:
    return sum(asked.endswith(path) for _, _, asked, _ in replica.asked[since:])


@pytest.mark.parametrize("source", PLACES)
@pytest.mark.parametrize("kind", ["status", "cut"])
def test_a_deep_page_that_failed_comes_with_the_next_run(
    source: str, kind: Any, tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts, path = _posts(make_post, source), PLACES[source]
    with serve_replica(posts, faults=[Fault(kind, 500, path=path)]) as replica:
        first = _run(source, replica, tmp_path, now)
        replica.set_faults()
        second = _run(source, replica, tmp_path, now + HOUR / 4)
        begun = len(replica.asked)
        third = _run(source, replica, tmp_path, now + 99 * HOUR)
        assert _asked(replica, begun, path) == 0, "it has come: nobody asks for it again"
    assert (first.state, first.new, first.quarantined) == ("done", 44, 1)
    assert (second.state, second.new, second.changed) == ("done", 1, 0)
    assert (third.new, third.changed) == (0, 0)
    (refused,) = read_lines(tmp_path, "*.quarantine.jsonl")
    assert refused["reason"].endswith("; asked again at the next run")
    assert [line["native_id"] for line in read_lines(tmp_path)].count("5000000") == 1


def test_a_page_that_fails_for_longer_than_edits_are_looked_for_is_not_lost(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    """On the first page of the list, away for four days: beyond ``walk.recheck_hours``."""
    path, asked = "/5000044.html", []
    with serve_replica(_posts(make_post, "henan_gov"), faults=[Fault("status", 500, path=path)]) as replica:
        for hours in range(0, 97, 6):
            begun = len(replica.asked)
            result = _run("henan_gov", replica, tmp_path, now + hours * HOUR)
            asked.append(_asked(replica, begun, path) > 0)
            assert (result.state, result.new) == ("done", 0 if hours else 44)
        status = status_of(
            find_source("henan_gov"), read_runs(log_path(tmp_path / "state", "henan_gov")), now + 96 * HOUR
        )
        replica.set_faults()
        last = _run("henan_gov", replica, tmp_path, now + 192 * HOUR)
    assert asked[:2] == [True, True]
    assert 5 <= sum(asked) <= 9, "ever more seldom"
    assert (status.state, status.failing, status.reason) == ("collecting", 1, "有 1 篇没有取到，以后各轮再取")
    assert status.to_json()["failing"] == 1
    assert last.new == 1
    assert len(read_lines(tmp_path, "*.quarantine.jsonl")) == 1


def test_a_page_that_failed_and_then_is_gone_is_put_aside_for_good(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    path = PLACES["henan_gov"]
    with serve_replica(_posts(make_post, "henan_gov"), faults=[Fault("status", 500, path=path)]) as replica:
        _run("henan_gov", replica, tmp_path, now)
        replica.set_faults(Fault("status", 410, path=path))
        _run("henan_gov", replica, tmp_path, now + HOUR)
        begun = len(replica.asked)
        _run("henan_gov", replica, tmp_path, now + 99 * HOUR)
        assert _asked(replica, begun, path) == 0
    (run,) = read_runs(log_path(tmp_path / "state", "henan_gov"))[-1:]
    assert run.failing == 0


def test_the_pauses_grow_and_end(now: datetime) -> None:
    seen, at, pauses = Seen(None), now, []
    while failed.note(seen, "1", "https://www.henan.gov.cn/1.html", None, at):
        assert not failed.waits(seen, "2", at)
        wait = 0
        while failed.waits(seen, "1", at + wait * HOUR):
            wait += 1
        assert failed.due(seen, at + wait * HOUR) == [("1", "https://www.henan.gov.cn/1.html", None)]
        pauses.append(wait)
        at += max(wait, 1) * HOUR
    assert pauses == [0, 1, 2, 4, 8, 16, 32, 64, 128, 168, 168, 168]
    assert failed.due(seen, at + 999 * HOUR) == []


def test_one_run_asks_for_so_many_only(now: datetime) -> None:
    seen = Seen(None)
    for number in range(50):
        failed.note(seen, str(number), f"https://www.henan.gov.cn/{number}.html", None, now + number * HOUR)
    due = failed.due(seen, now + 99 * HOUR)
    assert [one.native_id for one in due] == [str(number) for number in range(failed.AT_ONCE)]


def test_what_may_pass() -> None:
    passing = [
        scrapy_errors.DownloadTimeoutError(),
        scrapy_errors.CannotResolveHostError(),
        scrapy_errors.DownloadConnectionRefusedError(),
        scrapy_errors.ResponseDataLossError(),
        OSError("reset"),
        HttpError(TextResponse("https://www.henan.gov.cn/1", status=500)),
    ]
    lasting = [
        scrapy_errors.IgnoreRequest("robots.txt forbids"),
        scrapy_errors.DownloadCancelledError(),
        HttpError(TextResponse("https://www.henan.gov.cn/1", status=302)),
        None,
    ]
    assert [may_pass(error) for error in passing] == [True] * len(passing)
    assert [may_pass(error) for error in lasting] == [False] * len(lasting)
