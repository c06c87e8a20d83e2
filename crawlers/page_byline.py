"""Source and author of an article page: the site's own rules, then meta, then the text near the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawlers.page import Page
from crawlers.page_fields import parts_near

if TYPE_CHECKING:
    from crawlers.source_model import Article

_SOURCE_METAS = ("source", "og:article:author_source", "mediaid")
_AUTHOR_METAS = ("author", "article:author", "Editor", "EditorName")
_LABEL = re.compile(r"^(?:来源|稿源|出处|信息来源|文章来源)\s*[:：]?\s*")
_SOURCE = re.compile(
    r"(?:(?<!图)(?<!图片)(?<!视频)(?<!数据)(?<!资料)来\s?源|稿源|出处)\s*[:：]\s*([^\s:：|，,。；;（(）)【】]{2,30})"
    r"|[|｜]\s*来源([A-Za-z\u4e00-\u9fff]{2,15})\s*[|｜]"
)
_BUTTONS = re.compile(r"参与互动|分享|字号|作者|责任编辑|责编|打印")
"""What sites write right behind the source's name, in elements that no space parts."""
_MEDIUM = re.compile(
    r"^(?:原创\s*)?([A-Za-z0-9\u4e00-\u9fff]{1,10}(?:社|网|报|时报|周刊|电视台|客户端))\s*(?:(?:19|20)\d\d\s*[-/.年].*)?$"
)
_LINES_BEHIND = 4
_NAMES = (
    r"([\u4e00-\u9fff·]{2,4}(?:[ 、,，](?!责任|责编|编辑|来源|记者|通讯|摄)[\u4e00-\u9fff·]{2,4}){0,3})"
    r"(?![\u4e00-\u9fff])(?!\s*摄)"
)
_AUTHOR = re.compile(
    rf"(?:(?<!原)(?:作者|撰文|文)\s*[:：/／丨|]\s*|(?<!原)作者\s+|[|｜]\s*作者"
    rf"|(?<![对向告诉])记者\s*[:：/／丨|]\s*|电\s*[（(]\s*){_NAMES}"
    # Without a sign between them 记者 is as often the subject of a sentence: 记者确认。
    rf"|(?<![对向告诉])记者\s*{_NAMES}(?=[\s)）】\]/／|]|$)"
)
_SIGNED = re.compile(rf"(?<!原)作者\s*[:：]\s*{_NAMES}")
_EDITOR = re.compile(r"(?:责任编辑|责编|编辑)\s*[:：/／丨|]\s*([\u4e00-\u9fff·]{2,6})(?![\u4e00-\u9fff])")
_NAME_LABEL = re.compile(r"^[（(【\[]?\s*(?:作者|记者|责任编辑|责编|编辑)\s*[:：]\s*")
_NO_NAME = re.compile(r"编辑|记者|责任|作者|来源|未知|标题|点击|报道|表示|介绍|采访|获悉|了解|注意到|[，。]")


def source(page: Page, rules: Article, heading: str | None) -> str | None:
    """Who the page says it took the article from: by rule, government meta, the text near the title, other meta."""
    for text in (*page.texts(rules.source), *page.metas(("ContentSource",))):
        if named := _named(text):
            return named
    near = parts_near(page.visible, heading)
    for text in (*_labelled(near), *page.metas(_SOURCE_METAS), *_unlabelled(page.visible, heading)):
        if named := _named(text):
            return named
    return next(_labelled([page.visible]), None)


def author(page: Page, rules: Article, heading: str | None, text: str) -> str | None:
    """Who signed the article: by rule, else 作者 or 记者 near the title or in the text, else the editor, else meta."""
    for name in page.texts(rules.author):
        stripped = _NAME_LABEL.sub("", name).rstrip("）)】] ")
        if stripped:
            return stripped
    near = list(parts_near(page.visible, heading))
    whole = page.visible
    ways = ((_AUTHOR, (*near, text[:200], text[-300:])), (_SIGNED, (whole,)), (_EDITOR, (*near, text[-300:], whole)))
    for pattern, parts in ways:
        for part in parts:
            for found in pattern.finditer(part):
                name = str(next(filter(None, found.groups())))
                if not _NO_NAME.search(name):
                    return name.strip()
    for name in page.metas(_AUTHOR_METAS):
        # A name that the title ends with is the site's.
        if 2 <= len(name) <= 20 and not re.search(r"https?:|网$|\.com|\d{3}", name) and name not in page.title:
            return name
    return None


def _named(text: str) -> str | None:
    """A source without its label and what follows it; None where nothing of a name is left."""
    stripped = _BUTTONS.split(_LABEL.sub("", text))[0].strip()
    return stripped if 2 <= len(stripped) <= 40 else None


def _labelled(parts: Iterator[str] | list[str]) -> Iterator[str]:
    for part in parts:
        for found in _SOURCE.finditer(part):
            name = _BUTTONS.split(found.group(1) or found.group(2))[0]
            if name:
                yield name


def _unlabelled(visible: str, heading: str | None) -> Iterator[str]:
    """A line right behind the title that is a medium's name, alone or before the time."""
    for part in parts_near(visible, heading):
        for line in part.split("\n")[:_LINES_BEHIND]:
            found = _MEDIUM.match(line.strip())
            if found:
                yield found.group(1)
