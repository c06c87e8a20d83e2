"""Collecting over loopback against a bare Scrapy spider, and a run with nothing new against the first."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from pipeline.bench import Row, row

ABOUT = (
    "collect ÷ a bare Scrapy spider (pages a CPU second), at least 0.8; a run with nothing new ÷ first, at most 0.05"
)
PAGES = 5000
RUNS = 3


def measure(store: str | None) -> list[Row]:
    """Ratio of CPU seconds for the same articles, alternating runs; the second run of each of ours gives the other."""
    from pipeline.bench._crawls import bare, ours, replica

    ratios, again, shown = [], [], []
    # The bare spider walks one of the two lists: its pages are those of ours less one list's.
    with replica(PAGES) as base:
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                result, first = ours(base, folder, PAGES)
                peer = bare(base, folder, PAGES)
                _, second = ours(base, folder, PAGES)
            lists = -(-result.new // 20)
            rate, rate_of_peer = (result.new + 2 * lists) / first.seconds, (result.new + lists) / peer.seconds
            ratios.append(rate / rate_of_peer)
            again.append(second.seconds / first.seconds)
            shown.append(f"{rate:.0f} to {rate_of_peer:.0f} pages, nothing new {second.seconds:.2f} s")
    detail = f"{PAGES} pages, a CPU second: {'; '.join(shown)}"
    against = "bare Scrapy spider, same selectors"
    return [
        row("collect", statistics.median(ratios), "ratio", against, 0.8, True, detail),
        row(
            "collect_nothing_new",
            statistics.median(again),
            "ratio",
            "CPU seconds of the first run",
            0.05,
            False,
            detail,
        ),
    ]
