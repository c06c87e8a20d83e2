"""Which department is responsible, and why. Order of the rules: 指定 > 属地 > 类别 > 人工.

Sources: 豫办〔2016〕60号 三(10) (涉事部门 is the 第一责任主体); 信访工作条例 第三十条 (a report of wrongdoing
never reaches the unit reported); 国办函〔2025〕66号 (五) (主办 and 协办; no rule: a person decides).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.domain.errors import DomainError
from casework.domain.matching import REPORT, Conditions, Facts, Tried

BASES = ("指定", "属地", "类别", "人工")
DISTRICT = "@district"
"""In a rule's ``to``: the department that answers for the place named (属地)."""
UNIT = "@unit"
"""In a rule's ``to``: the department that the matter itself names (涉事部门)."""


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


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule: when ``when`` holds, ``to`` is 主办 and ``with_`` are 协办. ``reason`` is one Chinese sentence."""

    id: str
    basis: str
    when: Conditions
    to: str
    reason: str
    with_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HelperRule:
    """When ``when`` holds, ``with_`` are 协办 besides those of the routing rule. Never for a 检举控告."""

    id: str
    when: Conditions
    with_: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A decision. ``excluded`` is filled for 检举控告 only; ``default`` tells that no rule matched."""

    department: str
    co_departments: tuple[str, ...]
    reason: str
    excluded: tuple[str, ...] = ()
    rule: str | None = None
    default: bool = False
    held: bool = False
    tried: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """All that routing needs: departments by id, rules in the order of the file, default desk, discipline desk."""

    departments: Mapping[str, Department]
    rules: tuple[RoutingRule, ...]
    default: str
    discipline: str
    helpers: tuple[HelperRule, ...] = ()

    def ordered(self) -> tuple[RoutingRule, ...]:
        """Rules by basis (指定, 属地, 类别), inside a basis in the order of the file."""
        return tuple(sorted(self.rules, key=lambda rule: BASES.index(rule.basis)))


def route(facts: Facts, table: RoutingTable, day: date) -> Route:
    """Decide the department for a matter on ``day`` (a date in Shanghai).

    Never answers nowhere: without a matching rule the default desk gets it. A 检举控告 goes to the discipline desk
    alone and excludes every unit accused and what belongs to it. Raises DomainError only where every department
    of the office is reported.
    """
    if facts.petition_kind == REPORT:
        return _to_discipline(facts, table, day)
    tried: list[Tried] = []
    for rule in table.ordered():
        failed = rule.when.failing(facts)
        targets = [] if failed else _targets(rule, facts, table, day)
        if not targets:
            tried.append(Tried(rule.id, rule.basis, False, failed or rule.to.removeprefix("@")))
            continue
        tried.append(Tried(rule.id, rule.basis, True))
        department, *others = targets
        helpers = _helpers(department, [*others, *rule.with_], facts, table, day)
        reason = _sentence(rule, facts, table.departments[department])
        return Route(department, helpers, reason, (), rule.id, tried=tuple(tried))
    name = table.departments[table.default].name
    reason = f"人工：没有规则适用，转{name}由人工确定承办单位。"
    helpers = _helpers(table.default, [], facts, table, day)
    return Route(table.default, helpers, reason, default=True, tried=tuple(tried))


def excluded_units(accused: Iterable[str], departments: Mapping[str, Department]) -> tuple[str, ...]:
    """The accused departments, all below them and all that took over from them, sorted.

    None of them may see the case (信访工作条例 第三十条); after a 机构改革 the people reported sit in the successor.
    """
    found = {unit for unit in accused if unit in departments}
    grown = True
    while grown:
        heirs = {departments[unit].successor for unit in found}
        more = {d.id for d in departments.values() if d.parent in found or d.id in heirs} - found
        found |= more
        grown = bool(more)
    return tuple(sorted(found))


def _to_discipline(facts: Facts, table: RoutingTable, day: date) -> Route:
    excluded = excluded_units(facts.accused, table.departments)
    # Where the discipline desk itself is accused it may not judge itself: a person at the default desk decides.
    # Where that desk is accused too, any department that is not: a person there passes it on.
    standing = [unit.id for unit in table.departments.values() if unit.alive(day)]
    fit = [unit for unit in (table.discipline, table.default, *standing) if unit not in excluded]
    if not fit:
        raise DomainError(
            "every department of the office is reported: a person must transfer the case to a higher body"
        )
    name = table.departments[fit[0]].name
    reason = f"指定：检举控告件，依《信访工作条例》第三十条不得转给被检举控告的单位，由{name}办理。"
    tried = (Tried("discipline", "指定", True),)
    return Route(fit[0], (), reason, excluded, "discipline", held=True, tried=tried)


def _targets(rule: RoutingRule, facts: Facts, table: RoutingTable, day: date) -> list[str]:
    """The department of a rule, first; after it the others that the matter names. Empty: the rule has none today."""
    if rule.to == DISTRICT:
        return _district(facts.regions, table, day)
    if rule.to == UNIT:
        return _alive([unit for unit in facts.units if unit in table.departments], table, day)
    return _alive([rule.to], table, day)


def _district(regions: Sequence[str], table: RoutingTable, day: date) -> list[str]:
    """The one department that answers for the places named; empty where there is none or more than one.

    Several places: the superior department leads (国办发〔2016〕61号), which the rules by class find.
    """
    found = [
        department.id
        for department in table.departments.values()
        if department.alive(day) and any(code.startswith(department.regions) for code in regions if department.regions)
    ]
    return found if len(found) == 1 else []


def _helpers(department: str, first: Sequence[str], facts: Facts, table: RoutingTable, day: date) -> tuple[str, ...]:
    more = [unit for rule in table.helpers if rule.when.hold(facts) for unit in rule.with_]
    return tuple(unit for unit in _alive([*first, *more], table, day) if unit != department)


def _alive(ids: Iterable[str], table: RoutingTable, day: date) -> list[str]:
    """The departments that exist on ``day``; one that has ended is replaced by its successor."""
    alive: list[str] = []
    for name in ids:
        seen = set()
        while name not in seen:
            seen.add(name)
            department = table.departments[name]
            if department.alive(day):
                alive.append(name)
                break
            if department.successor is None:
                break
            name = department.successor
    return list(dict.fromkeys(alive))


def _sentence(rule: RoutingRule, facts: Facts, target: Department) -> str:
    reason = rule.reason.format(
        department=target.name,
        domain=facts.board_domain or "未定",
        topic=facts.petition_topic or "未定",
        place=facts.regions[0] if facts.regions else "未定",
    )
    return f"{rule.basis}：{reason}"
