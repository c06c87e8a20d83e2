"""回应: draft, reviews, publication, close."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from casework.domain.acts.closing import released
from casework.domain.acts.parts import done_between, messages, required
from casework.domain.case import Case
from casework.domain.clock import Clock, next_time, start_clock
from casework.domain.emergency import is_open
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.moves import GATES, allowed, check
from casework.domain.times import store_time
from casework.domain.worktime import WorkTime

NO_CALENDAR = WorkTime({})
"""Enough for what runs by the clock."""


def draft(case: Case, text: str, by: str, at: datetime, note: str | None = None) -> Case:
    """拟稿: a text of the answer. A new text has passed no review."""
    check("draft", case.state)
    return case.after("drafted", at, by, note, {"text": required("text", text)})


def review(case: Case, gate: str, ok: bool, by: str, at: datetime, note: str | None = None) -> Case:
    """One of three reviews or the secrecy check, in their order; none can be skipped. A refusal ends the round."""
    check("review", case.state)
    if gate not in GATES:
        raise DomainError(f"unknown gate {gate!r}; the gates are {', '.join(GATES)}")
    expected = GATES[len(case.gates)]
    if gate != expected:
        others = [verb for verb in allowed(case.state) if verb != "review"]
        raise IllegalMove(f"review {gate}", case.state, [f"review {expected}", *others], f"{expected} comes first")
    state = "approved" if gate == GATES[-1] else "in_review"
    return case.after("reviewed", at, by, note, {"gate": gate, "ok": ok, "state": state if ok else "handling"})


def publish(case: Case, url: str, published_at: datetime, by: str, at: datetime, note: str | None = None) -> Case:
    """Record that a person published the answer at ``url``; each message of the case is thereby answered."""
    check("publish", case.state)
    released(case)
    done_between("published", case, published_at, at)
    data = {"url": _address(url), "at": store_time(published_at)}
    published = case.after("published", at, by, note, data)
    return answer(published, case.posts, published_at, by, at)


def _address(url: str) -> str:
    """``url``, which must be one that a person can open. Raises DomainError."""
    address = required("url", url).strip()
    try:
        parts = urlsplit(address)
        whole = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address)
    except ValueError:
        whole = False
    if not whole:
        raise DomainError(f"url: {url[:80]!r} is no address; write http:// or https://, a host and the path")
    return address


def answer(case: Case, posts: Sequence[str], answered_at: datetime, by: str, at: datetime) -> Case:
    """Record that the authors of ``posts`` have an answer; their own clocks stop at ``answered_at``."""
    fresh = [post for post in posts if post in case.posts and post not in case.answered]
    if not fresh:
        return case
    return case.after("answered", at, by, None, {"posts": fresh, "at": store_time(answered_at)})


def fulfil(case: Case, rule: str, done_at: datetime, by: str, at: datetime, note: str | None = None) -> Case:
    """Record a duty done outside the system: a press conference held, a report telephoned."""
    check("fulfil", case.state)
    chosen = [clock for clock in case.running() if rule in (clock.rule.id, clock.key)]
    if not chosen:
        known = ", ".join(sorted({clock.rule.id for clock in case.running()})) or "none"
        raise DomainError(f"{case.id} has no running deadline {rule!r}; running: {known}")
    done_between("done", case, done_at, at)
    # A report by a time of day is followed by that of the next, whether or not its moment has come.
    following = [next_time(clock, NO_CALENDAR).to_json() for clock in case.last_of_day() if clock in chosen]
    keys = [clock.key for clock in chosen]
    data = {"rule": rule, "keys": keys, "at": store_time(done_at), "clocks": following}
    return case.after("fulfilled", at, by, note, data)


def close(case: Case, by: str, at: datetime, note: str | None = None, lacking: Sequence[str] = ()) -> Case:
    """办结. Refused while a message of the case has no answer, and while its emergency track is open.

    ``lacking``: what its disposition asks for and is not on record, each with who may record it; refused too.
    """
    check("close", case.state)
    if is_open(case):
        others = [verb for verb in allowed(case.state) if verb != "close"]
        raise IllegalMove("close", case.state, others, "the emergency track is open; it ends with its review (复盘)")
    owed = [post for post in messages(case) if post not in case.answered]
    if owed:
        others = [verb for verb in allowed(case.state) if verb != "close"]
        raise IllegalMove("close", case.state, others, f"{len(owed)} message(s) without an answer: {owed[0]}")
    if lacking:
        others = [verb for verb in allowed(case.state) if verb != "close"]
        raise IllegalMove("close", case.state, others, f"not on record: {'; '.join(lacking)}")
    return case.after("closed", at, by, note, {})


def reopen(case: Case, by: str, at: datetime, worktime: WorkTime, note: str | None = None) -> Case:
    """A closed case is taken up again: the duties that run from assignment start anew, beside the old ones."""
    check("reopen", case.state)
    clocks = [clock.to_json() for clock in taken_up(case, at, worktime)]
    return case.after("reopened", at, by, note, {"clocks": clocks})


def taken_up(case: Case, at: datetime, worktime: WorkTime) -> list[Clock]:
    """The clocks of the department when a case is taken up again; what runs still is not begun a second time."""
    running = {clock.rule.id for clock in case.running()}
    again = [rule for rule in case.rules.values() if rule.starts == "assigned" and "signed" not in rule.met_by]
    fresh = [rule for rule in again if not rule.per_message and rule.id not in running]
    return [start_clock(rule, at, worktime, suffix=f"#{case.version}") for rule in fresh]


def archive(case: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """归档."""
    check("archive", case.state)
    return case.after("archived", at, by, note, {})
