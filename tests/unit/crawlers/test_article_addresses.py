"""Addresses of articles: which are, and which part of them is sure to be another one for every article."""

from __future__ import annotations

import re

import pytest

from crawlers.adding.addresses import id_pattern, looks_like_article


def test_an_id_pattern_finds_another_id_in_every_address() -> None:
    assert id_pattern(["http://a.cn/t20260731_1.html", "http://a.cn/t20260731_2.html"]) == (
        r"/([0-9A-Za-z]+_\d+)\.html?"
    )
    assert id_pattern(["http://a.cn/10001/content.htm", "http://a.cn/10002/content.htm"]) == r"/(\d+)/content\.html?"
    assert id_pattern(["http://a.cn/s.php?cat=1&id=5", "http://a.cn/s.php?cat=1&id=6"]) == r"[?&]id=([\w-]+)"
    assert id_pattern(["http://a.cn/10001.html", "http://b.cn/10001.html"]) is None


@pytest.mark.parametrize(
    "form",
    [
        "http://a.cn/{year}{month}{day}/{n}.html",
        "http://a.cn/{year}{month}{day}/content_{n}.html",
        "http://a.cn/html/{year}-{month}/{day}/content_{n}.htm",
        "http://a.cn/{year}/{month}/{day}/{n}.shtml",
        "http://a.cn/{year}/{month}{day}/c{n}.html",
        "http://a.cn/news/{year}{month}/{n}.html",
        "http://a.cn/{day}/{n}.html",
        "http://a.cn/a/{n}.html",
        "http://a.cn/s.php?date={year}{month}{day}&id={n}",
    ],
)
def test_an_id_that_another_day_would_give_again_is_none(form: str) -> None:
    """The same numbers every day, month and year: each address is one article, so it has an id of its own."""

    def addresses(year: str, month: str, day: str) -> list[str]:
        return [form.format(year=year, month=month, day=day, n=n) for n in range(1, 13)]

    days = [addresses(*day) for day in (("2026", "11", "23"), ("2026", "11", "24"), ("2026", "12", "23"))]
    days.append(addresses("2027", "11", "23"))
    pattern = id_pattern(days[0])
    urls = {url for day in days for url in day}
    found = {found[1] if pattern and (found := re.search(pattern, url)) else url for url in urls}
    assert len(found) == len(urls)


def test_a_list_page_and_a_file_are_no_articles() -> None:
    assert not looks_like_article("http://a.cn/2026/index_12.html")
    assert not looks_like_article("http://a.cn/file/20260731.pdf")
