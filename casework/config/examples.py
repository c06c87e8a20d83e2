"""The examples in the files are tests: each is run, and one that comes out otherwise is a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from casework.config import build
from casework.config.files import Files
from casework.config.mistakes import Mistake
from casework.config.models_routing import RoutingExample
from casework.config.models_rules import DeadlineExample, DeadlineFile
from casework.domain.deadlines import Pause, compute
from casework.domain.errors import DomainError
from casework.domain.office import Office
from casework.domain.routing import route
from casework.domain.times import SHANGHAI, show_time

DAY = date(2026, 1, 5)
"""The day of a routing example that names none."""


def run_examples(files: Files, office: Office) -> Iterator[Mistake]:
    """Every example of routing, opening and deadlines that does not come out as written."""
    if files.routing:
        for index, example in enumerate(files.routing.examples):
            yield from routing_example(files, office, index, example)
    if files.opening:
        for index, opening in enumerate(files.opening.examples):
            rule = office.decide(build.facts(opening.facts, office.region))
            if rule.then != opening.then:
                found = f"rule {rule.id} decides {rule.then}"
                write = f"correct the rules, or write {rule.then} ({opening.why})"
                yield files.mistake("opening.yml", ("examples", index, "then"), found, write)
    for name, file in files.deadlines.items():
        for index, limit in enumerate(file.examples):
            yield from _deadline(files, office, name, file, index, limit)


def routing_example(files: Files, office: Office, index: int, example: RoutingExample) -> Iterator[Mistake]:
    """What of one example comes out otherwise than written."""
    found = route(build.facts(example.facts, office.region), office.routing, example.on or DAY)
    by = f"rule {found.rule}" if found.rule else "no rule, so the default desk"
    outcome = (
        ("to", example.to, found.department),
        ("with", example.with_, found.co_departments),
        ("excluded", example.excluded, found.excluded),
        ("watchers", example.watchers, found.watchers),
    )
    for key, wanted, got in outcome:
        given = [got] if isinstance(got, str) else sorted(got)
        expected = None if wanted is None else [wanted] if isinstance(wanted, str) else sorted(wanted)
        if expected is not None and expected != given:
            text = ", ".join(given) or "nobody"
            write = f"correct the rules, or write {text} ({example.why})"
            yield files.mistake("routing.yml", ("examples", index, key), f"{by} gives {text}", write)


def _deadline(
    files: Files, office: Office, name: str, file: DeadlineFile, index: int, example: DeadlineExample
) -> Iterator[Mistake]:
    loc = ("examples", index)
    rule = build.deadline_rule(file, office.region)
    value = rule.value_on(example.start.astimezone(SHANGHAI).date())
    if value is None:
        found = f"{show_time(example.start)} lies before the first value"
        yield files.mistake(name, (*loc, "start"), found, f"write a start from {file.values[0].since} on")
        return
    pauses: list[Pause] = [(pair[0], pair[1]) for pair in example.paused]
    try:
        due: datetime | None = compute(
            rule.unit, value.amount, example.start, office.worktime, pauses, times=rule.times
        ).due
    except DomainError as error:
        yield files.mistake(name, loc, str(error), "write an example in a year whose calendar is there")
        return
    if due != example.due:
        shown_due = show_time(due) if due else "no moment: the pause is open"
        write = f"correct the values, or write due: {shown_due} ({example.why})"
        yield files.mistake(name, (*loc, "due"), f"the limit ends at {shown_due}", write)
