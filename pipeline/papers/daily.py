"""每日舆情: the office's daily report. Its parts are topic, event, opinions, conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alerting.text import OFFICE_BASIS
from casework.domain.times import short_time
from pipeline.papers.figures import Count, DailyFigures, DepartmentDay, OverdueItem, TopEvent
from pipeline.papers.paper import Block, Heading, Note, Paper, Sentence, Table, quote, write


def daily(figures: DailyFigures, out: Path) -> None:
    """Write the daily report; ``out`` ends in ``.docx`` or ``.html``. Raises PaperError."""
    write(daily_paper(figures), out)


def daily_paper(figures: DailyFigures) -> Paper:
    """The report's sentences; every number has its denominator and every sentence the ids behind it."""
    day = figures.date
    return Paper(
        title=f"每日舆情（{day.year}年{day.month}月{day.day}日）",
        lines=(
            one_office(figures.office),
            f"统计时段：{short_time(figures.since)}至{short_time(figures.until)}（北京时间）",
        ),
        blocks=(
            *topic(figures),
            *events(figures.events),
            *opinions(figures),
            *_work(figures),
            *_conclusion(figures),
        ),
        at=figures.until,
    )


def one_office(name: str) -> str:
    """The office's name as the paper shows it."""
    return quote(name) or "（未填单位名称）"


def topic(figures: DailyFigures) -> list[Block]:
    """The part on what came in, by stage and kind."""
    blocks: list[Block] = [Heading("一、总体情况")]
    if not any(stage.count for stage in figures.stages):
        return [*blocks, Sentence("本时段没有收集到信息。")]
    blocks += [share(stage, "") for stage in figures.stages]
    return blocks + [share(one, "来源类型：") for one in figures.kinds if one.count]


def share(one: Count, lead: str) -> Sentence:
    """A number out of its denominator. A share of nothing has no percentage."""
    text = f"{lead}{quote(one.label)}{one.count}{one.unit}"
    if one.of:
        text += f"，占{one.of}{one.unit}的{one.count / one.of:.1%}"
    return Sentence(f"{text}。", one.ids or ())


def events(found: Sequence[TopEvent]) -> list[Block]:
    """The part on events, hottest first, each with its posts."""
    blocks: list[Block] = [Heading("二、主要事件")]
    if not found:
        return [*blocks, Sentence("本时段没有形成事件。")]
    for i, event in enumerate(found, start=1):
        text = f"{i}. {quote(event.title)}：{event.posts}条信息，热度{event.heat:.1f}。"
        blocks.append(Sentence(text, event.post_ids))
    return blocks


def opinions(figures: DailyFigures) -> list[Block]:
    """The part on sentiment, severity and what people say."""
    blocks: list[Block] = [Heading("三、舆论观点")]
    shares = [share(one, "情感倾向：") for one in figures.sentiments if one.count]
    shares += [share(one, "严重程度：") for one in figures.severities if one.count]
    opinions = [
        Sentence(f"{quote(event.title)}：{quote(opinion.text)}", opinion.post_ids)
        for event in figures.events
        for opinion in event.opinions
    ]
    if not shares and not opinions:
        return [*blocks, Sentence("本时段没有已研判的信息。")]
    return [*blocks, *shares, *opinions, Note("注：求助、投诉本身多为负面语气，负面占比高不等于出现舆情。")]


def _work(figures: DailyFigures) -> list[Block]:
    blocks: list[Block] = [Heading("四、办理情况")]
    if not figures.departments:
        blocks.append(Sentence("本时段没有在办事项。"))
    else:
        opened = tuple(dict.fromkeys(one for unit in figures.departments for one in unit.opened))
        blocks.append(Sentence(f"本时段新立{len(opened)}件。", opened))
        rows = [_department_row(one) for one in figures.departments]
        blocks.append(Table(("承办单位", "新立", "逾期", "今日到期"), (*rows, _total(figures.departments))))
    if figures.overdue:
        head = ("事项", "承办单位", "时限与依据", "应办结于")
        blocks.append(Table(head, tuple(_overdue_row(item) for item in figures.overdue)))
    return blocks


def _department_row(one: DepartmentDay) -> tuple[str, ...]:
    return (quote(one.name), str(len(one.opened)), str(len(one.overdue)), str(len(one.due_today)))


def _total(departments: Sequence[DepartmentDay]) -> tuple[str, ...]:
    groups = ("opened", "overdue", "due_today")
    return ("合计", *(str(sum(len(getattr(one, group)) for one in departments)) for group in groups))


def _overdue_row(item: OverdueItem) -> tuple[str, ...]:
    clause = OFFICE_BASIS if item.basis == "office" else quote(item.reference)
    case = f"{quote(item.title)}（{item.case_id}）"
    return (case, quote(item.department), f"{quote(item.rule_title)}；{clause}", short_time(item.due))


def _conclusion(figures: DailyFigures) -> list[Block]:
    blocks: list[Block] = [Heading("五、结论与提示")]
    if figures.empty:
        return [*blocks, Sentence("本时段无信息、无在办事项，无需处置。")]
    if figures.events:
        first = max(figures.events, key=lambda event: event.heat)
        text = f"热度最高的事件是“{quote(first.title)}”，请关注走势。"
        blocks.append(Sentence(text, first.post_ids))
    late = tuple(dict.fromkeys(item.case_id for item in figures.overdue))
    if late:
        units = "、".join(dict.fromkeys(quote(item.department) for item in figures.overdue))
        blocks.append(Sentence(f"已逾期{len(late)}件，承办单位：{units}，请督办。", late))
    else:
        blocks.append(Sentence("没有逾期事项。"))
    today = tuple(dict.fromkeys(one for unit in figures.departments for one in unit.due_today))
    if today:
        units = "、".join(quote(unit.name) for unit in figures.departments if unit.due_today)
        blocks.append(Sentence(f"今日到期{len(today)}件，承办单位：{units}，请提醒按时办结。", today))
    return blocks
