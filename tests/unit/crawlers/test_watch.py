"""The watch: what is learned from a source's own runs, and what is said of one that falls silent or changes."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawlers.run_log import Run
from crawlers.source_folder import find_source
from crawlers.source_model import Source
from crawlers.watch import status_of
from crawlers.watch_layout import layout_changes
from crawlers.watch_learn import LIMIT, hour_of_week, learn_rhythm, rows_expected

START = datetime(2026, 8, 2, 16, 0, tzinfo=UTC)
"""Monday 2026-08-03 00:00 in Shanghai."""
HOUR = timedelta(hours=1)
ALL = ("title", "date", "author", "origin", "text", "post")


@pytest.fixture(scope="module")
def source() -> Source:
    return find_source("henan_gov")


def run(at: datetime, new: int = 0, **more: object) -> Run:
    """A healthy hourly run that read forty known rows and ``new`` new ones, each with every field."""
    fields = dict.fromkeys(ALL, new) if new else {}
    values = {"read": 40 + new, "new": new, "rows": new, "having": fields, "length": 800 if new else None}
    return Run(at, **{"state": "done", **values, **more})  # type: ignore[arg-type]


def office_hours(days: int, seed: int = 7, burst: int = 1, a_day: float = 20.0) -> list[Run]:
    """Hourly runs over a site that publishes on working days from 8 to 18, in bursts, and little else."""
    chance = random.Random(seed)

    def rows(at: datetime) -> int:
        cell = hour_of_week(at)
        rate = a_day / (10 if cell < 120 and 8 <= cell % 24 < 18 else 1000) / burst
        number, left = 0, chance.random() * math.exp(rate) - 1.0
        term = 1.0
        while left > 0:
            number += 1
            term *= rate / number
            left -= term
        return number * burst

    return [run(START + n * HOUR, rows(START + n * HOUR)) for n in range(days * 24)]


def silence_after(source: Source, runs: list[Run], hours: int) -> int | None:
    """Hours of runs without anything new until the source counts as silent."""
    end = runs[-1].at
    quiet = [run(end + n * HOUR) for n in range(1, hours + 1)]
    for number in range(1, hours + 1):
        if status_of(source, runs + quiet[:number], quiet[number - 1].at).state == "silent":
            return number
    return None


def test_without_history_the_source_file_decides(source: Source) -> None:
    learned = learn_rhythm([], 72, HOUR)
    assert learned.longest_silence(START) / HOUR == pytest.approx(72)
    assert rows_expected([], START, 3, 500) == (3, 500)


def test_a_week_of_quarter_filled_history_moves_the_expectation_part_of_the_way() -> None:
    runs = [run(START + n * HOUR, 10) for n in range(24)]
    low, high = rows_expected(runs, START + 24 * HOUR, 1, 20_000)
    assert 1 < low < 25
    assert 100 < high < 20_000
    many = [run(START + n * HOUR, 10) for n in range(24 * 56)]
    low, high = rows_expected(many, START + timedelta(days=56), 1, 20_000)
    assert 20 <= low <= 30
    assert 90 <= high <= 130


def test_wrong_runs_among_the_history_do_not_move_the_band() -> None:
    runs = [run(START + n * HOUR, 10) for n in range(24 * 56)]
    spoilt = [replace(one, read=0 if n % 5 == 0 else one.read) for n, one in enumerate(runs)]
    assert rows_expected(spoilt, START, 1, 20_000)[0] >= 15


def test_nights_and_weekends_may_be_silent_longer() -> None:
    learned = learn_rhythm(office_hours(56, a_day=60), 72, HOUR)
    tuesday = START + timedelta(days=57)
    afternoon = learned.longest_silence(tuesday + 18 * HOUR)
    morning = learned.longest_silence(tuesday + 7 * HOUR)
    monday = learned.longest_silence(tuesday - timedelta(days=1) + 7 * HOUR)
    assert afternoon < morning < monday
    assert afternoon < 14 * HOUR
    assert monday > 60 * HOUR


def test_a_source_that_stops_bringing_news_is_silent_and_a_healthy_one_is_not(source: Source) -> None:
    for burst, seed in ((1, 1), (1, 2), (5, 3), (5, 4)):
        runs = office_hours(42, seed, burst)
        looked = range(24 * 21, len(runs), 11)
        states = {status_of(source, runs[:n], runs[n - 1].at).state for n in looked}
        assert len(looked) > 40
        assert states == {"collecting"}, (burst, seed)
        found = silence_after(source, runs, 24 * 7)
        assert found is not None
        assert found > 6


def test_what_came_in_bursts_may_be_silent_longer() -> None:
    smooth, bursts = (learn_rhythm(office_hours(56, 5, burst), 72, HOUR) for burst in (1, 5))
    at = START + timedelta(days=58, hours=16)
    assert bursts.longest_silence(at) > 1.5 * smooth.longest_silence(at)
    assert smooth.limit >= LIMIT


def test_a_holiday_is_a_day_off(source: Source) -> None:
    runs = office_hours(56)

    def holiday(day: date) -> bool | None:
        return True if date(2026, 9, 28) <= day <= date(2026, 10, 4) else None

    end = runs[-1].at
    quiet = [run(end + n * HOUR) for n in range(1, 25)]
    at = quiet[-1].at
    assert status_of(source, runs + quiet, at).state == "silent"
    assert status_of(source, runs + quiet, at, holiday).state == "collecting"
    assert hour_of_week(datetime(2026, 10, 10, 2, tzinfo=UTC), lambda _: False) == 4 * 24 + 10


def test_a_hole_in_the_log_is_no_silence() -> None:
    runs = office_hours(56)
    holed = [one for one in runs if not START + timedelta(days=20) <= one.at < START + timedelta(days=40)]
    at = START + timedelta(days=57, hours=16)
    assert learn_rhythm(holed, 72, HOUR).longest_silence(at) < 2 * learn_rhythm(runs, 72, HOUR).longest_silence(at)


def test_every_state_says_why(source: Source) -> None:
    runs = office_hours(28)
    end = runs[-1].at
    waiting = status_of(source, [], end)
    assert (waiting.state, waiting.reason, waiting.alarm) == ("waiting", None, None)
    refused = run(end + HOUR, state="stopped", reason="the site refuses (HTTP 403)")
    stopped = status_of(source, [*runs, refused], end + HOUR)
    assert (stopped.state, stopped.reason, stopped.alarm) == (
        "stopped",
        "网站拒绝访问（the site refuses (HTTP 403)）",
        "stopped: 网站拒绝访问",
    )
    assert stopped.last_success == end
    # One that never worked is work to do, not an alarm.
    assert status_of(source, [refused], end + HOUR).alarm is None
    away = [
        run(end + n * HOUR, state="stopped", reason="broken answer: not reachable: no answer in time") for n in (1, 2)
    ]
    assert not status_of(source, [*runs, away[0]], away[0].at).firm
    assert status_of(source, [*runs, *away], away[1].at).firm
    assert stopped.firm
    left = status_of(source, runs, end + 12 * HOUR)
    assert left.state == "stopped"
    assert "没有再采集" in (left.reason or "")
    off = status_of(source.model_copy(update={"enabled": False}), runs, end + 12 * HOUR)
    assert (off.state, off.alarm) == ("off", None)
    few = [run(end + n * HOUR, read=4) for n in (1, 2, 3)]
    assert status_of(source, runs + few[:2], few[1].at).state == "collecting"
    slow = status_of(source, runs + few, few[2].at)
    assert slow.state == "slow"
    assert "最近一轮读到 4 条，预期" in (slow.reason or "")


def test_the_delay_is_of_the_week_and_weighs_samples_by_their_posts(source: Source) -> None:
    old = run(START - timedelta(days=9), 1, delays=(90_000,), timed=1)
    runs = [old, run(START, 3, delays=(60, 120, 600), timed=3), run(START + HOUR, 30, delays=(300, 300), timed=30)]
    status = status_of(source, runs, START + HOUR)
    assert (status.delay.p50, status.delay.posts) == (300, 33)
    assert status.delay.p95 == 300
    late = [run(START + HOUR * n, 2, delays=(600, 900), timed=2) for n in range(72)]
    later = [run(late[-1].at + HOUR * n, 2, delays=(20_000, 30_000), timed=2) for n in range(1, 25)]
    slow = status_of(source, late + later, later[-1].at)
    assert slow.state == "slow"
    assert "变慢" in (slow.reason or "")


def without(at: datetime, rows: int, *names: str, **more: object) -> Run:
    """A run whose rows lack some fields."""
    return replace(run(at, rows), having={name: 0 if name in names else rows for name in ALL}, **more)  # type: ignore[arg-type]


def months(rows: int = 3) -> Iterator[Run]:
    for number in range(60):
        yield run(START + number * HOUR, rows)


def test_fields_that_are_gone_are_a_changed_layout_and_no_empty_day(source: Source) -> None:
    runs = list(months())
    at = runs[-1].at + HOUR
    assert layout_changes(runs) == []
    for name in ALL:
        found = layout_changes([*runs, without(at, 4, name)])
        assert [(lost.field, lost.before, lost.now) for lost in found] == [(name, 1.0, 0.0)]
    status = status_of(source, [*runs, without(at, 4, "text", "post", new=0, quarantined=4)], at)
    assert (status.state, status.alarm) == ("changed", "changed")
    assert "正文缺失：近 4 条中 0% 有，以往 100%" in (status.reason or "")


def test_one_row_at_a_time_is_noticed_too(source: Source) -> None:
    runs = list(months())
    for number in range(1, 4):
        runs.append(without(runs[-1].at + HOUR, 1, "date"))
        assert (status_of(source, runs, runs[-1].at).state == "changed") is (number == 3)


def test_what_always_lacked_now_and_then_is_not_missed() -> None:
    chance = random.Random(11)
    runs = []
    for number in range(200):
        rows = chance.randrange(1, 8)
        having = {**dict.fromkeys(ALL, rows), "author": sum(chance.random() < 0.6 for _ in range(rows))}
        runs.append(run(START + number * HOUR, rows, having=having))
    assert [number for number in range(20, 200) if layout_changes(runs[:number])] == []
    gone = [without(runs[-1].at + HOUR * n, 6, "author") for n in range(1, 4)]
    assert [lost.field for lost in layout_changes(runs + gone)] == ["author"]


def test_a_body_that_shrank_is_a_changed_layout() -> None:
    runs = [run(START + n * HOUR, 3, length=500 + 40 * (n % 10)) for n in range(60)]
    short = run(runs[-1].at + HOUR, 6, length=60)
    assert [lost.field for lost in layout_changes([*runs, short])] == ["length"]
    assert layout_changes([*runs, run(runs[-1].at + HOUR, 6, length=400)]) == []


def test_little_history_tells_nothing() -> None:
    runs = [run(START, 10), run(START + HOUR, 10)]
    assert layout_changes([*runs, without(START + 2 * HOUR, 10, "title")]) == []
