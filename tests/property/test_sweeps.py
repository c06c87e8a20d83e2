"""However the sweep runs (late by days, twice, two at once), it leaves the same entries: each once, in order.

They are compared with a naive reckoner that knows nothing of the code: it walks the minutes of a case one by one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from casework.config.load import load_office
from casework.domain import acts
from casework.domain.case import Case
from casework.domain.clock import FrozenRule
from casework.domain.deadlines import Unit
from casework.domain.escalation import Ladder, Step
from casework.domain.office import Office
from casework.domain.routing import Route
from casework.domain.times import parse_time
from casework.ports import Store
from casework.services.supervise import supervise
from casework.stores.sqlite import SqliteStore
from tests.unit.domain.making import START, WORKTIME, deadline_rule, opened

ROOT = Path(__file__).resolve().parents[2]
MINUTE = timedelta(minutes=1)
DAYS = 12
KINDS = ("reminded", "overdue", "escalated")
Told = tuple[str, str, str]
"""(kind, rung, the moment that the entry names)."""


@dataclass(frozen=True)
class Plan:
    """A limit of so many hours, its rungs (kind, minutes after due; before it, negative), what people do and when."""

    hours: int
    hold: int
    rungs: tuple[tuple[str, str, int], ...]
    done: int | None
    extended: tuple[int, int] | None
    acknowledged: tuple[tuple[int, int], ...]


def made(chance: random.Random) -> Plan:
    """A plan by chance; minutes count from the start."""
    hours = chance.choice([1, 5, 24, 48, 120])
    before = [("reminded", f"r{n}", -chance.randrange(1, hours * 30)) for n in range(chance.randrange(4))]
    after = [("escalated", f"e{n}", chance.randrange(1, 5 * 1440)) for n in range(chance.randrange(4))]
    extended = (
        (chance.randrange(hours * 40, hours * 60), chance.randrange(1, hours * 40)) if chance.random() < 0.5 else None
    )
    rungs = (*before, ("overdue", "due", 0), *after)
    hold = chance.choice([60, 600, 1440])
    # Shortly before a rung, and again before the first acknowledgement ends: that is where they matter.
    near = [max(0, hours * 60 + shift - chance.randrange(1, hold)) for _, _, shift in rungs if chance.random() < 0.7]
    acks = {at + again for at in near for again in (0, hold // 2, hold - 1) if chance.random() < 0.7}
    done = chance.randrange(DAYS * 1440) if chance.random() < 0.5 else None
    lengths = [hold if chance.random() < 0.5 else chance.randrange(1, hold + 1) for _ in acks]
    return Plan(hours, hold, rungs, done, extended, tuple(zip(sorted(acks), lengths, strict=True)))


def wait(plan: Plan, step: str, at: int, length: int, times: dict[str, int], waits: dict[str, int]) -> None:
    """Hold a rung back that would come while the alarms are in hand; not what is ready already, and never the end."""
    if step != "due" and at < waits[step] < at + length:
        waits[step] = min(at + length, times[step] + plan.hold)


def naive(plan: Plan) -> list[Told]:
    """Minute by minute: what is due to be told now, was not told for this moment, and is not held back."""
    told: list[Told] = []
    seen: set[tuple[str, int]] = set()
    due = plan.hours * 60
    times = {step: due + shift for _, step, shift in plan.rungs}
    kinds = {step: kind for kind, step, _ in plan.rungs}
    waits = dict(times)
    for now in range(DAYS * 1440 + 1):
        ready = [step for step in times if waits[step] <= now and (step, times[step]) not in seen]
        for step in sorted(ready, key=lambda one: (waits[one], times[one], KINDS.index(kinds[one]), one)):
            seen.add((step, times[step]))
            told.append((kinds[step], step, str(START + times[step] * MINUTE)))
        if plan.done is not None and plan.done <= now:
            return told
        if plan.extended is not None and plan.extended[0] == now:
            due += plan.extended[1]
            for _, step, shift in plan.rungs:
                again = any(name == step for name, _ in seen)
                times[step] = waits[step] = due + shift
                if again and times[step] <= now:
                    seen.add((step, times[step]))
                # Who has the alarms in hand has those of the new limit in hand too.
                for at, length in plan.acknowledged:
                    wait(plan, step, at, length if at < now else 0, times, waits)
        lengths = [length for at, length in plan.acknowledged if at == now]
        for length, step in product(lengths, [one for one in times if (one, times[one]) not in seen]):
            wait(plan, step, now, length, times, waits)
    return told


def case_of(plan: Plan, number: int) -> Case:
    """A case with the one limit of the plan, at a department."""
    rule = deadline_rule("limit", Unit.CLOCK_HOURS, plan.hours, "discovered", "closed")
    steps = []
    for kind, step, shift in plan.rungs:
        if kind == "reminded":
            steps.append(Step(step, kind, ("contact",), before_minutes=-shift))
        else:
            steps.append(Step(step, kind, ("head",), after=shift, after_unit=Unit.CLOCK_MINUTES))
    ladder = Ladder("made", tuple(steps), plan.hold)
    case = opened(f"board:{number}", rules=())
    frozen = FrozenRule.freeze(rule, ladder, START)
    assert frozen is not None
    often = replace(frozen, extension=replace(frozen.extension, times=9, amount=999))
    data = {**case.history[0].data, "rules": [often.to_json()]}
    bare = Case(case.id).after("opened", START, "huiying", None, {**data, "clocks": []})
    begun = acts.parts.started(bare.rules.values(), {"discovered": START}, WORKTIME, ())
    with_clock = Case(case.id).after("opened", START, "huiying", None, {**data, "clocks": [c.to_json() for c in begun]})
    return acts.assign(with_clock, Route("housing", (), "测试"), "huiying", START, WORKTIME)


def people(plan: Plan) -> list[tuple[int, Callable[[Case, datetime], Case]]]:
    """What people do, by minute."""
    doing: list[tuple[int, Callable[[Case, datetime], Case]]] = []
    for at, length in plan.acknowledged:
        until = START + (at + length) * MINUTE
        doing.append((at, lambda case, now, until=until: acts.acknowledge(case, until, "zhang", now)))
    if plan.extended is not None:
        to = START + (plan.hours * 60 + plan.extended[1]) * MINUTE
        doing.append(
            (plan.extended[0], lambda case, now: acts.extend(case, "limit", to, "需鉴定", "zhang", now, WORKTIME))
        )
    if plan.done is not None:
        doing.append((plan.done, lambda case, now: acts.fulfil(case, "limit", now, "zhang", now)))
    return sorted(doing, key=lambda pair: pair[0])


def walked(
    store: Store, office: Office, plans: Iterable[Plan], sweeps: list[int], twice: random.Random
) -> list[list[Told]]:
    """The entries of each case after everybody has acted and the sweeps have run; before a person acts one runs."""
    cases = [case_of(plan, number) for number, plan in enumerate(plans)]
    assert all(store.create_cases(cases))
    doing = [(at, 1, number, act) for number, plan in enumerate(plans) for at, act in people(plan)]
    moments = sorted([*((at, 0, 0, None) for at in sweeps), *doing], key=lambda one: one[:3])
    for at, _, number, act in moments:
        now = START + at * MINUTE
        for _ in range(1 + (twice.random() < 0.3)):
            supervise(store, office, now)
        if act is not None:
            case = store.get_case(cases[number].id)
            if case.running():
                store.save_case(act(case, now))
    supervise(store, office, START + DAYS * 1440 * MINUTE)
    return [entries(store.get_case(case.id)) for case in cases]


def entries(case: Case) -> list[Told]:
    """What supervision left, in the order of the history."""
    return [
        (entry.what, entry.data["step"], str(parse_time(entry.data["moment"])))
        for entry in case.history
        if entry.what in KINDS
    ]


@pytest.fixture(scope="module")
def office() -> Office:
    return replace(load_office(ROOT / "config"), worktime=WORKTIME)


@pytest.mark.parametrize("seed", range(2))
def test_any_schedule_of_sweeps_leaves_what_a_naive_reckoner_says(seed: int, tmp_path: Path, office: Office) -> None:
    chance = random.Random(seed)
    plans = [made(chance) for _ in range(20)]
    expected = [naive(plan) for plan in plans]
    assert sum(map(len, expected)) > 40
    schedules = {
        "every hour": list(range(0, DAYS * 1440, 60)),
        "not for three days": [0, 3 * 1440, 6 * 1440, 9 * 1440],
        "by chance": sorted(chance.randrange(DAYS * 1440) for _ in range(20)),
        "once at the end": [],
    }
    for name, sweeps in schedules.items():
        store = SqliteStore(tmp_path / f"{name}.db", "")
        store.migrate()
        found = walked(store, office, plans, sweeps, chance)
        store.close()
        for plan, got, wanted in zip(plans, found, expected, strict=True):
            assert got == wanted, (name, plan)
