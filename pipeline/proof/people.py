"""Who works in the invented city: each department with its habits, and what it does with a case, one act after another.

An act that the case does not allow any more is refused by the system, as it would be for an official; the refusal is
counted and the next act follows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from casework.domain.moves import GATES

HOUR, DAY = 60, 1440
PAUSES = ("third_party", "hearing", "supplement", "appraisal", "force_majeure", "other")


@dataclass(frozen=True, slots=True)
class Act:
    """``after`` so many minutes do ``verb`` with ``args``. Verbs are those of ``huiying case`` and ``emergency``."""

    after: int
    verb: str
    args: dict[str, str]


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares 0…1. ``pace``: working minutes between two steps of a case, about."""

    pace: float
    returns: float
    disputes: float
    extends: float
    pauses: float
    acknowledges: float
    sleeps: float
    """Share of cases that nobody touches after they were signed for."""


def habits_of(department: str, seed: int) -> Habits:
    """The same department has the same habits."""
    chance = random.Random(f"{department}/{seed}")
    slow = chance.choice((60.0, 300.0, 900.0, 2400.0))
    returns, disputes = chance.choice((0.02, 0.3)), chance.choice((0.0, 0.1))
    extends, pauses = chance.choice((0.05, 0.5)), chance.choice((0.05, 0.35))
    return Habits(slow, returns, disputes, extends, pauses, chance.choice((0.1, 0.7)), chance.choice((0.05, 0.25)))


def life(case: str, department: str, others: tuple[str, ...], urgent: bool, seed: int) -> Iterator[Act]:
    """What becomes of one case after it was assigned. ``others``: departments to which it may be given."""
    chance = random.Random(f"{case}/{seed}")
    habits = habits_of(department, seed)
    wait = _waits(chance, habits.pace)
    if chance.random() < habits.returns:
        yield from _returned(chance, wait, others, habits)
    yield Act(next(wait), "sign", {})
    if chance.random() < 0.02 or urgent:
        yield from _emergency(chance, urgent)
    if chance.random() < habits.sleeps:
        return
    yield Act(next(wait), "handle", {})
    if chance.random() < habits.acknowledges:
        until = chance.choice(("", str(chance.randrange(30, 2 * DAY))))
        yield Act(next(wait), "acknowledge", {"minutes": until})
    if chance.random() < habits.pauses:
        yield from _paused(chance, wait)
    if chance.random() < habits.extends:
        yield from _extended(chance, wait)
    if chance.random() < habits.acknowledges / 2:
        yield Act(next(wait), "acknowledge_by_link", {})
    yield from _answered(chance, wait)


def _waits(chance: random.Random, pace: float) -> Iterator[int]:
    while True:
        yield max(1, min(10 * DAY, round(chance.expovariate(1 / pace))))


def _returned(chance: random.Random, wait: Iterator[int], others: tuple[str, ...], habits: Habits) -> Iterator[Act]:
    yield Act(next(wait), "return", {"reason": "不属本单位职责"})
    if chance.random() < habits.disputes:
        yield Act(next(wait), "dispute", {"reason": "职责有争议"})
    yield Act(chance.randrange(10, 2 * DAY), "assign", {"to": chance.choice(others)})


def _paused(chance: random.Random, wait: Iterator[int]) -> Iterator[Act]:
    yield Act(next(wait), "pause", {"reason": "等待材料", "kind": chance.choice(PAUSES)})
    yield Act(chance.randrange(30, 8 * DAY), "resume", {"reason": "材料已齐"})


def _extended(chance: random.Random, wait: Iterator[int]) -> Iterator[Act]:
    rule = chance.choice(("message_answer", "case_finish", "petition_finish", "message_answer"))
    asked = {"rule": rule, "days": str(chance.randrange(1, 9)), "reason": "情况复杂"}
    yield Act(next(wait), "ask", asked)
    yield Act(chance.randrange(5, DAY), "extend", asked)
    if chance.random() < 0.3:
        yield from _paused(chance, wait)


def _answered(chance: random.Random, wait: Iterator[int]) -> Iterator[Act]:
    yield Act(next(wait), "draft", {"text": "经核实，已安排处理。"})
    for gate in GATES:
        yield Act(max(1, next(wait) // 4), "review", {"gate": gate, "ok": "yes"})
    yield Act(chance.randrange(1, 4 * HOUR), "publish", {"url": "https://www.example.gov.example/hf/1"})
    yield Act(next(wait), "close", {})
    if chance.random() < 0.05:
        yield Act(chance.randrange(DAY, 4 * DAY), "reopen", {})
        yield Act(next(wait), "publish", {"url": "https://www.example.gov.example/hf/2"})
        yield Act(next(wait), "close", {})


def _emergency(chance: random.Random, urgent: bool) -> Iterator[Act]:
    if not urgent:
        level = chance.choice(("ordinary", "serious", "major", "extraordinary"))
        yield Act(chance.randrange(1, 3 * HOUR), "level", {"to": level, "reason": "核实后定级"})
    for rule in ("report_phone_major", "report_paper_major", "report_paper_serious", "authoritative_info_major"):
        if chance.random() < 0.7:
            yield Act(chance.randrange(1, 40), "fulfil", {"rule": rule})
    if chance.random() < 0.5:
        yield Act(chance.randrange(1, 90), "time", {"moment": "occurred", "reason": "现场核实"})
    for _ in range(chance.randrange(1, 12)):
        yield Act(chance.randrange(HOUR, 16 * HOUR), "fulfil", {"rule": "report_followup"})
    yield Act(5, "fulfil", {"rule": "press_conference_major"})
    if chance.random() < 0.3:
        yield Act(60, "level", {"to": chance.choice(("ordinary", "none", "major")), "reason": "重新核定"})
    if chance.random() < 0.7:
        yield Act(30, "end_emergency", {})
