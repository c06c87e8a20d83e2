"""Article pages for the figures of extraction: real ones where they are present, made ones everywhere."""

from __future__ import annotations

import random
from html import escape
from pathlib import Path
from typing import NamedTuple

PLACES = {"https://www.chinanews.com.cn/": 'class="left_zw"', "https://www.163.com/": 'class="post_body" id="content"'}
"""Sites with rules, and the element that holds their text."""
_NOUNS = (
    "青石路",
    "文汇小区",
    "槐荫街",
    "城东学校",
    "三号泵站",
    "示例河",
    "南门市场",
    "老电影院",
    "二十路公交",
    "第四医院",
)
_ENDS = (
    "路面塌陷已经围挡，抢修人员连夜进场，预计两天内恢复通行。",
    "的居民反映供暖温度不足，供热单位上门测温后调高了流量。",
    "改造工程本月开工，施工期间请行人绕行，给您带来不便敬请谅解。",
    "周边停车难由来已久，街道办表示，正在协调开放夜间车位三百个。",
)


class Sample(NamedTuple):
    """One page as it is served; ``text`` is what it says; ``site`` its site in the rules, or None."""

    body: bytes
    url: str
    text: str
    site: str | None


def made_pages(number: int, seed: int = 1) -> list[Sample]:
    """Pages with navigation, lists of links, comments and a script, the same for the same seed."""
    from crawlers.page_rules import site_of

    chance = random.Random(seed)
    samples = []
    for index in range(number):
        url, place = list(PLACES.items())[index % len(PLACES)]
        lines = [
            "".join(chance.choice(_NOUNS) + chance.choice(_ENDS) for _ in range(chance.randint(1, 4)))
            for _ in range(chance.randint(4, 16))
        ]
        title = f"{chance.choice(_NOUNS)}的消息第{index}号"
        samples.append(Sample(_page(title, lines, place, chance), url, "\n".join(lines), site_of(url)))
    return samples


def real_pages(folder: Path) -> list[Sample]:
    """The pages with gold under ``folder`` (shared/pages); none where it is absent."""
    from crawlers.page_quality import address_of, gold_pages
    from crawlers.page_rules import site_of

    if not (folder / "news" / "gold.json").is_file():
        return []
    samples = []
    for entry in gold_pages(folder):
        url = address_of(entry)
        samples.append(Sample((folder / entry["file"]).read_bytes(), url, entry["body"], site_of(url)))
    return samples


def _page(title: str, lines: list[str], place: str, chance: random.Random) -> bytes:
    paragraphs = "".join(f"<p>　　{escape(line)}</p>" for line in lines)
    script = f"<script>var data = {[chance.random() for _ in range(1500)]};</script>"
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-示例网</title>{script}</head><body>'
        f'<div class="nav">{_links(chance, 80)}</div><div class="main"><h1>{title}</h1>'
        f'<div class="info">2026-11-20 09:{chance.randint(10, 59)} 来源：示例日报</div><div {place}>{paragraphs}</div>'
        f'<div class="list">{_links(chance, 40)}</div></div><div class="side"><ul>{_links(chance, 60)}</ul></div>'
        f'<div class="foot">{_links(chance, 20)}<p>示例网版权所有，未经授权不得转载</p></div>{script}</body></html>'
    ).encode()


def _links(chance: random.Random, number: int) -> str:
    return "".join(
        f'<li><a href="/{chance.random()}.html">{chance.choice(_NOUNS)}新闻一条</a></li>' for _ in range(number)
    )
