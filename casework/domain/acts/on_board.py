"""回应, as the board itself shows it: an answer given there stops its message's own clock, one taken back restarts it.

A receipt, of the message or of its being handed on, is no answer (``casework.domain.replies``); it is recorded once and
fulfils the duties of registering and signing. Which duties a step fulfils is the rule's own word (``met_by:
[answered]``, ``[forwarded]``, ``[received]``); a person still decides on closing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.post import Post
from casework.domain.replies import ANSWERED, FORWARDED, NONE, RECEIVED, stage_of_post
from casework.domain.times import parse_time, store_time
from casework.domain.worktime import WorkTime

BY = "huiying"
_RECEIPTS = {FORWARDED: "来源显示已转办", RECEIVED: "来源显示已受理"}


def look(case: Case, post: Post, now: datetime, worktime: WorkTime) -> Case:
    """The case after a look at its post: an answer seen or taken back, or a receipt, is recorded, once.

    An answer that was edited stays the answer of its first moment (the edit is a revision of the post). An ended case
    gets no answer any more, but is told of one taken back, so that whoever reopens it knows.
    """
    if post.id not in case.posts:
        return case
    step, standing = stage_of_post(post), _standing(case, post.id)
    if step == ANSWERED:
        return case if case.ended or post.id in case.answered else _seen(case, post, _moment(post, now), now)
    # Never answered on the board, or answered by the office's own publication as well: that stands.
    if standing is not None and not case.publications:
        case = _taken_back(case, post, standing, now, worktime)
    return case if step == NONE or case.ended else _received(case, post, step, now)


@dataclass(frozen=True, slots=True)
class _Moment:
    """When it was said; ``assumed`` where the board gives no time that can be: then when it was first seen."""

    at: datetime
    assumed: bool


def _moment(post: Post, now: datetime) -> _Moment:
    said = post.reply.at if post.reply is not None else None
    if said is not None and post.published_at <= said <= now:
        return _Moment(said, False)
    return _Moment(min(post.collected_at, now), True)


def _received(case: Case, post: Post, step: str, now: datetime) -> Case:
    """A receipt, once a message and step; who was told of the receipt is not told again of the handing on before it."""
    told = {entry.what for entry in case.history if entry.what in _RECEIPTS and post.id in entry.data["posts"]}
    if post.id in case.answered or step in told or (step == FORWARDED and RECEIVED in told):
        return case
    found, organisation = _moment(post, now), post.reply.organisation if post.reply else None
    data = {"posts": [post.id], "at": store_time(found.at), "seen_on": post.source, "at_assumed": found.assumed}
    return case.after(step, now, BY, _note(_RECEIPTS[step], organisation, found), data)


def _note(said: str, organisation: str | None, found: _Moment) -> str:
    note = said + (f"（{organisation}）" if organisation else "")
    return note + ("，来源没有写明可用的时间，按首次看到的时间计" if found.assumed else "")


def _standing(case: Case, post: str) -> datetime | None:
    """The moment of the answer seen on the board that stands for this post; None where a person recorded it."""
    for entry in reversed(case.history):
        if entry.what in ("answered", "withdrawn") and post in entry.data["posts"]:
            return parse_time(entry.data["at"]) if entry.what == "answered" and entry.data.get("seen_on") else None
    return None


def _seen(case: Case, post: Post, found: _Moment, now: datetime) -> Case:
    organisation = post.reply.organisation if post.reply else None
    data = {
        "posts": [post.id],
        "at": store_time(found.at),
        "seen_on": post.source,
        "at_assumed": found.assumed,
    }
    return case.after("answered", now, BY, _note("来源上已有答复", organisation, found), data)


def _taken_back(case: Case, post: Post, standing: datetime, now: datetime, worktime: WorkTime) -> Case:
    alone = set(case.answered) == {post.id}

    def stopped_by_it(clock: Clock) -> bool:
        if "answered" not in clock.rule.met_by or clock.met_at != standing:
            return False
        return clock.post == post.id or (clock.post is None and alone)

    again = [] if case.ended else [clock for clock in case.clocks if stopped_by_it(clock)]
    clocks = [replace(clock, met_at=None).counted(worktime, case.stops(clock.rule)).to_json() for clock in again]
    data = {"posts": [post.id], "seen_on": post.source, "clocks": clocks}
    note = (
        "来源上只有受理、转办的告知，不算答复" if post.reply is not None and post.reply.text else "来源上的答复已撤下"
    )
    return case.after("withdrawn", now, BY, note, data)
