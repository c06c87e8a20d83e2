from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Request

from crawlers.base.spider import SourceSpider
from crawlers.collector import Collector
from crawlers.polite import STOP_AT_ONCE, Gate, StopSigns, retry_after
from crawlers.settings import crawl_settings
from crawlers.source_folder import find_source
from crawlers.state import Seen
from crawlers.worker import spider_class

URL = "https://m.weibo.cn/api/container/getIndex?value=1"


class _Sink:
    def post(self, line: str) -> None:
        raise AssertionError("nothing is written here")

    def refused(self, number: int, reason: str, raw: str) -> None:
        raise AssertionError("nothing is written here")


@pytest.fixture
def crawler(now: datetime) -> Any:
    source = find_source("weibo")
    spider: SourceSpider = spider_class(source)(collector=Collector(source, now, Seen(None), _Sink()))
    return SimpleNamespace(spider=spider)


def _answer(status: int, **headers: str) -> HtmlResponse:
    return HtmlResponse(URL, status=status, headers=headers, body=b"", encoding="utf-8")


@pytest.mark.parametrize("status", sorted(STOP_AT_ONCE))
def test_these_statuses_end_the_walk_at_once(status: int, crawler: Any) -> None:
    signs = StopSigns(crawler)
    with pytest.raises(IgnoreRequest):
        asyncio.run(signs.process_response(Request(URL), _answer(status)))
    assert str(status) in crawler.spider.collector.stop_reason
    with pytest.raises(IgnoreRequest):
        Gate(crawler).process_request(Request(URL))


def test_all_named_stop_signals_are_there() -> None:
    assert {403, 418, 432} <= STOP_AT_ONCE.keys()


@pytest.mark.parametrize(
    "location",
    [
        "https://passport.weibo.com/visitor/visitor?entry=miniblog",
        "https://login.sina.com.cn/sso/login.php",
        "https://weibo.com/sorry?pagenotfound&retcode=6102",
        "/login?from=here",
    ],
)
def test_a_redirect_to_a_log_in_page_is_not_followed(location: str, crawler: Any) -> None:
    with pytest.raises(IgnoreRequest):
        asyncio.run(StopSigns(crawler).process_response(Request(URL), _answer(302, Location=location)))
    assert "log-in page" in crawler.spider.collector.stop_reason


def test_other_redirects_are_left_to_scrapy(crawler: Any) -> None:
    answer = _answer(301, Location="https://m.weibo.cn/elsewhere")
    assert asyncio.run(StopSigns(crawler).process_response(Request(URL), answer)) is answer
    assert crawler.spider.collector.stop_reason is None


def test_three_refusals_in_a_row_end_the_walk_but_not_with_an_answer_between(crawler: Any) -> None:
    signs, request = StopSigns(crawler), Request(URL)

    def ask(status: int) -> Any:
        return asyncio.run(signs.process_response(request, _answer(status, **{"Retry-After": "0"})))

    for _ in range(3):
        assert isinstance(ask(429), Request)
        assert isinstance(ask(503), Request)
        assert ask(200).status == 200
    ask(429)
    ask(429)
    with pytest.raises(IgnoreRequest, match="third time in a row"):
        ask(503)


def test_a_pause_longer_than_ten_minutes_is_for_the_next_run(crawler: Any) -> None:
    with pytest.raises(IgnoreRequest, match="come back in 3600 s"):
        asyncio.run(StopSigns(crawler).process_response(Request(URL), _answer(429, **{"Retry-After": "3600"})))


def test_retry_after_as_number_as_date_and_as_nonsense() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    wait = retry_after(_answer(503, **{"Retry-After": in_a_minute}))
    assert retry_after(_answer(429, **{"Retry-After": "7"})) == 7
    assert wait is not None
    assert 50 < wait <= 60
    assert retry_after(_answer(503, **{"Retry-After": "soon"})) is None
    assert retry_after(_answer(503)) is None


@pytest.mark.parametrize("url", ["https://weibo.com/x", "http://127.0.0.1/", "https://m.weibo.cn.evil.example/"])
def test_only_the_sources_own_hosts_are_asked(url: str, crawler: Any) -> None:
    with pytest.raises(IgnoreRequest, match="no host of the source"):
        Gate(crawler).process_request(Request(url))
    assert crawler.spider.collector.stop_reason is None
    Gate(crawler).process_request(Request(URL))


def test_the_open_network_gets_delays_and_an_honest_name() -> None:
    source = find_source("people_board")
    live, local = crawl_settings(source, None), crawl_settings(source, "http://127.0.0.1:1")
    assert live["USER_AGENT"].endswith("(+huiying@office.example)")
    assert (live["DOWNLOAD_DELAY"], live["AUTOTHROTTLE_ENABLED"]) == (3, True)
    assert (local["DOWNLOAD_DELAY"], local["AUTOTHROTTLE_ENABLED"]) == (0, False)
    for settings in (live, local):
        assert settings["CONCURRENT_REQUESTS"] == 1
        assert not settings["COOKIES_ENABLED"]
        names = settings["DOWNLOADER_MIDDLEWARES_BASE"]
        assert {"crawlers.polite.Gate", "crawlers.polite.Robots", "crawlers.polite.StopSigns"} <= names.keys()
        assert not [name for name in names if "cookies" in name or "proxy" in name]
