"""From ``dispositions.yml`` and ``marks.yml`` to what closing and release ask for."""

from __future__ import annotations

from collections.abc import Iterable

from casework.config.build import conditions
from casework.config.models import DispositionsFile, NeedEntry
from casework.config.models_marks import MarksFile
from casework.domain.closing import Closing, Item, Need
from casework.domain.marks import MarkRule


def closing(file: DispositionsFile | None) -> Closing:
    """What must be on record before a case is closed."""
    if file is None:
        return Closing()
    items = {entry.id: Item(entry.id, entry.title, tuple(entry.by), entry.published) for entry in file.items}
    of = {entry.id: _needs(entry.closing) for entry in file.dispositions}
    if file.lead is None:
        return Closing(items, _needs(file.always), of)
    return Closing(items, _needs(file.always), of, tuple(file.lead.fields), tuple(file.lead.to))


def mark_rules(file: MarksFile | None, region: str) -> tuple[MarkRule, ...]:
    """When a mark is proposed; without a file never."""
    rules = file.propose if file else ()
    return tuple(MarkRule(entry.mark, conditions(entry.when, region), entry.why) for entry in rules)


def _needs(entries: Iterable[NeedEntry]) -> tuple[Need, ...]:
    return tuple(Need(tuple(entry.one_of), tuple(entry.severity), entry.reference) for entry in entries)
