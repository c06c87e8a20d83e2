"""``--base-url``: every request goes to another address, and nothing else in the crawl notices."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response


class Reroute(HTTP11DownloadHandler):
    """Replaces scheme, host and port just before the wire; path, query and body stay as they are.

    The original host goes along as X-Forwarded-Host. Spiders and middlewares only ever see the site's own
    addresses, and so do the checks of hosts and of robots.txt.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._base = urlsplit(crawler.settings["HUIYING_BASE_URL"])

    async def download_request(self, request: Request) -> Response:
        """Ask the base address; the answer carries the address that was asked for."""
        site = urlsplit(request.url)
        target = urlunsplit((self._base.scheme, self._base.netloc, site.path or "/", site.query, ""))
        moved = request.replace(url=target)
        moved.headers["X-Forwarded-Host"] = site.netloc
        response: Response = await super().download_request(moved)
        location = response.headers.get("Location")
        if location:
            response.headers["Location"] = self._back(location.decode("latin-1"), request.url)
        return response.replace(url=request.url, request=request)

    def _back(self, location: str, original: str) -> str:
        """A redirect within the base address is one within the site."""
        target, site = urlsplit(location), urlsplit(original)
        if target.netloc != self._base.netloc:
            return location
        return urlunsplit((site.scheme, site.netloc, target.path, target.query, ""))
