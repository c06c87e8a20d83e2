"""专报 and 快报 of one event: every sentence is chosen from its posts or filled from figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.domain.times import short_time
from pipeline.papers.figures import Count
from pipeline.papers.paper import Block, Heading, Note, Paper, Sentence, quote
from pipeline.papers.period import shares

ADVICE = "（由办公室填写）"


@dataclass(frozen=True, slots=True)
class Said:
    """What one post says (masked, bounded when it is quoted), by whom it is shown, when, where."""

    post: str
    text: str
    source: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event at a moment. ``days``: posts by day; ``media``, ``people``: what news and others say, oldest first."""

    id: str
    title: str
    office: str
    heat: float
    posts: tuple[str, ...]
    first: Said
    last: datetime
    sources: tuple[Count, ...]
    days: tuple[Count, ...]
    sentiments: tuple[Count, ...]
    media: tuple[Said, ...]
    people: tuple[Said, ...]


def special_paper(facts: EventFacts, at: datetime) -> Paper:
    """专报: 概况, 传播, 内容, 规律与处置建议."""
    blocks: tuple[Block, ...] = (
        Heading("一、概况"),
        *_now(facts),
        *shares("二、传播：平台", "平台", facts.sources),
        *shares("三、传播：走势", "日期", facts.days),
        *shares("四、内容：情感倾向", "倾向", facts.sentiments),
        Heading("五、内容：媒体观点"),
        *_said(facts.media),
        Heading("六、内容：网民观点"),
        *_said(facts.people),
        Heading("七、规律与处置建议"),
        Sentence(ADVICE),
        Note("注：观点是帖文原句（已脱敏），各取最早的几条；求助、投诉本身多为负面语气。"),
    )
    return Paper(f"舆情专报：{quote(facts.title)}", (quote(facts.office), short_time(at)), blocks, at, official=True)


def flash_paper(facts: EventFacts, at: datetime) -> Paper:
    """快报: what, where, when, the link, the spread by now, first advice."""
    blocks: tuple[Block, ...] = (
        *_now(facts),
        *_said((facts.first,)),
        Sentence(f"链接：{quote(facts.first.url) or '无'}", (facts.first.post,)),
        Sentence("平台：" + "，".join(f"{quote(one.label)}{one.count}条" for one in facts.sources) + "。", facts.posts),
        Sentence(f"地点：{ADVICE}"),
        Sentence(f"初步建议：{ADVICE}"),
    )
    return Paper(f"舆情快报：{quote(facts.title)}", (quote(facts.office), short_time(at)), blocks, at, official=True)


def _now(facts: EventFacts) -> list[Sentence]:
    text = f"{quote(facts.title)}：首发于{short_time(facts.first.at)}（{quote(facts.first.source)}），"
    text += f"最近一条在{short_time(facts.last)}，共{len(facts.posts)}条信息，热度{facts.heat:.1f}。"
    return [Sentence(text, facts.posts)]


def _said(found: Sequence[Said]) -> list[Sentence]:
    if not found:
        return [Sentence("没有。")]
    return [Sentence(f"{short_time(one.at)}，{quote(one.source)}：“{quote(one.text)}”", (one.post,)) for one in found]
