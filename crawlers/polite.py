"""Downloader middlewares that keep a crawl polite: own hosts only, robots.txt with its delay, stop signals.

Written assessment and limits: 网络数据安全管理条例 第十八条; stop rules: ``formats.md`` 2.5.
"""

from __future__ import annotations

import asyncio
import email.utils
import time
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawlers.addresses import is_address
from crawlers.base.spider import SourceSpider
from crawlers.collector import Collector
from crawlers.trouble import in_words
from crawlers.turns import Turns

STOP_AT_ONCE = {
    401: "log-in wanted (HTTP 401)",
    403: "the site refuses (HTTP 403)",
    418: "the address is blocked (HTTP 418)",
    432: "no valid session (HTTP 432)",
}
ROBOTS_SECONDS = 3600.0
"""For so long a resumed walk keeps to the robots.txt that it has read; RFC 9309 allows a day."""
REDIRECTS = (301, 302, 303, 307, 308)
BACK_OFF = (429, 503)
MOST_IN_A_ROW = 3
FIRST_WAIT = 5.0
LONGEST_WAIT = 600.0
"""Seconds; a site that asks for a longer pause is left alone until the next run."""
LONGEST_DELAY = 600.0
"""Seconds; a longer Crawl-delay is kept only by a source whose file knows of it, else a run would sleep for days."""
PORTS = {"http": 80, "https": 443}
_LOGIN_SIGNS = ("passport.", "login.", "/login", "/signin", "/sso/", "sorry?", "/passport/")


class Middleware:
    """Base: knows the spider's collector, whose ``stop`` ends the walk."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way of making one."""
        return cls(crawler)

    @property
    def collector(self) -> Collector:
        """The collector of the running spider."""
        spider = self.crawler.spider
        assert isinstance(spider, SourceSpider)
        return spider.collector

    def ignore(self, reason: str) -> IgnoreRequest:
        """Stop the source, and the request with it."""
        self.collector.stop(reason)
        return IgnoreRequest(reason)


class Gate(Middleware):
    """Nothing leaves after a stop, and nothing ever goes to a host that is not the source's own."""

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for what must not leave."""
        if self.collector.stop_reason is not None:
            raise IgnoreRequest(self.collector.stop_reason)
        host = urlsplit(request.url).hostname
        if host not in self.collector.source.hosts:
            raise IgnoreRequest(self._elsewhere(request, host))
        if self._port(request.url) not in self._ports:
            asked = request.meta.get("redirect_urls", (request.url,))[0]
            raise IgnoreRequest(f"{asked[:200]} leads to {request.url[:200]}: no page is read at this port; refused")

    @cached_property
    def _ports(self) -> set[int]:
        """The web's own, and those that the source's file names."""
        return {*PORTS.values(), *map(self._port, self.collector.source.all_starts())}

    @staticmethod
    def _port(url: str) -> int:
        parts = urlsplit(url)
        try:
            return parts.port or PORTS.get(parts.scheme, 0)
        except ValueError:
            return 0

    def _elsewhere(self, request: Request, host: str | None) -> str:
        asked = next(iter(request.meta.get("redirect_urls", ())), None)
        if asked is None:
            return f"{host} is no host of the source"
        if is_address(host):
            return f"{asked} leads to {request.url[:200]}: an address is no site's name; refused"
        file = f"{self.collector.source.id}/source.yml"
        return f"{asked} leads to {request.url[:200]}: not in hosts of {file}; is it the site's own, add it there"


class Robots(Middleware):
    """Obeys robots.txt and its Crawl-delay, which Scrapy leaves out, together with the other crawls of its hosts."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, Protego] = {}
        self._agent: str = crawler.settings["USER_AGENT"]
        self._least = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._turns: Turns | None = None

    async def process_request(self, request: Request) -> None:
        """Waits the delay out. Raises IgnoreRequest where robots.txt forbids or cannot be had (RFC 9309)."""
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if request.meta.get("is_robots"):
            await self._turn(request, self._least)
            return
        if site not in self._rules:
            rules = Protego.parse(self._of_this_walk(site) or await self._fetch(site))
            self._check_delay(parts.netloc, rules)
            self._rules[site] = rules
        if not self._rules[site].can_fetch(request.url, self._agent):
            raise IgnoreRequest(f"robots.txt of {parts.netloc} forbids {parts.path}")
        await self._turn(request, self._delay(site))

    def process_response(self, request: Request, response: Response) -> Response:
        """The delay counts from the end of the last answer."""
        parts = urlsplit(request.url)
        delay = self._delay(f"{parts.scheme}://{parts.netloc}")
        if delay and parts.hostname:
            self._shared().answered(parts.hostname, delay)
        return response

    async def _turn(self, request: Request, delay: float) -> None:
        host = urlsplit(request.url).hostname
        if delay and host:
            await pause(self._shared().take(host, delay), self.collector)
            if self.collector.stop_reason is not None:
                raise IgnoreRequest(self.collector.stop_reason)

    def _delay(self, site: str) -> float:
        """Seconds between two requests: the source's own, or what robots.txt asks for where that is more."""
        rules = self._rules.get(site)
        return max(self._least, float((rules and rules.crawl_delay(self._agent)) or 0))

    def _shared(self) -> Turns:
        if self._turns is None:
            walk = self.collector.walk
            self._turns = Turns(walk.folder / "hosts" if walk is not None else None)
        return self._turns

    def _check_delay(self, host: str, rules: Protego) -> None:
        """A delay that no run could keep ends it at once with what to do. Raises IgnoreRequest."""
        source, delay = self.collector.source, float(rules.crawl_delay(self._agent) or 0)
        known = source.robots_delay_seconds or 0.0
        if delay > max(LONGEST_DELAY, known):
            raise self.ignore(
                f"robots.txt of {host} asks for {delay:g} s between two requests: write robots_delay_seconds and a"
                f" rhythm that keeps it into {source.id}/source.yml, or ask the site for its leave"
            )
        needs = source.usual_requests() * delay / 60
        if delay > known and needs > source.rhythm_minutes:
            self.collector.note(
                f"robots.txt of {host} asks for {delay:g} s between two requests: the lists alone take {needs:.0f}"
                f" minutes, longer than the rhythm of {source.rhythm_minutes} in {source.id}/source.yml"
            )

    def longest_delay(self) -> float | None:
        """The longest Crawl-delay of the sites asked so far, in seconds; None where none asks for one."""
        delays = [rules.crawl_delay(self._agent) for rules in self._rules.values()]
        return max((float(delay) for delay in delays if delay), default=None)

    def _of_this_walk(self, site: str) -> str | None:
        """The robots.txt that the walk which is resumed has read; a new walk asks anew."""
        walk = self.collector.walk
        text, read_at = (
            (walk.seen.kept("robots", site) or ("", 0.0)) if walk is not None and walk.resumed else ("", 0.0)
        )
        return text if time.time() - read_at < ROBOTS_SECONDS else None

    async def _fetch(self, site: str) -> str:
        request = Request(f"{site}/robots.txt", callback=NO_CALLBACK, meta={"is_robots": True}, dont_filter=True)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest:
            raise
        except Exception as error:  # noqa: BLE001 - Twisted's failures share no base; all mean "not reachable"
            raise self.ignore(f"robots.txt of {site} cannot be had: {in_words(error)}") from None
        if response.status >= 500:
            raise self.ignore(f"robots.txt of {site} cannot be had (HTTP {response.status})")
        # Any other answer than 200: there is no robots.txt, everything is open.
        text = response.body.decode("utf-8", "ignore") if response.status == 200 else ""
        self.collector.seen.keep("robots", site, [text, time.time()])
        return text


class StopSigns(Middleware):
    """Reads the site's signals: stops for good, backs off, and never follows to a log-in page."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._in_a_row = 0

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Raises IgnoreRequest after a stop; answers the same request again after a pause."""
        # An official interface says in the body of a 403 what is wanted: its spider reads that and stops.
        if response.status in STOP_AT_ONCE and response.status not in request.meta.get("handle_httpstatus_list", ()):
            raise self.ignore(STOP_AT_ONCE[response.status])
        if response.status in BACK_OFF:
            return await self._back_off(request, response)
        self._in_a_row = 0
        if response.status in REDIRECTS:
            # What was known of the old address says nothing of the new one.
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)
            # The target may have been asked for by itself: dropped as known, this request would end without a word.
            request.dont_filter = True
            self._check_redirect(response)
        return response

    async def _back_off(self, request: Request, response: Response) -> Request:
        self._in_a_row += 1
        if self._in_a_row >= MOST_IN_A_ROW:
            raise self.ignore(f"HTTP {response.status} for the third time in a row")
        asked = retry_after(response)
        wait = asked if asked is not None else FIRST_WAIT * 2 ** (self._in_a_row - 1)
        if wait > LONGEST_WAIT:
            raise self.ignore(f"HTTP {response.status}, come back in {wait:.0f} s")
        await pause(wait, self.collector)
        return request.replace(dont_filter=True)

    def _check_redirect(self, response: Response) -> None:
        location = (response.headers.get("Location") or b"").decode("latin-1")
        target = urljoin(response.url, location)
        if urlsplit(target).scheme not in PORTS:
            raise IgnoreRequest(f"HTTP {response.status} to {target[:100]}: no page of the web; refused")
        if any(sign in target.lower() for sign in _LOGIN_SIGNS):
            raise self.ignore(f"redirected to a log-in page (HTTP {response.status} to {target[:100]})")


class SpokenSigns(Middleware):
    """What a site says in the body of a 200: that one has to log in. A callback would learn of it one request late."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises IgnoreRequest after a stop."""
        spider = self.crawler.spider
        assert isinstance(spider, SourceSpider)
        reason = None if request.meta.get("is_robots") else spider.refusal(response)
        if reason is not None:
            raise self.ignore(reason)
        return response


async def pause(seconds: float, collector: Collector) -> None:
    """Sleep in small steps, so that Ctrl-C and a stop do not have to wait for the end of a long delay."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and collector.stop_reason is None:
        await asyncio.sleep(min(left, 0.25))


def retry_after(response: Response) -> float | None:
    """Seconds of the Retry-After header, given as a number or as a date; None without a readable one."""
    value: Any = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return float(value)
    try:
        at = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
