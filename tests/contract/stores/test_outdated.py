"""Notices that waited until nobody needed them any more; both stores alike."""

from __future__ import annotations

from dataclasses import replace

from casework.domain import acts
from casework.domain.routing import Route
from casework.ports import Store
from casework.services.notify import Teller, notify
from casework.services.supervise import supervise
from tests.unit.domain.making import ANSWER, HOUR, START, WORKTIME, opened
from tests.unit.telling.making import Box, office, teller


def round_(store: Store, mail: Teller, at_hours: float) -> dict[str, int]:
    store.refresh()
    counts = notify(store, mail, START + at_hours * HOUR).to_json()
    store.refresh()
    return counts


def test_nobody_is_urged_to_do_what_was_done_or_stopped_meanwhile(store: Store) -> None:
    """Until 2026-11-25 a reminder whose limit was paused before it was sent ended the whole round with an error."""
    for number in range(3):
        store.create_cases([opened(f"night:{number}", rules=(ANSWER,))])
        case_ = acts.assign(store.get_case(f"case:night:{number}"), Route("housing", (), "x"), "a", START, WORKTIME)
        store.save_case(case_)
    store.refresh()
    night = replace(office(), worktime=WORKTIME)
    dark = START + 92 * HOUR
    supervise(store, night, dark)
    store.refresh()
    done = store.get_case("case:night:0")
    store.save_case(acts.answer(done, done.posts, dark, "a", dark))
    store.save_case(acts.pause(store.get_case("case:night:1"), "鉴定", "a", dark, WORKTIME))
    box = Box("mail")
    mail = teller(night, box)
    round_(store, mail, 98)
    told = [one.key for one in box.given if one.kind == "reminder"]
    assert {key.split("/")[0] for key in told} == {"case:night:2"}
    for number in (0, 1):
        found = store.get_case(f"case:night:{number}")
        assert [one.state for one in found.outbox if one.kind == "reminder"] == ["outdated"]
        assert found.history[-1].what == "notified"
        assert found.notify_at is None
    assert round_(store, mail, 99)["in"] == 0
