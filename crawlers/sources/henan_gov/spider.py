"""河南省人民政府门户网站: lists and articles of the content system that its departments and cities share."""

from __future__ import annotations

from crawlers.base.article_list import ArticleListSpider


class Spider(ArticleListSpider):
    """All in source.yml."""

    name = "henan_gov"
