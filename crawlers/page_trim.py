"""What a library took along with an article's text: title and byline in front, editor, notices and links behind.

Only what has the form of such a line goes. Running sentences stay wherever they stand, whatever words they begin with:
a line too many is a blemish, a paragraph too few is a loss that nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_FRONT = 8
"""Lines among which the title is looked for."""
_BYLINES, _LONGEST_BYLINE = 4, 60
_SENTENCE = re.compile(r"[。！？；，、]")
_DAY = r"\d{4}\s*(?:[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}|年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)"
_HOUR = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_BYLINE = re.compile(
    # Only the moment, with the words that say it is that of publication: "停水时间：" is the matter itself.
    rf"^(?:(?:发[布表]|更新)(?:时间|日期|于)?\s*[:：]?\s*)?{_DAY}\s*(?:{_HOUR})?$"
    # The moment as content systems write it, and names behind it.
    rf"|^\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\s+{_HOUR}(?:\s|$)"
    # A moment anywhere, and a label or a count.
    rf"|(?=.*{_DAY})(?=.*(?:(?:来\s*源|作\s*者|编\s*辑|记\s*者|稿\s*源)\s*[:：|]|字号|[|｜]\s*(?:来源|作者)"
    r"|\d\s*(?:次|人)?(?:参与)?(?:评论|阅读|浏览|点击)|(?:阅读|浏览|点击|评论)[量数次]*\s*[:：(（]))"
    r"|^[【\[(（]?(?:文章|稿件|信息|新闻|本文)?(?:来\s*源|作\s*者|(?:责任)?编\s*辑|责\s*编|稿\s*源|字\s*[号体])\s*[:：|]"
    r"|^[【\[]?字[号体](?:[\s：:大中小]*[】\]]?)$"
)
_TAIL_BEHIND = 0.5
"""What stands in this part of the text, from its beginning, is never taken for a tail."""
_BEGINS_TAIL = re.compile(
    r"[（(【\[]?(?:责任编辑|责编|编辑[:：]|特别声明|免责声明|声明[:：]|关键词|相关(?:推荐|阅读|新闻|链接)|延伸阅读|热门推荐"
    r"|网友跟贴|网友评论|我要跟帖|评论[（(]|上一篇|下一篇|扫一扫|- 关注我们|本文来源[:：])"
)
_LABEL_LINE = re.compile(r"[（(【\[]?(?:责任编辑|责编|编辑|本文来源)\s*[:：|][^。！？；，]{0,40}$")
_READERS = re.compile(r"(?:网友跟贴|(?:网友)?评论)\s*(?:[（(]\s*\d*\s*[）)])?$")
"""A heading over what readers wrote: their sentences are not the article's."""
_END = re.compile(r"[-—–=*\s（(]*(?:THE\s+END|END|全文完|完)[-—–=*\s）)]*$", re.I)
"""A line with which a text says itself that it is over."""
_PROSE = re.compile(r"[。？；]")
_LONG = 25
_SITES_OWN = re.compile(
    r"本(?:文仅|文系|站|网站|网转|平台|报告仅)|版权|转载|侵权|投资建议|风险自担|立场|代表.{0,6}观点"
)
"""Sentences that a site puts under every article."""


def trimmed(text: str, heading: str | None) -> str:
    """``text``, one paragraph a line, without title, byline and tail; the whole of it where nothing would be left."""
    lines = _without_tail(_without_front(text.split("\n"), heading))
    return "\n".join(lines) if any(line.strip() for line in lines) else text


def _without_front(lines: list[str], heading: str | None) -> list[str]:
    """Without what stands before the title, the title, and the few lines behind it that have the form of a byline."""
    front = [line.strip() for line in lines[:_FRONT]]
    if not heading or heading not in front or any(map(_is_prose, front[: front.index(heading)])):
        return lines
    begins = front.index(heading) + 1
    ends = begins
    while ends < min(begins + _BYLINES, len(lines)) and _is_byline(lines[ends].strip()):
        ends += 1
    return lines[ends:]


def _is_byline(line: str) -> bool:
    return len(line) <= _LONGEST_BYLINE and _SENTENCE.search(line) is None and _BYLINE.search(line) is not None


def _without_tail(lines: list[str]) -> list[str]:
    """Without the first tail that holds no sentence of the article; of others without the labelled lines alone."""
    before, whole, kept = 0, sum(map(len, lines)), []
    for place, line in enumerate(lines):
        if before >= _TAIL_BEHIND * whole:
            if _END.match(line) or _READERS.match(line):
                break
            if _BEGINS_TAIL.match(line) and not _has_prose(lines[place:]):
                break
            if _LABEL_LINE.match(line):
                continue
        kept.append(line)
        before += len(line)
    return kept


def _has_prose(lines: Sequence[str]) -> bool:
    return any(_is_prose(line) and _SITES_OWN.search(line) is None for line in lines)


def _is_prose(line: str) -> bool:
    return _PROSE.search(line) is not None or (len(line) >= _LONG and _SENTENCE.search(line) is not None)
