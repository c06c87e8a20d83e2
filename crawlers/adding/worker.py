"""The process in which a site is looked at, or a source tried: no file is written and nothing is remembered.

Apart for the same reasons as ``crawlers.worker``: job in on standard input, result out on standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.adding.probe import Probe
from crawlers.base.spider import SourceSpider
from crawlers.collector import Collector
from crawlers.errors import CollectError
from crawlers.settings import crawl_settings
from crawlers.source_model import source_from
from crawlers.state import Seen
from crawlers.worker import spider_class

ENOUGH = "enough items"


class FirstItems:
    """The first rows of a walk; after ``most`` items, or as many refused rows, the walk is stopped."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.collector: Collector | None = None
        self.posts: list[dict[str, Any]] = []
        self.refusals: list[dict[str, str]] = []

    def post(self, line: str) -> None:
        """Keep a post."""
        self.posts.append(json.loads(line))
        self._enough()

    def refused(self, number: int, reason: str, raw: str) -> None:
        """Keep a refused row with its reason."""
        self.refusals.append({"reason": reason, "raw": raw})
        self._enough()

    def _enough(self) -> None:
        if self.collector is not None and max(len(self.posts), len(self.refusals)) >= self.most:
            self.collector.stop(ENOUGH)


def look(job: dict[str, Any]) -> dict[str, Any]:
    """In a process of its own: run the job and give its answer. Raises CollectError."""
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))}
    command = [sys.executable, "-P", "-m", "crawlers.adding.worker"]
    done = subprocess.run(command, input=json.dumps(job).encode(), stdout=subprocess.PIPE, env=environment, check=False)
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    if done.returncode != 0 or not lines:
        raise CollectError("the crawling process", "", f"ended with code {done.returncode}", "see the log above")
    answer: dict[str, Any] = json.loads(lines[-1])
    if "error" in answer:
        raise CollectError(*answer["error"])
    return answer


def run(job: dict[str, Any]) -> dict[str, Any]:
    """``job``: source, now, base_url, most (rows; 0: look at the list and one article only)."""
    from scrapy.crawler import AsyncCrawlerProcess

    source, items = source_from(job["source"]), FirstItems(job["most"])
    collector = items.collector = Collector(source, datetime.fromisoformat(job["now"]), Seen(None), items)
    process = AsyncCrawlerProcess(crawl_settings(source, job["base_url"]))
    made: type[SourceSpider] = spider_class(source) if job["most"] else Probe
    crawler = process.create_crawler(made)
    process.crawl(crawler, collector=collector)
    process.start()
    stats = crawler.stats.get_stats() if crawler.stats else {}
    failed = any(key.startswith("spider_exceptions/") for key in stats)
    return {
        "stopped": None if collector.stop_reason == ENOUGH else collector.stop_reason,
        "failed": failed,
        "read": collector.read,
        "posts": items.posts,
        "refused": items.refusals,
        "hosts": list(collector.source.hosts),
        "exchanges": getattr(crawler.spider, "exchanges", []),
        "delay": _crawl_delay(crawler),
    }


def _crawl_delay(crawler: Any) -> float | None:
    """Seconds that robots.txt asks for; None where it asks for nothing."""
    from crawlers.polite import Robots

    robots = crawler.get_downloader_middleware(Robots)
    return robots.longest_delay() if robots is not None else None


def main() -> int:
    """Read the job, run it, print the answer."""
    try:
        answer = run(json.loads(sys.stdin.read()))
    except CollectError as error:
        answer = {"error": [error.file, error.place, error.found, error.do]}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
