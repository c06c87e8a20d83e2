"""河南省发展和改革委员会: on the content system of the province site."""

from __future__ import annotations

from crawlers.base.article_list import ArticleListSpider


class Spider(ArticleListSpider):
    """All in source.yml."""

    name = "henan_fgw"
