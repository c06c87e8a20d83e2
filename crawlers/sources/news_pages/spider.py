"""Any list page that leads to article pages; set hosts and start in the configuration."""

from __future__ import annotations

from crawlers.base.article_list import ArticleListSpider


class Spider(ArticleListSpider):
    """All in source.yml."""

    name = "news_pages"
