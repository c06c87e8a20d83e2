"""Notices as the office sees them: what waits, what was given up (死信), and sending it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from casework.domain.case import Case
from casework.domain.notice import Notice
from casework.ports import CaseFilter, Conflict, NotFound, Store

FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""Later than any notice waits."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice and what it belongs to: a case, or an alarm of the office."""

    owner: str
    notice: Notice


def notices(store: Store, state: str, case: str | None = None) -> Iterator[Entry]:
    """Notices of a state, of one case or of all, by case; those of the office's alarms last.

    Of the cases only those are read that may have such a notice.
    """
    if case is not None:
        yield from _of(case, store.get_case(case).outbox, state)
        return
    for found in _with_waiting(store) if state == "waiting" else store.list_cases(CaseFilter(dead=state == "failed")):
        yield from _of(found.id, found.outbox, state)
    for alarm in store.list_alarms():
        yield from _of(alarm.id, alarm.notices, state)


def _with_waiting(store: Store) -> Iterator[Case]:
    return (case for batch in store.cases_to_notify(FAR) for case in batch)


def _of(owner: str, found: tuple[Notice, ...], state: str) -> Iterator[Entry]:
    return (Entry(owner, notice) for notice in found if notice.state == state)


def resend(store: Store, entry: Entry, by: str, now: datetime) -> None:
    """Let a notice that was given up be sent again from the start. Raises Conflict, NotFound.

    Whether it may go out is asked anew when it does: a unit that is reported meanwhile gets nothing.
    """
    for alarm in store.list_alarms():
        if alarm.id == entry.owner:
            again = replace(entry.notice, state="waiting", attempts=0, next_at=now, detail="")
            store.save_alarm(alarm.with_notice(again))
            return
    case = store.get_case(entry.owner)
    if not any(one.key == entry.notice.key and one.state == "failed" for one in case.outbox):
        raise Conflict(f"{entry.notice.key} is no longer given up; list them again")
    store.save_case(case.after("notice_resent", now, by, None, {"key": entry.notice.key}))


def find_dead(store: Store, key: str) -> Entry:
    """The notice that was given up under ``key``. Raises NotFound."""
    for entry in notices(store, "failed"):
        if entry.notice.key == key:
            return entry
    raise NotFound(f"no notice {key!r} was given up; see huiying notice list --dead")
