"""The words that conditions may use. ``topics.yml`` of the office comes first; what it leaves out is as below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework.domain.matching import LEVELS, UNKNOWN, UNSURE

KINDS = ("news", "weibo", "message", "hotline")
"""Kinds of post."""
DOMAINS = tuple(
    ["城建", "交通", "企业", "环保", "治安", "政务", "教育", "就业", "医疗", "旅游", "三农", "文娱", "金融", "其他"]
)
"""Domains of the 人民网 board."""
TOPICS = ("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")
"""First-level classes of petitions."""
TYPES = ("投诉", "求助", "咨询", "建言", "感谢", "举报")
"""What the writer wants."""
PETITION_KINDS = ("建议意见", "申诉求决", "检举控告")
"""信访工作条例 第二十九条至第三十一条."""
SENTIMENTS = ("negative", "neutral", "positive")
"""Tone of the text."""
DISPOSITIONS = ("建设性意见", "实际困难", "重大问题", "不了解情况", "错误看法", "虚假信息")
"""国办发〔2016〕80号 三."""
CATEGORIES = ("自然灾害", "事故灾难", "公共卫生", "社会安全")
"""Kinds of emergency."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "kinds": KINDS,
    "board_domain": DOMAINS,
    "petition_topic": TOPICS,
    "message_type": TYPES,
    "petition_kind": PETITION_KINDS,
    "sentiment": SENTIMENTS,
    "disposition": DISPOSITIONS,
    "severity": (*LEVELS, UNKNOWN),
    "category": CATEGORIES,
    "unsure": UNSURE,
}
"""Condition → the words it may use."""


def words_of(topics: Any, dispositions: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The words of one office: those of its ``topics.yml`` (parsed, or None) and its dispositions."""
    words = dict(WORDS)
    if dispositions:
        words["disposition"] = dispositions
    for name in ("board_domain", "petition_topic", "message_type"):
        found = topics.get(name) if isinstance(topics, Mapping) else None
        labels = found.get("labels") if isinstance(found, Mapping) else None
        if isinstance(found, Mapping) and isinstance(labels, list | Mapping) and labels:
            words[name] = tuple(str(label) for label in (*labels, *([found["other"]] if "other" in found else [])))
    return words
