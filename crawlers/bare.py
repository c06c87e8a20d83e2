"""The peer of the figure ``collect``: a bare Scrapy spider with the selectors of henan_gov, and no more than Scrapy.

``python -m crawlers.bare BASE_URL OUT`` reads the replica's lists and articles and writes the same fields as JSON
lines: no robots.txt, no state, no checks, no quarantine, no post line's rules.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

LIST = "/zwgk/zcjd/bmjd/index.html"


class Bare(scrapy.Spider):
    """Lists and articles of the replica's henan_gov site."""

    name = "bare"

    def __init__(self, base: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base = base

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The first list page."""
        yield scrapy.Request(self.base + LIST, self.parse_list, cb_kwargs={"page": 1})

    def parse_list(self, response: Response, page: int) -> Iterator[scrapy.Request]:
        """Articles and the next page."""
        for entry in response.css(".mt15.list-box > ul > li"):
            yield response.follow(entry.css("a").attrib["href"], self.parse_article)
        end = response.css("#pageDec")[0]
        if page < math.ceil(int(end.attrib["pagecount"]) / int(end.attrib["pagesize"])):
            following = self.base + LIST.replace("index.html", f"index_{page}.html")
            yield scrapy.Request(following, self.parse_list, cb_kwargs={"page": page + 1}, priority=-1)

    def parse_article(self, response: Response) -> Iterator[dict[str, Any]]:
        """One article with the fields of a post line."""
        found = re.search(r"/\d{4}/\d{2}-\d{2}/(\d+)\.html", response.url)
        paragraphs = response.css("#content :not(.operator)::text").getall()
        yield {
            "source": "henan_gov",
            "native_id": found.group(1) if found else None,
            "kind": "news",
            "url": response.url,
            "title": response.css("#title::text").get(),
            "text": "\n".join(line.strip() for line in paragraphs if line.strip()),
            "published_at": response.css("#pubDate::text").get(),
            "author": response.css("#issueName::text").get(),
            "origin": response.css("#source::text").get(),
        }


def main() -> int:
    """Crawl one replica into one file, with Scrapy as it comes but for its log."""
    base, out = sys.argv[1:]
    settings = {
        "FEEDS": {out: {"format": "jsonlines", "encoding": "utf-8"}},
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
    }
    process = AsyncCrawlerProcess(settings)
    process.crawl(Bare, base=base)
    process.start()
    return 0


if __name__ == "__main__":
    sys.exit(main())
