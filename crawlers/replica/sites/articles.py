"""News and government sites: a list with paging, article pages, and saved pages behind a list (``formats.md`` 3)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, SavedPage, moment, newest_first

_PAGE = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """How one site looks: address and markup of its articles, and of one list page of so many."""

    source: str
    hosts: tuple[str, ...]
    path: Callable[[Post], str]
    article: Callable[[Post], str]
    listing: Callable[[list[str], int, int], str]
    """Entries of the page, number of the page from 0, number of all entries."""
    encoding: str = "utf-8"
    declared: str = "UTF-8"


class ArticleSite:
    """Every list address of the site shows the same list; ``extra.moved_from`` is a path that leads to the post.

    ``extra.pinned`` stands first, ``extra.unlisted`` on no list.
    """

    def __init__(self, layout: Layout, posts: list[Post]) -> None:
        self.layout, self.source, self.hosts = layout, layout.source, layout.hosts
        self._posts = newest_first(posts)
        listed = [post for post in self._posts if not (post.get("extra") or {}).get("unlisted")]
        self._listed = sorted(listed, key=lambda post: not (post.get("extra") or {}).get("pinned"))
        self._by_path = {layout.path(post): post for post in self._posts}
        moved = ((str((post.get("extra") or {}).get("moved_from") or ""), post) for post in self._posts)
        self._moved = {path: layout.path(post) for path, post in moved if path}

    def answer(self, ask: Ask) -> Answer:
        """A list page (index.html, index_1.html …) or an article."""
        post = self._by_path.get(ask.path)
        if post is not None:
            return self._page(self.layout.article(post))
        if ask.path in self._moved:
            return Answer(b"", status=301, headers={"Location": self._moved[ask.path]})
        found = re.search(r"/(?:index(?:_(\d+))?\.html?)?$", ask.path)
        if found is None:
            return NOT_FOUND
        page = int(found.group(1) or 0)
        shown = self._listed[page * _PAGE : (page + 1) * _PAGE]
        if page and not shown:
            return NOT_FOUND
        return self._page(self.layout.listing([self._entry(post) for post in shown], page, len(self._listed)))

    def _entry(self, post: Post) -> str:
        link = f'<a href="{self.layout.path(post)}">{escape(post.get("title") or "")}</a>'
        return f"<li>{link}<span>{moment(post):%Y-%m-%d}</span></li>"

    def _page(self, markup: str) -> Answer:
        body = markup.encode(self.layout.encoding, "replace")
        return Answer(body, f"text/html; charset={self.layout.declared}")


class PagesSite:
    """Saved pages, byte by byte, behind a list page."""

    source = "news_pages"
    hosts: tuple[str, ...] = ("news.huiying.example",)

    def __init__(self, pages: list[SavedPage]) -> None:
        self._pages = {f"/saved/{place:04d}/{page.name}": page for place, page in enumerate(pages, start=1)}

    def answer(self, ask: Ask) -> Answer:
        """A list page (index.html, index_1.html …) or a saved page."""
        for path, page in self._pages.items():
            if ask.path in (path, quote(path)):
                return Answer(page.body, page.content_type)
        found = re.fullmatch(r"/(?:index(?:_(\d+))?\.html)?", ask.path)
        if found is None:
            return NOT_FOUND
        page_number = int(found.group(1) or 0)
        paths = list(self._pages)[page_number * _PAGE : (page_number + 1) * _PAGE]
        links = "".join(f'<li><a href="{quote(path)}">新闻页面 {escape(path)}</a></li>' for path in paths)
        last = (page_number + 1) * _PAGE >= len(self._pages)
        following = "" if last else f'<a class="next" href="/index_{page_number + 1}.html">下一页</a>'
        return Answer(f"<html><head><title>列表</title></head><body><ul>{links}</ul>{following}</body></html>".encode())


def paragraphs_of(post: Post) -> str:
    """The text as paragraphs."""
    return "".join(f"<p>{escape(line)}</p>" for line in post["text"].split("\n"))


def origin_of(post: Post) -> str:
    """Whom the article is from, escaped."""
    return escape(str((post.get("extra") or {}).get("origin") or "本站"), quote=True)


def head_of(post: Post, metas: dict[str, str], charset: str = "UTF-8") -> str:
    """The page up to its body."""
    lines = "".join(f'<meta name="{name}" content="{escape(value, quote=True)}">' for name, value in metas.items())
    title = escape(post.get("title") or "")
    return f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title>{lines}</head><body>'


def _henan_path(post: Post) -> str:
    return f"/{moment(post):%Y/%m-%d}/{post['native_id']}.html"


def _henan_article(post: Post) -> str:
    at, title = f"{moment(post):%Y-%m-%d %H:%M:%S}", escape(post.get("title") or "")
    editor = escape(post.get("author") or "网站编辑")
    metas = {
        "SiteName": "示例省人民政府",
        "ArticleTitle": post.get("title") or "",
        "PubDate": at,
        "ContentSource": origin_of(post),
        "Author": editor,
    }
    # As on the site, #content is never closed and holds the editor's line.
    return (
        f'{head_of(post, metas)}<div class="mt15 details-box"><h1 id="title">{title}</h1>'
        f'<span>时间：<i id="pubDate">{at}</i></span><span>来源：<i id="source">{origin_of(post)}</i></span>'
        f'<div class="content" id="content">{paragraphs_of(post)}'
        f'<span class="operator">责任编辑：<i id="issueName">{editor}</i></span></div></body></html>'
    )


def _henan_list(entries: list[str], page: int, count: int) -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="UTF-8"><title>栏目</title></head><body><div class="mt15 list-box">'
        f'<ul>{"".join(entries)}</ul></div><div id="pageDec" pagesize="{_PAGE}" pagecount="{count}"></div>'
        f"<i>第{page + 1}页，共{math.ceil(count / _PAGE)}页</i></body></html>"
    )


def _department_list(entries: list[str], page: int, count: int) -> str:
    return _henan_list(entries, page, count).replace("mt15 list-box", "news-list")


def _gov_path(post: Post) -> str:
    return f"/yaowen/liebiao/{moment(post):%Y%m}/content_{post['native_id']}.htm"


def _gov_article(post: Post) -> str:
    metas = {"firstpublishedtime": f"{moment(post):%Y-%m-%d-%H:%M:%S}", "source": origin_of(post)}
    return (
        f"{head_of(post, metas)}<h1 id='ti'>{escape(post.get('title') or '')}</h1>"
        f'<div class="pages_content" id="UCAP-CONTENT">{paragraphs_of(post)}</div></body></html>'
    )


def _gov_list(entries: list[str], page: int, count: int) -> str:
    return f'<html><body><div class="news_box"><div class="list"><ul>{"".join(entries)}</ul></div></div></body></html>'


def _people_path(post: Post) -> str:
    return f"/n2/{moment(post):%Y/%m%d}/{post['native_id']}.html"


def people_article(post: Post) -> str:
    """An article of 人民网."""
    at = moment(post)
    metas = {"publishdate": f"{at:%Y-%m-%d}", "source": f"来源：{origin_of(post)}"}
    return (
        f'{head_of(post, metas, "GB2312")}<div class="rm_txt"><h1>{escape(post.get("title") or "")}</h1>'
        f"<div>{at:%Y年%m月%d日%H:%M} | 来源：{origin_of(post)}</div>"
        f'<div class="rm_txt_con">{paragraphs_of(post)}<div class="edit">(责编：示例、网友)</div></div>'
        "</div></body></html>"
    )


def _people_list(entries: list[str], page: int, count: int) -> str:
    last = (page + 1) * _PAGE >= count
    following = "" if last else f'<div class="page_n"><a class="next" href="index_{page + 1}.html">下一页</a></div>'
    return f'<html><body><div class="ej_list_box"><ul>{"".join(entries)}</ul></div>{following}</body></html>'


LAYOUTS = {
    layout.source: layout
    for layout in (
        Layout("henan_gov", ("www.henan.gov.cn",), _henan_path, _henan_article, _henan_list),
        # The same content system under other addresses.
        Layout("henan_fgw", ("fgw.henan.gov.cn",), _henan_path, _henan_article, _department_list),
        Layout("henan_hct", ("hct.henan.gov.cn",), _henan_path, _henan_article, _department_list),
        Layout("wolong_gov", ("www.wolong.gov.cn",), _henan_path, _henan_article, _department_list),
        Layout("gov_cn", ("www.gov.cn",), _gov_path, _gov_article, _gov_list),
        Layout(
            "people_com_cn",
            ("henan.people.com.cn",),
            _people_path,
            people_article,
            _people_list,
            "gb18030",
            "GB2312",
        ),
    )
}
