"""回应, as the board itself shows it: an answer given there stops its message's own clock, one taken back restarts it.

Which duties an answer fulfils is the rule's own word (``met_by: [answered]``); a person still decides on closing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.post import Post
from casework.domain.times import parse_time, store_time
from casework.domain.worktime import WorkTime

BY = "huiying"
_NOT_YET = ("待回复", "未回复", "待办理", "未办理", "未交办", "待处理", "处理中", "办理中", "受理", "已受理")
"""States with which a reply without a text is no answer yet."""
_HANDED_OVER = ("认领交办",)
"""What a board writes in place of an answer when it hands the message over."""


def look(case: Case, post: Post, now: datetime, worktime: WorkTime) -> Case:
    """The case after a look at its post: an answer seen or taken back is recorded, once. Nothing else changes.

    An answer that was edited stays the answer of its first moment (the edit is a revision of the post). An ended case
    gets no answer any more, but is told of one taken back, so that whoever reopens it knows.
    """
    if post.id not in case.posts:
        return case
    found, standing = _answered_at(post, now), _standing(case, post.id)
    if found is not None:
        return case if case.ended or post.id in case.answered else _seen(case, post, found, now)
    if standing is None or case.publications:
        # Never answered on the board, or answered by the office's own publication as well, which stands.
        return case
    return _taken_back(case, post, standing, now, worktime)


@dataclass(frozen=True, slots=True)
class _Moment:
    """When the answer was given; ``assumed`` where the board gives no time that can be: then when it was first seen."""

    at: datetime
    assumed: bool


def _answered_at(post: Post, now: datetime) -> _Moment | None:
    """When the board's answer was given; None where it shows none."""
    reply = post.reply
    if reply is None or (reply.text or "").strip() in _HANDED_OVER:
        return None
    given = (reply.text or "").strip()
    if not given and ((reply.at is None and reply.state is None) or reply.state in _NOT_YET):
        return None
    if reply.at is not None and post.published_at <= reply.at <= now:
        return _Moment(reply.at, False)
    return _Moment(min(post.collected_at, now), True)


def _standing(case: Case, post: str) -> datetime | None:
    """The moment of the answer seen on the board that stands for this post; None where a person recorded it."""
    for entry in reversed(case.history):
        if entry.what in ("answered", "withdrawn") and post in entry.data["posts"]:
            return parse_time(entry.data["at"]) if entry.what == "answered" and entry.data.get("seen_on") else None
    return None


def _seen(case: Case, post: Post, found: _Moment, now: datetime) -> Case:
    organisation = post.reply.organisation if post.reply else None
    note = "来源上已有答复" + (f"（{organisation}）" if organisation else "")
    if found.assumed:
        note += "，来源没有写明可用的答复时间，按首次看到的时间计"
    data = {
        "posts": [post.id],
        "at": store_time(found.at),
        "seen_on": post.source,
        "at_assumed": found.assumed,
    }
    return case.after("answered", now, BY, note, data)


def _taken_back(case: Case, post: Post, standing: datetime, now: datetime, worktime: WorkTime) -> Case:
    alone = set(case.answered) == {post.id}
    pauses = [*case.pauses, *([(case.paused, None)] if case.paused is not None else [])]

    def stopped_by_it(clock: Clock) -> bool:
        if "answered" not in clock.rule.met_by or clock.met_at != standing:
            return False
        return clock.post == post.id or (clock.post is None and alone)

    again = [] if case.ended else [clock for clock in case.clocks if stopped_by_it(clock)]
    clocks = [replace(clock, met_at=None).counted(worktime, pauses).to_json() for clock in again]
    data = {"posts": [post.id], "seen_on": post.source, "clocks": clocks}
    return case.after("withdrawn", now, BY, "来源上的答复已撤下", data)
