"""倾向性、普遍性、反应强烈、关注度高: matters whose release the 主要负责人 must see through himself.

豫办〔2016〕60号 三（七）: 亲自过问、督促检查、审核把关. A person sets a mark; rules of the office only propose one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.domain.case import Case
from casework.domain.happenings import Happening
from casework.domain.matching import Conditions, Facts

MARKS: Mapping[str, str] = {"tendency": "倾向性", "common": "普遍性", "strong": "反应强烈", "attention": "关注度高"}
"""Every mark with its word."""
CLAUSE = "豫办〔2016〕60号 三（七）"


@dataclass(frozen=True, slots=True)
class MarkRule:
    """When a mark is proposed; ``why`` is one sentence."""

    mark: str
    when: Conditions
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mark that a rule proposes for a case, with the figures behind it."""

    mark: str
    reason: str

    def to_json(self) -> dict[str, str]:
        """For the command line."""
        return {"mark": self.mark, "title": MARKS[self.mark], "reason": self.reason}


def standing(case: Case) -> dict[str, str]:
    """Mark → why it was set; those taken away again are not among them."""
    found: dict[str, str] = {}
    for entry in case.history:
        if entry.what == "marked":
            found[entry.data["mark"]] = entry.note or ""
        elif entry.what == "unmarked":
            found.pop(entry.data["mark"], None)
        elif entry.what in ("absorbed", "taken"):
            # A case that another was merged into, or was split from, keeps the marks of that one.
            found = {**{mark: f"自 {entry.data['from']}" for mark in entry.data.get("marks", ())}, **found}
    return found


def named(case: Case) -> str:
    """普遍性、关注度高: the marks of a case in words; empty where it has none."""
    return "、".join(word for mark, word in MARKS.items() if mark in standing(case))


def drafter(case: Case) -> str | None:
    """Who wrote the present draft."""
    return next((entry.by for entry in reversed(case.history) if entry.what == "drafted"), None)


def endorsed(case: Case) -> Happening | None:
    """The 主要负责人's sign-off of the present draft; None where it has none, or was refused."""
    for entry in reversed(case.history):
        if entry.what == "drafted":
            return None
        if entry.what == "endorsed":
            return entry if entry.data["ok"] else None
    return None


def propose(case: Case, facts: Facts, rules: tuple[MarkRule, ...]) -> tuple[Proposal, ...]:
    """The marks that rules propose and the case has not; ``facts`` carry the heat and the posts of its event."""
    have, found = standing(case), []
    for rule in rules:
        if rule.mark not in have and rule.when.hold(facts):
            have[rule.mark] = ""
            found.append(Proposal(rule.mark, f"事件共 {facts.posts} 篇，热度 {facts.heat:.1f}：{rule.why}"))
    return tuple(found)
