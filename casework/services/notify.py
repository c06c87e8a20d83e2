"""交办: what waits in the outboxes is given to a channel; at least once, with a key by which receivers drop repeats.

What one person would be told many times over is one message (``domain.bundling``). A message is tried on its first
channel until the retry table gives it up, then by the same table on the second channel; after that its notices are
``failed``, dead letters that stay visible until a person sends them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from casework.domain.bundling import GROUPED, Bundle, bundles, outdated
from casework.domain.case import Case
from casework.domain.departments import excluded_units, heir, living
from casework.domain.emergency import urgent
from casework.domain.matching import REPORT
from casework.domain.notice import Delivery, Message, Notice, Recipient
from casework.domain.office import Office
from casework.domain.times import SHANGHAI, store_time
from casework.ports import Channel, Roster, Store
from casework.services.holding import Gate, open_gate
from casework.services.notice_facts import facts_of_notice, fields_of

BY = "huiying"
TOLD = frozenset(("notified", "notice_failed", "notice_arrived", "notice_outdated"))
"""What a round leaves in a history."""
RECEIPT_WITHIN = timedelta(hours=1)
"""How long a service is asked whether a message arrived."""

Render = Callable[[str, Mapping[str, object], int | None], tuple[str, str]]
"""(kind of notice, facts, most characters of the body) → (subject, body)."""
Ways = Callable[[str, str, bool], tuple[Channel, ...]]
"""(kind of notice, ``department/role``, whether only one person may read it) → first and second channel."""


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


@runtime_checkable
class GivesReceipts(Protocol):
    """A channel that can say later whether a message arrived."""

    def receipt(self, receipt: str, recipient: Recipient, sent_at: datetime) -> Delivery | None:
        """Arrived, refused, or None: not known yet."""


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling needs besides the store. ``every``: the least time between two messages about the same.

    ``acknowledge``: (case, key) → the link by which the recipient says that he has read it; None: no such links.
    ``clock``: what time it is; None: always the moment of the round. ``place``: a division code in words.
    """

    office: Office
    roster: Roster
    render: Render
    retry: RetryTable
    channels: Ways
    every: timedelta = timedelta(hours=1)
    acknowledge: Callable[[str, str], str] | None = None
    clock: Callable[[], datetime] | None = None
    place: Callable[[str], str] | None = None


@dataclass(slots=True)
class NotifyCounts:
    """Messages: in = sent + waiting + failed."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        total = self.sent + self.waiting + self.failed
        return {"in": total, "sent": self.sent, "waiting": self.waiting, "failed": self.failed}


def notify(store: Store, teller: Teller, now: datetime) -> NotifyCounts:
    """Try every notice whose moment has come, once; ask for receipts that are still open."""
    counts = NotifyCounts()
    gate = open_gate(store, now, teller.office.quiet, teller.clock)
    for batch in store.cases_to_notify(now):
        told = [_tell_case(case, teller, gate, counts) for case in batch]
        for conflicting in store.save_cases([case for case in told if case is not None]):
            _mark_again(store, conflicting, {case.id: case for case in told if case is not None})
    return counts


def _mark_again(store: Store, id_: str, told: Mapping[str, Case]) -> None:
    """Somebody wrote the case while its notices went out: put what came of them on the newer case."""
    for _ in range(5):
        case = store.get_case(id_)
        known = {entry.hash for entry in case.history}
        for entry in told[id_].history:
            if entry.hash not in known and entry.what in TOLD:
                case = case.after(entry.what, entry.at, entry.by, entry.note, entry.data)
        if not store.save_cases([case]):
            return


def _tell_case(case: Case, teller: Teller, gate: Gate, counts: NotifyCounts) -> Case | None:
    changed = _without_outdated(case, gate.now)
    for bundle in bundles(changed, gate.now, teller.every):
        # In the hours of the night only an emergency wakes anybody; the rest stays where it is until they end.
        if (gate.night and not urgent(case)) or gate.silent(case, bundle.lead):
            counts.waiting += 1
        else:
            changed = _tell(changed, bundle, teller, gate, counts)
    for notice in case.unconfirmed():
        if notice.next_at is not None and notice.next_at <= gate.now:
            changed = _confirm(changed, notice, teller, gate.now)
    return changed if changed.version != case.version else None


def _without_outdated(case: Case, now: datetime) -> Case:
    """The case without the notices that nobody needs any more: nobody is urged to do what he has done."""
    past = outdated(case, now)
    if not past:
        return case
    data = {"key": past[0].key, "with": [notice.key for notice in past[1:]]}
    return case.after("notice_outdated", now, BY, None, data)


def _tell(case: Case, bundle: Bundle, teller: Teller, gate: Gate, counts: NotifyCounts) -> Case:
    notice, office, now = bundle.lead, teller.office, gate.now
    to = _recipient(case, notice, office, now)
    if to is None:
        # The mark may have come after the notice was written; it must not go out (信访工作条例 第三十条).
        counts.failed += 1
        return _failed(case, bundle, now, Tried(False, "", "the recipient is the unit reported", bundle.attempts + 1))
    place = teller.place(case.places[0]) if teller.place is not None and case.places else None
    facts = facts_of_notice(case, notice, office, now, bundle.count(), place)
    link = f"{office.link_base}/cases/{case.id}"
    ack = teller.acknowledge(case.id, notice.key) if teller.acknowledge and notice.kind in GROUPED else None
    wanted = Wanted(replace(notice, attempts=bundle.attempts), to, facts, link, case.petition_kind == REPORT, ack)
    tried = attempt(wanted, teller, gate, counts)
    if tried is None:
        return case
    if not tried.ok:
        return _failed(case, bundle, now, tried)
    data: dict[str, Any] = {"key": notice.key, "channel": tried.channel, **_with(bundle)}
    return case.after("notified", now, BY, None, data | ({"receipt": tried.receipt} if tried.receipt else {}))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One message to be sent. ``private``: one person alone may read it. ``ack``: link to say that it was read."""

    notice: Notice
    to: str
    facts: Mapping[str, object]
    link: str
    private: bool = False
    ack: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one try; ``next_at`` None after a failure: given up."""

    ok: bool
    channel: str
    detail: str = ""
    attempts: int = 0
    next_at: datetime | None = None
    receipt: str | None = None


def attempt(wanted: Wanted, teller: Teller, gate: Gate, counts: NotifyCounts) -> Tried | None:
    """Give a message to the channel whose turn it is, once, and count what came of it; None: it has to wait."""
    notice, now = wanted.notice, gate.now
    channels = teller.channels(notice.kind, wanted.to, wanted.private)
    if not channels:
        counts.failed += 1
        return Tried(False, "", "no channel that one person alone reads is switched on", notice.attempts + 1)
    channel = channels[min(teller.retry.channel_of(notice.attempts), len(channels) - 1)]
    if not gate.takes(channel, notice.urgent):
        counts.waiting += 1
        return None
    answer = channel.send(_message(wanted, teller, channel, now))
    if answer.ok:
        counts.sent += 1
        return Tried(True, channel.name, receipt=answer.receipt)
    step = teller.retry.after_failure(notice.attempts, answer, now, len(channels) > 1)
    if step.at is None:
        counts.failed += 1
    else:
        counts.waiting += 1
    return Tried(False, channel.name, f"{channel.name}: {answer.detail}", step.attempts, step.at)


def _message(wanted: Wanted, teller: Teller, channel: Channel, now: datetime) -> Message:
    notice, facts = wanted.notice, dict(wanted.facts)
    if wanted.ack is not None and not channel.limits.shared:
        facts["ack"] = wanted.ack
    subject, body = teller.render(notice.kind, facts, channel.limits.characters)
    recipient = teller.roster.recipient(wanted.to, now, wanted.private)
    fields = fields_of(notice.kind, wanted.facts)
    return Message(notice.key, recipient, subject, body, wanted.link, notice.urgent, notice.kind, fields)


def _confirm(case: Case, notice: Notice, teller: Teller, now: datetime) -> Case:
    """Ask the service whether a message arrived; one that did not goes the way of a refused one."""
    sent_at = notice.sent_at or now
    to = _recipient(case, notice, teller.office, sent_at) or notice.to
    private = case.petition_kind == REPORT
    ways = teller.channels(notice.kind, to, private)
    channel = next((one for one in ways if one.name == notice.channel), None)
    found = None
    if isinstance(channel, GivesReceipts) and notice.receipt:
        found = channel.receipt(notice.receipt, teller.roster.recipient(to, sent_at, private), sent_at)
        if found is None and now < sent_at + RECEIPT_WITHIN:
            return case
    if found is not None and not found.ok:
        step = teller.retry.after_failure(notice.attempts, replace(found, retry=False), now, len(ways) > 1)
        tried = Tried(False, notice.channel or "", f"{notice.channel}: {found.detail}", step.attempts, step.at)
        return _failed(case, Bundle(notice), now, tried)
    return case.after("notice_arrived", now, BY, None, {"key": notice.key, "ok": None if found is None else True})


def _failed(case: Case, bundle: Bundle, now: datetime, tried: Tried) -> Case:
    data = {
        "key": bundle.lead.key,
        "detail": tried.detail,
        "state": "failed" if tried.next_at is None else "waiting",
        "attempts": tried.attempts,
        "next_at": None if tried.next_at is None else store_time(tried.next_at),
        **_with(bundle),
    }
    return case.after("notice_failed", now, BY, None, data)


def _with(bundle: Bundle) -> dict[str, list[str]]:
    return {"with": [notice.key for notice in bundle.more]} if bundle.more else {}


def _recipient(case: Case, notice: Notice, office: Office, now: datetime) -> str | None:
    """``department/role`` of who is told: the department, or who has its duties today (机构改革).

    For the review desk, where that is reported itself, the next desk that is not. None: who is left is reported.
    """
    department, role = notice.to.split("/")
    units, day = office.routing.departments, now.astimezone(SHANGHAI).date()
    # A department that is no longer on the list at all is told under its old name, by way of the default desk.
    desks = [heir(department, units, day) or department]
    if department == "@review":
        desks = living((office.review_desk, office.discipline_desk, office.default_desk, *units), units, day)
    barred = excluded_units(case.excluded, units)
    return next((f"{desk}/{role}" for desk in desks if desk not in barred), None)
