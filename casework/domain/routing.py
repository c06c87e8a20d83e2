"""Which department is responsible, and why. Order of the rules: 指定 > 属地 > 类别 > 人工.

Sources: 豫办〔2016〕60号 三(10): 涉事部门 is the 第一责任主体.
国办发〔2016〕61号 第一部分: several places belong to the superior department.
潍坊市12345条例 第二十四条: where county and city both are competent the city leads.
信访工作条例 第三十条: a report of wrongdoing never reaches the unit reported.
国办函〔2025〕66号 (五): 主办 and 协办; without a rule a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from casework.domain.departments import (
    Departments,
    answering,
    excluded_units,
    living,
    of_district,
    superior,
)
from casework.domain.errors import NobodyLeft
from casework.domain.handover import ReturnLimit
from casework.domain.matching import REPORT, Conditions, Facts, Tried, surely
from casework.domain.reasons import tried as told
from casework.domain.words_index import WordsIndex

BASES = ("指定", "属地", "类别", "人工")
DISTRICT = "@district"
"""In a rule's ``to``: the department that answers for the place named (属地)."""
UNIT = "@unit"
"""In a rule's ``to``: the department that the matter itself names (涉事部门)."""
COMPLAINTS = ("投诉", "举报")
"""Types of message that complain about the department they name: its superior or the 督查 desk sees it too."""


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
    """A decision. ``excluded`` is filled for 检举控告 only; ``default`` tells that no rule matched.

    ``watchers`` (知会) see the case beside who has it: the superior of a department complained about, or the 督查 desk.
    ``tried`` is filled where it was asked for.
    """

    department: str
    co_departments: tuple[str, ...]
    reason: str
    excluded: tuple[str, ...] = ()
    rule: str | None = None
    default: bool = False
    held: bool = False
    tried: tuple[Tried, ...] = ()
    watchers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """All that routing needs: departments by id, rules in the order of the file, the desks.

    ``supervision`` is the 督查 desk (None: the office has none); ``returning`` bounds 退回.
    """

    departments: Departments
    rules: tuple[RoutingRule, ...]
    default: str
    discipline: str
    helpers: tuple[HelperRule, ...] = ()
    supervision: str | None = None
    returning: ReturnLimit | None = None
    _ordered: tuple[RoutingRule, ...] = field(init=False, repr=False, compare=False)
    _words: WordsIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.rules, key=lambda rule: BASES.index(rule.basis)))
        object.__setattr__(self, "_ordered", ordered)
        object.__setattr__(self, "_words", WordsIndex(word for rule in ordered for word in rule.when.words))

    def ordered(self) -> tuple[RoutingRule, ...]:
        """Rules by basis (指定, 属地, 类别), inside a basis in the order of the file."""
        return self._ordered

    def words_in(self, text: str) -> frozenset[str]:
        """The words of rules that stand in ``text``."""
        return self._words.found(text)


def route(facts: Facts, table: RoutingTable, day: date, explain: bool = False) -> Route:
    """Decide the department for a matter on ``day`` (a date in Shanghai).

    Never answers nowhere: without a matching rule the default desk gets it. A 检举控告 goes to the discipline desk
    alone and excludes every unit accused and what belongs to it; what may be one goes to a person at the default desk,
    and to nobody named in it. ``explain`` fills ``tried``. Raises NobodyLeft only
    where every department of the office is reported.
    """
    if facts.petition_kind == REPORT:
        return _to_discipline(facts, table, day, explain)
    if facts.no_content:
        return _unread(facts, table, day, explain)
    if "petition_kind" in facts.unsure:
        return _to_person(facts, table, day, explain)
    facts = surely(facts)
    steps: list[Tried] = []
    places: list[str] = []
    present = table.words_in(facts.text)
    for rule in table.ordered():
        if not explain and rule.when.words and present.isdisjoint(rule.when.words):
            continue
        failed = rule.when.failing(facts)
        targets = [] if failed else _targets(rule, facts, table, day)
        if rule.to == DISTRICT and len(targets) > 1:
            # Several places: the superior leads, which the rules by class find; the districts help.
            places, targets = targets, []
        if explain:
            steps.append(_step(rule, facts, table, targets, failed, places))
        if targets:
            return _by_rule(rule, targets, places, facts, table, day, tuple(steps))
    return _by_hand(places, facts, table, day, tuple(steps))


def _by_rule(
    rule: RoutingRule,
    targets: Sequence[str],
    places: Sequence[str],
    facts: Facts,
    table: RoutingTable,
    day: date,
    steps: tuple[Tried, ...],
) -> Route:
    department, *others = targets
    helpers = _helpers(department, [*others, *rule.with_, *places], facts, table, day)
    watchers = _watchers(targets, [department, *helpers], table, day) if _complains(rule, facts) else ()
    reason = _sentence(rule, facts, table, department, places, watchers)
    return Route(department, helpers, reason, (), rule.id, tried=steps, watchers=watchers)


def _by_hand(places: Sequence[str], facts: Facts, table: RoutingTable, day: date, steps: tuple[Tried, ...]) -> Route:
    """No rule: the department above all the districts named, where the list has one; else a person decides."""
    above = superior(places, table.departments, day) if places else None
    where = f"事项涉及{_names(places, table)}，" if places else ""
    if above is not None:
        reason = f"属地：{where}由其共同的上级{table.departments[above].name}主办。"
        return Route(above, _helpers(above, places, facts, table, day), reason, rule="superior", tried=steps)
    why = "领域判断没有把握" if "board_domain" in facts.unsure else "没有规则适用"
    reason = f"人工：{where}{why}，转{table.departments[table.default].name}由人工确定承办单位。"
    return Route(table.default, _helpers(table.default, places, facts, table, day), reason, default=True, tried=steps)


def _to_discipline(facts: Facts, table: RoutingTable, day: date, explain: bool) -> Route:
    excluded = excluded_units(facts.accused, table.departments)
    # Where the discipline desk itself is accused it may not judge itself: a person at the default desk decides.
    # Where that desk is accused too, any department that is not: a person there passes it on.
    fit = _fit([table.discipline, table.default], excluded, table, day)
    if not fit:
        raise NobodyLeft("every department of the office is reported: a person must transfer the case to a higher body")
    name = table.departments[fit[0]].name
    reason = f"指定：检举控告件，依《信访工作条例》第三十条不得转给被检举控告的单位，由{name}办理。"
    steps = (Tried("discipline", "指定", True, note="信访类别为检举控告，其他规则一律不用"),) if explain else ()
    return Route(fit[0], (), reason, excluded, "discipline", held=True, tried=steps)


def _to_person(facts: Facts, table: RoutingTable, day: date, explain: bool) -> Route:
    """What may be a 检举控告: a person says so first, and none that the letter names sees it before (第三十条)."""
    named = excluded_units(facts.units, table.departments)
    fit = _fit([table.default, table.discipline], named, table, day) or [table.default]
    reason = f"人工：疑似检举控告，先由{table.departments[fit[0]].name}人工认定，认定前不转文中点名的单位。"
    steps = (Tried("suspected", "人工", True, note="信访类别把握不足，其他规则一律不用"),) if explain else ()
    return Route(fit[0], (), reason, default=True, tried=steps)


def _unread(facts: Facts, table: RoutingTable, day: date, explain: bool) -> Route:
    """Nothing is said that could be judged: a person at the default desk reads it."""
    named = excluded_units(facts.units, table.departments) if "petition_kind" in facts.unsure else ()
    fit = _fit([table.default], named, table, day) or [table.default]
    reason = f"人工：没有可判断的内容，转{table.departments[fit[0]].name}由人工确定承办单位。"
    steps = (Tried("no_content", "人工", True, note="没有可判断的内容，其他规则一律不用"),) if explain else ()
    return Route(fit[0], (), reason, default=True, tried=steps)


def _fit(first: Sequence[str], excluded: Sequence[str], table: RoutingTable, day: date) -> list[str]:
    """Departments that may have a matter kept from ``excluded``: ``first``, then all that exist on ``day``."""
    standing = [unit.id for unit in table.departments.values() if unit.alive(day)]
    return [unit for unit in (*first, *standing) if unit not in excluded]


def _targets(rule: RoutingRule, facts: Facts, table: RoutingTable, day: date) -> list[str]:
    """The department of a rule, first; after it the others that the matter names. Empty: the rule has none today.

    Of several named, those of the city come before those of a district or county, whoever was named first.
    """
    if rule.to == DISTRICT:
        return answering(facts.regions, table.departments, day)
    if rule.to == UNIT:
        named = living((unit for unit in facts.units if unit in table.departments), table.departments, day)
        return sorted(named, key=lambda unit: of_district(unit, table.departments)) if len(named) > 1 else named
    return living([rule.to], table.departments, day)


def _helpers(department: str, first: Sequence[str], facts: Facts, table: RoutingTable, day: date) -> tuple[str, ...]:
    more = [unit for rule in table.helpers if rule.when.hold(facts) for unit in rule.with_]
    return tuple(unit for unit in living([*first, *more], table.departments, day) if unit != department)


def _complains(rule: RoutingRule, facts: Facts) -> bool:
    return rule.to == UNIT and facts.message_type in COMPLAINTS


def _watchers(named: Sequence[str], have: Sequence[str], table: RoutingTable, day: date) -> tuple[str, ...]:
    """Who sees a complaint besides the departments that have it: the superior of each one named, else the 督查 desk."""
    found = []
    for unit in named:
        above = superior([unit], table.departments, day)
        found.append(above if above is not None and above not in have else table.supervision)
    alive = living((unit for unit in found if unit is not None), table.departments, day)
    return tuple(unit for unit in alive if unit not in have)


def _names(units: Sequence[str], table: RoutingTable) -> str:
    return "、".join(table.departments[unit].name for unit in units)


def _sentence(
    rule: RoutingRule,
    facts: Facts,
    table: RoutingTable,
    target: str,
    places: Sequence[str],
    watchers: Sequence[str],
) -> str:
    """One sentence: the basis, the rule's own reason, and what else was decided with it."""
    reason = rule.reason.format(
        department=table.departments[target].name,
        domain=facts.board_domain or "未定",
        topic=facts.petition_topic or "未定",
        place=facts.regions[0] if facts.regions else "未定",
    )
    more = []
    if rule.to == UNIT and of_district(target, table.departments) is False and _both_levels(facts, table):
        more.append("市级部门与区县单位都有职责的，市级部门主办")
    if places:
        more.append(f"事项涉及多地，{_names(places, table)}协办")
    if watchers:
        more.append(f"投诉件同时知会{_names(watchers, table)}")
    return f"{rule.basis}：{'；'.join([reason.rstrip('。'), *more])}。"


def _both_levels(facts: Facts, table: RoutingTable) -> bool:
    return len({of_district(unit, table.departments) for unit in facts.units if unit in table.departments}) > 1


def _step(
    rule: RoutingRule,
    facts: Facts,
    table: RoutingTable,
    targets: Sequence[str],
    failed: str | None,
    places: Sequence[str],
) -> Tried:
    if failed:
        return told(rule.id, rule.basis, rule.when, facts, failed)
    if targets:
        found = {UNIT: f"点名{_names(targets, table)}", DISTRICT: f"地点归{_names(targets, table)}"}.get(rule.to)
        step = told(rule.id, rule.basis, rule.when, facts, None)
        return replace(step, note=f"{step.note}；{found}") if found else step
    named = rule.to.removeprefix("@")
    why = {
        UNIT: "正文没有点名名录里的单位",
        DISTRICT: f"涉及多地（{_names(places, table)}），由上级主管部门主办"
        if places
        else "没有写明由哪个区县负责的地点",
    }.get(rule.to, f"{rule.to}当日不存在，也没有承接单位")
    return Tried(rule.id, rule.basis, False, named, why)
