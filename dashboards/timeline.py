"""The history of a case as people read it: who did what, about what; what the system did by itself stands aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.domain.case import Case
from casework.domain.casualties import Figures
from casework.domain.deadlines import PAUSE_REASONS
from casework.domain.follow_up import ORIGINS, RESULTS, SATISFIED, SOLVED
from casework.domain.happenings import Happening
from casework.domain.marks import MARKS
from casework.domain.office import Office
from casework.domain.times import full_time, parse_time, short_time
from casework.domain.words import HAPPENINGS
from casework.services.figures import words as told_of
from casework.services.notice_facts import LEVELS
from dashboards import words

SYSTEM = "huiying"
ALARMS = frozenset({"reminded", "overdue", "escalated", "recounted", "moved", "notice_failed"})
"""What the system does by itself, many times over."""
LEFT_OUT = frozenset({"notified", "notice_arrived", "notice_outdated"})
"""Shown with the notices."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``text`` is a draft as it was then; ``alarm`` tells what the system did by itself."""

    at: datetime
    what: str
    by: str
    about: str
    note: str
    text: str
    alarm: bool


def entries(case: Case, office: Office, mask: Callable[[str], str]) -> list[Entry]:
    """The history, the newest first; what people wrote is masked, since it may repeat what a post says."""
    # Masked from the oldest on, so that a pseudonym never changes when something new happens.
    return [_entry(case, entry, office, mask) for entry in case.history if entry.what not in LEFT_OUT][::-1]


def _entry(case: Case, entry: Happening, office: Office, mask: Callable[[str], str]) -> Entry:
    return Entry(
        entry.at,
        HAPPENINGS.get(entry.what, entry.what),
        "系统" if entry.by == SYSTEM else entry.by,
        _about(case, entry, office),
        mask(entry.note or ""),
        mask(entry.data["text"]) if entry.what in ("drafted", "recorded") else "",
        entry.what in ALARMS,
    )


def _about(case: Case, entry: Happening, office: Office) -> str:
    data = entry.data
    if entry.what in _PLAIN:
        return str(data[_PLAIN[entry.what]])
    told = _ABOUT.get(entry.what)
    if told is not None:
        return told(data)
    if entry.what in ("reminded", "overdue", "escalated"):
        return _rule_title(case, data["clock"])
    if entry.what in ("extended", "extension_asked"):
        return f"{_rule_title(case, data['rule'])}，延至 {short_time(parse_time(data['to']))}"
    if entry.what in ("figures", "level_set"):
        return _level(entry)
    if entry.what == "fulfilled":
        return _rule_title(case, data["rule"])
    if entry.what == "recorded":
        return office.closing.title(data["item"])
    return office.department_name(data["department"]) if entry.what == "assigned" else ""


_PLAIN = {
    **{"published": "url", "transferred": "to", "merged": "into", "absorbed": "from", "notice_failed": "detail"},
    **{"taken": "from", "parted": "into"},
}
"""What happened → what of its data is shown as it stands."""
_ABOUT: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "reviewed": lambda data: f"{words.GATE_NAMES[data['gate']]}{'通过' if data['ok'] else '退回修改'}",
    "acknowledged": lambda data: f"提醒和升级暂停到 {short_time(parse_time(data['until']))}",
    "time_set": lambda data: f"{words.MOMENTS[data['moment']]}：{full_time(parse_time(data['at']))}",
    "paused": lambda data: PAUSE_REASONS.get(data.get("kind", ""), ""),
    "marked": lambda data: "，".join(part for part in (MARKS[data["mark"]], data.get("proposed")) if part),
    "followed_up": lambda data: "，".join(
        word
        for word in (
            RESULTS[data["result"]],
            SOLVED.get(data["solved"] or ""),
            SATISFIED.get(data["satisfied"] or ""),
            ORIGINS.get(data["origin"]),
        )
        if word
    ),
    "level_proposed": lambda data: f"{LEVELS[data['to']]}（{data['post']}）",
    "unmarked": lambda data: MARKS[data["mark"]],
    "endorsed": lambda data: "可以发布" if data["ok"] else "退回修改",
}
"""What happened → how its data are told."""


def _level(entry: Happening) -> str:
    data = entry.data
    if entry.what == "figures":
        return told_of(Figures.from_json(data["figures"]))
    return f"{LEVELS.get(data['from'], '级别待定')} → {LEVELS[data['to']]}"


def _rule_title(case: Case, key: str) -> str:
    titles = [clock.rule.title for clock in case.clocks if key in (clock.key, clock.rule.id)]
    return titles[0] if titles else key
