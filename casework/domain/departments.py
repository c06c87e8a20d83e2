"""Departments: who exists on a day, who took over from whom, who stands above whom, who must not see a report.

Sources: 信访工作条例 第三十条 (a report of wrongdoing never reaches the unit reported); 国办发〔2016〕61号 第一部分
(a matter of several places belongs to the superior department).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

DISTRICT_CODE = 6
"""Digits of a district's or county's division code."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department on the office's list. ``regions`` are the codes it answers for (区县); dates bound its life.

    ``discipline``: receives 检举控告. ``aliases``: names by which texts call it.
    ``contacts``: role (contact, head, leader) → (name, e-mail or None, phone or None).
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    parent: str | None = None
    discipline: bool = False
    since: date | None = None
    until: date | None = None
    successor: str | None = None
    contacts: Mapping[str, tuple[str, str | None, str | None]] | None = None

    def alive(self, day: date) -> bool:
        """Whether the department exists on ``day`` (机构改革); both ends included."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


Departments = Mapping[str, Department]


def living(ids: Iterable[str], departments: Departments, day: date) -> list[str]:
    """The departments that exist on ``day``, each once; one that has ended is replaced by its successor."""
    found = (heir(name, departments, day) for name in ids)
    return list(dict.fromkeys(name for name in found if name is not None))


def heir(id_: str, departments: Departments, day: date) -> str | None:
    """Who has the duties of ``id_`` on ``day``: itself, or who took over; None where nobody did (or it is unknown)."""
    seen: set[str] = set()
    name: str | None = id_
    while name is not None and name not in seen and name in departments:
        seen.add(name)
        if departments[name].alive(day):
            return name
        name = departments[name].successor if _over(departments[name], day) else None
    return None


def _over(department: Department, day: date) -> bool:
    """Whether it has ended by ``day``; one that is still to come has no successor yet."""
    return department.until is not None and department.until < day


def predecessors(id_: str, departments: Departments) -> tuple[str, ...]:
    """All departments whose duties ``id_`` has taken over, directly or through others, in the order of the list."""
    found: set[str] = set()
    grown = True
    while grown:
        more = {d.id for d in departments.values() if d.successor in {id_, *found}} - found - {id_}
        found |= more
        grown = bool(more)
    return tuple(name for name in departments if name in found)


def excluded_units(accused: Iterable[str], departments: Departments) -> tuple[str, ...]:
    """The accused departments, all below them and all that took over from them, sorted.

    None of them may see the case (信访工作条例 第三十条); after a 机构改革 the people reported sit in the successor.
    """
    found = {unit for unit in accused if unit in departments}
    grown = bool(found)
    while grown:
        heirs = {departments[unit].successor for unit in found}
        more = {d.id for d in departments.values() if d.parent in found or d.id in heirs} - found
        found |= more
        grown = bool(more)
    return tuple(sorted(found))


def barring(id_: str, departments: Departments) -> frozenset[str]:
    """The units of which a report bars ``id_``: itself, those above it, those whose duties it took over, and theirs."""
    found: set[str] = set()
    waiting = [id_]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        department = departments.get(name)
        waiting += [department.parent] if department and department.parent else []
        waiting += [other.id for other in departments.values() if other.successor == name]
    return frozenset(found)


def of_district(id_: str, departments: Departments) -> bool:
    """Whether it belongs to a district or county: it, or one above it, answers for a code of six digits or more."""
    seen: set[str] = set()
    name: str | None = id_
    while name is not None and name not in seen and name in departments:
        seen.add(name)
        codes = departments[name].regions
        if any(len(code) >= DISTRICT_CODE and not code.endswith("00") for code in codes):
            return True
        name = departments[name].parent
    return False


def answering(regions: Iterable[str], departments: Departments, day: date) -> list[str]:
    """The departments that answer for the places (codes), each once; for one place the one of the longest code.

    The whole city beside one of its districts says nothing more than the district.
    """
    found: dict[str, str] = {}
    for code in regions:
        best: dict[int, str] = {}
        for department in departments.values():
            fits = [len(own) for own in department.regions if code.startswith(own)]
            if fits and department.alive(day):
                best.setdefault(max(fits), department.id)
        if best:
            found.setdefault(best[max(best)], code)
    wide = {name for name in found if _holds_another(departments[name], [departments[one] for one in found])}
    return [name for name in found if name not in wide]


def _holds_another(department: Department, found: Sequence[Department]) -> bool:
    inner = [code for other in found if other.id != department.id for code in other.regions]
    return any(len(code) > len(own) and code.startswith(own) for own in department.regions for code in inner)


def superior(ids: Sequence[str], departments: Departments, day: date) -> str | None:
    """The nearest department above all of ``ids`` that exists on ``day``; None where there is none."""
    chains = [_above(name, departments) for name in ids]
    for name in chains[0] if chains else ():
        if all(name in chain for chain in chains) and name not in ids and departments[name].alive(day):
            return name
    return None


def _above(id_: str, departments: Departments) -> list[str]:
    chain: list[str] = []
    name = departments[id_].parent if id_ in departments else None
    while name is not None and name in departments and name not in chain:
        chain.append(name)
        name = departments[name].parent
    return chain
