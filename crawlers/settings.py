"""Scrapy's settings for one run. Nothing is read from the environment: a run is what its job says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawlers.source_model import Source


BOT_NAME = "huiying"
SPIDER_MODULES = ["crawlers.sources"]
AGENT = "Huiying/0.1"

# Scrapy's own lists are replaced, not switched off entry by entry: it imports what is switched off too, and cookies,
# telnet and proxies of the environment have no place here.
_MIDDLEWARES = {
    "crawlers.polite.Gate": 50,
    "crawlers.polite.Robots": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    # Before the decompression on the way out, so behind it on the way in: it reads bodies.
    "crawlers.polite.SpokenSigns": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    # Behind the redirect on the way out, so before it on the way in.
    "crawlers.polite.StopSigns": 620,
}
_SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,
}
# No file:, data:, ftp: or s3:, whatever a page may link or redirect to.
_HANDLER = "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"
_EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
_PARTS = {
    "DOWNLOAD_HANDLERS_BASE": {scheme: _HANDLER for scheme in ("http", "https")},
    "DOWNLOADER_MIDDLEWARES_BASE": _MIDDLEWARES,
    "SPIDER_MIDDLEWARES_BASE": _SPIDER_MIDDLEWARES,
    "EXTENSIONS_BASE": _EXTENSIONS,
}
_FIXED: dict[str, Any] = {
    "ROBOTSTXT_OBEY": False,
    "CONCURRENT_REQUESTS": 1,
    # A task for each of so many is made at every page, needed or not (Scrapy: 100); twice as many requests are
    # taken from a page in one go, before the next list is asked.
    "CONCURRENT_ITEMS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_TIMEOUT": 30,
    # Scrapy takes any certificate; here one that is not valid is a site that cannot be reached.
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_MAXSIZE": 20_000_000,
    "RETRY_TIMES": 2,
    "RETRY_HTTP_CODES": [500, 502, 504, 408],
    "REDIRECT_MAX_TIMES": 5,
    "COOKIES_ENABLED": False,
    # In the order of the list page: what stands first is read first.
    "SCHEDULER": "crawlers.frontier.Frontier",
    "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "LOG_FORMAT": "%(asctime)s %(levelname)s %(name)s: %(message)s",
    **_PARTS,
    "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": "zh-CN,zh;q=0.9"},
}


def user_agent(source: Source) -> str:
    """Honest: the product's name and the office's contact."""
    return f"{AGENT} (+{source.contact})"


def crawl_settings(source: Source, base_url: str | None) -> dict[str, Any]:
    """One request at a time; on the open network with a delay, AutoThrottle and the source's own minimum."""
    settings: dict[str, Any] = {
        "USER_AGENT": user_agent(source),
        **_FIXED,
    }
    if base_url is not None:
        handler = "crawlers.reroute.Reroute"
        settings |= {
            "HUIYING_BASE_URL": base_url,
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
        }
    else:
        settings |= {
            "DNS_RESOLVER": "crawlers.addresses.PublicResolver",
            "DOWNLOAD_DELAY": source.delay_seconds,
            "DOWNLOAD_DELAY_JITTER": 0,
            "AUTOTHROTTLE_ENABLED": True,
            "AUTOTHROTTLE_START_DELAY": source.delay_seconds,
        }
    return settings
