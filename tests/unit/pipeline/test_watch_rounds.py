"""A round of supervision judges what may have changed; what was well lately and goes on as usual it leaves alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from casework.domain.times import parse_time
from crawlers.run_log import Run, add_run, log_path
from crawlers.source_folder import load_sources
from pipeline import watching
from pipeline.settings import ROOT, Settings, state_folder
from pipeline.watch_rounds import Rounds
from pipeline.wiring import Context

NOW = parse_time("2026-11-24T10:30:00+08:00")
FIVE = timedelta(minutes=5)
SOURCES = {name: source for name, source in load_sources().items() if name in ("henan_gov", "gov_cn")}
FULL = {"rows": 2, "having": dict.fromkeys(("title", "date", "text", "post"), 2), "length": 500}


class Office:
    """Rounds over two sources that have been well for four days."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(f"sqlite:///{folder}/huiying.db", ROOT / "config", folder / "var")
        self.state = state_folder(self.settings.store, self.settings.var)
        self.now = NOW
        for name in SOURCES:
            for number in range(4 * 24 * 12, 0, -1):
                self.ran(name, NOW - number * FIVE)

    def ran(self, name: str, at: datetime, state: str = "done", new: int = 2, **more: object) -> None:
        add_run(log_path(self.state, name), Run(at, state, read=30, new=new, **(FULL | more)))  # type: ignore[arg-type]

    def due(self) -> list[str]:
        """What a round would judge now."""
        return sorted(Rounds(self.state).due(SOURCES, self.now))

    def round(self) -> int:
        context = Context(self.settings, lambda: self.now)
        try:
            return watching.raise_alarms(context, self.now)
        finally:
            context.close()

    def five_minutes(self, **more: object) -> None:
        self.now += FIVE
        self.ran("gov_cn", self.now)
        self.ran("henan_gov", self.now, **more)  # type: ignore[arg-type]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_what_is_well_is_judged_about_once_an_hour(office: Office) -> None:
    judged = []
    for _ in range(26):
        office.five_minutes()
        judged.append(office.due())
        assert office.round() == 0
    full = [number for number, one in enumerate(judged) if one]
    assert {tuple(judged[number]) for number in full} == {tuple(sorted(SOURCES))}
    # These sources bring something every five minutes: after three quarters of an hour without they would be silent.
    assert full[0] == 0
    assert {later - earlier for earlier, later in pairwise(full)} <= {8, 9, 10, 11, 12}


@pytest.mark.parametrize(
    "run",
    [
        {"state": "stopped", "reason": "the site refuses (HTTP 403)", "new": 0},
        {"having": {"title": 2, "date": 2, "text": 0, "post": 0}},
    ],
    ids=["stopped", "rows without text"],
)
def test_a_run_that_is_not_as_usual_is_judged_at_once(office: Office, run: dict[str, object]) -> None:
    office.five_minutes()
    office.round()
    office.five_minutes(**run)
    assert office.due() == ["henan_gov"]


def test_an_alarm_comes_and_goes_with_the_round_that_sees_it(office: Office) -> None:
    office.five_minutes()
    assert office.round() == 0
    office.five_minutes(state="stopped", reason="the site refuses (HTTP 403)", new=0)
    assert office.round() == 1
    # While it lasts every round judges it; the other source is left alone.
    assert office.due() == ["henan_gov"]
    office.five_minutes()
    assert office.round() == 1
    assert office.due() == []


def test_a_source_that_nobody_asks_any_more_is_judged(office: Office) -> None:
    office.five_minutes()
    office.round()
    last = office.now
    while office.now - last < timedelta(minutes=70):
        office.now += FIVE
        office.ran("gov_cn", office.now)
    assert "henan_gov" in office.due()
    assert office.round() == 1


def test_a_silence_is_told_by_the_round_in_which_it_gets_too_long(office: Office) -> None:
    alone: list[int] = []
    saved: list[int] = []
    for number in range(24 * 12):
        office.five_minutes(new=0, rows=0, having={}, length=None)
        status = watching.statuses(Context(office.settings), office.now, ["henan_gov"])[0] if number % 4 == 0 else None
        if status is not None and status.state == "silent":
            alone.append(number)
        if office.round():
            saved.append(number)
        if alone and saved:
            break
    assert alone
    assert abs(saved[0] - alone[0]) <= 4


def test_other_settings_and_a_broken_file_judge_everything(office: Office) -> None:
    office.five_minutes()
    office.round()
    assert office.due() == []
    other = {name: source.model_copy(update={"rhythm_minutes": 10}) for name, source in SOURCES.items()}
    assert sorted(Rounds(office.state).due(other, office.now)) == sorted(SOURCES)
    Rounds(office.state).path.write_text('{"gov_cn": 5, "henan', encoding="utf-8")
    assert office.due() == sorted(SOURCES)
    log_path(office.state, "gov_cn").write_bytes(b"")
    office.round()
