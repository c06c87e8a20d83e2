"""One source, crawled to its end in this process; ``process`` is where it begins."""

from __future__ import annotations

import importlib
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawlers.base.spider import SourceSpider
from crawlers.collector import Collector
from crawlers.errors import CollectError
from crawlers.plain import unpack
from crawlers.run_log import begun, log_path
from crawlers.settings import crawl_settings
from crawlers.tally import Tally
from crawlers.walk import Walk

if TYPE_CHECKING:
    from crawlers.source_model import Source

_TOLD_BY_US = (
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.retry",
)
"""Loggers whose lines only repeat the reason that the row or the run has anyway."""


def spider_class(source: Source) -> type[SourceSpider]:
    """The ``Spider`` in the source's folder. Raises CollectError."""
    name = f"crawlers.sources.{source.id}.spider"
    try:
        module = importlib.import_module(name)
    except Exception as error:
        raise broken_spider(source.id, error) from error
    found = getattr(module, "Spider", None)
    if not isinstance(found, type) or not issubclass(found, SourceSpider):
        raise CollectError(f"{source.id}/spider.py", "", "no class Spider", "derive one from a class of crawlers.base")
    return found


def broken_spider(source_id: str, error: Exception) -> CollectError:
    """The error of a spider that cannot be imported, with the line of its file that it came from."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename.endswith(f"{source_id}/spider.py")]
    line = error.lineno if isinstance(error, SyntaxError) else (lines[-1] if lines else None)
    said = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}"
    return CollectError(f"{source_id}/spider.py", f"line {line}" if line else "", said, "correct the spider")


def run_job(job: dict[str, Any]) -> dict[str, Any]:
    """Crawl one source to its end. What was read is published and remembered whatever the end was."""
    source = unpack(job["source"])
    now = datetime.fromisoformat(job["now"])
    # A request of a source with a key may hold the key, which belongs on no disk.
    resumable = spider_class(source).resumes and not source.secrets()
    places = Path(job["state"]), Path(job["out"])
    walk = Walk(*places, source.id, now, job["full"], 60.0 * source.rhythm_minutes, resumable)
    walk.seen.read_by(job["source"]["rules"])
    collector = Collector(source, now, walk.seen, walk, walk)
    collector.tally = Tally(begun(log_path(places[0], source.id)))
    whole = walk.resumed or not walk.seen.complete
    stats = _crawl(source, collector, job["base_url"])
    if collector.error is not None:
        raise collector.error
    state, reason = _outcome(collector, stats)
    walk.seen.prune(now, timedelta(hours=source.walk.recheck_hours))
    interrupted = collector.stop_reason is None and stats.get("finish_reason") != "finished"
    walk.finish("interrupted" if interrupted else state)
    return {
        **walk.counts,
        "state": state,
        "reason": reason,
        "read": collector.read,
        "files": [str(path) for path in walk.paths],
        "watch": {
            **collector.tally.to_json(),
            "whole": whole,
            "full": job["full"],
            "failing": walk.seen.count("failed"),
        },
    }


def _crawl(source: Source, collector: Collector, base_url: str | None) -> dict[str, Any]:
    from scrapy.crawler import AsyncCrawlerProcess

    process = AsyncCrawlerProcess(crawl_settings(source, base_url))
    for name in _TOLD_BY_US:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    crawler = process.create_crawler(spider_class(source))
    process.crawl(crawler, collector=collector)
    process.start()
    return crawler.stats.get_stats() if crawler.stats else {}


def _outcome(collector: Collector, stats: dict[str, Any]) -> tuple[str, str | None]:
    expected = collector.source.expected
    if collector.stop_reason is not None:
        return "stopped", collector.stop_reason
    if stats.get("spider_exceptions/count") or any(key.startswith("spider_exceptions/") for key in stats):
        return "failed", "the spider met an answer it has no word for; see the log"
    if stats.get("finish_reason") != "finished":
        return "stopped", f"interrupted ({stats.get('finish_reason')})"
    if collector.read < expected.min:
        return (
            "failed",
            f"{collector.read} rows read, at least {expected.min} expected: has the page changed?",
        )
    if collector.read > expected.max:
        return "done", f"{collector.read} rows read, at most {expected.max} expected"
    return "done", collector.remark
