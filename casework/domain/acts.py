"""What may be done to a case. Each act checks the move, adds one entry to the history and returns the new case.

``by`` is the user (or the part of the system) that acts, ``at`` the moment, ``worktime`` the office's calendars.
An act that the state does not allow raises IllegalMove, which names the legal ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.domain.case import Case
from casework.domain.clock import Clock, FrozenRule, start_clock
from casework.domain.deadlines import Pause
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.moves import GATES, allowed, check
from casework.domain.routing import Route
from casework.domain.times import show_time, store_time
from casework.domain.worktime import WorkTime


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is opened with. ``messages`` are the posts (ids) to whose authors an answer is owed.

    ``trigger`` is the post that opened it. ``state`` is ``opened`` or ``to_review``; ``assumed`` are start moments that had to be stood in for.
    """

    id: str
    trigger: str
    title: str
    posts: tuple[str, ...]
    messages: tuple[str, ...]
    event: str
    severity: str | None
    petition_kind: str | None
    board_domain: str | None
    excluded: tuple[str, ...]
    state: str
    reason: str
    moments: Mapping[str, datetime]
    assumed: frozenset[str] = frozenset()


def open_case(opening: Opening, rules: Iterable[FrozenRule], at: datetime, worktime: WorkTime) -> Case:
    """A new case with the rules of its day frozen into it and the clocks started whose moment is known."""
    frozen = {rule.id: rule for rule in rules}
    clocks = _started(frozen.values(), opening.moments, worktime, opening.messages, opening.assumed)
    notices = [] if opening.state == "opened" else [_notice(opening.id, "review_needed", "@review/contact", {}, "0")]
    data = {
        "state": opening.state,
        "trigger": opening.trigger,
        "title": opening.title,
        "posts": list(opening.posts),
        "messages": list(opening.messages),
        "event": opening.event,
        "severity": opening.severity,
        "petition_kind": opening.petition_kind,
        "board_domain": opening.board_domain,
        "excluded": list(opening.excluded),
        "reason": opening.reason,
        "rules": [rule.to_json() for rule in frozen.values()],
        "clocks": [clock.to_json() for clock in clocks],
        "notices": notices,
    }
    return Case(opening.id).after("opened", at, "huiying", None, data)


def join(case: Case, post: str, owed: bool, at: datetime, worktime: WorkTime) -> Case:
    """One more post of the same matter. Where an answer is owed to it (``owed``) it brings its own clocks."""
    if post in case.posts:
        return case
    # To an ended case a post is only added; a person may reopen it.
    rules = case.rules.values() if owed and not case.ended else ()
    moments = {"received": at, "discovered": at} if case.department is None else {"received": at, "assigned": at}
    per_message = [rule for rule in rules if rule.per_message]
    clocks = _started(per_message, moments, worktime, (post,))
    data = {"posts": [post], "owed": owed, "clocks": [clock.to_json() for clock in clocks]}
    return case.after("joined", at, "huiying", None, data)


def revise(case: Case, post: str, revision: int, at: datetime) -> Case:
    """A post of the case was changed at its source; recorded once for each revision."""
    known = any(e.what == "revised" and e.data == {"post": post, "revision": revision} for e in case.history)
    return case if known else case.after("revised", at, "huiying", None, {"post": post, "revision": revision})


def accept(case: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """A person takes a case that was to review."""
    check("accept", case.state)
    return case.after("accepted", at, by, note, {})


def reject(case: Case, reason: str, by: str, at: datetime) -> Case:
    """不予受理, with the reason."""
    check("reject", case.state)
    return case.after("rejected", at, by, reason, {})


def assign(case: Case, route: Route, by: str, at: datetime, worktime: WorkTime, note: str | None = None) -> Case:
    """转办: the responsible department gets the case, its clocks start and it is told.

    A department that the case excludes (信访工作条例 第三十条) is refused as IllegalMove.
    """
    check("assign", case.state)
    excluded = tuple(sorted({*case.excluded, *route.excluded}))
    for target in (route.department, *route.co_departments):
        if target in excluded:
            raise IllegalMove("assign", case.state, allowed(case.state), f"{target} is the unit reported")
    fresh = [rule for rule in case.rules.values() if not any(clock.rule.id == rule.id for clock in case.clocks)]
    clocks = _started(fresh, {"assigned": at, "flagged": at}, worktime, _messages(case))
    number = str(case.version)
    targets = [(route.department, "assigned"), *((name, "assigned_co") for name in route.co_departments)]
    data = {
        "department": route.department,
        "co_departments": list(route.co_departments),
        "excluded": list(excluded),
        "reason": route.reason,
        "rule": route.rule,
        "default": route.default,
        "held": route.held,
        "clocks": [clock.to_json() for clock in clocks],
        "notices": [_notice(case.id, kind, f"{name}/contact", {}, number) for name, kind in targets],
    }
    return case.after("assigned", at, by, note, data)


def sign(case: Case, by: str, at: datetime, worktime: WorkTime, note: str | None = None) -> Case:
    """签收: the department takes the case; clocks that run from signing start."""
    check("sign", case.state)
    fresh = [rule for rule in case.rules.values() if not any(clock.rule.id == rule.id for clock in case.clocks)]
    clocks = _started(fresh, {"signed": at}, worktime, _messages(case))
    return case.after("signed", at, by, note, {"clocks": [clock.to_json() for clock in clocks]})


def give_back(case: Case, reason: str, by: str, at: datetime) -> Case:
    """退回: the department says, with reasons, that the matter is not its own; the office is told."""
    check("return", case.state)
    notice = _notice(case.id, "returned", "@review/contact", {"department": case.department or ""}, str(case.version))
    return case.after("returned", at, by, _required("reason", reason), {"notices": [notice]})


def handle(case: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """处置 begins."""
    check("handle", case.state)
    return case.after("handled", at, by, note, {})


def extend(
    case: Case, rule: str, to: datetime, reason: str, by: str, at: datetime, worktime: WorkTime, post: str | None = None
) -> Case:
    """延期: a later due moment for the running clocks of ``rule`` (for one message's only, where ``post`` is given)."""
    check("extend", case.state)
    chosen = [clock for clock in case.running() if rule in (clock.rule.id, clock.key) and post in (None, clock.post)]
    if not chosen:
        known = ", ".join(sorted({clock.rule.id for clock in case.running()})) or "none"
        raise DomainError(f"{case.id} has no running deadline {rule!r}; running: {known}")
    for clock in chosen:
        if clock.due is not None and to <= clock.due:
            raise DomainError(f"an extension must end after the present due moment {show_time(clock.due)}")
    clocks = [clock.extended_to(to, at, worktime).to_json() for clock in chosen]
    return case.after(
        "extended", at, by, _required("reason", reason), {"rule": rule, "to": store_time(to), "clocks": clocks}
    )


def pause(case: Case, reason: str, by: str, at: datetime, worktime: WorkTime) -> Case:
    """中止: stops the clocks whose rules allow it, until ``resume``."""
    check("pause", case.state)
    if case.paused is not None:
        raise IllegalMove("pause", case.state, [v for v in allowed(case.state) if v != "pause"], "paused already")
    pauses: list[Pause] = [*case.pauses, (case.paused or at, None)]
    return case.after("paused", at, by, _required("reason", reason), {"clocks": _again(case, worktime, pauses)})


def resume(case: Case, reason: str, by: str, at: datetime, worktime: WorkTime) -> Case:
    """恢复: the clocks run on; paused time is not counted."""
    check("resume", case.state)
    if case.paused is None:
        raise IllegalMove("resume", case.state, [v for v in allowed(case.state) if v != "resume"], "not paused")
    if at < case.paused:
        raise DomainError(f"the pause began at {show_time(case.paused)}, after {show_time(at)}")
    pauses = [*case.pauses, (case.paused, at)]
    return case.after("resumed", at, by, reason or None, {"clocks": _again(case, worktime, pauses)})


def recount(case: Case, at: datetime, worktime: WorkTime) -> Case:
    """Count again what waits for a calendar; the same case while the calendar is still missing."""
    waiting = [clock for clock in case.running() if clock.awaits is not None]
    counted = [(clock, clock.counted(worktime, case.pauses)) for clock in waiting]
    changed = [fresh.to_json() for clock, fresh in counted if fresh != clock]
    return case.after("recounted", at, "huiying", None, {"clocks": changed}) if changed else case


def draft(case: Case, text: str, by: str, at: datetime, note: str | None = None) -> Case:
    """拟稿: a text of the answer. A new text has passed no review."""
    check("draft", case.state)
    return case.after("drafted", at, by, note, {"text": _required("text", text)})


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
    if published_at > at:
        raise DomainError(f"published at {show_time(published_at)}, which is after now ({show_time(at)})")
    moment = store_time(published_at)
    published = case.after("published", at, by, note, {"url": _required("url", url), "at": moment})
    return answer(published, case.posts, published_at, by, at)


def answer(case: Case, posts: Sequence[str], answered_at: datetime, by: str, at: datetime) -> Case:
    """Record that the authors of ``posts`` have an answer; their own clocks stop at ``answered_at``."""
    fresh = [post for post in posts if post in case.posts and post not in case.answered]
    if not fresh:
        return case
    return case.after("answered", at, by, None, {"posts": fresh, "at": store_time(answered_at)})


def fulfil(case: Case, rule: str, done_at: datetime, by: str, at: datetime, note: str | None = None) -> Case:
    """Record a duty done outside the system: a press conference held, a report telephoned."""
    check("fulfil", case.state)
    keys = [clock.key for clock in case.running() if rule in (clock.rule.id, clock.key)]
    if not keys:
        known = ", ".join(sorted({clock.rule.id for clock in case.running()})) or "none"
        raise DomainError(f"{case.id} has no running deadline {rule!r}; running: {known}")
    return case.after("fulfilled", at, by, note, {"rule": rule, "keys": keys, "at": store_time(done_at)})


def close(case: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """办结. Refused while a message of the case has no answer."""
    check("close", case.state)
    owed = [post for post in _messages(case) if post not in case.answered]
    if owed:
        others = [verb for verb in allowed(case.state) if verb != "close"]
        raise IllegalMove("close", case.state, others, f"{len(owed)} message(s) without an answer: {owed[0]}")
    return case.after("closed", at, by, note, {})


def reopen(case: Case, by: str, at: datetime, worktime: WorkTime, note: str | None = None) -> Case:
    """A closed case is taken up again: the duties that run from assignment start anew, beside the old ones."""
    check("reopen", case.state)
    again = [rule for rule in case.rules.values() if rule.starts == "assigned" and "signed" not in rule.met_by]
    suffix = f"#{case.version}"
    clocks = [start_clock(rule, at, worktime, suffix=suffix) for rule in again if not rule.per_message]
    return case.after("reopened", at, by, note, {"clocks": [clock.to_json() for clock in clocks]})


def archive(case: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """归档."""
    check("archive", case.state)
    return case.after("archived", at, by, note, {})


def transfer(case: Case, to: str, reason: str, by: str, at: datetime) -> Case:
    """移交 to a body outside the office's list (公安, 网信, 信访, a court); the case ends here."""
    check("transfer", case.state)
    return case.after("transferred", at, by, _required("reason", reason), {"to": _required("to", to)})


def merge(loser: Case, winner: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """并单, first write: the loser points at the winner. ``absorb`` is the second."""
    check("merge", loser.state)
    if loser.id == winner.id:
        raise DomainError(f"{loser.id} cannot be merged into itself")
    if winner.ended:
        raise IllegalMove("merge", loser.state, allowed(loser.state), f"{winner.id} is {winner.state}")
    return loser.after("merged", at, by, note, {"into": winner.id})


def absorb(winner: Case, loser: Case, by: str, at: datetime) -> Case:
    """并单, second write: the winner takes the loser's posts and running clocks. Doing it again changes nothing."""
    if any(entry.what == "absorbed" and entry.data["from"] == loser.id for entry in winner.history):
        return winner
    keys = {clock.key for clock in winner.clocks}
    clocks = []
    for clock in loser.clocks:
        if clock.met_at is None:
            value = clock.to_json()
            value["key"] = f"{clock.key}~{loser.id}" if clock.key in keys else clock.key
            clocks.append(value)
    used = {value["rule"] for value in clocks}
    data = {
        "from": loser.id,
        "posts": list(loser.posts),
        "messages": list(_messages(loser)),
        "excluded": list(loser.excluded),
        "rules": [clock.rule.to_json() for clock in _one_each(loser.clocks) if clock.rule.id in used],
        "clocks": clocks,
    }
    return winner.after("absorbed", at, by, None, data)


def _one_each(clocks: Iterable[Clock]) -> list[Clock]:
    return list({clock.rule.id: clock for clock in clocks}.values())


def _messages(case: Case) -> tuple[str, ...]:
    """The posts to whose authors an answer is owed."""
    owed: list[str] = []
    for entry in case.history:
        if entry.what in ("opened", "absorbed"):
            owed.extend(entry.data["messages"])
        elif entry.what == "joined" and entry.data["owed"]:
            owed.extend(entry.data["posts"])
    return tuple(dict.fromkeys(owed))


def _started(
    rules: Iterable[FrozenRule],
    moments: Mapping[str, datetime],
    worktime: WorkTime,
    messages: Sequence[str],
    assumed: frozenset[str] = frozenset(),
) -> list[Clock]:
    started = []
    for rule in rules:
        if rule.starts not in moments:
            continue
        for post in messages if rule.per_message else (None,):
            at = moments[rule.starts]
            started.append(start_clock(rule, at, worktime, post=post, assumed=rule.starts in assumed))
    return started


def _again(case: Case, worktime: WorkTime, pauses: Sequence[Pause]) -> list[dict[str, Any]]:
    pausable = [clock for clock in case.running() if clock.rule.pausable]
    return [clock.counted(worktime, pauses).to_json() for clock in pausable]


def _notice(case_id: str, kind: str, to: str, facts: Mapping[str, str], number: str) -> dict[str, Any]:
    key = f"{case_id}/{kind}/{to}/{number}"
    return {"key": key, "kind": kind, "to": to, "facts": dict(facts), "urgent": False}


def _required(name: str, value: str) -> str:
    if not value or not value.strip():
        raise DomainError(f"{name} must not be empty")
    return value
