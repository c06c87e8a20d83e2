"""周报, 月报 and 办理情况统计: figures of a period in sentences and tables, each with what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.domain.times import SHANGHAI, short_time
from pipeline.papers.daily import events, one_office, opinions, topic
from pipeline.papers.figures import Count, DailyFigures
from pipeline.papers.paper import Block, Heading, Note, Paper, Sentence, Table, quote

BAR = 20
"""Characters of the longest bar of a table's picture."""


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit's messages of a period by their ids: received, answered of them, answered within the limit of those with
    a limit that has been met or has run out; 解决 and 满意 are (count, of) from follow-ups."""

    name: str
    received: tuple[str, ...]
    answered: tuple[str, ...]
    on_time: tuple[str, ...]
    judged: tuple[str, ...]
    solved: tuple[int, int]
    satisfied: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CardFigures:
    """What 办理情况统计 counts. ``excluded``: reason → number of messages that are in no rate."""

    units: tuple[UnitCard, ...]
    excluded: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """A week or a month. ``cut``: there were more posts than are counted at once, the oldest are left out."""

    name: str
    figures: DailyFigures
    fields: tuple[Count, ...]
    types: tuple[Count, ...]
    places: tuple[Count, ...]
    card: CardFigures
    cut: int | None = None


def period_paper(found: PeriodFigures, at: datetime) -> Paper:
    """The weekly or monthly report; an empty period says so in every part."""
    figures = found.figures
    return Paper(
        title=f"舆情{found.name}（{span(figures.since, figures.until)}）",
        lines=(one_office(figures.office), _until(figures.since, figures.until, at)),
        blocks=(
            *_cut(found.cut),
            *topic(figures),
            *shares("二、领域（前十）", "领域", found.fields),
            *shares("三、诉求类型", "类型", found.types),
            *shares("四、地区", "地区", found.places),
            Heading("五、主要事件"),
            *events(figures.events)[1:],
            Heading("六、舆论观点"),
            *opinions(figures)[1:],
            Heading("七、办理情况"),
            *card_blocks(found.card, at),
        ),
        at=at,
        official=True,
    )


def card_paper(office: str, since: datetime, until: datetime, card: CardFigures, at: datetime) -> Paper:
    """办理情况统计."""
    lines = (one_office(office), _until(since, until, at))
    title = f"办理情况统计（{span(since, until)}）"
    return Paper(title, lines, tuple(card_blocks(card, at)), at, official=True)


def span(since: datetime, until: datetime) -> str:
    """``2026年11月16日至11月22日``: the first and the last day of [since, until)."""
    first = since.astimezone(SHANGHAI)
    last = (until - timedelta(seconds=1)).astimezone(SHANGHAI)
    return f"{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日"


def _until(since: datetime, until: datetime, at: datetime) -> str:
    text = f"统计时段：{short_time(since)}至{short_time(until)}（北京时间）"
    return text if at >= until else f"{text}，尚未结束，截至{short_time(at)}"


def _cut(cut: int | None) -> list[Block]:
    return [] if cut is None else [Note(f"注：本时段信息超过{cut}条，只统计最近的{cut}条。")]


def shares(title: str, what: str, counts: Sequence[Count]) -> list[Block]:
    """A section with one table: number, share of the denominator, a bar, then each number's ids."""
    if not counts:
        return [Heading(title), Sentence("本时段没有可统计的信息。")]
    most = max(one.count for one in counts)
    rows = [(quote(one.label), f"{one.count}/{one.of}", rate(one.count, one.of or 0), bar(one, most)) for one in counts]
    lines = [Sentence(f"{what}：{quote(one.label)}{one.count}{one.unit}。", one.ids or ()) for one in counts]
    return [Heading(title), Table((what, "条数", "占比", "图示"), tuple(rows)), *lines]


def bar(one: Count, most: int) -> str:
    """A bar of at most BAR characters, drawn from the figure; nothing for none."""
    return "█" * (max(1, round(BAR * one.count / most)) if one.count else 0)


def rate(count: int, of: int) -> str:
    """``87.5%``; — for a share of nothing, which is neither 0 nor 100."""
    return f"{count / of:.1%}" if of else "—"


def card_blocks(card: CardFigures, at: datetime) -> list[Block]:
    """The table by unit (every rate with numerator and denominator), the sums, what was left out and why."""
    blocks: list[Block] = []
    if card.units:
        rows = [_row(unit) for unit in card.units]
        head = ("承办单位", "收到", "回复（率）", "按期（率）", "解决（率）", "满意（率）")
        blocks.append(Table(head, (*rows, _row(_sum(card.units)))))
        blocks += [
            Sentence(f"{quote(unit.name)}收到{len(unit.received)}条，已回复{len(unit.answered)}条。", unit.received)
            for unit in card.units
        ]
    else:
        blocks.append(Sentence("本时段没有转办的留言。"))
    left = "，".join(f"{one.label}{one.count}条" for one in card.excluded if one.count) or "无"
    blocks.append(Note(f"注：按留言条数统计，以立案时间归期，办理结果截至{short_time(at)}。不计入的：{left}。"))
    blocks.append(
        Note("按期：有回复时限且已回复或者已到期的留言中，在时限内回复的。解决、满意：只计回访到并作了回答的。")
    )
    return blocks


def _row(unit: UnitCard) -> tuple[str, ...]:
    pairs = (
        (len(unit.answered), len(unit.received)),
        (len(unit.on_time), len(unit.judged)),
        unit.solved,
        unit.satisfied,
    )
    return (quote(unit.name), str(len(unit.received)), *(f"{one}/{of}（{rate(one, of)}）" for one, of in pairs))


def _sum(units: Sequence[UnitCard]) -> UnitCard:
    def ids(name: str) -> tuple[str, ...]:
        return tuple(one for unit in units for one in getattr(unit, name))

    def pair(name: str) -> tuple[int, int]:
        found = [getattr(unit, name) for unit in units]
        return sum(count for count, _ in found), sum(of for _, of in found)

    received, answered, on_time, judged = map(ids, ("received", "answered", "on_time", "judged"))
    return UnitCard("合计", received, answered, on_time, judged, pair("solved"), pair("satisfied"))
