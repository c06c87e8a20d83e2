"""回访: after an answer the person is asked whether it is 解决 and whether he is 满意; the rates come from that.

They are two questions (北京市接诉即办工作条例: 解决率 and 满意率), so one never stands in for the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.domain.case import Case
from casework.domain.deadlines import DeadlineRule, compute
from casework.domain.errors import MissingCalendar
from casework.domain.matching import REPORT
from casework.domain.times import SHANGHAI, parse_time, store_time
from casework.domain.worktime import WorkTime

RULE = "follow_up"
"""The deadline rule that says by when."""
RESULTS: Mapping[str, str] = {"reached": "已回访", "refused": "拒绝回访", "not_reached": "未联系上"}
SOLVED: Mapping[str, str] = {"yes": "已解决", "partly": "部分解决", "no": "未解决"}
SATISFIED: Mapping[str, str] = {"yes": "满意", "no": "不满意", **{str(grade): f"{grade} 分" for grade in range(1, 6)}}
ORIGINS: Mapping[str, str] = {"telephone": "人工回访", "import": "导入", "board": "留言板评价"}


@dataclass(frozen=True, slots=True)
class Scale:
    """How grades 1–5 are read: satisfied from, unsatisfied down to; what lies between is neither."""

    satisfied_from: int = 4
    unsatisfied_to: int = 2

    def satisfied(self, said: str | None) -> bool:
        """Whether an answer counts as satisfied."""
        return said == "yes" or (said is not None and said.isdigit() and int(said) >= self.satisfied_from)

    def unsatisfied(self, said: str | None) -> bool:
        """Whether an answer counts as unsatisfied."""
        return said == "no" or (said is not None and said.isdigit() and int(said) <= self.unsatisfied_to)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One result for one message. ``solved``, ``satisfied``: None where the question was not answered."""

    post: str
    result: str
    solved: str | None
    satisfied: str | None
    at: datetime
    origin: str = "telephone"

    def to_json(self) -> dict[str, Any]:
        """As stored in the history."""
        plain = {"post": self.post, "result": self.result, "solved": self.solved, "satisfied": self.satisfied}
        return {**plain, "at": store_time(self.at), "origin": self.origin}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> FollowUp:
        """As read back."""
        return FollowUp(**{**value, "at": parse_time(value["at"])})

    def bad(self, scale: Scale) -> bool:
        """Whether the case is to be taken up again: unsatisfied, or unsolved where nothing was said of that."""
        return scale.unsatisfied(self.satisfied) or (self.satisfied is None and self.solved == "no")


def follow_ups(case: Case) -> tuple[FollowUp, ...]:
    """Every result on record, oldest entry first; those of a case that it took over are its own."""
    found: list[FollowUp] = []
    for entry in case.history:
        if entry.what == "followed_up":
            found.append(FollowUp.from_json(entry.data))
        elif entry.what in ("absorbed", "taken"):
            found += [FollowUp.from_json(value) for value in entry.data.get("followed", ())]
    return tuple(one for one in found if one.post in case.posts)


def handed_over(case: Case, posts: Iterable[str]) -> dict[str, Any]:
    """What goes along when ``posts`` go over to another case: results, and when they were answered."""
    told, times = [one for one in follow_ups(case) if one.post in posts], answered_at(case)
    found: dict[str, Any] = {"followed": [one.to_json() for one in told]} if told else {}
    at = {post: store_time(times[post]) for post in posts if post in times}
    return found | ({"answered_at": at} if at else {})


def answered_at(case: Case) -> dict[str, datetime]:
    """Message → when its author got the answer that stands.

    After a case was taken up again because of a follow-up, its next publication is a new answer to that message.
    """
    found: dict[str, datetime] = {}
    again: set[str] = set()
    for entry in case.history:
        if entry.what == "answered":
            found |= dict.fromkeys(entry.data["posts"], parse_time(entry.data["at"]))
        elif entry.what in ("absorbed", "taken"):
            known = entry.data.get("answered_at", {})
            answered = entry.data.get("answered", ())
            found |= {post: parse_time(known[post]) if post in known else entry.at for post in answered}
        elif entry.what == "withdrawn":
            found = {post: at for post, at in found.items() if post not in entry.data["posts"]}
        elif entry.what == "reopened" and entry.data.get("follow_up"):
            again.add(entry.data["follow_up"])
        elif entry.what == "published":
            found |= dict.fromkeys(again, parse_time(entry.data["at"]))
            again.clear()
    return {post: at for post, at in found.items() if post in case.answered}


def waiting(case: Case) -> dict[str, datetime]:
    """Message → when its author got an answer that nobody has followed up yet; none of a 检举控告 or a merged case."""
    if case.petition_kind == REPORT or case.state in ("merged", "handling", "rejected", "transferred"):
        return {}
    last = {one.post: one.at for one in sorted(follow_ups(case), key=lambda one: one.at)}
    return {post: at for post, at in answered_at(case).items() if post not in last or last[post] < at}


def due(rule: DeadlineRule | None, answered: datetime, worktime: WorkTime) -> datetime | None:
    """By when a follow-up of an answer of ``answered`` is due; None without a rule or while a calendar is not out."""
    value = rule.value_on(answered.astimezone(SHANGHAI).date()) if rule is not None else None
    if rule is None or value is None:
        return None
    try:
        return compute(rule.unit, value.amount, answered, worktime).due
    except MissingCalendar:
        return None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its numerator and denominator."""

    count: int
    of: int

    def to_json(self) -> dict[str, Any]:
        """``rate`` is None where nobody answered."""
        return {"count": self.count, "of": self.of, "rate": round(self.count / self.of, 4) if self.of else None}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """解决率 and 满意率 of some messages, from follow-ups alone, with who is not in the denominators.

    ``answered`` = those in a denominator or in ``excluded``, for each question; of several results of a message the
    last that reached somebody counts. ``excluded``: reason → number; ``silent_solved`` and ``silent_satisfied``
    were reached and did not answer that question. 部分解决 is in the denominator, not in the numerator.
    """

    answered: int
    solved: Rate
    satisfied: Rate
    excluded: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """For the command line and papers."""
        rates = {"solved": self.solved.to_json(), "satisfied": self.satisfied.to_json()}
        return {"answered": self.answered, **rates, "excluded": dict(self.excluded)}


def outcomes(cases: Iterable[Case], scale: Scale) -> Outcomes:
    """Counted over the messages of ``cases``; a 检举控告 is excluded whole, a merged case speaks through its winner."""
    reached: list[FollowUp] = []
    out = dict.fromkeys(("report", "not_followed_up", "refused", "not_reached"), 0)
    for case in cases:
        if case.state == "merged":
            continue
        if case.petition_kind == REPORT:
            out["report"] += len(case.answered)
            continue
        told: dict[str, FollowUp] = {}
        for one in sorted(follow_ups(case), key=lambda one: one.at):
            if one.post in case.answered and (one.result == "reached" or one.post not in told):
                told[one.post] = one
        out["not_followed_up"] += len(case.answered) - len(told)
        for one in told.values():
            if one.result == "reached":
                reached.append(one)
            else:
                out[one.result] += 1
    solved = [one for one in reached if one.solved is not None]
    said = [one for one in reached if one.satisfied is not None]
    silent = {"silent_solved": len(reached) - len(solved), "silent_satisfied": len(reached) - len(said)}
    return Outcomes(
        len(reached) + sum(out.values()),
        Rate(sum(one.solved == "yes" for one in solved), len(solved)),
        Rate(sum(scale.satisfied(one.satisfied) for one in said), len(said)),
        {**out, **silent},
    )
