"""``huiying deadline``: how a limit is counted, day by day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from casework.domain.deadlines import DeadlineRule, Due, Pause, Unit, clock_state, compute
from casework.domain.times import SHANGHAI, show_time
from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, context, emit, moment, read_time, say
from pipeline.errors import CallError

KEYS = {"rule": "规则", "reference": "依据", "basis": "性质", "start": "起算"}
UNITS = {
    Unit.CLOCK_MINUTES: "分钟",
    Unit.CLOCK_HOURS: "小时",
    Unit.CALENDAR_DAYS: "日",
    Unit.WORKING_DAYS: "个工作日",
    Unit.WORKING_HOURS: "个工作小时",
}
app = typer.Typer(help="How a limit is counted.", no_args_is_help=True, rich_markup_mode=None)
Start = Annotated[str, typer.Option("--start", metavar="TIME", help="with offset")]


@app.command("compute")
def compute_(
    unit: Annotated[str, typer.Option("--unit", help=", ".join(Unit))],
    amount: Annotated[str, typer.Option("--amount", help="a whole number, at least 1")],
    start: Start,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """The moment from which a matter is late."""
    begin = read_time("--start", start)
    chosen, number = _unit(unit), _amount(amount)
    with context(store, config, now) as joined:
        due = compute(chosen, number, begin, joined.office.worktime)
    value = _shown(due, chosen, number)
    _answer(value, json)


@app.command("explain")
def explain(
    rule: Annotated[str, typer.Option("--rule", help="id of a deadline rule")],
    start: Start,
    paused: Annotated[list[str] | None, typer.Option("--paused", metavar="FROM/TO", help="again for more")] = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """How a rule's limit is counted from a start, with pauses."""
    begin, at = read_time("--start", start), moment(now)
    pauses = [_pause(text) for text in paused or ()]
    with context(store, config, now) as joined:
        found = {item.id: item for item in joined.office.deadline_rules}
        if rule not in found:
            raise CallError(f"no such rule {rule!r}; known: {', '.join(sorted(found))}")
        _answer(_explained(found[rule], begin, pauses, at, joined.office.worktime), json)


def _explained(rule: DeadlineRule, start: datetime, pauses: Sequence[Pause], now: datetime, worktime: Any) -> Any:
    value = rule.value_on(start.astimezone(SHANGHAI).date())
    if value is None:
        spans = "; ".join(
            f"since {item.since}" + (f" until {item.until}" if item.until else "") for item in rule.values
        )
        raise CallError(f"{rule.id} is not in force on the day of --start; it is {spans}")
    due = compute(rule.unit, value.amount, start, worktime, pauses, now)
    return {
        **_shown(due, rule.unit, value.amount),
        "rule": rule.id,
        "duty": rule.duty,
        "reference": value.reference,
        "basis": rule.basis,
        "starts": rule.starts,
        "start": show_time(start),
        "paused": [[show_time(a), show_time(b) if b else None] for a, b in due.paused],
        "state": clock_state(due.due, None, due.due is None, now),
    }


def _shown(due: Due, unit: Unit, amount: int) -> dict[str, Any]:
    return {
        "due": show_time(due.due) if due.due else None,
        "unit": str(unit),
        "amount": amount,
        "counted": [day.isoformat() for day in due.counted],
        "skipped": [{"date": item.date.isoformat(), "why": item.why} for item in due.skipped],
    }


def _answer(value: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(value)
        return
    for key in ("rule", "reference", "basis", "start"):
        if key in value:
            say(f"{KEYS[key]}：{value[key]}")
    days = [(day, "计入") for day in value["counted"]]
    days += [(item["date"], f"不计：{item['why']}") for item in value["skipped"]]
    for day, why in sorted(days):
        say(f"  {day}  {why}")
    say(f"截止：{value['due'] or '中止中，恢复后重新计算'}（{value['amount']} {UNITS[value['unit']]}）")


def _unit(text: str) -> Unit:
    try:
        return Unit(text)
    except ValueError:
        raise CallError(f"--unit: {text!r} is none of {', '.join(Unit)}") from None


def _amount(text: str) -> int:
    # int() alone would also take 1_0, +5 and full-width digits.
    if not re.fullmatch(r"-?[0-9]{1,4000}", text):
        raise CallError(f"--amount: {text[:40]!r} is not a whole number in plain digits; write for example 15")
    return int(text)


def _pause(text: str) -> Pause:
    begin, slash, end = text.partition("/")
    if not slash:
        raise CallError(f"--paused: {text!r}; write FROM/TO, or FROM/ for a pause that is open")
    return read_time("--paused", begin), read_time("--paused", end) if end else None


def add_to(root: typer.Typer) -> None:
    """Register the group."""
    root.add_typer(app, name="deadline")
