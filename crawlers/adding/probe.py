"""The crawl behind ``huiying source new``: robots.txt, one list, one article, by the rules that every crawl obeys."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from crawlers.adding.forms import propose
from crawlers.base.spider import SourceSpider, content_type
from crawlers.collector import Collector
from crawlers.source_model import ArticleListSource

NO_LIST = "no list of articles on the page"


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
        """Choose the first article of the list that was found; of an index of maps, the newest map."""
        self._keep(response, response.url)
        proposal = propose(response.body, content_type(response), response.url, self.collector.now)
        if proposal is None or (proposal.maps and len(self.exchanges) > 1):
            self.collector.stop(NO_LIST)
            return
        following = (*proposal.maps, *(link.url for link in proposal.links))[0]
        host = urlsplit(following).hostname or ""
        if host not in self.source.hosts:
            # The list leads to a host of the same site: it is the source's own, and is asked as politely.
            hosts = (*self.source.hosts, host)
            self.source = self.collector.source = self.source.model_copy(update={"hosts": hosts})
        if proposal.maps:
            yield self.ask_list(following, self.parse_list)
        else:
            yield self.ask_list(following, self.parse_article, cb_kwargs={"asked": following})

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
