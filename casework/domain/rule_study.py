"""What can be said of routing rules without a matter at hand: which never act, contradict, or leave something out.

A rule *covers* another where it holds whenever the other does. What is said here is sure: of two rules whose conditions
merely overlap nothing is said, since the order of the file decides between them on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import product
from math import prod
from typing import Any

from casework.domain.departments import living
from casework.domain.matching import REPORT, Conditions, Facts
from casework.domain.routing import DISTRICT, UNIT, RoutingRule, RoutingTable, route

MOST = 4096
"""Single cases of one rule that are looked at; a rule of more is only compared as a whole."""
_PREFIXES, _WORDS = ("regions",), ("words",)
_LISTS = tuple(item.name for item in fields(Conditions) if item.init and item.type == "tuple[str, ...]")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a rule. ``kind``: contradicts, shadowed, never, partly; ``by`` are rules of the office.

    ``detail`` is one Chinese sentence.
    """

    kind: str
    rule: str
    by: tuple[str, ...]
    detail: str


def covers(wide: Conditions, narrow: Conditions) -> bool:
    """Whether ``wide`` holds whenever ``narrow`` does."""
    for name in wide.names():
        own, other = getattr(wide, name), getattr(narrow, name)
        if other in ((), None):
            return False
        if name in _PREFIXES:
            fits = all(code.startswith(own) for code in other)
        elif name in _WORDS:
            fits = all(any(word in longer for word in own) for longer in other)
        elif name in _LISTS:
            fits = set(other) <= set(own)
        else:
            fits = other == own if name == "empty" else other >= own
        if not fits:
            return False
    return True


def contradictions(rules: Sequence[RoutingRule]) -> Iterator[tuple[int, int]]:
    """Pairs (earlier, later; places in ``rules``) of one basis and the same conditions, to different departments."""
    seen: dict[tuple[str, Conditions], int] = {}
    for index, rule in enumerate(rules):
        key = (rule.basis, _sorted(rule.when))
        first = seen.setdefault(key, index)
        if rules[first].to != rule.to and rule.to not in (UNIT, DISTRICT) and rules[first].to not in (UNIT, DISTRICT):
            yield first, index


def _sorted(when: Conditions) -> Conditions:
    return _with(when, {name: tuple(sorted(set(getattr(when, name)))) for name in _LISTS if getattr(when, name)})


def _with(when: Conditions, lists: dict[str, Any]) -> Conditions:
    return replace(when, **lists)


def study(table: RoutingTable, day: date) -> list[Finding]:
    """What is to be said of the rules as of ``day``, in the order in which they are tried."""
    found: list[Finding] = []
    rules = table.ordered()
    sure = [_sure(rule, table, day) for rule in rules]
    for index, rule in enumerate(rules):
        before = [earlier for earlier, acts in zip(rules[:index], sure, strict=False) if acts]
        if (why := _never(rule, table, day)) is not None:
            found.append(Finding("never", rule.id, (), why))
        elif (by := _shadow(rule, before)) is not None:
            found.append(by)
    return found


def _sure(rule: RoutingRule, table: RoutingTable, day: date) -> bool:
    """Whether the rule acts whenever its conditions hold: it names a department that is there."""
    return rule.to not in (UNIT, DISTRICT) and bool(living([rule.to], table.departments, day))


def _never(rule: RoutingRule, table: RoutingTable, day: date) -> str | None:
    if rule.to not in (UNIT, DISTRICT) and not living([rule.to], table.departments, day):
        return f"{table.departments[rule.to].name}当日不存在，也没有承接单位"
    if rule.when.petition_kind == (REPORT,):
        return "检举控告件不走转办规则，一律转纪检"
    if rule.to == DISTRICT and not any(unit.regions for unit in table.departments.values()):
        return "名录里没有负责区划的单位"
    if rule.when.empty and rule.when.words:
        return "正文为空时不会有词"
    return None


def _shadow(rule: RoutingRule, before: Sequence[RoutingRule]) -> Finding | None:
    """Whether the rules before it leave nothing, or only a part, to this one."""
    whole = next((earlier for earlier in before if covers(earlier.when, rule.when)), None)
    if whole is not None:
        same = covers(rule.when, whole.when) and whole.basis == rule.basis and whole.to != rule.to
        kind, word = ("contradicts", "条件相同而单位不同") if same else ("shadowed", "条件更宽")
        return Finding(kind, rule.id, (whole.id,), f"排在前面的{whole.id}{word}，本条永远轮不到")
    taken = [(atom, _taker(atom, before)) for atom in _atoms(rule.when)]
    by = tuple(dict.fromkeys(taker for _, taker in taken if taker is not None))
    if not by:
        return None
    if all(taker is not None for _, taker in taken):
        return Finding("shadowed", rule.id, by, f"排在前面的{'、'.join(by)}合起来已包括本条的全部情形")
    lost = [_told(atom, rule.when) for atom, taker in taken if taker is not None]
    return Finding("partly", rule.id, by, f"其中{'、'.join(dict.fromkeys(lost))}由排在前面的{'、'.join(by)}先处理")


def _taker(atom: Conditions, before: Sequence[RoutingRule]) -> str | None:
    return next((earlier.id for earlier in before if covers(earlier.when, atom)), None)


def _atoms(when: Conditions) -> list[Conditions]:
    """The single cases of conditions: one value of each list."""
    lists = {name: getattr(when, name) for name in _LISTS if getattr(when, name)}
    if not lists or prod(len(values) for values in lists.values()) > MOST:
        return []
    chosen = product(*lists.values())
    return [_with(when, {name: (value,) for name, value in zip(lists, one, strict=True)}) for one in chosen]


def _told(atom: Conditions, whole: Conditions) -> str:
    parts = [getattr(atom, name)[0] for name in _LISTS if len(getattr(whole, name)) > 1]
    return "“" + "、".join(parts) + "”" if parts else "全部"


def unrouted(table: RoutingTable, classes: Mapping[str, Iterable[str]], day: date) -> list[tuple[str, str]]:
    """(class, label) for which no rule finds a department where nothing else is known of the matter."""
    missing = []
    for name, labels in classes.items():
        for label in labels:
            known: dict[str, Any] = {name: label}
            if route(Facts("message", "", **known), table, day).default:
                missing.append((name, label))
    return missing
