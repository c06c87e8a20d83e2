"""The crawl behind ``huiying source new``: robots.txt, one list, one article, by the rules that every crawl obeys."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from crawlers.adding.listing import propose_list
from crawlers.base.article_list import content_type
from crawlers.base.spider import SourceSpider
from crawlers.collector import Collector
from crawlers.encoding import decode
from crawlers.source_model import ArticleListSource
from crawlers.text import parse_page

NO_LIST = "no list on the page"


class Probe(SourceSpider):
    """Keeps the answers as they came; takes no rows."""

    source: ArticleListSource

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self.exchanges: list[dict[str, Any]] = []

    async def start(self) -> AsyncIterator[Request]:
        """The list page."""
        yield self.ask_list(self.source.all_starts()[0], self.parse_list)

    def parse_list(self, response: Response) -> Iterator[Request]:
        """Choose the first article of the list that was found."""
        self._keep(response, response.url)
        page = parse_page(decode(response.body, content_type(response))[0])
        proposal = propose_list(page, response.url, self.collector.now)
        if proposal is None:
            self.collector.stop(NO_LIST)
            return
        article = proposal.links[0].url
        host = urlsplit(article).hostname or ""
        if host not in self.source.hosts:
            # The list leads to a host of the same site: it is the source's own, and is asked as politely.
            hosts = (*self.source.hosts, host)
            self.source = self.collector.source = self.source.model_copy(update={"hosts": hosts})
        yield self.ask_list(article, self.parse_article, cb_kwargs={"asked": article})

    def parse_article(self, response: Response, asked: str) -> Iterator[Request]:
        """Keep it under the address that the list gives, wherever that led."""
        self._keep(response, asked)
        yield from ()

    def _keep(self, response: Response, url: str) -> None:
        self.exchanges.append(
            {
                "url": url,
                "status": response.status,
                "content_type": content_type(response),
                "body": base64.b64encode(response.body).decode("ascii"),
            }
        )
