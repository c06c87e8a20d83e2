"""中国新闻网: its feeds of rolling and society news."""

from __future__ import annotations

from crawlers.base.feed import FeedSpider


class Spider(FeedSpider):
    """All in source.yml."""

    name = "chinanews"
