"""Whether a letter tells of a matter above the ordinary (重大问题 of 国办发〔2016〕80号): many people, money, danger.

Points are added up over kinds of sign; one kind alone is not enough unless the title says it. Kinds and points were
chosen on one half of the letters labelled by people (docs/how-to/labelling.md, D2) and measured on the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_READ = 1200
ENOUGH = 2
"""Points from which a matter is weighty."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """``points`` where title or text has it, ``more`` where the title has it."""

    pattern: re.Pattern[str]
    points: int
    more: int


_SIGNS = (
    _Sign(  # many people
        re.compile(
            r"(?:[3-9]\d|\d{3,}|几十|上百|数百|几百|上千|数千|几千|成千|近千|近百|[一二两三四五六七八九]百)[多余来]{0,2}[户名位家个]"
            r"|(?:\d{3,}|[几数上近][百千万十]|[一二三四五六七八九]千)[多余来]{0,2}(?:人|口人|老百姓|居民|群众)"
        ),
        1,
        1,
    ),
    _Sign(re.compile(r"\d(?:\.\d+)?亿|[几数上近]千万|\d{4,}万|[几数]百万"), 2, 0),
    _Sign(re.compile(r"非法集资|诈骗|p2p|兑付|出借人|集资|庞氏|资金盘|跑路|血本无归|传销"), 2, 0),
    _Sign(  # undelivered homes
        re.compile(
            r"烂尾|停工|(?:迟迟|无法|不能|未能|没有?)(?:按期)?交房|[延逾]期交房|(?:无法|办不|没有?|未)[^。]{0,8}(?:房产证|产权|不动产证)"
        ),
        1,
        1,
    ),
    _Sign(
        re.compile(r"涉黑|黑恶|黑社会|恶势力|地痞|卖淫|涉黄|嫖|赌场|赌博团伙|毒品|贩毒|绑架|打砸"),
        1,
        1,
    ),
    _Sign(
        re.compile(r"死亡|人命|伤亡|重伤|致残|骨折|瘫痪|昏迷|抢救|失踪|失联|走失|尘肺|癌|轻伤|医疗事故|基因缺陷"),
        1,
        1,
    ),
    _Sign(
        re.compile(
            r"坍塌|倒塌|垮塌|塌方|塌陷|下沉|沉降|开裂|裂缝|贯穿|地基|滑坡|泥石流|随时(?:可能|会|有)|生命(?:安全|危险|受到)"
        ),
        1,
        1,
    ),
    _Sign(  # health of a quarter
        re.compile(
            r"重金属|排污|废水|水源|饮用水|毒气|有毒|二氧化硫|粉尘|扬尘|搅拌站|采石|造纸厂|化工|垃圾场|农田[^。]{0,10}(?:污染|损坏)|皮肤病"
        ),
        1,
        1,
    ),
    _Sign(re.compile(r"(?:拖欠|克扣|没发|未发|不发)[^。]{0,10}(?:工资|补贴|绩效|退休|养老)|农民工"), 1, 0),
)


def weighty_words(title: str, text: str) -> list[str]:
    """The words that make the matter weighty, or nothing where they do not suffice. Normalised title and text."""
    points, words = 0, []
    for sign in _SIGNS:
        titled = sign.pattern.search(title)
        found = titled or sign.pattern.search(text[:_READ])
        if found:
            points += sign.points + (sign.more if titled else 0)
            words.append(found.group())
    return words if points >= ENOUGH else []
