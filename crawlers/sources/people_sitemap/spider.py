"""人民网: the news maps of its channels."""

from __future__ import annotations

from crawlers.base.sitemap import SitemapSpider


class Spider(SitemapSpider):
    """All in source.yml."""

    name = "people_sitemap"
