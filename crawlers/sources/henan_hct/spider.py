"""河南省文化和旅游厅: the articles that its home page shows, on the content system of the province site."""

from __future__ import annotations

from crawlers.base.article_list import ArticleListSpider


class Spider(ArticleListSpider):
    """All in source.yml."""

    name = "henan_hct"
