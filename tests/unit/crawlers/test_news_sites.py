"""Every news source against the replica of its site, over HTTP: all posts, and nothing the second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.replica import serve_replica
from crawlers.run import collect

Read = Callable[..., list[dict[str, Any]]]
POSTS = 23
OVERRIDES: dict[str, dict[str, Any]] = {
    "people_sitemap": {"list": {"maps": "/cn/society/", "newest_days": 60}},
    "henan_fgw": {"start": ["https://fgw.henan.gov.cn/xwzx/fgyw/index.html"]},
}
HOME_SHOWS = 20
SHAPES = ("news_cn", "chinanews", "people_sitemap")
"""One source of each shape is asked a second time."""
SOURCES = {
    "news_cn": POSTS,
    "chinanews": POSTS,
    "people_sitemap": POSTS,
    "zhengzhou_gov": POSTS,
    "henan_fgw": POSTS,
    "henan_hct": HOME_SHOWS,
}


@pytest.mark.parametrize(("source_id", "shown"), SOURCES.items())
def test_a_news_source_reads_its_site_whole_and_once(
    source_id: str, shown: int, tmp_path: Path, now: datetime, make_post: Callable[..., Any], read_lines: Read
) -> None:
    posts = [make_post(source_id, number) for number in range(1, POSTS + 1)]
    with serve_replica(posts) as replica:
        first = collect(source_id, tmp_path, tmp_path / "state", replica.base_url, now=now, overrides=OVERRIDES)
        assert len(replica.asked) > shown
        if source_id in SHAPES:
            again = collect(
                source_id, tmp_path / "2", tmp_path / "state", replica.base_url, now=now, overrides=OVERRIDES
            )
            assert (again.state, again.new, again.changed) == ("done", 0, 0)
    assert (first.state, first.reason, first.new, first.quarantined) == ("done", None, shown, 0)
    lines = {line["title"]: line for line in read_lines(tmp_path)}
    assert len(lines) == shown
    for post in posts:
        line = lines.get(post["title"])
        if line is None:
            assert shown == HOME_SHOWS
            continue
        assert line["text"] == post["text"]
        assert line["published_at"][:16] == post["published_at"][:16]
        assert line["extra"]["by"] == "rules"


def test_a_site_without_its_index_stops_with_the_reason(tmp_path: Path, now: datetime) -> None:
    with serve_replica([]) as replica:
        result = collect("people_sitemap", tmp_path, tmp_path / "state", replica.base_url, now=now)
    assert result.state == "stopped"
    assert "HTTP 404" in (result.reason or "")
