"""中国政府网: news lists and articles."""

from __future__ import annotations

from crawlers.base.article_list import ArticleListSpider


class Spider(ArticleListSpider):
    """All in source.yml."""

    name = "gov_cn"
