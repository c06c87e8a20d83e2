"""News sites with lists that are no pages: 新华网's JSON, 中新网's feeds, 人民网's maps; and 郑州's list pages."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, moment, newest_first
from crawlers.replica.sites.articles import head_of, origin_of, paragraphs_of, people_article

_PAGE = 20


@dataclass(frozen=True, slots=True)
class NewsLayout:
    """One site: its articles by path, and its lists by a pattern of their path (group 1: the page, from 1)."""

    source: str
    hosts: tuple[str, ...]
    path: Callable[[Post], str]
    article: Callable[[Post], Answer]
    lists: Mapping[str, Callable[[list[Post], int], Answer]]


class NewsSite:
    """Serves the newest posts first; a list page after the last is not there."""

    def __init__(self, layout: NewsLayout, posts: list[Post]) -> None:
        self.layout, self.source, self.hosts = layout, layout.source, layout.hosts
        self._posts = newest_first(posts)
        self._by_path = {layout.path(post): post for post in self._posts}

    def answer(self, ask: Ask) -> Answer:
        """An article or a list."""
        post = self._by_path.get(ask.path)
        if post is not None:
            return self.layout.article(post)
        for pattern, listing in self.layout.lists.items():
            found = re.fullmatch(pattern, ask.path)
            if found is not None:
                page = int(found.group(1) or 1) if found.re.groups else 1
                return listing(self._posts, page)
        return NOT_FOUND


def _html(markup: str, encoding: str = "utf-8") -> Answer:
    return Answer(markup.encode(encoding, "replace"), f"text/html; charset={encoding}")


def _xml(markup: str, encoding: str = "utf-8") -> Answer:
    # As the sites do: the header says utf-8 whatever the bytes are.
    return Answer(markup.encode(encoding, "replace"), "text/xml; charset=utf-8")


def _xinhua_path(post: Post) -> str:
    return f"/politics/{moment(post):%Y%m%d}/{int(post['native_id']):032x}/c.html"


def _xinhua_article(post: Post) -> Answer:
    at, title = moment(post), escape(post.get("title") or "")
    time = f"<span>{at:%Y}</span><span>{at:%m}/{at:%d}</span><span>{at:%H:%M:%S}</span>"
    return _html(
        f'{head_of(post, {})}<div class="header-cont"><div class="header-time left">{time}</div>'
        f'<div class="source"> 来源：{origin_of(post)} </div>'
        f'<div class="head-line"><h1><span class="title">{title}</span></h1></div></div>'
        f'<div id="detail"><span id="detailContent">{paragraphs_of(post)}</span>'
        '<div id="articleEdit"><span class="editor">【责任编辑:示例】</span></div></div></body></html>'
    )


def _xinhua_start(posts: list[Post], page: int) -> Answer:
    return _html('<html><body><ul class="wz-list" data="datasource:1a2b3c4d5e6f"></ul></body></html>')


def _xinhua_list(posts: list[Post], page: int) -> Answer:
    rows = [
        {
            "title": post.get("title"),
            "publishUrl": f"..{_xinhua_path(post)}",
            "publishTime": f"{moment(post):%Y-%m-%d %H:%M:%S}",
        }
        for post in posts
    ]
    return Answer(json.dumps({"datasource": rows}, ensure_ascii=False).encode(), "application/json")


def _chinanews_path(post: Post) -> str:
    return f"/sh/{moment(post):%Y/%m-%d}/{post['native_id']}.shtml"


def _chinanews_article(post: Post) -> Answer:
    time = f"{moment(post):%Y年%m月%d日 %H:%M}"
    return _html(
        f"{head_of(post, {'author': 'chinanews'})}<h1>{escape(post.get('title') or '')}</h1>"
        f'<div class="left-t">{time}　来源：{origin_of(post)}<a href="#p">参与互动</a></div>'
        f'<div class="left_zw">{paragraphs_of(post)}<div class="adEditor"><span>【编辑:示例】</span></div></div>'
        "</body></html>"
    )


def _chinanews_feed(posts: list[Post], page: int) -> Answer:
    items = "".join(
        f"<item><title>{escape(post.get('title') or '')}</title><link>https://www.chinanews.com.cn{_chinanews_path(post)}"
        f"</link><pubDate>{moment(post):%Y-%m-%d %H:%M:%S}</pubDate></item>"
        for post in posts
    )
    return _xml(
        f'<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel>{items}</channel></rss>', "gb18030"
    )


def _no_feed(posts: list[Post], page: int) -> Answer:
    return _xml('<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>社会</title></channel></rss>')


def _people_path(post: Post) -> str:
    return f"/n1/{moment(post):%Y/%m%d}/c1008-{post['native_id']}.html"


def _people_index(posts: list[Post], page: int) -> Answer:
    maps = "".join(
        f"<sitemap><loc>http://www.people.cn/sitemap/cn/{name}/news_sitemap.xml</loc></sitemap>"
        for name in ("society", "society", "sports")
    )
    return _xml(f'<?xml version="1.0" encoding="UTF-8"?><sitemapIndex>{maps}</sitemapIndex>')


def _changed(post: Post) -> str:
    """``extra.lastmod`` where the post has one, else its day."""
    return str((post.get("extra") or {}).get("lastmod") or f"{moment(post):%Y-%m-%d}")


def _people_map(posts: list[Post], page: int) -> Answer:
    entries = "".join(
        f"<url><loc>http://society.people.com.cn{_people_path(post)}</loc><lastmod>{_changed(post)}</lastmod></url>"
        for post in posts
    )
    markup = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return Answer(gzip.compress(markup.encode()), "application/x-gzip")


def _zhengzhou_path(post: Post) -> str:
    return f"/news1/{post['native_id']}.jhtml"


def _zhengzhou_article(post: Post) -> Answer:
    at = f"{moment(post):%Y-%m-%d %H:%M:%S}"
    metas = {"ArticleTitle": post.get("title") or "", "PubDate": at, "ContentSource": "示例日报"}
    return _html(f'{head_of(post, metas)}<div class="content-txt">{paragraphs_of(post)}</div></body></html>')


def _zhengzhou_list(posts: list[Post], page: int) -> Answer:
    shown = posts[(page - 1) * _PAGE : page * _PAGE]
    if not shown:
        return NOT_FOUND
    links = "".join(
        f'<li><a href="{_zhengzhou_path(post)}"><span>{escape(post.get("title") or "")}</span>'
        f"<em>{moment(post):%Y-%m-%d}</em><em>来源：{origin_of(post)}</em></a></li>"
        for post in shown
    )
    more = f'<a href="index_{page + 1}.jhtml" title="下一页">下一页</a>' if len(posts) > page * _PAGE else ""
    return _html(f'<html><body><ul class="page-list">{links}</ul><div class="page-num">{more}</div></body></html>')


NEWS = {
    layout.source: layout
    for layout in (
        NewsLayout(
            "news_cn",
            ("www.news.cn",),
            _xinhua_path,
            _xinhua_article,
            {r"/xhsxw\.htm": _xinhua_start, r"/ds_\w+\.json": _xinhua_list},
        ),
        NewsLayout(
            "chinanews",
            ("www.chinanews.com.cn",),
            _chinanews_path,
            _chinanews_article,
            {r"/rss/scroll-news\.xml": _chinanews_feed, r"/rss/society\.xml": _no_feed},
        ),
        NewsLayout(
            "people_sitemap",
            ("www.people.cn", "society.people.com.cn"),
            _people_path,
            lambda post: _html(people_article(post), "gb18030"),
            {r"/sitemap_index\.xml": _people_index, r"/sitemap/cn/society/news_sitemap\.xml": _people_map},
        ),
        NewsLayout(
            "zhengzhou_gov",
            ("www.zhengzhou.gov.cn",),
            _zhengzhou_path,
            _zhengzhou_article,
            {r"/news1/index(?:_(\d+))?\.jhtml": _zhengzhou_list},
        ),
    )
}
