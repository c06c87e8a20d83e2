"""新华网: the rolling list, which is JSON."""

from __future__ import annotations

from crawlers.base.article_list import ArticleListSpider


class Spider(ArticleListSpider):
    """All in source.yml."""

    name = "news_cn"
