"""What a crawl never does, whatever a site answers: each refused with its reason, and the rest of the walk goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from crawlers.addresses import PublicResolver
from crawlers.replica import Fault, serve_replica
from crawlers.run import CollectResult, collect
from crawlers.settings import crawl_settings
from crawlers.source_folder import find_source
from crawlers.trouble import in_words

ARTICLE = "/5000003.html"
REFUSED = {
    "foreign host": (Fault("redirect", path=ARTICLE, body="https://elsewhere.example/a.html"), "not in hosts of"),
    "private address": (
        Fault("redirect", path=ARTICLE, body="http://169.254.169.254/latest"),
        "is no site's name",
    ),
    "file": (
        Fault("redirect", path=ARTICLE, body="file:///etc/passwd"),
        "no page of the web",
    ),
    "port": (Fault("redirect", path=ARTICLE, body="https://www.henan.gov.cn:22/a.html"), "at this port; refused"),
    "bomb": (Fault("bomb", path=ARTICLE), "unpacks to more than 20 MB"),
    "endless": (Fault("endless", path=ARTICLE), "larger than 20 MB, or has no end"),
    "cut": (Fault("cut", path=ARTICLE), "cut off"),
    "redirects in a ring": (Fault("redirect", path=ARTICLE, body=f"/2026/11-04{ARTICLE}"), "edirect"),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[CollectResult, Path, set[str]]]:
    now = datetime.fromisoformat("2026-11-24T11:00:00+08:00")

    def post(number: int) -> dict[str, Any]:
        return {
            "source": "henan_gov",
            "native_id": str(5000000 + number),
            "kind": "news",
            "title": f"第{number}号示例标题文字",
            "text": f"第{number}号路口的信号灯坏了，请尽快派人维修，谢谢各位。" * 3,
            "published_at": f"2026-11-{1 + number:02d}T08:00:00+08:00",
            "collected_at": now.isoformat(),
        }

    folders = {name: tmp_path_factory.mktemp("refused") for name in REFUSED}

    def one(name: str) -> tuple[CollectResult, Path, set[str]]:
        folder = folders[name]
        with serve_replica([post(n) for n in range(6)], faults=[REFUSED[name][0]]) as replica:
            result = collect("henan_gov", folder / "out", folder / "state", replica.base_url, now=now)
            return result, folder, {host for _, host, _, _ in replica.asked}

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(REFUSED, pool.map(one, REFUSED), strict=True))


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_reason_and_the_walk_goes_on(
    name: str, runs: dict[str, tuple[CollectResult, Path, set[str]]], read_lines: Callable[..., list[dict[str, Any]]]
) -> None:
    result, folder, hosts = runs[name]
    assert (result.new, result.quarantined, result.state) == (5, 1, "done")
    assert hosts == {"www.henan.gov.cn"}
    (refused,) = read_lines(folder / "out", "*.quarantine.jsonl")
    assert REFUSED[name][1] in refused["reason"]
    assert "5000003" in refused["raw"] + refused["reason"]


def test_two_addresses_of_one_page_are_one_post(
    tmp_path: Path, now: datetime, make_post: Callable[..., dict[str, Any]]
) -> None:
    posts = [make_post("henan_gov", n) for n in range(4)]
    found = "/2026/11-03/5000002.html"
    with serve_replica(posts, faults=[Fault("redirect", path=ARTICLE, body=found)]) as replica:
        first = collect("henan_gov", tmp_path, tmp_path / "state", replica.base_url, now=now)
        again = collect("henan_gov", tmp_path, tmp_path / "state", replica.base_url, now=now)
    assert (first.new, first.quarantined) == (3, 0)
    assert (again.new, again.changed, again.quarantined) == (0, 0, 0)


PRIVATE = [
    "224.0.0.1",
    "127.0.0.1",
    "10.1.2.3",
    "172.17.0.2",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
]


@pytest.mark.parametrize("address", [*PRIVATE, "93.184.215.14"])
def test_a_name_that_leads_into_our_own_network_is_not_resolved(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CachingThreadedResolver, "getHostByName", lambda *_: defer.succeed(address))
    resolver = PublicResolver(None, 1, 1.0)

    async def resolved() -> str:
        return await resolver.getHostByName("www.site.example")

    if address not in PRIVATE:
        assert asyncio.run(resolved()) == address
        return
    with pytest.raises(DNSLookupError, match=f"private address {address}"):
        asyncio.run(resolved())
    shown = in_words(CannotResolveHostError(f"www.site.example resolves to the private address {address}: refused"))
    assert "private address" in shown


def test_only_the_open_network_is_resolved_so_and_only_http_is_spoken() -> None:
    source = find_source("henan_gov")
    live, local = crawl_settings(source, None), crawl_settings(source, "http://127.0.0.1:1")
    assert live["DNS_RESOLVER"] == "crawlers.addresses.PublicResolver"
    assert "DNS_RESOLVER" not in local
    for settings in (live, local):
        assert set(settings["DOWNLOAD_HANDLERS_BASE"]) == {"http", "https"}
        assert settings["DOWNLOAD_MAXSIZE"] <= 20_000_000
        assert settings["DOWNLOAD_TIMEOUT"] <= 30


def test_a_list_without_end_ends_and_says_so(
    tmp_path: Path, now: datetime, make_post: Callable[..., dict[str, Any]]
) -> None:
    posts = [make_post("henan_gov", n) for n in range(90)]
    few = {"henan_gov": {"walk": {"usual": 1, "most": 3}}}
    with serve_replica(posts) as replica:
        result = collect("henan_gov", tmp_path, tmp_path / "state", replica.base_url, now=now, overrides=few)
    assert (result.state, result.new) == ("done", 60)
    assert "3 pages" in str(result.reason)
    assert "walk.most" in str(result.reason)
