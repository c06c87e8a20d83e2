"""告警: what a watch found becomes alarms of the office, each told once; their notices go out as those of cases do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from casework.domain.alarm import Alarm, Finding, told
from casework.domain.departments import excluded_units
from casework.domain.matching import REPORT
from casework.domain.notice import Notice
from casework.domain.office import Office
from casework.ports import Conflict, Store
from casework.services.holding import Gate, open_gate
from casework.services.notify import NotifyCounts, Teller, Wanted, attempt


def raise_alarms(store: Store, office: Office, findings: Iterable[Finding], now: datetime) -> list[Alarm]:
    """Keep what changed since it was told last; those alarms. Running it again changes nothing."""
    held = {alarm.id: alarm for alarm in store.list_alarms()}
    changed = []
    for finding in findings:
        alarm = told(held.get(finding.id), finding, f"{office.review_desk}/contact", now)
        if alarm is None:
            continue
        try:
            store.save_alarm(alarm)
        except Conflict:
            # Somebody else watches too; what he did not say is said by the next watch.
            continue
        changed.append(alarm)
    return changed


def tell_alarms(store: Store, teller: Teller, now: datetime, counts: NotifyCounts) -> NotifyCounts:
    """Try every notice of an alarm whose moment has come, once; added to ``counts``."""
    gate = open_gate(store, now, teller.office.quiet, teller.clock)
    for alarm in store.list_alarms():
        ready = alarm.waiting(now)
        held = [one for one in ready if gate.night and not one.urgent]
        counts.waiting += len(held)
        tried = [_tell(notice, alarm.id, teller, gate, counts) for notice in ready if notice not in held]
        if tried:
            _keep(store, alarm, tried)
    return counts


def _tell(notice: Notice, id_: str, teller: Teller, gate: Gate, counts: NotifyCounts) -> Notice:
    if _barred(notice, gate.store, teller.office):
        counts.failed += 1
        return replace(notice, state="failed", detail="the case is a report of wrongdoing now", next_at=None)
    link = teller.office.link_base + notice.facts.get("link", "")
    facts = {"case_id": id_, **notice.facts, "link": link}
    tried = attempt(Wanted(notice, notice.to, facts, link), teller, gate, counts)
    if tried is None:
        return notice
    if tried.ok:
        return replace(notice, state="sent", sent_at=gate.now, channel=tried.channel)
    state = "failed" if tried.next_at is None else "waiting"
    return replace(notice, state=state, attempts=tried.attempts, next_at=tried.next_at, detail=tried.detail)


def _barred(notice: Notice, store: Store, office: Office) -> bool:
    """Whether it speaks of a 检举控告 that its recipient must not know: the mark may have come after it was written.

    Only who holds the case, or the discipline desk, is told of one (信访工作条例 第三十条).
    """
    id_, department = notice.facts.get("case_id", ""), notice.to.split("/")[0]
    case = store.get_cases([id_]).get(id_) if id_ else None
    if case is None or case.petition_kind != REPORT:
        return False
    barred = excluded_units(case.excluded, office.routing.departments)
    return department in barred or department not in (office.discipline_desk, case.department)


def _keep(store: Store, alarm: Alarm, tried: Iterable[Notice]) -> None:
    """Write what came of the notices, on the newer alarm where somebody wrote it meanwhile."""
    for _ in range(5):
        for notice in tried:
            alarm = alarm.with_notice(notice)
        try:
            store.save_alarm(alarm)
        except Conflict:
            alarm = next(one for one in store.list_alarms() if one.id == alarm.id)
        else:
            return
