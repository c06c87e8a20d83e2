"""What is kept of what was read has a bound, however long a source is read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from crawlers.collector import Collector
from crawlers.source_folder import find_source
from crawlers.sources.weibo_api.spider import Ask
from crawlers.state import Seen
from crawlers.worker import spider_class

NOW = datetime.fromisoformat("2026-11-24T11:00:00+08:00")


class Quiet:
    """Takes lines and keeps none."""

    def post(self, line: str) -> None:
        """Nothing."""

    def refused(self, number: int, reason: str, raw: str) -> None:
        raise AssertionError(reason)


def test_the_memory_of_long_posts_has_a_bound(tmp_path: Path) -> None:
    """Thirty months of the office's own line, looked at once a week: what is kept of it does not grow for ever."""
    source, path = find_source("weibo_api"), tmp_path / "weibo_api.json"
    within, sizes, notes = timedelta(hours=source.walk.recheck_hours), [], []
    for week in range(130):
        now = NOW + timedelta(weeks=week)
        seen = Seen(path)
        collector = Collector(source, now, seen, Quiet())
        spider = spider_class(source)(collector)
        # The line shows the newest thirty; ten of them came this week, every one is long.
        for number in range(week * 10, week * 10 - 30, -1):
            sent = now - timedelta(hours=8 * (week * 10 - number) + 1)
            row = {
                "id": str(5230000000000000 + 4000 + number),
                "created_at": sent.strftime("%a %b %d %H:%M:%S +0800 %Y"),
                "text": f"第{number}条 ...全文",
                "isLongText": True,
            }
            if spider._row(row, Ask("statuses/user_timeline", own=True)):
                spider._take_long(row, f"第{number}条的全文")
        assert collector.new == (30 if week == 0 else 10)
        seen.prune(now, within)
        seen.save(complete=True)
        sizes.append(path.stat().st_size)
        notes.append(seen.count("whole"))
    assert max(notes) <= 40, "as many as the line shows, and what left it within the look-back"
    months = 130 // 2
    assert sizes[months] > sizes[10], "the posts themselves are known for more than a year"
    assert max(sizes[months:]) <= 1.02 * sizes[months]
