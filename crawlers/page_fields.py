"""Title, time, source and author of an article page: the site's own rules, then meta, then the text near the title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from crawlers.dates import Moment, read_time
from crawlers.source_model import Article
from crawlers.text import clean, from_element, han

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
_SOURCE_METAS = ("ContentSource", "source", "og:article:author_source", "mediaid")
_AUTHOR_METAS = ("author", "article:author", "Editor", "EditorName")
_SUFFIX = re.compile(r"\s*(?:[-_|—–－＿｜]+|--+)\s*[^-_|—–－＿｜]{2,30}$")
_SOURCE = re.compile(r"(?:来源|稿源|信息来源|文章来源)\s*[:：]\s*([^\s:：|，,。；;（(）)【】]{2,30})")
_BUTTONS = re.compile(r"参与互动|分享|字号|责任编辑|责编|打印")
"""What sites write right behind the source's name, in elements that no space parts."""
_NAMES = r"([\u4e00-\u9fff·]{2,4}(?:[ 、,，][\u4e00-\u9fff·]{2,4}){0,3})(?![\u4e00-\u9fff])(?!\s*摄)"
_AUTHOR = re.compile(
    rf"(?:(?<!原)(?:作者|撰文|文)\s*[:：/／丨|]\s*|(?<!原)作者\s+|记者\s*[:：/／丨|]?\s*|电\s*[（(]\s*){_NAMES}"
)
_EDITOR = re.compile(r"(?:责任编辑|责编|编辑)\s*[:：/／丨|]\s*([\u4e00-\u9fff·]{2,6})(?![\u4e00-\u9fff])")
_NAME_LABEL = re.compile(r"^[（(【\[]?\s*(?:作者|记者|责任编辑|责编|编辑)\s*[:：]\s*")
_NO_NAME = re.compile(r"编辑|记者|责任|作者|来源|未知|标题|点击|报道|[，。]")
_TIME_LABEL = re.compile(r"(?:发布|发表|刊发|成文|发稿)?(?:时间|日期)\s*[:：]\s*(?=[\d〇二])|(?:发表|发布)于\s*(?=\d)")
_YEAR = re.compile(
    r"(?<!\d)(?:(?:19|20)?\d{2}-\d\d?-\d\d|(?:19|20)\d{2}\s*[-/.年]|[〇零二][〇○零一二三四五六七八九]{3}年)"
)
_BEHIND, _BEFORE = 200, 120
"""Characters behind and before the title in which sites write time, source and author."""


def title(root: Any, rules: Article) -> str | None:
    """ArticleTitle → og:title → h1 that agrees with ``<title>`` → ``<title>`` without the site's name."""
    for text in selected(root, rules.title):
        return text
    whole = clean(root.findtext(".//title") or "").replace("\n", " ")
    for text in metas(root, _TITLE_METAS[:1]):
        return text
    heads = [from_element(node).replace("\n", " ") for node in root.iter("h1", "h2")]
    for head in heads:
        if len(head) >= 6 and _same(head) and _same(head) in _same(whole):
            return head
    for text in metas(root, _TITLE_METAS[1:]):
        return strip_site(text)
    firsts = [head for head in (from_element(node).replace("\n", " ") for node in root.iter("h1")) if head]
    if len(firsts) == 1 and han(firsts[0]) >= 6 and not whole:
        return firsts[0]
    return strip_site(whole) or (firsts[0] if firsts else None)


def strip_site(text: str) -> str:
    """A page title without the site's and the channel's name behind it."""
    short = text
    while True:
        shorter = _SUFFIX.sub("", short)
        if shorter == short or len(shorter) < 6:
            return short.strip() if len(short) >= 6 else text.strip()
        short = shorter


def published(root: Any, rules: Article, body: str, heading: str | None, now: datetime) -> Moment | None:
    """The page's own time: by rule, by meta (refined by the text where meta has the day only), near the title.

    ``body`` is the page's visible text without its head. Running text gives no time: a date in it is mostly another.
    """
    for text in selected(root, rules.date):
        moment = read_time(text, now)
        if moment:
            return moment
    near = [moment for part in _parts_near(body, heading) for moment in _times(part, now)]
    found = [moment for text in metas(root, _TIME_METAS) if (moment := read_time(text, now))]
    found += [moment for text in _json_times(root) if (moment := read_time(text, now))]
    if found:
        return next((moment for moment in (*found, *near) if _refines(moment, found[0])), found[0])
    labelled = [moment for match in _TIME_LABEL.finditer(body) if (moment := read_time(body[match.end() :][:40], now))]
    for group in (near, labelled):
        best = next((moment for moment in group if moment.precise), None)
        if best or group:
            return best or group[0]
    return None


def _parts_near(body: str, heading: str | None) -> Iterator[str]:
    """What stands right behind the title, wherever the page shows it, then what stands right before it."""
    places = [match.start() for match in re.finditer(re.escape(heading[:30]), body)] if heading else []
    for place in places:
        yield body[place + len(heading or "") :][:_BEHIND]
    for place in places:
        yield body[max(0, place - _BEFORE) : place]


def _refines(moment: Moment, first: Moment) -> bool:
    return moment.precise and moment.at.date() == first.at.date()


def source(root: Any, rules: Article, body: str, heading: str | None) -> str | None:
    """Who the page says it took the article from."""
    for text in [*selected(root, rules.source), *metas(root, _SOURCE_METAS)]:
        stripped = re.sub(r"^(?:来源|稿源)\s*[:：]\s*", "", text)
        if stripped and len(stripped) <= 40:
            return stripped
    for part in (*_parts_near(body, heading), body):
        found = _SOURCE.search(part)
        if found:
            return _BUTTONS.split(found.group(1))[0] or None
    return None


def author(root: Any, rules: Article, body: str, heading: str | None, text: str) -> str | None:
    """Who signed the article: by rule, else 作者 or 记者 near the title or in the text, else the editor, else meta."""
    for name in selected(root, rules.author):
        stripped = _NAME_LABEL.sub("", name).rstrip("）)】] ")
        if stripped:
            return stripped
    near = list(_parts_near(body, heading))
    for pattern, parts in ((_AUTHOR, (*near, text[:200], text[-300:])), (_EDITOR, (*near, text[-300:], body))):
        for part in parts:
            for found in pattern.finditer(part):
                if not _NO_NAME.search(found.group(1)):
                    return found.group(1).strip()
    for name in metas(root, _AUTHOR_METAS):
        if 2 <= len(name) <= 20 and not re.search(r"https?:|网$|\.com", name):
            return name
    return None


def selected(root: Any, selectors: Iterable[str]) -> Iterator[str]:
    """Texts of the first element of each selector that has any."""
    for selector in selectors:
        for node in root.cssselect(selector)[:1]:
            text = from_element(node).replace("\n", " ")
            if text:
                yield text


def metas(root: Any, names: Iterable[str]) -> Iterator[str]:
    """Contents of ``<meta>`` by name, property or itemprop, in the order of ``names``; case does not matter."""
    held: dict[str, str] = {}
    for node in root.iter("meta"):
        key = (node.get("name") or node.get("property") or node.get("itemprop") or "").strip().lower()
        content = clean(node.get("content") or "").replace("\n", " ")
        if key and content:
            held.setdefault(key, content)
    for name in names:
        if name.lower() in held:
            yield held[name.lower()]


def _json_times(root: Any) -> Iterator[str]:
    for node in root.iter("script"):
        if "json" in (node.get("type") or "") and node.text:
            found = re.search(r'"(?:pubDate|datePublished|upDate)"\s*:\s*"([^"]{8,40})"', node.text)
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
