"""A sitemap says which articles have changed: those are asked for again, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.domain.times import SHANGHAI, show_time
from crawlers.replica import Fault, Replica, serve_replica
from crawlers.run import CollectResult, collect

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
RULES = {"people_sitemap": {"list": {"maps": "/cn/society/", "newest_days": 3}, "walk": {"recheck_hours": 1}}}


def article(
    number: int, text: str = "路灯坏了。", lastmod: datetime | str | None = None, days: float = 0.5
) -> dict[str, Any]:
    at = NOW - timedelta(days=days)
    changed = lastmod if isinstance(lastmod, str) else show_time(lastmod or at)
    return {
        "source": "people_sitemap",
        "native_id": str(40_000_000 + number),
        "kind": "news",
        "title": f"示例区公布第{number}号办理结果",
        "text": f"第{number}号事项：{text}",
        "published_at": show_time(at),
        "collected_at": show_time(NOW),
        "extra": {"lastmod": changed},
    }


class Crawls:
    """Runs of the source on a replica."""

    def __init__(self, replica: Replica, folder: Path) -> None:
        self.replica, self.folder = replica, folder

    def run(self, hours: float, *posts: dict[str, Any]) -> tuple[CollectResult, list[str]]:
        """A run so many hours after the first, with these articles on the site; the articles it asked for."""
        self.replica.set_posts(posts)
        already = len(self.replica.asked)
        now = NOW + timedelta(hours=hours)
        result = collect(
            "people_sitemap", self.folder, self.folder / "s", self.replica.base_url, now=now, overrides=RULES
        )
        assert result.state == "done", result
        asked = [path for _, _, path, _ in self.replica.asked[already:] if "/n1/" in path]
        return result, sorted(path.rpartition("-")[2].removesuffix(".html")[-1] for path in asked)


@pytest.fixture
def crawls(tmp_path: Path) -> Iterator[Crawls]:
    with serve_replica([]) as replica:
        yield Crawls(replica, tmp_path)


def test_only_what_the_map_says_has_changed_is_asked_for_again(crawls: Crawls) -> None:
    first, asked = crawls.run(0, article(1), article(2), article(3))
    assert (first.new, asked) == (3, ["1", "2", "3"])
    # Within the hour in which any article would be looked at again, and long after it.
    for hours in (0.5, 30):
        same, asked = crawls.run(hours, article(1), article(2), article(3))
        assert (same.new, same.changed, asked) == (0, 0, [])
    edit = article(2, "路灯已经修好。", NOW + timedelta(hours=31))
    edited, asked = crawls.run(32, article(1), edit, article(3))
    assert (edited.new, edited.changed, asked) == (0, 1, ["2"])
    again, asked = crawls.run(33, article(1), edit, article(3))
    assert (again.changed, asked) == (0, [])


def test_an_old_article_that_was_changed_lately_is_asked_for_if_it_was_read(crawls: Crawls) -> None:
    crawls.run(0, article(1), article(2))
    later, lately = 24 * 5, NOW + timedelta(days=5, hours=-1)
    both, asked = crawls.run(later, article(1, "路灯已经修好。", lately), article(2))
    assert (both.new, both.changed, asked) == (0, 1, ["1"])


def test_a_time_that_is_a_day_says_too_little(crawls: Crawls) -> None:
    """Edits of the same day would be missed: such an article is looked at as any other is."""
    day = "2026-11-23"
    crawls.run(0, article(1, lastmod=day))
    looked, asked = crawls.run(0.5, article(1, "路灯已经修好。", day))
    assert (looked.changed, asked) == (1, ["1"])
    late, asked = crawls.run(10, article(1, "路灯又坏了。", day))
    assert (late.changed, asked) == (0, [])
    next_day, asked = crawls.run(26, article(1, "路灯又坏了。", "2026-11-25"))
    assert (next_day.changed, asked) == (1, ["1"])


def test_a_changed_article_that_did_not_come_is_asked_for_by_the_next_run(tmp_path: Path) -> None:
    edit = article(1, "路灯已经修好。", NOW + timedelta(hours=3))
    with serve_replica([], faults=[Fault("status", 404, after=1, times=1, path="40000001")]) as replica:
        crawls = Crawls(replica, tmp_path)
        crawls.run(0, article(1), article(2))
        missed, asked = crawls.run(4, edit, article(2))
        assert (missed.changed, asked) == (0, ["1"])
        found, asked = crawls.run(5, edit, article(2))
        assert (found.changed, asked) == (1, ["1"])
