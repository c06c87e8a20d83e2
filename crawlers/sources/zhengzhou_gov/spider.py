"""郑州市人民政府: news lists and articles."""

from __future__ import annotations

from crawlers.base.article_list import ArticleListSpider


class Spider(ArticleListSpider):
    """All in source.yml."""

    name = "zhengzhou_gov"
