"""Why a rule matched or did not, in Chinese: what was asked, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from casework.domain.matching import UNKNOWN, UNSURE, Conditions, Facts, Tried
from casework.domain.words import LABELS

NAMES: Mapping[str, str] = {
    "kinds": "信息类型",
    "sources": "来源",
    "board_domain": "领域",
    "petition_topic": "信访分类",
    "message_type": "诉求类型",
    "petition_kind": "信访类别",
    "sentiment": "情感",
    "disposition": "舆情性质",
    "severity": "级别",
    "category": "事件类别",
    "regions": "地点",
    "units": "点名单位",
    "words": "用词",
    "heat_at_least": "热度",
    "posts_at_least": "信息条数",
    "empty": "空白",
    "no_content": "没有可判断的内容",
    "unsure": "把握不足",
}
"""Condition → what it is called on the pages."""
VALUES: Mapping[str, str] = {
    "news": "新闻",
    "weibo": "微博",
    "message": "留言",
    "hotline": "热线",
    "extraordinary": "特别重大",
    "major": "重大",
    "serious": "较大",
    "ordinary": "一般",
    "none": "非突发事件",
    UNKNOWN: "待定级",
    "positive": "正面",
    "neutral": "中性",
    "negative": "负面",
    **{name: chinese for name, chinese in LABELS.items() if name in UNSURE},
}
"""Value → its Chinese word, where it is not Chinese already."""
MOST = 6
"""Values that are listed at most."""


def tried(id_: str, basis: str, when: Conditions, facts: Facts, failed: str | None) -> Tried:
    """The rule as tried: with the condition that failed, or with what each condition found."""
    if failed is not None:
        return Tried(id_, basis, False, failed, _missing(when, facts, failed))
    found = [_met(when, facts, name) for name in when.names()]
    return Tried(id_, basis, True, None, "；".join(found) or "对所有事项适用")


def _missing(when: Conditions, facts: Facts, name: str) -> str:
    wanted, has = getattr(when, name), _has(facts, name)
    if name == "words":
        return f"正文没有{_list(wanted)}"
    if name in ("heat_at_least", "posts_at_least"):
        return f"{NAMES[name]}要到{wanted:g}，现为{has:g}"
    if name == "empty":
        return "要求正文为空，现有正文" if wanted else "要求有正文，现为空"
    if name == "no_content":
        return "要求没有可判断的内容，现在有" if wanted else "要求有可判断的内容，现在没有"
    if has is None and name in facts.unsure:
        return f"{NAMES[name]}要求{_list(wanted)}，现在没有把握"
    return f"{NAMES[name]}要求{_list(wanted)}，现为{_list(_many(has)) or '未定'}"


def _met(when: Conditions, facts: Facts, name: str) -> str:
    wanted, has = getattr(when, name), _has(facts, name)
    if name == "words":
        return f"正文有{_list(word for word in wanted if word in facts.text)}"
    if name == "regions":
        return f"地点为{_list(code for code in has if code.startswith(wanted))}"
    if name == "units":
        return f"点名{_list(unit for unit in has if unit in wanted)}"
    if name in ("heat_at_least", "posts_at_least"):
        return f"{NAMES[name]}{has:g}，达到{wanted:g}"
    if name == "empty":
        return "正文为空" if wanted else "有正文"
    if name == "no_content":
        return "没有可判断的内容" if wanted else "有可判断的内容"
    return f"{NAMES[name]}为{_list(_many(has))}"


_FACT: Mapping[str, str] = {
    "kinds": "kind",
    "sources": "source",
    "words": "text",
    "heat_at_least": "heat",
    "posts_at_least": "posts",
}
"""Condition → the fact that it looks at, where that has another name."""


def _has(facts: Facts, name: str) -> Any:
    value = getattr(facts, _FACT.get(name, name))
    return UNKNOWN if name == "severity" and value is None else value


def _many(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple) else () if value is None else (str(value),)


def _list(values: Iterable[str]) -> str:
    names = [VALUES.get(value, value) for value in values]
    more = f"等{len(names)}项" if len(names) > MOST else ""
    return "、".join(names[:MOST]) + more
