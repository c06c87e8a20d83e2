"""Stores with many open cases of which some are due, and the sweep over them."""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.bench import Row, row

if TYPE_CHECKING:
    from casework.domain.case import Case
    from casework.domain.clock import FrozenRule
    from casework.domain.office import Office

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
OPEN, FEWER, DUE = 100_000, 10_000, 1_000
SWEEPS = 5
"""Sweeps of which the median is taken: in each, as many other cases are due."""
BATCH = 500
Seconds = tuple[float, float]
"""By the clock, and of this process's CPU."""


def rows(url: str | None) -> list[Row]:
    """Two rows a store."""
    elastic = url if url is not None and url.startswith("elasticsearch") else None
    fewer, many = (_measured(count, elastic) for count in (FEWER, OPEN))
    # The server's own work is no CPU of this process: its ratio is of seconds by the clock.
    return [
        line
        for name in many
        for line in _rows(f"sweep_{name}", fewer[name], many[name], by_clock=name == "elasticsearch")
    ]


def _rows(name: str, fewer: list[Seconds], many: list[Seconds], by_clock: bool = False) -> list[Row]:
    part = 0 if by_clock else 1
    small, big = ([pair[part] for pair in found] for found in (fewer, many))
    value = statistics.median(pair[0] for pair in many)
    shown = ", ".join(f"{wall:.2f} ({cpu:.2f})" for wall, cpu in many)
    less = ", ".join(f"{wall:.2f} ({cpu:.2f})" for wall, cpu in fewer)
    detail = f"{DUE} due of {OPEN} open; seconds by the clock (CPU): {shown}; of {FEWER} open: {less}"
    ratio = statistics.median(big) / statistics.median(small)
    against = f"{FEWER} open, as many due"
    return [
        row(name, value, "s", "ceiling", 10.0, False, detail),
        row(f"{name}_open", ratio, "ratio", against, 1.5, False, "median of the same sweeps"),
    ]


def _measured(count: int, url: str | None) -> dict[str, list[Seconds]]:
    """Seconds of each sweep over ``count`` open cases, by store; the same cases lie in each."""
    from casework.stores.sqlite import SqliteStore

    with ExitStack() as open_:
        folder = open_.enter_context(tempfile.TemporaryDirectory())
        stores: dict[str, Any] = {"sqlite": SqliteStore(Path(folder) / "x.db", "")}
        stores["sqlite"].migrate()
        open_.callback(stores["sqlite"].close)
        if url is not None:
            stores["elasticsearch"] = open_.enter_context(_elastic_store(url))
        office, rules = _office()
        for start in range(0, count, BATCH):
            made = [_case(number, rules, office) for number in range(start, min(start + BATCH, count))]
            for store in stores.values():
                if not all(store.create_cases(made)):
                    raise AssertionError("a case was there already")
        return {name: _sweeps(store, office) for name, store in stores.items()}


@contextmanager
def _elastic_store(url: str) -> Iterator[Any]:
    from casework.stores.elastic import ElasticStore

    store = ElasticStore.connect(f"{url.split('?')[0].rstrip('/')}/?prefix=bench{uuid.uuid4().hex[:8]}")
    store.migrate()
    try:
        yield store
    finally:
        store.drop()


def _sweeps(store: Any, office: Office) -> list[Seconds]:
    """SWEEPS sweeps a minute apart, DUE cases due each time."""
    from casework.services.supervise import supervise

    store.refresh()
    found = []
    for sweep in range(SWEEPS):
        wall, cpu = time.perf_counter(), time.process_time()
        counts = supervise(store, office, NOW + timedelta(minutes=sweep))
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
        taken = counts.reminded + counts.overdue + counts.escalated
        if (counts.looked, taken) != (DUE, DUE):
            raise AssertionError(f"{counts.to_json()}: {DUE} cases are due, each with one rung")
    return found


def _office() -> tuple[Office, dict[str, FrozenRule]]:
    from casework.config.load import load_office
    from casework.domain.clock import FrozenRule
    from pipeline.settings import ROOT

    office = load_office(ROOT / "config")
    frozen = [FrozenRule.freeze(rule, office.ladders[rule.ladder], NOW) for rule in office.deadline_rules]
    return office, {rule.id: rule for rule in frozen if rule is not None}


def _case(number: int, rules: dict[str, FrozenRule], office: Office) -> Case:
    """A message at a department, answered within 5 working days and finished within 10, its history as in daily work.

    The first SWEEPS × DUE are overdue within a minute of their sweep: what was to be told before is told.
    """
    from casework.domain import acts
    from casework.domain.routing import Route

    sweep, waits = number // DUE, number >= SWEEPS * DUE
    at = NOW - timedelta(days=1 if waits else 3, minutes=number % 1000)
    case = _opened(number, rules, office, at)
    route = Route("housing", (), "类别：住房类事项由住房部门办理。", rule="housing")
    case = acts.assign(case, route, "huiying", at, office.worktime)
    case = acts.sign(case, f"user{number % 40}", at + timedelta(minutes=30), office.worktime)
    for rung in case.rungs():
        if rung.at <= NOW - timedelta(minutes=1):
            data = {"clock": rung.clock.key, "step": rung.moment.step, "moment": rung.moment.to_json()[3]}
            case = case.after(rung.moment.kind, rung.at, "huiying", None, {**data, "notices": []})
    if waits:
        return case
    return _due_at(case, NOW + timedelta(minutes=sweep), office)


def _due_at(case: Case, at: datetime, office: Office) -> Case:
    """The case with its answer due at ``at``, so that one rung is to be taken then."""
    clock = next(clock for clock in case.running() if clock.post)
    moved = clock.due_at(at, office.worktime).to_json()
    case = case.after("recounted", NOW - timedelta(minutes=1), "huiying", None, {"clocks": [moved]})
    for rung in case.rungs():
        if rung.clock.key == clock.key and rung.moment.kind == "reminded":
            data = {"clock": clock.key, "step": rung.moment.step, "moment": rung.moment.to_json()[3], "notices": []}
            case = case.after("reminded", NOW - timedelta(minutes=1), "huiying", None, data)
    return case


def _opened(number: int, rules: dict[str, FrozenRule], office: Office, at: datetime) -> Case:
    from casework.domain import acts

    post = f"people_board:{number:07d}"
    opening = acts.Opening(
        id=f"case:{post}",
        trigger=post,
        title=f"第{number}号：小区路灯不亮已有一周，物业推诿不修",
        posts=(post,),
        messages=(post,),
        event=f"event:{post}",
        severity="none",
        petition_kind="申诉求决",
        board_domain="城建",
        excluded=(),
        state="opened",
        reason="messages",
        moments={"received": at, "discovered": at},
    )
    kept = [rules[id_] for id_ in ("message_answer", "case_sign", "case_finish")]
    return acts.open_case(opening, kept, at, office.worktime)
