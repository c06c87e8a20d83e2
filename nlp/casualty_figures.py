"""Figures of one kind out of a sentence's groups, and which of several figures counts.

Of figures that follow each other in time the newest official one counts; parts are not added to their whole, a sum is
not added to what it sums up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.casualty_subjects import Group
from nlp.casualty_tokens import DEAD, HURT

_MOMENT = re.compile(
    r"截[至止](?:目前|(?:(\d{1,2})月)?(?:(\d{1,2})日|(今[日天早晚])|(昨[日天晚]))?[^,。\d]{0,4}(?:(\d{1,2})[时点:])?)"
)
_SHORT = 6


@dataclass(slots=True)
class Figure:
    """What one sentence says of one kind."""

    value: int
    moment: tuple[int, ...] | None
    newer: bool
    older: bool
    rumour: bool
    official: bool
    adds: bool
    moved: bool


_TREATED = re.compile(
    r"经(?:过|医院|医生|多方|现场)?(?:全力|紧急|连夜|奋力|积极)?(?:抢救|救治|医治)|(?:送医|抢救|入院|到院)后"
)


def take_parts(sentence: str, groups: Sequence[Group], figures: dict[str, list[Figure]]) -> None:
    """7人送医,其中1人抢救无效死亡: six are injured. 三人中毒。经抢救,两人死亡: one is."""
    dead = [group for group in groups if group.kind == DEAD and group.value is not None]
    hurt = [group for group in groups if group.kind == HURT and group.value is not None]
    later = len(dead) == 1 and (dead[0].part or (dead[0].moved and bool(hurt) and hurt[0].total))
    if later and not dead[0].inside and figures[HURT] and hurt and hurt[0].start < dead[0].start:
        taken = dead[0].value or 0
        if figures[HURT][-1].value > taken:
            figures[HURT][-1].value -= taken
    treated = len(dead) == 1 and not hurt and not dead[0].moved and len(figures[HURT]) == len(figures[DEAD]) == 1
    if treated and _TREATED.search(sentence[: dead[0].end]) and figures[HURT][0].value > (dead[0].value or 0):
        figures[HURT][0].value -= dead[0].value or 0


def drop_whole(groups: Sequence[Group], figures: dict[str, list[Figure]]) -> None:
    """3人昏迷。经查,2人死亡,1人脱险: the injured of the sentences before are the dead and injured of this one."""
    values = {kind: [g.value for g in groups if g.kind == kind and g.value] for kind in (DEAD, HURT)}
    if figures[DEAD] or len(figures[HURT]) != 1 or len(values[DEAD]) != 1 or not values[HURT]:
        return
    if figures[HURT][0].value == (values[DEAD][0] or 0) + (values[HURT][-1] or 0):
        del figures[HURT][0]


def drop_sum(groups: list[Group]) -> None:
    """四人中毒,1人死亡,3人仍在治疗: the first figure is the sum of those behind it."""
    if not groups or groups[0].kind != HURT or groups[0].value is None:
        return
    if len(groups) > 1 and groups[0].weak and groups[1].kind == DEAD and groups[1].value == groups[0].value:
        del groups[0]  # 三人晕倒,都没活过来
        return
    behind = [group.value or 0 for group in groups[1:] if not group.inside]
    if len(behind) > 1 and any(group.kind == DEAD for group in groups) and sum(behind) == groups[0].value:
        del groups[0]


def figure_of(sentence: str, groups: Sequence[Group]) -> Figure | None:
    """One figure of the groups of one kind in a sentence; rumours give way to what is official."""
    outer = [group for group in groups if not group.inside] or list(groups)
    sure = [group for group in outer if not group.rumour] or outer
    fresh = [group for group in sure if not group.older] or sure
    if not fresh:
        return None
    newer = [group for group in fresh if group.newer and not group.lost]
    value = _value([group for group in fresh if group.newer or group.lost] if newer else fresh)
    moment = _moment(sentence)
    return Figure(
        value,
        moment,
        bool(newer) or moment is not None,
        all(group.older for group in fresh),
        all(group.rumour for group in fresh),
        any(group.official for group in fresh),
        all(group.adds for group in fresh),
        all(group.moved for group in fresh),
    )


def _value(groups: Sequence[Group]) -> int:
    """Parts of a figure (其中3人重伤) are not added to it; 重伤2人、轻伤5人 are."""
    whole = [group for group in groups if not group.part] or list(groups)
    total = [group for group in whole if group.total]
    if total and len(total) < len(whole):
        found = sum(group.value or 0 for group in whole if group.lost and group.start > total[-1].start)
        return max(group.value or 0 for group in total) + found
    general = [group for group in whole if not group.degree] or whole
    if general[-1].newer and not general[-1].adds:
        return general[-1].value or 0
    if (
        len(general) > 2
        and not general[-1].adds
        and sum(group.value or 0 for group in general[:-1]) == general[-1].value
    ):
        return general[-1].value or 0  # 一组死亡1人,二组死亡2人,全镇死亡3人
    if len(general) > 1 and _said_again(general):
        return general[-1].value or 0
    return sum(group.value or 0 for group in general)


def _said_again(groups: Sequence[Group]) -> bool:
    """老两口和孙女都没跑出来,三人遇难: the last figure is the one before it, said again."""
    last, before = groups[-1], groups[-2]
    return last.value == before.value and (last.value or 0) > 1 and last.end - last.start <= _SHORT


def _moment(sentence: str) -> tuple[int, ...] | None:
    """(month, day, hour) of 截至…; None: the sentence says no time. What is left open is that of the day before it."""
    match = _MOMENT.search(sentence)
    if match is None or not any(match.groups()):
        return None
    day = int(match[2]) if match[2] else (99 if match[3] else 98 if match[4] else 0)
    return (int(match[1] or 0), day, int(match[5] or 0))


def settle(figures: Sequence[Figure], zero: bool) -> int | None:
    """The figure that counts: the newest; official ones before rumours; a plain later one never lowers."""
    usable = [f for f in figures if not f.rumour] or ([] if zero else list(figures))
    usable = [f for f in usable if not f.older] or usable
    value: int | None = None
    moment: tuple[int, ...] = ()
    for figure in usable:
        if value is None:
            value, moment = figure.value, figure.moment or ()
        elif figure.adds:
            value += figure.value
        elif figure.moment and moment and len(usable) > 1:
            if figure.moment >= moment:
                value, moment = figure.value, figure.moment
        elif figure.newer:
            value, moment = figure.value, figure.moment or moment
        else:
            value = max(value, figure.value)
    if value is None and zero:
        return 0
    return value
