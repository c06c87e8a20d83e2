"""Where the content systems and the large sites keep an article's text, and what stands in it that is none.

Tried before anything general, since these places are few and regular (``extraction.md``, advice 1). Rules of a site
carry its name, so that its pages can be judged without them (leave one site out).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

GOVERNMENT_META = ("ArticleTitle", "PubDate", "ContentSource", "firstpublishedtime", "publishdate")
"""Meta names of the government set: on a page that has one of them the looser places below are trusted too."""


@dataclass(frozen=True, slots=True)
class PageRules:
    """Places by selector, the best first. ``site`` empty: a content system that many sites use."""

    site: str
    bodies: tuple[str, ...]
    """Names that nobody else gives to anything else: tried on every page."""
    loose: tuple[str, ...] = ()
    """Names that mean other things elsewhere (``.article-content``): tried on the site's own addresses."""
    drops: frozenset[str] = frozenset()
    """Words of class or id of what is no text of the article; checked inside the body only."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _rules(site: str, bodies: str = "", loose: str = "", drops: str = "") -> PageRules:
    anywhere, at_home = (tuple(filter(None, text.split(", "))) for text in (bodies, loose))
    return PageRules(site, anywhere, at_home, _words(drops))


CONTENT_SYSTEMS = _rules("", "#UCAP-CONTENT, .TRS_Editor, .TRS_UEDITOR, #zoom, #Zoom, #vsb_content, #ozoom")
GOVERNMENT_PAGES = _rules("", ".pages_content, #content, #detail, .article-content, .article_con")
SITES = (
    _rules("people.com.cn", ".rm_txt_con, .show_text, #rwb_zw", drops="paper_num rwb_zjd pic_paper zdfy"),
    _rules("news.cn", "#detailContent, #p-detail", "#detail", "p-tags p-jc tadd lb articleedit"),
    _rules("chinanews.com", ".left_zw", drops="adeditor function_code_page"),
    _rules("thepaper.cn", ".news_txt", "[class^=index_cententWrap]"),
    _rules("weixin.qq.com", "#js_content"),
    _rules("qq.com", "#Cnt-Main-Article-QQ, .content-article"),
    _rules(
        "163.com",
        "#endText, .post_body",
        drops="ep-source ep-editor gg200x300 video-wrapper nvt extra-tag demobox icon_post post_statement",
    ),
    _rules(
        "sina.com.cn",
        "#artibody",
        "#article",
        "show_author article-bottom appendqr_wrap tech-quotation left_hzh_ad",
    ),
    _rules("ifeng.com", "#main_content"),
    _rules("toutiao.com", loose=".article-content"),
    _rules("guancha.cn", loose=".all-txt"),
    _rules("huanqiu.com", loose=".l-con, .a-con"),
    _rules("stcn.com", loose=".txt_con"),
    _rules("gmw.cn", loose=".u-mainText, #contentMain"),
    _rules("youth.cn", loose=".page_text"),
    _rules("banyuetan.org", loose="#detail_content"),
    _rules("chinadaily.com.cn", loose="#Content"),
    _rules("sohu.com", "#mp-editor"),
    _rules("hexun.com", loose=".art_contextBox, .art_context"),
)
_OF_SITE = {"xinhuanet.com": "news.cn", "chinanews.com.cn": "chinanews.com"}
"""Other hosts of a site that has rules under one name."""

FURNITURE = _words(
    "operator edit editor editors bianji zebian share shares bdsharebuttonbox related related_article relate recommend",
    "copyright statement disclaimer shengming qrcode erweima zan-wap tags pagination breadcrumb crumb",
)
"""Words of class or id that no article's text has anywhere."""
CAPTION = re.compile(
    r"(?:^|[ _-])(?:(?:img|image|pic|photo)[_-]?(?:desc\w*|txt|text|info|note|title)|fig)?caption\b"
    r"|(?:^|[ _-])(?:img|image|pic|photo)[_-]?(?:desc\w*|txt|text|note)\b"
)
"""Class or id of the line under a picture."""


def site_of(url: str | None) -> str | None:
    """The site whose rules an address has; None where it has none."""
    host = (urlsplit(url).hostname or "") if url else ""
    for site in (*_OF_SITE, *(rules.site for rules in SITES)):
        if host == site or host.endswith(f".{site}"):
            return _OF_SITE.get(site, site)
    return None


def places_for(url: str | None, government: bool, without: str | None = None) -> Iterator[tuple[str, frozenset[str]]]:
    """Bodies to try in their order, each with what is dropped in it: the site's own, content systems', all others'.

    ``government``: the page carries the government meta set. ``without`` leaves a site's rules out.
    """
    own = site_of(url)
    for rules in SITES:
        if rules.site == own != without:
            yield from ((css, rules.drops) for css in (*rules.bodies, *rules.loose))
    for rules in (CONTENT_SYSTEMS, *SITES, *([GOVERNMENT_PAGES] if government else [])):
        if rules.site not in (own, without) or not rules.site:
            yield from ((css, rules.drops) for css in rules.bodies)
