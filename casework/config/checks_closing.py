"""What ``dispositions.yml`` and ``marks.yml`` ask must be possible: items and roles exist, somebody may sign off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.config.checks import doubles, units_of
from casework.config.files import Files
from casework.config.mistakes import Mistake, one_of, shown
from casework.config.models import DispositionsFile, NeedEntry, RolesFile
from casework.domain.closing import ANSWER, LEAD

FILE = "dispositions.yml"


def check_closing(files: Files) -> Iterator[Mistake]:
    """Every item that is asked for can be recorded by somebody; every matter that is marked can be released."""
    grades = files.office.follow_up if files.office else None
    if grades is not None and grades.unsatisfied_to >= grades.satisfied_from:
        found = f"unsatisfied_to {grades.unsatisfied_to} is not below satisfied_from {grades.satisfied_from}"
        yield files.mistake("office.yml", ("follow_up", "unsatisfied_to"), found, "no grade is both: write it lower")
    if files.dispositions is not None:
        yield from _items(files, files.dispositions)
        known = (ANSWER, *(item.id for item in files.dispositions.items))
        yield from _needs(files, ("always",), files.dispositions.always, known)
        for index, entry in enumerate(files.dispositions.dispositions):
            yield from _needs(files, ("dispositions", index, "closing"), entry.closing, known)
    rights = {right for role in files.roles.roles for right in role.may} if files.roles else set()
    if "mark" in rights and "endorse" not in rights:
        found = "mark, and no role may endorse"
        write = "give endorse to the role of the 主要负责人: what is marked could never be released"
        yield files.mistake("roles.yml", ("roles",), found, write)


def _items(files: Files, file: DispositionsFile) -> Iterator[Mistake]:
    yield from doubles(files, FILE, "items", (item.id for item in file.items))
    for index, item in enumerate(file.items):
        loc = ("items", index)
        if item.id == ANSWER:
            yield files.mistake(FILE, (*loc, "id"), shown(ANSWER), "take it out: the published answer is always one")
        if item.id == LEAD and file.lead is None:
            yield files.mistake(FILE, (*loc, "id"), shown(LEAD), "write lead: as well, what it says and who gets it")
        for i, role in enumerate(item.by):
            yield from _recorder(files, files.roles, (*loc, "by", i), role)
    if file.lead is not None:
        for i, unit in enumerate(file.lead.to):
            if units_of(files) and unit not in units_of(files):
                yield files.mistake(FILE, ("lead", "to", i), shown(unit), one_of(unit, units_of(files), "department"))


def _recorder(files: Files, roles: RolesFile | None, loc: tuple[int | str, ...], name: str) -> Iterator[Mistake]:
    """A role that is there and has the right."""
    rights = {role.id: role.may for role in roles.roles} if roles else {}
    if rights and name not in rights:
        yield files.mistake(FILE, loc, shown(name), one_of(name, rights, "role"))
    elif rights and "record" not in rights[name]:
        write = "add record to its rights in roles.yml, or name another role"
        yield files.mistake(FILE, loc, f"{name} may not record", write)


def _needs(
    files: Files, loc: tuple[int | str, ...], entries: Sequence[NeedEntry], known: Sequence[str]
) -> Iterator[Mistake]:
    for index, entry in enumerate(entries):
        for i, item in enumerate(entry.one_of):
            if item not in known:
                yield files.mistake(FILE, (*loc, index, "one_of", i), shown(item), one_of(item, known, "item"))
