"""心通桥, Zhengzhou's board on Discuz (``formats.md`` 1.6)."""

from __future__ import annotations

from crawlers.base.discuz import DiscuzSpider


class Spider(DiscuzSpider):
    """Everything is in ``source.yml``."""

    name = "xintongqiao"
