"""Crawls of recorded sources, many in one process: a job a line on standard input, one result a line out.

One process, since starting one a crawl would cost more than all the crawls; each has its own replica and settings.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from crawlers.collector import Collector
from crawlers.settings import crawl_settings
from crawlers.source_model import source_from
from crawlers.state import Seen
from crawlers.worker import _outcome, spider_class


class Lines:
    """Keeps what the collector hands on."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.refusals: list[str] = []

    def post(self, line: str) -> None:
        self.posts.append(json.loads(line))

    def refused(self, number: int, reason: str, raw: str) -> None:
        self.refusals.append(reason)


def main() -> None:
    started = []
    process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR"})
    for line in sys.stdin:
        job = json.loads(line)
        source, lines = source_from(job["source"]), Lines()
        collector = Collector(source, datetime.fromisoformat(job["now"]), Seen(None), lines)
        crawler = Crawler(spider_class(source), {**crawl_settings(source, job["base_url"]), "LOG_LEVEL": "ERROR"})
        process.crawl(crawler, collector=collector)
        started.append((crawler, collector, lines))
    process.start()
    for crawler, collector, lines in started:
        state, reason = _outcome(collector, crawler.stats.get_stats())
        result = {"state": state, "reason": reason, "posts": lines.posts, "refused": lines.refusals}
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
