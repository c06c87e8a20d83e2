"""What one file says must agree with the others: names exist, nothing runs in a circle, nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from casework.config.build import routing_rule
from casework.config.files import Files
from casework.config.labels import words_of
from casework.config.mistakes import Mistake, one_of, shown
from casework.config.models import DepartmentEntry
from casework.domain.moves import FROM
from casework.domain.routing import DISTRICT, UNIT
from casework.domain.rule_study import contradictions

PERMISSIONS = (*sorted(FROM), "emergency", "report", "figures", "sources", "users")
"""What a role may be allowed: the verbs of cases and the rights beside them."""
LOG_DAYS = 184
"""Six months at their longest (网络安全法, 2016 text, 第二十一条(三): logs are kept at least six months)."""


def doubles(files: Files, name: str, key: str, ids: Iterable[str], field: str = "id") -> Iterator[Mistake]:
    """Ids that are given twice in a list of a file."""
    seen: set[str] = set()
    for index, id_ in enumerate(ids):
        if id_ in seen:
            yield files.mistake(name, (key, index, field), f"{shown(id_)} is there already", "give each its own")
        seen.add(id_)


def check_office_file(files: Files) -> Iterator[Mistake]:
    """Working hours in order and apart; desks that exist and still live."""
    office = files.office
    if office is None:
        return
    end = None
    for index, hours in enumerate(office.working_hours):
        loc = ("working_hours", index)
        if hours.from_ >= hours.to:
            found = f"from {hours.from_:%H:%M} to {hours.to:%H:%M}"
            yield files.mistake("office.yml", loc, found, "write an end after the beginning")
        elif end is not None and hours.from_ < end:
            found = f"begins at {hours.from_:%H:%M}, before {end:%H:%M}"
            yield files.mistake("office.yml", loc, found, "write stretches that do not overlap, in order")
        end = hours.to
    if len(office.region) != 6:
        write = "write the office's own code of six digits: 410100"
        yield files.mistake("office.yml", ("region",), shown(office.region), write)
    units = units_of(files)
    for desk in ("default", "review", "discipline", "supervision", "coordination"):
        name = getattr(office.desks, desk)
        if name is None:
            continue
        if units and name not in units:
            yield files.mistake("office.yml", ("desks", desk), shown(name), one_of(name, units, "department"))
        elif units and units[name].until is not None:
            found = f"{name} ends on {units[name].until}"
            yield files.mistake("office.yml", ("desks", desk), found, "name a department that goes on")


def check_departments(files: Files) -> Iterator[Mistake]:
    """Ids, names, places and dates of departments."""
    if files.departments is None:
        return
    name, entries, units = "departments.yml", files.departments.departments, units_of(files)
    yield from doubles(files, name, "departments", (entry.id for entry in entries))
    for index, entry in enumerate(entries):
        for key in ("parent", "successor"):
            other = getattr(entry, key)
            if other is not None and other not in units:
                loc = ("departments", index, key)
                yield files.mistake(name, loc, shown(other), one_of(other, units, "department"))
        if entry.since and entry.until and entry.since > entry.until:
            found = f"{entry.until} lies before since, {entry.since}"
            yield files.mistake(name, ("departments", index, "until"), found, "write a last day after the first")
        if entry.successor and entry.until is None:
            loc = ("departments", index, "successor")
            yield files.mistake(name, loc, f"{entry.id} has no last day", "write until: as well, or take it out")
    for key in ("parent", "successor"):
        yield from circles(files, name, "departments", {entry.id: getattr(entry, key) for entry in entries}, key)
    yield from _overlaps(files, entries)


def circles(files: Files, name: str, list_: str, above: Mapping[str, str | None], key: str) -> Iterator[Mistake]:
    """Chains that come back to where they began; each circle is said once."""
    told: set[str] = set()
    for index, start in enumerate(above):
        chain, at = [start], above[start]
        while at is not None and at in above and at not in chain:
            chain.append(at)
            at = above[at]
        if at == start and start not in told:
            told.update(chain)
            found = f"runs in a circle: {' → '.join([*chain, start])}"
            yield files.mistake(name, (list_, index, key), found, "take one of them out")


def _overlaps(files: Files, entries: list[DepartmentEntry]) -> Iterator[Mistake]:
    """Two departments for one place, or of one name, at the same time."""
    said: dict[tuple[str, str], list[DepartmentEntry]] = {}
    for index, entry in enumerate(entries):
        words = [("regions", i, code) for i, code in enumerate(entry.regions)]
        words += [("aliases", i, word) for i, word in enumerate(entry.aliases)]
        for key, i, word in words:
            others = said.setdefault((key, word), [])
            for other in others:
                if _at_once(entry, other):
                    found = f"{shown(word)} is {other.id}'s already at that time"
                    loc = ("departments", index, key, i)
                    yield files.mistake("departments.yml", loc, found, "give it to one of the two, or set dates apart")
            others.append(entry)


def _at_once(one: DepartmentEntry, other: DepartmentEntry) -> bool:
    first = one.since is None or other.until is None or one.since <= other.until
    return first and (other.since is None or one.until is None or other.since <= one.until)


def check_routing(files: Files) -> Iterator[Mistake]:
    """Departments of rules and helpers; the words that a reason may fill in."""
    if files.routing is None or files.departments is None:
        return
    name, units = "routing.yml", units_of(files)
    yield from doubles(files, name, "rules", (rule.id for rule in files.routing.rules))
    yield from doubles(files, name, "helpers", (rule.id for rule in files.routing.helpers))
    yield from _contradictions(files, name)
    for index, rule in enumerate(files.routing.rules):
        if rule.to not in (UNIT, DISTRICT, *units):
            yield files.mistake(name, ("rules", index, "to"), shown(rule.to), one_of(rule.to, units, "department"))
        yield from _known(files, name, ("rules", index, "with"), rule.with_, units)
    for index, helper in enumerate(files.routing.helpers):
        yield from _known(files, name, ("helpers", index, "with"), helper.with_, units)
    for index, example in enumerate(files.routing.examples):
        yield from _known(files, name, ("examples", index, "to"), [example.to], units, single=True)
        for key, ids in (("with", example.with_), ("excluded", example.excluded), ("watchers", example.watchers)):
            yield from _known(files, name, ("examples", index, key), ids or (), units)


def _contradictions(files: Files, name: str) -> Iterator[Mistake]:
    """Two rules of one basis that ask the same and answer otherwise: the later one can never act."""
    assert files.routing is not None  # asked for before
    region = files.office.region if files.office else ""
    rules = [routing_rule(entry, region) for entry in files.routing.rules]
    for first, later in contradictions(rules):
        line = files.line(name, ("rules", first))
        found = f"contradicts rule {rules[first].id} (line {line}): the same conditions, but {rules[first].to}"
        write = f"take one of the two out, or set their conditions apart ({rules[later].to} is never reached)"
        yield files.mistake(name, ("rules", later, "to"), found, write)


def routing_classes(files: Files) -> dict[str, tuple[str, ...]]:
    """The labels of the classes by which matters are routed, in this office."""
    words = words_of(files.folder.read("topics.yml"), ())
    return {key: words[key] for key in ("board_domain", "petition_topic")}


def check_rest(files: Files) -> Iterator[Mistake]:
    """Opening rules, dispositions, roles, retention, channels."""
    if files.opening:
        yield from doubles(files, "opening.yml", "rules", (rule.id for rule in files.opening.rules))
        last = files.opening.rules[-1]
        if last.when.model_fields_set:
            loc = ("rules", len(files.opening.rules) - 1, "when")
            yield files.mistake("opening.yml", loc, "conditions", "end with a rule for everything: when: {}")
    if files.dispositions:
        entries = files.dispositions.dispositions
        yield from doubles(files, "dispositions.yml", "dispositions", (entry.id for entry in entries))
        for index, entry in enumerate(entries):
            loc = ("dispositions", index, "inform")
            yield from _known(files, "dispositions.yml", loc, entry.inform, units_of(files))
    if files.roles:
        yield from doubles(files, "roles.yml", "roles", (entry.id for entry in files.roles.roles))
        for index, role in enumerate(files.roles.roles):
            for i, right in enumerate(role.may):
                if right not in PERMISSIONS:
                    write = one_of(right, PERMISSIONS, "right")
                    yield files.mistake("roles.yml", ("roles", index, "may", i), shown(right), write)
    yield from _check_retention(files)


def _check_retention(files: Files) -> Iterator[Mistake]:
    if files.retention is None:
        return
    entries = files.retention.retention
    yield from doubles(files, "retention.yml", "retention", (entry.what for entry in entries), "what")
    for index, entry in enumerate(entries):
        wanted = "anonymise" if entry.what in ("authors", "originals") else "delete"
        if entry.then != wanted:
            write = f"write {wanted}: {entry.what} can only be {'anonymised' if wanted != 'delete' else 'deleted'}"
            yield files.mistake("retention.yml", ("retention", index, "then"), shown(entry.then), write)
        if entry.what == "logs" and entry.days < LOG_DAYS:
            write = f"write at least {LOG_DAYS}: logs are kept six months (网络安全法, 2016 text, 第二十一条)"
            yield files.mistake("retention.yml", ("retention", index, "days"), str(entry.days), write)


def units_of(files: Files) -> dict[str, DepartmentEntry]:
    """Departments by id."""
    return {entry.id: entry for entry in files.departments.departments} if files.departments else {}


def _known(
    files: Files,
    name: str,
    loc: tuple[int | str, ...],
    ids: Iterable[str],
    units: Mapping[str, DepartmentEntry],
    single: bool = False,
) -> Iterator[Mistake]:
    for index, id_ in enumerate(ids):
        if units and id_ not in units:
            place = loc if single else (*loc, index)
            yield files.mistake(name, place, shown(id_), one_of(id_, units, "department"))
