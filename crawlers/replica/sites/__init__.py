"""The replica sites, one a file; each says which sources read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from crawlers.replica.site import Post, SavedPage, Site
from crawlers.replica.sites.articles import LAYOUTS, ArticleSite, PagesSite
from crawlers.replica.sites.board import BoardSite
from crawlers.replica.sites.discuz import DiscuzSite
from crawlers.replica.sites.hot_list import HotListSite
from crawlers.replica.sites.news import NEWS, NewsSite
from crawlers.replica.sites.open_api import OpenApiSite
from crawlers.replica.sites.timeline import TimelineSite

_OWN = {site.source: site for site in (BoardSite, TimelineSite, OpenApiSite, DiscuzSite, HotListSite)}
"""Sites of which there is one each; the others differ in their layout alone."""


def make_sites(posts: Iterable[Post], pages: Iterable[SavedPage] = ()) -> list[Site]:
    """The sites that serve these posts. Raises ValueError for a source that has no replica site."""
    by_source: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_source[post["source"]].append(post)
    sites: list[Site] = []
    for source, held in by_source.items():
        if source in _OWN:
            sites.append(_OWN[source](held))
        elif source in LAYOUTS:
            sites.append(ArticleSite(LAYOUTS[source], held))
        elif source in NEWS:
            sites.append(NewsSite(NEWS[source], held))
        else:
            known = ", ".join([*_OWN, *LAYOUTS, *NEWS])
            raise ValueError(f"no replica site for the source {source!r}; there are: {known}")
    saved = list(pages)
    if saved:
        sites.append(PagesSite(saved))
    return sites
