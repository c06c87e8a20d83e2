"""Alarms of the office: kept as they were, two writers told apart, each change told once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.domain.alarm import KEPT, Finding, told
from casework.ports import Conflict, Store
from tests.contract.stores.things import SEEN, alarm
from tests.unit.domain.making import HOUR


def test_an_alarm_reads_back_as_it_was(store: Store) -> None:
    assert store.list_alarms() == []
    written = alarm("source:b")
    sent = replace(written.notices[0], state="sent", sent_at=SEEN + HOUR, channel="console", next_at=None, attempts=2)
    store.save_alarm(written.with_notice(sent))
    store.save_alarm(alarm("source:a"))
    first, second = store.list_alarms()
    assert replace(first, token=None) == alarm("source:a")
    assert replace(second, token=None) == written.with_notice(sent)
    assert second.waiting(SEEN + HOUR) == []
    assert [notice.key for notice in first.waiting(SEEN)] == ["source:a/1"]


def test_the_second_of_two_writers_gets_a_conflict(store: Store) -> None:
    store.save_alarm(alarm())
    with pytest.raises(Conflict, match="source:a"):
        store.save_alarm(alarm())
    (held,) = store.list_alarms()
    over = told(held, Finding("source:a", None), "news/contact", SEEN + HOUR)
    assert over is not None
    store.save_alarm(over)
    with pytest.raises(Conflict, match="source:a"):
        store.save_alarm(replace(held, state="stopped"))
    (kept,) = store.list_alarms()
    assert (kept.state, kept.number, len(kept.notices)) == (None, 2, 2)
    store.save_alarm(replace(kept, state="stopped"))
    assert store.list_alarms()[0].state == "stopped"


def test_a_change_is_told_once_and_what_was_told_is_let_go() -> None:
    at = SEEN
    held = alarm()
    assert told(held, Finding("source:a", "silent", {"reason": "已 4 天"}), "news/contact", at) is None
    assert told(None, Finding("source:a", None), "news/contact", at) is None
    for number in range(30):
        state = None if number % 2 == 0 else "stopped"
        changed = told(held, Finding("source:a", state), "news/contact", at + number * HOUR)
        assert changed is not None
        newest = changed.notices[-1]
        assert (newest.kind, newest.urgent) == (("source_well", False) if state is None else ("source_alarm", True))
        held = changed.with_notice(replace(newest, state="sent"))
    assert held.number == 31
    # The first never went out and still waits; of the others the newest are kept, and the one just told.
    assert [notice.key for notice in held.notices] == ["source:a/1", *(f"source:a/{n}" for n in range(21, 32))]
    assert len(held.notices) == KEPT + 2


def test_what_the_office_switched_off_ends_without_a_word() -> None:
    ended = told(alarm(), Finding("source:a", None, quiet=True), "news/contact", SEEN + HOUR)
    assert ended is not None
    assert (ended.state, len(ended.notices)) == (None, 1)
