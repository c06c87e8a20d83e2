"""What happenings make of a case's outbox: told, failed, arrived, sent again; an entry may speak of several notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from casework.domain.case import Case
from casework.domain.happenings import Happening
from casework.domain.notice import Notice
from casework.domain.times import parse_time

RECEIPT_AFTER = timedelta(minutes=1)
"""When a service that gives receipts is asked first."""


def notified(case: Case, entry: Happening) -> Case:
    """A channel took the notice, and with it those told in the same message (``with``)."""
    data = entry.data
    receipt = data.get("receipt")
    ask = entry.at + RECEIPT_AFTER if receipt else None

    def told(notice: Notice) -> Notice:
        first = notice.key == data["key"]
        sent = replace(notice, state="sent", sent_at=entry.at, channel=data["channel"], next_at=None, receipt=None)
        return replace(sent, receipt=receipt, next_at=ask) if first else sent

    return _changed(case, entry, told)


def failed(case: Case, entry: Happening) -> Case:
    """A try failed: it waits for the next one, or was given up."""
    data = entry.data
    next_at = parse_time(data["next_at"]) if data["next_at"] else None

    def tried(notice: Notice) -> Notice:
        state, attempts = data["state"], data["attempts"]
        return replace(
            notice, state=state, attempts=attempts, next_at=next_at, detail=data["detail"], sent_at=None, receipt=None
        )

    return _changed(case, entry, tried)


def arrived(case: Case, entry: Happening) -> Case:
    """The service said that it arrived, or never said so in time (``ok`` null): it is asked no more."""
    return _changed(case, entry, lambda notice: replace(notice, receipt=None, next_at=None))


def outdated(case: Case, entry: Happening) -> Case:
    """What it asks for was done, or stands still, before it could be sent: it is not sent any more."""
    return _changed(case, entry, lambda notice: replace(notice, state="outdated", next_at=None))


def resent(case: Case, entry: Happening) -> Case:
    """A person wants it sent again: as if it had never been tried."""
    return _changed(
        case, entry, lambda notice: replace(notice, state="waiting", attempts=0, next_at=None, sent_at=None, detail="")
    )


def _changed(case: Case, entry: Happening, change: Callable[[Notice], Notice]) -> Case:
    # Histories of before 2026-11-24 have one notice an entry.
    keys = frozenset((entry.data["key"], *entry.data.get("with", ())))
    return replace(case, outbox=tuple(change(one) if one.key in keys else one for one in case.outbox))
