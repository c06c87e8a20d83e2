"""States of a case and the moves between them: one table, from which every refusal names the legal ones.

The order is that of practice (workflow.md section 2 of the design notes): 研判 → 转办 → 签收 → 核查处置 → 拟口径 →
三审 + 保密审查 → 发布 → 办结 → 归档, with the side exits 退回, 不予受理, 移交, 并单.
"""

from __future__ import annotations

from collections.abc import Mapping

from casework.domain.errors import IllegalMove

STATES: Mapping[str, str] = {
    "to_review": "待研判",
    "opened": "已立案",
    "assigned": "已转办",
    "signed": "已签收",
    "handling": "处置中",
    "drafted": "已拟稿",
    "in_review": "审核中",
    "approved": "已审定",
    "published": "已发布",
    "closed": "已办结",
    "archived": "已归档",
    "returned": "已退回",
    "transferred": "已移交",
    "rejected": "不予受理",
    "merged": "已并单",
}
"""Every state with the word shown to people."""

GATES = ("first", "second", "third", "secrecy")
"""三审 in their order, then the secrecy check (保守国家秘密法实施条例 第四十二条: 先审查后公开)."""
ENDED = frozenset({"closed", "archived", "transferred", "rejected", "merged"})
"""States in which no duty runs and nothing is ever overdue."""
_AT_WORK = frozenset({"assigned", "signed", "handling", "drafted", "in_review", "approved"})
_LIVE = frozenset(STATES) - ENDED

FROM: Mapping[str, frozenset[str]] = {
    "accept": frozenset({"to_review"}),
    "confirm": _AT_WORK | {"to_review", "opened", "returned"},
    "lift": _AT_WORK | {"to_review", "opened", "returned"},
    "reject": frozenset({"to_review", "opened", "returned"}),
    "assign": frozenset({"to_review", "opened", "assigned", "returned"}),
    "sign": frozenset({"assigned"}),
    "return": frozenset({"assigned", "signed"}),
    "dispute": frozenset({"assigned", "signed", "returned"}),
    "handle": frozenset({"signed"}),
    "ask": _AT_WORK | {"published"},
    "extend": _AT_WORK | {"published"},
    "pause": _AT_WORK,
    "resume": _AT_WORK,
    "draft": frozenset({"signed", "handling", "drafted", "in_review", "approved", "published"}),
    "review": frozenset({"drafted", "in_review"}),
    "publish": frozenset({"approved", "published"}),
    "fulfil": _LIVE,
    "level": _LIVE,
    "time": _LIVE,
    "record": (_AT_WORK - {"assigned"}) | {"published"},
    "mark": _LIVE,
    "unmark": _LIVE,
    "endorse": frozenset({"approved", "published"}),
    "follow_up": frozenset({"published", "closed", "archived"}),
    "close": frozenset({"published"}),
    "reopen": frozenset({"closed"}),
    "archive": frozenset({"closed"}),
    "transfer": frozenset({"to_review", "opened", "assigned", "returned", "signed", "handling"}),
    "merge": _LIVE,
    "acknowledge": _LIVE,
}
"""Verb → the states from which it is allowed."""


def allowed(state: str) -> tuple[str, ...]:
    """The verbs allowed in ``state``, sorted."""
    return tuple(sorted(verb for verb, states in FROM.items() if state in states))


def check(verb: str, state: str) -> None:
    """Raise IllegalMove unless ``verb`` is allowed in ``state``."""
    if state not in FROM[verb]:
        raise IllegalMove(verb, state, allowed(state))
