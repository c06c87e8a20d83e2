"""``huiying deadline``: how a limit is counted, day by day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from casework.domain.deadlines import DeadlineRule, Due, Pause, Unit, clock_state, compute, minutes_until
from casework.domain.ledger import MOST_LINES, Line, ledger
from casework.domain.times import SHANGHAI, show_time
from casework.domain.worktime import WEEKDAYS, WorkTime
from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, context, emit, moment, read_time, say
from pipeline.errors import CallError

app = typer.Typer(help="How a limit is counted.", no_args_is_help=True, rich_markup_mode=None)
UNITS = {
    Unit.CLOCK_MINUTES: "分钟",
    Unit.CLOCK_HOURS: "小时",
    Unit.CALENDAR_DAYS: "日",
    Unit.WORKING_DAYS: "个工作日",
    Unit.WORKING_HOURS: "个工作小时",
}
"""Units as people read them."""
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
        lines = [] if json else ledger(chosen, begin, due, joined.office.worktime)
    _answer(_shown(due, chosen, number), lines, json)


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
        worktime = joined.office.worktime
        due, value = _explained(found[rule], begin, pauses, at, worktime)
        lines = [] if json else ledger(found[rule].unit, begin, due, worktime, bool(found[rule].times))
    _answer(value, lines, json)
    if not json and pauses and not found[rule].pausable:
        say("注意：这条规则不可中止；上面按给出的中止时间演算，案件里不会这样停。")


def _explained(
    rule: DeadlineRule, start: datetime, pauses: Sequence[Pause], now: datetime, worktime: WorkTime
) -> tuple[Due, dict[str, Any]]:
    value = rule.value_on(start.astimezone(SHANGHAI).date())
    if value is None:
        spans = "; ".join(
            f"since {item.since}" + (f" until {item.until}" if item.until else "") for item in rule.values
        )
        raise CallError(f"{rule.id} is not in force on the day of --start; it is {spans}")
    due = compute(rule.unit, value.amount, start, worktime, pauses, now, rule.times)
    amount = minutes_until(start, due.due) if rule.times and due.due else value.amount
    return due, {
        **_shown(due, rule.unit, amount),
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


def _answer(value: dict[str, Any], lines: Sequence[Line], as_json: bool) -> None:
    if as_json:
        emit(value)
        return
    for key, name in (("rule", "规则"), ("reference", "依据"), ("start", "起算")):
        if key in value:
            own = key == "reference" and value["basis"] == "office"
            say(f"{name}：{'本单位设定（无上级条文）' if own else value[key]}")
    for line in lines:
        say(f"  {line.date}  {_weekday(line.date)}  {_counted(line)}")
    if len(lines) == MOST_LINES:
        say("  ……（只列到这里）")
    limit = f"{value['amount']} {UNITS[Unit(value['unit'])]}"
    if value["due"] is None:
        say(f"期限：{limit}；中止中，恢复后接着计算")
    else:
        say(f"期限：{limit}，到 {value['due']} 为止，从这一刻起逾期")


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _counted(line: Line) -> str:
    """What of a day was counted: 计入, 计 3 小时（09:00–12:00）, 不计：春节."""
    if line.why:
        return f"不计：{line.why}"
    if not line.stretches:
        return "计入"
    seconds = sum((end - begin for begin, end in line.stretches), timedelta()) // timedelta(seconds=1)
    spans = "、".join(f"{begin:%H:%M}–{_closes(begin, end)}" for begin, end in line.stretches)
    amounts = ((seconds // 3600, "小时"), (seconds // 60 % 60, "分"), (seconds % 60, "秒"))
    parts = [f"{amount} {unit}" for amount, unit in amounts if amount]
    return f"计 {' '.join(parts)}（{spans}）"


def _closes(begin: datetime, end: datetime) -> str:
    return "24:00" if end.date() != begin.date() else f"{end:%H:%M}"


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
