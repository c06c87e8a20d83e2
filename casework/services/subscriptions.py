"""Subscriptions as posts come in: one message for an event when it is met first, then the count, no oftener than set.

Nobody hears of what is not his to know: a report of wrongdoing (检举控告) reaches the subscriptions of the discipline
desk alone, never those of a unit that it excludes (信访工作条例 第三十条); what was said on the hotline reaches the
office's own desk and the departments that have the case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from casework.domain.alarm import KEPT, Alarm
from casework.domain.assessment import facts_of
from casework.domain.case import Case
from casework.domain.departments import excluded_units
from casework.domain.emergency import URGENT
from casework.domain.errors import DomainError
from casework.domain.event import Event
from casework.domain.matching import REPORT
from casework.domain.notice import Notice
from casework.domain.office import Office
from casework.domain.subscription import Subscription, checked, spoken
from casework.domain.times import parse_time, store_time
from casework.ports import AuditEntry, Conflict, NotFound, PostRecord, SearchFilter, Sheet, Store, StoreError
from casework.services.notice_facts import LEVELS
from casework.services.roster import ROLE_NAMES

SHEET, KIND = "subscription", "watch"
"""Kind of sheet, kind of notice."""
FORGOTTEN = timedelta(days=30)
"""An event of which nothing more came for so long is told as a new one."""
PRIVATE_KINDS = frozenset({"hotline"})
"""Kinds of post that nobody can read on the net."""
TRIES = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """A post with what opening made of it."""

    record: PostRecord
    event: Event
    case: Case | None


@dataclass(slots=True)
class _Ledger:
    """What one subscription was told: event → when, how many posts, and what more waits to be told."""

    told: dict[str, dict[str, Any]]
    notices: list[Notice] = field(default_factory=list)


def add(store: Store, one: Subscription, departments: Collection[str]) -> Subscription:
    """Keep a new subscription. Raises DomainError."""
    checked(one)
    department, _, role = one.to.partition("/")
    if department not in departments or role not in ROLE_NAMES:
        raise DomainError(f"{one.to!r}: write DEPARTMENT/ROLE with a role of {', '.join(ROLE_NAMES)}")
    store.save_sheet(Sheet(SHEET, one.id, {**one.to_doc(), "told": {}}))
    store.append_audit(AuditEntry(one.since, one.by, "subscription_added", one.id, {"to": one.to, "name": one.name}))
    return one


def remove(store: Store, id_: str, by: str, now: datetime) -> None:
    """Take a subscription away. Raises NotFound."""
    if not store.drop_sheet(SHEET, id_):
        raise NotFound(f"no such subscription {id_!r}; see huiying subscription list")
    store.append_audit(AuditEntry(now, by, "subscription_removed", id_))


def subscriptions(store: Store) -> list[Subscription]:
    """All of them by id."""
    return [Subscription.from_doc(sheet.id, sheet.doc) for sheet in store.list_sheets(SHEET)]


def may_hear(one: Subscription, seen: Seen, office: Office) -> bool:
    """Whether the subscriber may be told of a post at all."""
    department, case = one.to.partition("/")[0], seen.case
    assessment = seen.record.assessment
    report = assessment is not None and assessment.label("petition_kind") == REPORT
    accused = set(assessment.accused) if assessment is not None else set()
    if case is not None:
        report, accused = report or case.petition_kind == REPORT, accused | set(case.excluded)
    if report:
        barred = excluded_units(accused, office.routing.departments)
        return department == office.discipline_desk and department not in barred
    if seen.record.post.kind in PRIVATE_KINDS:
        having = (case.department, *case.co_departments) if case is not None else ()
        return department == office.review_desk or department in having
    return True


def watch(store: Store, office: Office, seen: Iterable[Seen], now: datetime, every: timedelta) -> int:
    """Tell subscribers of posts; how many notices were written. Doing it again for the same posts changes nothing."""
    sheets, posts, written = store.list_sheets(SHEET), list(seen), 0
    if not sheets:
        return 0
    texts = {one.record.post.id: spoken(f"{one.record.post.title or ''}\n{one.record.post.text}") for one in posts}
    for sheet in sheets:
        asks = Subscription.from_doc(sheet.id, sheet.doc)
        pairs = ((one, _hits(asks, one, texts, office, now)) for one in posts)
        found = [pair for pair in pairs if pair[1] is not None]
        if found:
            written += _tell(store, sheet, found, now, every)
    return written


def flush(store: Store, now: datetime, every: timedelta) -> int:
    """Tell what came while the time between two messages was not over; how many notices were written."""
    return sum(_tell(store, sheet, [], now, every) for sheet in store.list_sheets(SHEET) if _waits(sheet, now, every))


def _waits(sheet: Sheet, now: datetime, every: timedelta) -> bool:
    return any(one.get("more") and parse_time(one["at"]) + every <= now for one in sheet.doc["told"].values())


def _hits(
    one: Subscription, seen: Seen, texts: Mapping[str, str], office: Office, now: datetime
) -> tuple[str, ...] | None:
    record = seen.record
    if record.assessment is None or not may_hear(one, seen, office):
        return None
    facts = facts_of(record.post, record.assessment, seen.event.heat_at(now), len(seen.event.posts))
    return one.hits(facts, texts[record.post.id])


def _tell(
    store: Store, sheet: Sheet, found: list[tuple[Seen, tuple[str, ...] | None]], now: datetime, every: timedelta
) -> int:
    """The notices first, then the ledger: killed in between, the same notices are made again under the same keys."""
    for _ in range(TRIES):
        one = Subscription.from_doc(sheet.id, sheet.doc)
        kept = {key: dict(value) for key, value in sheet.doc["told"].items() if _recent(value, now)}
        ledger = _Ledger(kept)
        for seen, words in found:
            _note(ledger, one, seen, words or (), now)
        _due(ledger, one, now, every)
        try:
            _put(store, one, ledger.notices, now)
            store.save_sheet(replace(sheet, doc={**sheet.doc, "told": ledger.told}))
        except Conflict:
            newer = store.get_sheet(SHEET, sheet.id)
            if newer is None:
                return 0  # taken away meanwhile
            sheet = newer
            continue
        return len(ledger.notices)
    raise StoreError(f"subscription {sheet.id} was changed {TRIES} times in a row; run again")


def _recent(told: dict[str, Any], now: datetime) -> bool:
    return parse_time(told["at"]) + FORGOTTEN > now


def _note(ledger: _Ledger, one: Subscription, seen: Seen, words: tuple[str, ...], now: datetime) -> None:
    """Add a post to what its event's next message says."""
    held = ledger.told.setdefault(seen.event.id, {"at": None, "posts": [], "more": None})
    if seen.record.post.id in held["posts"]:
        return
    held["posts"] = [*held["posts"], seen.record.post.id]
    assessment = seen.record.assessment
    regions = assessment.value.get("regions") if assessment is not None else None
    severity = assessment.severity if assessment is not None else None
    reason = f"关注“{one.name}”命中" + (f"：{'、'.join(words[:8])}" if words else "")
    held["more"] = {
        "title": seen.event.title,
        "severity_label": LEVELS.get(severity or "", "待研判"),
        "place": regions[0]["path"] if regions else "",
        "reason": reason,
        "heat": f"{seen.event.heat_at(now):.1f}",
        "case_id": seen.case.id if seen.case is not None else seen.event.id,
        "link": f"/cases/{seen.case.id}" if seen.case is not None else "/",
        "urgent": "yes" if severity in URGENT else "",
    }


def _due(ledger: _Ledger, one: Subscription, now: datetime, every: timedelta) -> None:
    """The messages whose moment has come."""
    for event, held in ledger.told.items():
        if not held["more"] or (held["at"] is not None and parse_time(held["at"]) + every > now):
            held["at"] = held["at"] or store_time(now)
            continue
        count = len(held["posts"])
        facts = {name: value for name, value in held["more"].items() if value and name != "urgent"}
        if count > 1:
            facts["count"] = f"已有 {count} 条相关内容"
        key = f"watch:{one.id}/{event}/{count}"
        ledger.notices.append(Notice(key, KIND, one.to, now, facts, urgent=bool(held["more"]["urgent"]), next_at=now))
        held["at"], held["more"] = store_time(now), None


def _put(store: Store, one: Subscription, notices: list[Notice], now: datetime) -> None:
    """Let the notices wait with the alarms of the office. Raises Conflict."""
    if not notices:
        return
    id_ = f"watch:{one.id}"
    alarm = next((held for held in store.list_alarms() if held.id == id_), Alarm(id_, "watching", now))
    known = {notice.key for notice in alarm.notices}
    fresh = [notice for notice in notices if notice.key not in known]
    done = [notice for notice in alarm.notices if notice.state != "waiting"]
    let_go = {notice.key for notice in done[:-KEPT]}
    kept = tuple(notice for notice in alarm.notices if notice.key not in let_go)
    store.save_alarm(replace(alarm, notices=(*kept, *fresh), number=alarm.number + len(fresh)))


def would_tell(store: Store, office: Office, id_: str, now: datetime, limit: int) -> list[tuple[str, tuple[str, ...]]]:
    """Of the newest ``limit`` posts those that a subscription means, with the words found. Raises NotFound."""
    sheet = store.get_sheet(SHEET, id_)
    if sheet is None:
        raise NotFound(f"no such subscription {id_!r}; see huiying subscription list")
    records = [one for one in store.recent_posts(SearchFilter(), limit) if one.assessment is not None and one.event]
    events = store.get_events(sorted({one.event for one in records if one.event}))
    cases = store.get_cases(sorted({one.case for one in records if one.case}))
    asks, found = Subscription.from_doc(sheet.id, sheet.doc), []
    for record in records:
        event = events.get(record.event or "")
        if event is None:
            continue
        text = spoken(f"{record.post.title or ''}\n{record.post.text}")
        words = _hits(asks, Seen(record, event, cases.get(record.case or "")), {record.post.id: text}, office, now)
        if words is not None:
            found.append((record.post.id, words))
    return found
