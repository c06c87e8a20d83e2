"""Reading of an office's folder: to values for those who work with it, to mistakes for those who write it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from casework.config import build, build_closing, checks, checks_closing, checks_deadlines, checks_roster, checks_rules
from casework.config.files import Files, check_judgement, read_files
from casework.config.mistakes import ERROR, ConfigError, Mistake
from casework.domain.follow_up import Scale
from casework.domain.office import Office

__all__ = ["ConfigError", "Mistake", "check_office", "load_office"]


def load_office(folder: Path, without: Collection[str] = ()) -> Office:
    """The office that a folder describes. Raises ConfigError with all of its errors; warnings are passed over.

    Examples are not run here: ``check_office`` does, and so do the tests. ``without``: files that are about to be
    written anew, so that what is wrong with them does not matter.
    """
    files = read_files(folder, without)
    errors = [mistake for mistake in _mistakes(files, None, {}) if mistake.severity == ERROR]
    if errors:
        raise ConfigError(errors)
    return _office(files)


def check_office(folder: Path, today: date | None = None, environ: Mapping[str, str] | None = None) -> list[Mistake]:
    """Every mistake of a folder at once, warnings too; its examples are run when nothing else is wrong.

    ``today`` (Shanghai) is for the warning that the calendars end; without it there is none. ``environ``: where the
    channels' variables are looked for (default: the process environment).
    """
    files = read_files(folder)
    check_judgement(files.folder)
    found = _mistakes(files, today, environ)
    if not any(mistake.severity == ERROR for mistake in found):
        from casework.config.examples import run_examples

        found.extend(files.folder.with_line(mistake) for mistake in run_examples(files, _office(files)))
    return found


def _mistakes(files: Files, today: date | None, environ: Mapping[str, str] | None) -> list[Mistake]:
    found = list(_crosswise(files, today, environ))
    return [files.folder.with_line(mistake) for mistake in (*files.folder.mistakes, *found)]


def _crosswise(files: Files, today: date | None, environ: Mapping[str, str] | None) -> Iterator[Mistake]:
    yield from checks.check_office_file(files)
    yield from checks.check_departments(files)
    yield from checks.check_routing(files)
    yield from checks.check_rest(files)
    yield from checks_rules.check_deadlines(files)
    yield from checks_deadlines.check_contradictions(files)
    yield from checks_rules.check_ladders(files)
    yield from checks_rules.check_calendars(files, today)
    yield from checks_rules.check_words(files)
    yield from checks_rules.check_channels(files, environ)
    yield from checks_closing.check_closing(files)
    yield from checks_roster.check_emergency(files)
    yield from checks_roster.check_roster(files, today)


def _office(files: Files) -> Office:
    """The domain's value; every file is there, since nothing was wrong."""
    office, departments, routing = files.office, files.departments, files.routing
    assert office and departments and routing and files.opening and files.escalation  # noqa: PT018
    units = build.departments(departments)
    return Office(
        id=office.id,
        name=office.name,
        region=office.region,
        worktime=build.worktime(office, files.calendars.values()),
        routing=build.routing(routing, units, office),
        deadline_rules=tuple(build.deadline_rule(rule, office.region) for rule in files.deadlines.values()),
        ladders=build.ladders(files.escalation),
        opening=build.opening(files.opening, office.region),
        review_desk=office.desks.review,
        default_desk=office.desks.default,
        discipline_desk=office.desks.discipline,
        link_base=office.link_base.rstrip("/"),
        supervision_desk=office.desks.supervision,
        coordination_desk=office.desks.coordination or office.desks.default,
        user_words=tuple(dict.fromkeys(word for unit in units.values() for word in (unit.name, *unit.aliases))),
        dispositions=_by_id(files.dispositions, "dispositions"),
        roles=_by_id(files.roles, "roles"),
        channels=files.folder.read("channels.yml"),
        sources=files.sources.sources if files.sources else {},
        digest=files.folder.digest(),
        quiet=build.quiet(office),
        duty=build.roster(files.roster, office),
        checklist=build.checklist(files.emergency),
        retention=build.retention(files.retention),
        levels=build.levels(files.folder),
        closing=build_closing.closing(files.dispositions),
        scale=Scale(office.follow_up.satisfied_from, office.follow_up.unsatisfied_to),
        mark_rules=build_closing.mark_rules(files.marks, office.region),
    )


def _by_id(file: Any, key: str) -> dict[str, dict[str, Any]]:
    return {entry.id: entry.model_dump() for entry in getattr(file, key)}
