"""What is foreseen on every store: limits that end soon, and matters that people bring up again and again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from casework.domain import acts
from casework.domain.event import Event
from casework.domain.times import show_time
from casework.ports import Store
from casework.services.foresight import about_to_be_late, repeated
from pipeline import cli
from pipeline.settings import ROOT
from tests.contract.stores.things import case, post, put
from tests.unit.domain.making import HOUR, START, WORKTIME, published


def test_limits_that_end_soon_are_named_the_first_first(store: Store) -> None:
    signed = acts.sign(case(2, to="news"), "zhang", START, WORKTIME)
    assert all(store.create_cases([case(1, to="housing"), signed, case(3, to="housing", at=START - 100 * HOUR)]))
    store.refresh()
    # Signing is due after four working hours (14:00); the message's answer after five working days.
    soon = about_to_be_late(store, START, timedelta(hours=5))
    assert [(one.case.id, one.clock.rule.id) for one in soon] == [("case:board:1", "case_sign")]
    # What is late already is not foreseen, and what is due at the very end of the time is.
    assert about_to_be_late(store, START + 5 * HOUR, timedelta(hours=1)) == []
    assert len(about_to_be_late(store, START + 4 * HOUR, timedelta(hours=1))) == 1
    week = about_to_be_late(store, START, timedelta(days=10))
    rules = [one.clock.rule.id for one in week if one.case.id == "case:board:2"]
    assert rules == ["message_answer", "case_finish"]
    assert [one.clock.due for one in week] == sorted(one.clock.due for one in week if one.clock.due)


def event(number: int, posts: list[str], case_: str | None) -> Event:
    return Event(f"event:board:{number}", "路灯", tuple(posts), START, START + 50 * HOUR, 1.0, case_)


def test_what_people_bring_up_after_an_answer_comes_first(store: Store) -> None:
    put(store, *(post(n, f"第{n}条") for n in range(1, 12)), post(99, "报道", kind="news"))
    answered = published(START + timedelta(minutes=2))
    assert all(store.create_cases([answered, case(20, to="housing")]))
    store.put_events(
        [
            event(1, ["board:1", "board:2", "board:3", "board:4"], answered.id),
            event(5, [f"board:{n}" for n in range(5, 12)], "case:board:20"),
            event(30, ["board:99", "board:1", "board:2"], None),
        ]
    )
    store.refresh()
    found = repeated(store, START + 60 * HOUR)
    assert [(one.event.id, one.people, one.after) for one in found] == [
        ("event:board:1", 4, 2),
        ("event:board:5", 7, 0),
    ]
    assert repeated(store, START + timedelta(days=40)) == []


def test_the_command_shows_and_changes_nothing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert all(store.create_cases([case(1, to="housing")]))
    store.refresh()
    common = ["supervise", "--store", store.url, "--config", str(ROOT / "config"), "--now", show_time(START + HOUR)]
    assert cli.run([*common, "--ahead", "48h", "--json"]) == 0
    told: Any = json.loads(capsys.readouterr().out)
    assert [(one["case"], one["rule"]) for one in told["late"]] == [("case:board:1", "case_sign")]
    assert (told["repeated"], told["until"]) == ([], show_time(START + 49 * HOUR))
    assert store.get_case("case:board:1").version == 2
    assert cli.run([*common, "--ahead", "48h"]) == 0
    assert "将到期未办" in capsys.readouterr().out
    for wrong in ("48", "0h", "two days", "-1h", "999999d"):
        assert cli.run([*common, "--ahead", wrong, "--json"]) == 2
        assert "write 90m, 48h or 7d" in json.loads(capsys.readouterr().out)["error"]["detail"]
