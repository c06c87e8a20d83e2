"""What it costs to say whose a case is and by when: routing over 500 rules, and the clocks that start with it."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.bench import Row, row
from pipeline.settings import ROOT

if TYPE_CHECKING:
    from casework.domain.matching import Facts
    from casework.domain.office import Office
    from casework.domain.routing import RoutingTable

ABOUT = "CPU ms of routing a case over 500 rules and starting its clocks, mean of 2,000 cases, at most 1"
RULES, CASES = 500, 2000
BOUND = 1.0
START = datetime(2026, 2, 10, 1, 0, tzinfo=UTC)
"""The week before the spring festival: limits in working days pass over it."""
SEED = 20261124


def measure(store: str | None) -> list[Row]:
    """Routing alone; then everything from the facts of a post to the assigned case with its clocks."""
    from casework.config.load import load_office

    office = load_office(ROOT / "config")
    office = replace(office, routing=many_rules(office, random.Random(SEED)))
    matters = made_up(random.Random(SEED), office)
    for matter in matters[:50]:
        _whole(office, matter, 0)  # imports and caches are not the figure
    routed = _seconds(lambda number, matter: _route(office, matter, number), matters)
    whole = _seconds(lambda number, matter: _whole(office, matter, number), matters)
    ends = [_route(office, matter, number) for number, matter in enumerate(matters)]
    told = f"{len(office.routing.rules)} rules, {len(matters)} cases, {ends.count('')} without a rule"
    detail = f"{told}; {len(office.deadline_rules)} deadline rules"
    return [
        row("routing", 1000 * routed / len(matters), "CPU ms a case", "ceiling", BOUND, False, told),
        row("routing_and_clocks", 1000 * whole / len(matters), "CPU ms a case", "ceiling", BOUND, False, detail),
    ]


def many_rules(office: Office, rng: random.Random) -> RoutingTable:
    """The office's rules with others before them, RULES in all; the office's own are the last that are tried."""
    from casework.domain.matching import Conditions
    from casework.domain.routing import RoutingRule

    table = office.routing
    targets = [unit.id for unit in table.departments.values() if unit.until is None]
    made = []
    for number in range(RULES - len(table.rules)):
        words = tuple(f"{chr(0x4E00 + rng.randrange(3000))}{chr(0x4E00 + rng.randrange(3000))}" for _ in range(5))
        domain = (rng.choice(("城建", "交通", "环保", "教育")),) if number % 3 == 0 else ()
        when = Conditions(words=words, board_domain=domain)
        made.append(RoutingRule(f"made_{number}", "指定", when, rng.choice(targets), "由{department}办理。"))
    return replace(table, rules=(*made, *table.rules))


def made_up(rng: random.Random, office: Office) -> list[Facts]:
    """Matters of about 200 characters; some name a unit or a district, most are found by their class."""
    from casework.domain.matching import Facts

    districts = [code for unit in office.routing.departments.values() for code in unit.regions]
    found = []
    for number in range(CASES):
        text = "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(200))
        regions = (rng.choice(districts),) if number % 4 == 0 else ()
        units = ("housing",) if number % 10 == 0 else ()
        domain = rng.choice(("城建", "交通", "环保", "教育", "医疗", "其他"))
        kind, petition = rng.choice(("message", "hotline", "weibo")), rng.choice(("申诉求决", "建议意见"))
        severity = "major" if number % 50 == 0 else "none"
        known = Facts(kind, "board", text, domain, petition_kind=petition, severity=severity)
        found.append(replace(known, message_type="投诉", regions=regions, units=units))
    return found


def _seconds(doing: object, matters: Sequence[Facts]) -> float:
    begun = time.process_time()
    for number, matter in enumerate(matters):
        doing(number, matter)  # type: ignore[operator]
    return time.process_time() - begun


def _route(office: Office, matter: Facts, number: int) -> str:
    from casework.domain.routing import route

    return route(matter, office.routing, _at(number).date()).rule or ""


def _whole(office: Office, matter: Facts, number: int) -> None:
    """What opening and assigning do to a case between the reading and the writing of it."""
    from casework.domain import acts
    from casework.domain.routing import route

    at = _at(number)
    moments = dict.fromkeys(("occurred", "published", "discovered", "received", "flagged", "level_set"), at)
    post = f"board:{number}"
    opening = acts.Opening(
        id=f"case:{post}",
        trigger=post,
        title="",
        posts=(post,),
        messages=(post,) if matter.kind != "weibo" else (),
        event=f"event:{post}",
        severity=matter.severity,
        petition_kind=matter.petition_kind,
        board_domain=matter.board_domain,
        excluded=(),
        state="opened",
        reason="",
        moments=moments,
        places=matter.regions,
    )
    case = acts.open_case(opening, office.frozen_rules(matter, at), at, office.worktime)
    found = route(matter, office.routing, at.date())
    acts.assign(case, found, "huiying", at, office.worktime, limit=office.routing.returning)


def _at(number: int) -> datetime:
    return START + timedelta(minutes=number)
