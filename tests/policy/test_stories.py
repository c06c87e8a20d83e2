"""Every situation of ``stories_*.yml``: a case from its opening on, act by act, and what becomes of its limits.

Each due moment is written in the file, and is counted once more by ``slow_count``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.config.load import load_office
from casework.domain import acts
from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.errors import DomainError
from casework.domain.matching import Facts
from casework.domain.office import Office
from casework.domain.times import parse_time, show_time
from casework.ports import Store
from casework.services.respond import act
from casework.stores.open import open_store
from tests.policy import slow_count

FOLDER = Path(__file__).resolve().parent
STORIES: list[dict[str, Any]] = [
    entry
    for path in sorted(FOLDER.glob("stories*.yml"))
    for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
]
KEYS = {"case", "opened", "kind", "severity", "petition", "acts", "seen", "expect", "leads", "why"}
EXPECTED = {"due", "state", "from", "paused", "extended", "clocks", "awaits", "earliest"}


@cache
def _office() -> Office:
    return load_office(FOLDER.parents[1] / "config")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('stories')}/x.db")
    yield opened
    opened.close()


@dataclass
class Story:
    """One situation as it is told."""

    entry: dict[str, Any]
    case: Case

    def clocks(self, rule: str) -> list[Clock]:
        return [clock for clock in self.case.clocks if clock.rule.id == rule]

    def seen(self) -> datetime:
        last = self.entry["acts"][-1]["at"] if self.entry["acts"] else self.entry["opened"]
        return parse_time(self.entry.get("seen", last))


def _opened(entry: dict[str, Any], number: int) -> Case:
    at, office = parse_time(entry["opened"]), _office()
    kind, severity = entry.get("kind", "message"), entry.get("severity", "none")
    petition = entry.get("petition", "建议意见")
    post = f"board:{number}"
    moments = dict.fromkeys(("occurred", "published", "discovered", "received", "flagged", "level_set"), at)
    opening = acts.Opening(
        id=f"case:{post}",
        trigger=post,
        title=entry["case"],
        posts=(post,),
        messages=(post,) if kind in ("message", "hotline") else (),
        event=f"event:{post}",
        severity=severity,
        petition_kind=petition,
        board_domain="城建",
        excluded=(),
        state="opened",
        reason="messages",
        moments=moments,
        assumed=frozenset({"occurred"}),
    )
    facts = Facts(kind, "people_board", severity=severity, petition_kind=petition)
    return acts.open_case(opening, office.frozen_rules(facts, at), at, office.worktime)


def _told(entry: dict[str, Any], store: Store, number: int) -> Story:
    case = _opened(entry, number)
    assert store.create_cases([case]) == [True]
    for step in entry["acts"]:
        at, verb = parse_time(step["at"]), step["do"]
        args = {key.rstrip("_"): value for key, value in step.items() if key not in ("at", "do", "refused")}
        if verb == "sweep":
            store.save_case(acts.recount(store.get_case(case.id), at, _office().worktime))
        elif "refused" in step:
            with pytest.raises(DomainError, match=step["refused"]):
                act(store, _office(), case.id, verb, args, "zhang", at)
        else:
            act(store, _office(), case.id, verb, args, "zhang", at)
    return Story(entry, store.get_case(case.id))


def _stop(text: str) -> slow_count.Stop:
    begin, _, end = text.partition("/")
    return datetime.fromisoformat(begin), datetime.fromisoformat(end) if end else None


def _slowly(entry: dict[str, Any], rule: str, expected: dict[str, Any]) -> datetime | None:
    """The due moment of an expectation, counted by the slow count from what is written."""
    if "extended" in expected:
        return datetime.fromisoformat(expected["extended"])
    start = datetime.fromisoformat(expected.get("from", entry["opened"]))
    unit, amount, times = slow_count.limit_of(rule, datetime.fromisoformat(entry["opened"]).date())
    return slow_count.due(unit, amount, start, [_stop(text) for text in expected.get("paused", [])], times)


def test_there_are_stories_of_many_kinds() -> None:
    assert len(STORIES) >= 40
    assert len({entry["case"] for entry in STORIES}) == len(STORIES)
    done = {step["do"] for entry in STORIES for step in entry["acts"]}
    assert done >= {"assign", "sign", "return", "pause", "resume", "ask", "extend", "level", "time", "fulfil", "close"}
    assert len({entry["opened"][:4] for entry in STORIES}) == 3


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[entry["case"] for entry in STORIES])
def test_story(store: Store, number: int) -> None:
    entry = STORIES[number]
    assert set(entry) <= KEYS
    assert entry["why"]
    story = _told(entry, store, number)
    assert entry["expect"]
    for name, expected in entry["expect"].items():
        rule, _, which = name.partition("#")
        found = story.clocks(rule)
        if expected == "absent":
            assert found == [], name
        else:
            _check(story, found[0] if which == "first" else found[-1], expected, len(found))
    if "leads" in entry:
        first = min(story.case.running(), key=lambda clock: clock.due or story.seen() + timedelta(days=999))
        assert first.rule.id == entry["leads"]
        assert len(story.case.running()) > 1


def _check(story: Story, clock: Clock, expected: dict[str, Any], clocks: int) -> None:
    """A clock is as written, and the slow count says the same."""
    entry, why, rule = story.entry, story.entry["why"], clock.rule.id
    assert set(expected) <= EXPECTED
    assert expected["due"] == (show_time(clock.due).replace(":00+", "+") if clock.due else "null"), why
    assert expected.get("state", clock.state(story.seen())) == clock.state(story.seen()), why
    assert show_time(clock.start) == show_time(parse_time(expected.get("from", entry["opened"])))
    assert int(expected.get("clocks", clocks)) == clocks, why
    if "awaits" in expected:
        assert (clock.awaits, clock.due) == (int(expected["awaits"]), None)
        assert clock.provisional == parse_time(expected["earliest"]), why
        with pytest.raises(slow_count.NoCalendar):
            _slowly(entry, rule, expected)
        return
    assert clock.due == _slowly(entry, rule, expected), why
