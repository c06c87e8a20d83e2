"""From checked files to the domain's values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from casework.config.folder import Folder
from casework.config.models import ContactPattern, DepartmentEntry, DepartmentsFile, OfficeFile, RetentionFile
from casework.config.models_matter import FactsEntry, When
from casework.config.models_roster import EmergencyFile, PersonEntry, RosterFile, WatchEntry
from casework.config.models_routing import RoutingFile, RoutingRuleEntry
from casework.config.models_rules import (
    CalendarFile,
    DeadlineFile,
    EscalationFile,
    ExtensionEntry,
    LadderEntry,
    OpeningFile,
    StepEntry,
)
from casework.domain.casualties import LAW, Level
from casework.domain.checklist import Item
from casework.domain.deadlines import DeadlineRule, Extension, RuleValue, Unit
from casework.domain.departments import Department
from casework.domain.duty import DutyRoster, Person, Quiet, Watch
from casework.domain.escalation import HOLD_MINUTES, ROLES, Ladder, Step
from casework.domain.handover import ReturnLimit
from casework.domain.matching import UNKNOWN, Conditions, Facts
from casework.domain.office import OpeningRule
from casework.domain.retention import Keep
from casework.domain.routing import HelperRule, RoutingRule, RoutingTable
from casework.domain.worktime import WorkTime, YearCalendar

OFFICE_REFERENCE = "本单位规定"
"""The reference of a limit that the office set itself."""
OWN = "@office"
"""In conditions and examples: the office's own region."""
Contacts = dict[str, tuple[str, str | None, str | None]]


def home(region: str) -> str:
    """What the codes of all places in a region begin with: 410100 → 4101, 410000 → 41."""
    return region.removesuffix("00").removesuffix("00")


def _tuples(entry: Any, region: str) -> dict[str, Any]:
    """The fields that were written, lists as tuples, the office's own region in its place."""
    given = {name: getattr(entry, name) for name in entry.model_fields_set}
    if "regions" in given:
        given["regions"] = [region if code == OWN else code for code in given["regions"]]
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def conditions(when: When, region: str) -> Conditions:
    """Conditions as rules use them, in an office of ``region``."""
    return Conditions(**_tuples(when, home(region)))


def facts(entry: FactsEntry, region: str) -> Facts:
    """The matter of an example, in an office of ``region``."""
    given = _tuples(entry, region)
    severity = given.pop("severity", entry.severity)
    given.setdefault("kind", entry.kind)
    given.setdefault("source", entry.source)
    return Facts(**given, severity=None if severity == UNKNOWN else severity)


def departments(file: DepartmentsFile) -> dict[str, Department]:
    """Departments by id, in the order of the file."""
    return {entry.id: _department(entry, file.contacts) for entry in file.departments}


def _department(entry: DepartmentEntry, patterns: Mapping[Any, ContactPattern]) -> Department:
    contacts: Contacts = {}
    for role in ROLES:
        own = entry.contacts.get(role)  # type: ignore[call-overload]
        pattern = patterns.get(role)
        if own:
            contacts[role] = (own.name, own.mail, own.phone)
        elif pattern:
            filled = [text and text.format(id=entry.id, name=entry.name) for text in (pattern.name, pattern.mail)]
            contacts[role] = (filled[0] or entry.name, filled[1], None)
    return Department(
        id=entry.id,
        name=entry.name,
        aliases=tuple(entry.aliases),
        regions=tuple(entry.regions),
        parent=entry.parent,
        since=entry.since,
        until=entry.until,
        successor=entry.successor,
        contacts=contacts,
    )


def routing_rule(entry: RoutingRuleEntry, region: str) -> RoutingRule:
    """One routing rule in an office of ``region``."""
    when = conditions(entry.when, region)
    return RoutingRule(entry.id, entry.basis, when, entry.to, entry.reason, tuple(entry.with_))


def routing(file: RoutingFile, units: Mapping[str, Department], office: OfficeFile) -> RoutingTable:
    """All that routing needs."""
    rules = tuple(routing_rule(entry, office.region) for entry in file.rules)
    helpers = tuple(
        HelperRule(entry.id, conditions(entry.when, office.region), tuple(entry.with_)) for entry in file.helpers
    )
    desks, returning = office.desks, ReturnLimit(file.returning.working_days, file.returning.reference)
    return RoutingTable(units, rules, desks.default, desks.discipline, helpers, desks.supervision, returning)


def opening(file: OpeningFile, region: str) -> tuple[OpeningRule, ...]:
    """The opening rules in their order."""
    return tuple(OpeningRule(rule.id, conditions(rule.when, region), rule.then) for rule in file.rules)


def worktime(office: OfficeFile, calendars: Iterable[CalendarFile]) -> WorkTime:
    """Calendars, hours and the office's own days off."""
    years = {
        file.year: YearCalendar(file.year, file.notice, file.dated, _days_off(file), frozenset(file.workdays))
        for file in calendars
    }
    hours = tuple((hours.from_, hours.to) for hours in office.working_hours)
    return WorkTime(years, hours, {day.date: day.why for day in office.days_off})


def quiet(office: OfficeFile) -> Quiet | None:
    """The hours in which ordinary notices wait."""
    hours = office.quiet_hours
    return None if hours is None else Quiet(hours.from_, hours.to)


def roster(file: RosterFile | None, office: OfficeFile) -> DutyRoster:
    """The duty roster; without a file nobody but the departments' own people is told."""
    return DutyRoster(tuple(_watch(entry) for entry in file.watches) if file else (), office.duty)


def levels(folder: Folder) -> tuple[Level, ...]:
    """From how many casualties on an emergency is of which level; those of the law without a ``severity.yml``."""
    if "severity.yml" not in folder.files:
        return LAW
    rows = folder.read("severity.yml")["levels"]
    return tuple(Level(row["level"], row["deaths"], row["injured"]) for row in rows)


def checklist(file: EmergencyFile | None) -> tuple[Item, ...]:
    """The checklist of an emergency; without a file it is empty."""
    return tuple(
        Item(item.id, part.part, item.text, item.reference or OFFICE_REFERENCE, item.required)
        for part in (file.parts if file else ())
        for item in part.items
    )


def _watch(entry: WatchEntry) -> Watch:
    leader = _person(entry.leader) if entry.leader else None
    return Watch(entry.from_, entry.to, _person(entry), leader, entry.department)


def _person(entry: PersonEntry) -> Person:
    return Person(entry.name, entry.phone, entry.mail)


def _days_off(file: CalendarFile) -> dict[date, str]:
    return {day: name for name, days in file.off.items() for day in days}


def deadline_rule(file: DeadlineFile, region: str) -> DeadlineRule:
    """A deadline rule with its values in order of date."""
    values = tuple(
        RuleValue(value.since, value.amount, value.reference or OFFICE_REFERENCE, value.until)
        for value in sorted(file.values, key=lambda value: value.since)
    )
    return DeadlineRule(
        id=file.id,
        title=file.title,
        duty=file.duty,
        unit=Unit(file.unit),
        starts=file.starts,
        values=values,
        applies=conditions(file.applies, region),
        basis=file.basis,
        per_message=file.per_message,
        pausable=file.pausable or bool(file.pauses),
        pauses=tuple(file.pauses),
        times=tuple(sorted(file.times)),
        again=file.again,
        met_by=tuple(file.met_by),
        ladder=file.ladder,
        trust=file.trust,
        note=file.note,
        optional=file.optional,
        extension=_extension(file.extension) if file.extension else None,
    )


def _extension(entry: ExtensionEntry) -> Extension:
    before = entry.ask_before
    amount, unit = (before.amount, Unit(before.unit)) if before else (0, Unit.WORKING_DAYS)
    return Extension(entry.amount, entry.times, entry.reference, tuple(entry.approved_by), amount, unit)


def ladders(file: EscalationFile) -> dict[str, Ladder]:
    """Ladders by id; ``like`` resolved."""
    entries = {entry.id: entry for entry in file.ladders}
    return {
        id_: Ladder(id_, tuple(_step(step) for step in rungs_of(entry, entries)), _hold_minutes(entry, entries))
        for id_, entry in entries.items()
    }


def rungs_of(entry: LadderEntry, entries: Mapping[str, LadderEntry]) -> list[StepEntry]:
    """The rungs of a ladder with those that it takes over from another."""
    steps = {step.id: step for step in (rungs_of(entries[entry.like], entries) if entry.like else ())}
    steps.update({step.id: step for step in entry.steps})
    return list(steps.values())


def _hold_minutes(entry: LadderEntry, entries: Mapping[str, LadderEntry]) -> int:
    if entry.hold_minutes is None and entry.like:
        return _hold_minutes(entries[entry.like], entries)
    return entry.hold_minutes or HOLD_MINUTES


def _step(step: StepEntry) -> Step:
    unit = Unit(step.after.unit) if step.after else Unit.CLOCK_MINUTES
    after = step.after.amount if step.after else 0 if step.at_due else None
    return Step(step.id, step.kind, tuple(step.to), step.share, step.before_minutes, unit, after, step.notice)


def retention(file: RetentionFile | None) -> tuple[Keep, ...]:
    """How long each sort of data is kept."""
    entries = file.retention if file else ()
    return tuple(Keep(entry.what, entry.days, entry.then, entry.reference) for entry in entries)
