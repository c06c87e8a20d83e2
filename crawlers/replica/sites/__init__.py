"""The replica sites, one a file; each says which sources read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from crawlers.replica.site import Post, SavedPage, Site
from crawlers.replica.sites.articles import LAYOUTS, ArticleSite, PagesSite
from crawlers.replica.sites.board import BoardSite
from crawlers.replica.sites.discuz import DiscuzSite
from crawlers.replica.sites.open_api import OpenApiSite
from crawlers.replica.sites.timeline import TimelineSite


def make_sites(posts: Iterable[Post], pages: Iterable[SavedPage] = ()) -> list[Site]:
    """The sites that serve these posts. Raises ValueError for a source that has no replica site."""
    by_source: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_source[post["source"]].append(post)
    sites: list[Site] = []
    for source, held in by_source.items():
        if source == BoardSite.source:
            sites.append(BoardSite(held))
        elif source == TimelineSite.source:
            sites.append(TimelineSite(held))
        elif source == OpenApiSite.source:
            sites.append(OpenApiSite(held))
        elif source == DiscuzSite.source:
            sites.append(DiscuzSite(held))
        elif source in LAYOUTS:
            sites.append(ArticleSite(LAYOUTS[source], held))
        else:
            known = ", ".join([BoardSite.source, TimelineSite.source, OpenApiSite.source, DiscuzSite.source, *LAYOUTS])
            raise ValueError(f"no replica site for the source {source!r}; there are: {known}")
    saved = list(pages)
    if saved:
        sites.append(PagesSite(saved))
    return sites
