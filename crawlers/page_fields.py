"""Title and time of an article page: the site's own rules, then meta, then the text near the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from crawlers.dates import Moment, read_time
from crawlers.page import Page
from crawlers.text import from_element, han

if TYPE_CHECKING:
    from crawlers.source_model import Article

_TITLE_METAS = ("ArticleTitle", "og:title")
_TIME_METAS = (
    "PubDate",
    "firstpublishedtime",
    "publishdate",
    "article:published_time",
    "og:release_date",
    "datePublished",
    "pubtime",
    "publish-date",
    "weibo: article:create_at",
    "apub:time",
)
_SUFFIX = re.compile(r"\s*(?:[-_|—–－＿｜]+|--+)\s*[^-_|—–－＿｜]{2,30}$")
_TIME_LABEL = re.compile(r"(?:发布|发表|刊发|成文|发稿)?(?:时间|日期)\s*[:：]\s*(?=[\d〇二])|(?:发表|发布)于\s*(?=\d)")
_JSON_TIME = re.compile(r'"(?:pubDate|datePublished|upDate)"\s*:\s*"([^"]{8,40})"')
_YEAR = re.compile(
    r"(?<!\d)(?:(?:19|20)?\d{2}-\d\d?-\d\d|(?:19|20)\d{2}\s*[-/.年]|[〇零二][〇○零一二三四五六七八九]{3}年)"
)
_BEHIND, _BEFORE = 200, 120
"""Characters behind and before the title in which sites write time, source and author."""


def title(page: Page, rules: Article) -> str | None:
    """ArticleTitle → og:title → h1 that agrees with ``<title>`` → ``<title>`` without the site's name."""
    for text in page.texts(rules.title):
        return text
    whole = page.title
    for text in page.metas(_TITLE_METAS[:1]):
        return text
    heads = [from_element(node).replace("\n", " ") for node in page.root.iter("h1", "h2")]
    for head in heads:
        if len(head) >= 6 and _same(head) and _same(head) in _same(whole):
            return head
    for text in page.metas(_TITLE_METAS[1:]):
        return strip_site(text)
    firsts = [head for head in (from_element(node).replace("\n", " ") for node in page.root.iter("h1")) if head]
    if len(firsts) == 1 and han(firsts[0]) >= 6 and not whole:
        return firsts[0]
    return _without_name(strip_site(whole), page.visible) or (firsts[0] if firsts else None)


def strip_site(text: str) -> str:
    """A page title without the site's and the channel's name behind it."""
    short = text
    while True:
        shorter = _SUFFIX.sub("", short)
        if shorter == short or len(shorter) < 6:
            return short.strip() if len(short) >= 6 else text.strip()
        short = shorter


def _without_name(text: str, visible: str) -> str:
    """A title without the site's name behind a space, where the page itself shows it without."""
    short = text.rpartition(" ")[0].strip()
    return short if len(short) >= 6 and text not in visible and short in visible else text


def published(page: Page, rules: Article, heading: str | None, now: datetime) -> Moment | None:
    """The page's own time: by rule, by meta (refined by the text where meta has the day only), near the title.

    Running text gives no time: a date in it is mostly another.
    """
    for text in page.texts(rules.date):
        moment = read_time(text, now)
        if moment:
            return moment
    body = page.visible
    near = [moment for part in parts_near(body, heading) for moment in _times(part, now)]
    found = [moment for text in page.metas(_TIME_METAS) if (moment := read_time(text, now))]
    found += [moment for text in _json_times(page) if (moment := read_time(text, now))]
    if found:
        return next((moment for moment in (*found, *near) if _refines(moment, found[0])), found[0])
    labelled = [moment for match in _TIME_LABEL.finditer(body) if (moment := read_time(body[match.end() :][:40], now))]
    for group in (near, labelled):
        best = next((moment for moment in group if moment.precise), None)
        if best or group:
            return best or group[0]
    return None


def parts_near(body: str, heading: str | None) -> Iterator[str]:
    """What stands right behind the title, wherever the page shows it, then what stands right before it."""
    places = [match.start() for match in re.finditer(re.escape(heading[:30]), body)] if heading else []
    for place in places:
        yield body[place + len(heading or "") :][:_BEHIND]
    for place in places:
        yield body[max(0, place - _BEFORE) : place]


def _refines(moment: Moment, first: Moment) -> bool:
    return moment.precise and moment.at.date() == first.at.date()


def _json_times(page: Page) -> Iterator[str]:
    for text in page.json:
        found = _JSON_TIME.search(text)
        if found:
            yield found.group(1)


def _times(text: str, now: datetime) -> Iterator[Moment]:
    """Times with a year in the beginning of a text; a bare 11-23 in running text is as often no date."""
    for found in _YEAR.finditer(text):
        moment = read_time(text[found.start() : found.start() + 60], now)
        if moment:
            yield moment


def _same(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
