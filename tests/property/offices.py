"""Offices of random shape, with a case that accuses some of their departments, and what people do to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from hypothesis import strategies as st

from casework.domain.departments import Department
from casework.domain.office import Office
from casework.domain.routing import RoutingTable

NAMES = tuple("abcdefgh")
VERBS = ("assign", "sign", "return", "dispute", "handle", "draft", "transfer", "merge", "join", "restrict", "close")
ENDED = date(2026, 2, 1)
Step = tuple[str, str, str, int]


@dataclass(frozen=True)
class World:
    """An office of random shape, whom the case accuses, and what people do."""

    units: dict[str, Department]
    desks: tuple[str, str, str, str, str]
    accused: tuple[str, ...]
    steps: tuple[Step, ...]
    late: bool
    named: tuple[str, ...]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Anybody may stand above anybody earlier, have ended, have a successor; any department may be any desk."""
    units = {}
    for index, name in enumerate(NAMES):
        ends = draw(st.booleans()) and index > 3
        units[name] = Department(
            name,
            f"{name}局",
            regions=draw(st.sampled_from(((), ("410105",), ("4101",)))),
            parent=draw(st.sampled_from((None, *NAMES[:index]))),
            until=ENDED if ends else None,
            successor=draw(st.sampled_from(NAMES[:index])) if ends else None,
            contacts=draw(st.sampled_from((None, {"contact": (name, f"{name}@example.gov.example", None)}))),
        )
    living = st.sampled_from(NAMES[:4])
    desks = (draw(living), draw(living), draw(living), draw(living), draw(living))
    step = st.tuples(st.sampled_from(VERBS), st.sampled_from(NAMES), st.sampled_from(("", *NAMES)), st.integers(1, 60))
    return World(
        units,
        desks,
        tuple(sorted(draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=3)))),
        tuple(draw(st.lists(step, max_size=8))),
        draw(st.booleans()),
        tuple(sorted(draw(st.sets(st.sampled_from(NAMES), max_size=2)))),
    )


def office_of(world: World, shipped: Office) -> Office:
    review, default, discipline, supervision, coordination = world.desks
    table = RoutingTable(
        world.units, shipped.routing.rules[6:9], default, discipline, (), supervision, shipped.routing.returning
    )
    return replace(
        shipped,
        routing=table,
        review_desk=review,
        default_desk=default,
        discipline_desk=discipline,
        supervision_desk=supervision,
        coordination_desk=coordination,
    )


def touched(name: str, world: World) -> bool:
    """Whether a report about the accused bars ``name``: worked out upwards, not as the program does."""
    waiting, seen = [name], set[str]()
    while waiting:
        one = waiting.pop()
        if one in world.accused:
            return True
        if one not in seen:
            seen.add(one)
            parent = world.units[one].parent
            waiting += [parent] if parent else []
            waiting += [other.id for other in world.units.values() if other.successor == one]
    return False
