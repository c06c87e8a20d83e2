"""交办: what waits in the outboxes is given to a channel; at least once, with a key by which receivers drop repeats.

A notice is tried on its first channel until the retry table gives it up, then once more by the same table on the
second channel; after that it is ``failed`` and stays visible on the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.emergency import urgent
from casework.domain.matching import REPORT
from casework.domain.moves import STATES
from casework.domain.notice import Delivery, Message, Notice
from casework.domain.office import Office
from casework.domain.times import store_time
from casework.ports import Channel, Roster, Store

BY = "huiying"
LEVELS = {"extraordinary": "特别重大", "major": "重大", "serious": "较大", "ordinary": "一般", "none": "非突发事件"}
ACTIONS = {
    "assigned": "请签收并办理；不属本单位职责的，请说明理由退回。",
    "assigned_co": "请配合主办单位办理。",
    "reminder": "请在期限前办结本项，确需延期的请提前申请。",
    "overdue": "本项已到期限，请立即办理并说明原因。",
    "escalated": "本项逾期未办，请督促办理。",
    "urged": "本项到期未办结，请立即办理，书面说明原因和办结时间，并报分管领导。",
    "circulated": "本项经催办仍未办结，予以书面通报，请主要负责人亲自过问，限期办结。",
    "returned": "承办单位退回，请重新确定承办单位。",
    "review_needed": "系统不能确定如何处理，请人工研判。",
}
"""What to do, by kind of notice: a notice without an action is noise."""

Render = Callable[[str, Mapping[str, object]], tuple[str, str]]
"""(kind of notice, facts) → (subject, body)."""


class NextStep(Protocol):
    """What follows a failed try: the notice's new count of tries, and when to try again (None: given up)."""

    attempts: int
    at: datetime | None


class RetryTable(Protocol):
    """When a failed try is repeated, and on which of the channels; counted over both channels."""

    def channel_of(self, attempts: int) -> int:
        """Which channel the next try uses, from 0."""
        ...

    def after_failure(self, attempts: int, delivery: Delivery, now: datetime, second: bool) -> NextStep:
        """The step after a try that failed when ``attempts`` had failed before."""
        ...


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling needs besides the store. ``channels`` gives the first and the second channel of a notice."""

    office: Office
    roster: Roster
    render: Render
    retry: RetryTable
    channels: Callable[[str, str], tuple[Channel, ...]]


@dataclass(slots=True)
class NotifyCounts:
    """in = sent + waiting + failed."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        total = self.sent + self.waiting + self.failed
        return {"in": total, "sent": self.sent, "waiting": self.waiting, "failed": self.failed}


def notify(store: Store, teller: Teller, now: datetime) -> NotifyCounts:
    """Try every notice whose moment has come, once."""
    counts = NotifyCounts()
    for batch in store.cases_to_notify(now):
        told = [_tell_case(case, teller, now, counts) for case in batch]
        for conflicting in store.save_cases([case for case in told if case is not None]):
            _mark_again(store, conflicting, {case.id: case for case in told if case is not None})
    return counts


def _mark_again(store: Store, id_: str, told: Mapping[str, Case]) -> None:
    """Somebody wrote the case while its notices went out: put what came of them on the newer case."""
    for _ in range(5):
        case = store.get_case(id_)
        known = {entry.hash for entry in case.history}
        for entry in told[id_].history:
            if entry.hash not in known and entry.what in ("notified", "notice_failed"):
                case = case.after(entry.what, entry.at, entry.by, entry.note, entry.data)
        if not store.save_cases([case]):
            return


def _tell_case(case: Case, teller: Teller, now: datetime, counts: NotifyCounts) -> Case | None:
    changed = case
    quiet = teller.office.quiet
    # In the hours of the night only an emergency wakes anybody; the rest stays where it is until they end.
    held = quiet is not None and quiet.until(now) is not None and not urgent(case)
    for notice in case.waiting():
        if notice.next_at is not None and notice.next_at > now:
            continue
        if held:
            counts.waiting += 1
        else:
            changed = _tell(changed, notice, teller, now, counts)
    return changed if changed.version != case.version else None


def _tell(case: Case, notice: Notice, teller: Teller, now: datetime, counts: NotifyCounts) -> Case:
    department, role = notice.to.split("/")
    to = f"{_desk(department, teller.office)}/{role}"
    if to.split("/")[0] in case.excluded:
        # The mark may have come after the notice was written; it must not go out (信访工作条例 第三十条).
        counts.failed += 1
        return _failed(case, notice, now, "the recipient is the unit reported", notice.attempts + 1, None)
    facts = facts_of_notice(case, notice, teller.office, now)
    link = f"{teller.office.link_base}/cases/{case.id}"
    tried = attempt(notice, to, facts, link, teller, now, counts, own=case.petition_kind == REPORT)
    if tried.ok:
        return case.after("notified", now, BY, None, {"key": notice.key, "channel": tried.channel})
    return _failed(case, notice, now, tried.detail, tried.attempts, tried.next_at)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one try; ``next_at`` None after a failure: given up."""

    ok: bool
    channel: str
    detail: str = ""
    attempts: int = 0
    next_at: datetime | None = None


def attempt(
    notice: Notice,
    to: str,
    facts: Mapping[str, object],
    link: str,
    teller: Teller,
    now: datetime,
    counts: NotifyCounts,
    own: bool = False,
) -> Tried:
    """Give a notice to the channel whose turn it is, once, and count what came of it.

    ``own``: to nobody but the people of the department itself, whoever is on duty for all.
    """
    channels = teller.channels(notice.kind, to)
    channel = channels[min(teller.retry.channel_of(notice.attempts), len(channels) - 1)]
    subject, body = teller.render(notice.kind, facts)
    recipient = teller.roster.recipient(to, now, own)
    answer = channel.send(Message(notice.key, recipient, subject, body, link, notice.urgent))
    if answer.ok:
        counts.sent += 1
        return Tried(True, channel.name)
    step = teller.retry.after_failure(notice.attempts, answer, now, len(channels) > 1)
    if step.at is None:
        counts.failed += 1
    else:
        counts.waiting += 1
    return Tried(False, channel.name, f"{channel.name}: {answer.detail}", step.attempts, step.at)


def _failed(case: Case, notice: Notice, now: datetime, detail: str, attempts: int, at: datetime | None) -> Case:
    data = {
        "key": notice.key,
        "detail": detail,
        "state": "failed" if at is None else "waiting",
        "attempts": attempts,
        "next_at": None if at is None else store_time(at),
    }
    return case.after("notice_failed", now, BY, None, data)


def _desk(department: str, office: Office) -> str:
    return office.review_desk if department == "@review" else department


def facts_of_notice(case: Case, notice: Notice, office: Office, now: datetime) -> dict[str, object]:
    """What a notice may say: who, what, how serious, due when by which clause, what to do, where. Masked only."""
    clock = _clock(case, notice)
    due = clock.due if clock else None
    return {
        "case_id": case.id,
        "title": case.title,
        "department": office.department_name(case.department),
        "state": STATES[case.state],
        "severity_label": LEVELS.get(case.severity or "", "待研判"),
        "due": due,
        "rule_title": clock.rule.title if clock else None,
        "reference": clock.rule.reference if clock else None,
        "basis": clock.rule.basis if clock else None,
        "time_left": time_left(due, now) if due else None,
        "reason": _reason(case, notice),
        "action": ACTIONS[notice.kind],
        "link": f"{office.link_base}/cases/{case.id}",
    }


def _reason(case: Case, notice: Notice) -> str | None:
    """Why this notice: the routing sentence, the department's reason for returning, or nothing."""
    if notice.kind == "returned":
        returns = [entry.note for entry in case.history if entry.what == "returned" and entry.at == notice.created_at]
        return returns[-1] if returns else None
    if notice.kind == "review_needed":
        return "系统不能确定是否立案，须由人工研判"
    return case.reason or None


def _clock(case: Case, notice: Notice) -> Clock | None:
    """The clock that a notice speaks of; without one, the clock that is due first."""
    key = notice.facts.get("clock")
    for clock in case.clocks:
        if clock.key == key:
            return clock
    running = [clock for clock in case.running() if clock.due is not None]
    return min(running, key=lambda clock: (clock.due, clock.key), default=None)


def time_left(due: datetime, now: datetime) -> str:
    """还有 3 小时 20 分, or 已逾期 2 天 3 小时: the two largest units."""
    minutes = int(abs((due - now).total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{number} {unit}" for number, unit in ((days, "天"), (hours, "小时"), (rest, "分")) if number]
    amount = " ".join(parts[:2]) or "不到 1 分"
    return f"还有 {amount}" if now < due else f"已逾期 {amount}"
