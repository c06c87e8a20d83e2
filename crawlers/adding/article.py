"""An article page → where its text, title, time, source and author are: each place tried against what is known.

What is known: the list's own words for the article, and what the general extraction makes of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.adding.naming import own_name, selectors_for
from crawlers.dates import read_time
from crawlers.encoding import decode
from crawlers.extract import NO_RULES, Found, extract_page
from crawlers.source_model import Article
from crawlers.text import from_element, han, parse_page

_AGREES = 0.8
"""F1 of characters from which an element is taken for the article's text."""
_SOURCE = re.compile(r"^[\[(（【]?\s*(?:来\s*源|稿\s*源|信息来源|文章来源)\s*[:：]\s*\S.{0,38}$")
_AUTHOR = re.compile(
    r"^[\[(（【]?\s*(?:作\s*者|记\s*者|责任编辑|责\s*编|编\s*辑)\s*[:：]\s*[\u4e00-\u9fff·、 ]{2,20}[\])）】]?$"
)
_UNCLEAN = re.compile(r"[:：【】|]")
_LONGEST_DATE = 40
_NO_PLACE = ("a", "option", "script", "style")


@dataclass(frozen=True, slots=True)
class ArticleProposal:
    """Rules for the site's articles, what they give on the page, and what the general extraction gave."""

    rules: Article
    found: Found
    general: Found
    encoding: str
    agreement: float
    """F1 of characters between the text that the rules give and the general one."""


def propose_article(
    body: bytes, content_type: str | None, url: str | None, listed: str, now: datetime, without: str | None = None
) -> ArticleProposal:
    """``listed``: the list's text for this article. A place that cannot be told for sure is left to the general way.

    ``without``: as of ``extract_page``, to judge proposals for a site whose rules are known.
    """
    page, encoding = decode(body, content_type)
    root = parse_page(page)
    general = extract_page(body, url, content_type, NO_RULES, now, without)
    rules = Article(
        body=_chosen(root, _body(root, general.text)),
        title=_chosen(root, _title(root, listed, general)),
        date=_chosen(root, _date(root, general, now)),
        source=_chosen(root, _labelled(root, _SOURCE)),
        author=_chosen(root, _labelled(root, _AUTHOR)),
    )
    found = extract_page(body, url, content_type, rules, now, without)
    agreement = likeness(found.text, general.text)
    doubted = {
        "body": rules.body and agreement < _AGREES,
        "source": rules.source and _UNCLEAN.search(found.source or ""),
        "author": rules.author and _UNCLEAN.search(found.author or ""),
    }
    if any(doubted.values()):
        rules = rules.model_copy(update={name: () for name, doubt in doubted.items() if doubt})
        found = extract_page(body, url, content_type, rules, now, without)
        agreement = likeness(found.text, general.text)
    return ArticleProposal(rules, found, general, encoding, agreement)


def likeness(one: str, other: str) -> float:
    """F1 of two texts as bags of characters without white space."""
    left, right = (Counter(re.sub(r"\s", "", text)) for text in (one, other))
    both = sum((left & right).values())
    return 2 * both / (left.total() + right.total()) if both else 0.0


def _chosen(root: Any, node: Any | None) -> tuple[str, ...]:
    """A selector that finds this element before any other."""
    if node is None:
        return ()
    for selector in selectors_for(node):
        if root.cssselect(selector)[:1] == [node]:
            return (selector,)
    return ()


def _elements(root: Any) -> Iterator[Any]:
    body = root.find("body")
    if body is not None:
        yield from (node for node in body.iter() if isinstance(node.tag, str))


def _body(root: Any, text: str) -> Any | None:
    """The outermost element with a name whose text agrees best with the general extraction's."""
    least = han(text) / 2
    if not least:
        return None
    scored = []
    for node in _elements(root):
        if node.tag in ("div", "td", "article", "section", "main", "ucapcontent") and own_name(node):
            held = from_element(node)
            if han(held) >= least:
                scored.append((likeness(held, text), node))
    best = max((score for score, _ in scored), default=0.0)
    if best < _AGREES:
        return None
    return next(node for score, node in scored if score >= best - 0.005)


def _title(root: Any, listed: str, general: Found) -> Any | None:
    """The heading that says what the list says; none where the general way already finds it."""
    wanted = _bare(listed)
    cut = listed.endswith(("…", "..."))
    held = _bare(general.title or "")
    if len(wanted) < 4 or held == wanted or (cut and held.startswith(wanted)):
        return None
    return _smallest(root, lambda text: _bare(text) == wanted or (cut and _bare(text[:200]).startswith(wanted)))


def _date(root: Any, general: Found, now: datetime) -> Any | None:
    """The element that shows the time of day, on the day that the general way found."""

    def fits(text: str) -> bool:
        moment = read_time(text, now) if len(text) <= _LONGEST_DATE else None
        if moment is None or not moment.precise:
            return False
        return general.moment is None or moment.at.date() == general.moment.at.date()

    if general.moment is not None and general.moment.precise and _in_meta(root, general.moment.at):
        return None
    return _smallest(root, fits)


def _in_meta(root: Any, at: datetime) -> bool:
    contents = [node.get("content") or "" for node in root.iter("meta")]
    return any(f"{at:%H:%M}" in content and f"{at:%Y}" in content for content in contents)


def _labelled(root: Any, label: re.Pattern[str]) -> Any | None:
    return _smallest(root, lambda text: len(text) < 60 and label.match(text) is not None)


def _smallest(root: Any, fits: Callable[[str], bool]) -> Any | None:
    """The first element that fits and has no part that fits by itself; links are passed over."""
    chosen, within = None, list(_elements(root))
    while True:
        found = next((node for node in within if node.tag not in _NO_PLACE and fits(from_element(node))), None)
        if found is None:
            return chosen
        chosen = found
        within = [part for part in found.iterdescendants() if isinstance(part.tag, str)]


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
