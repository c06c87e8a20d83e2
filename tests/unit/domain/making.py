"""Making of cases for tests: a calendar without holidays, three rules, one ladder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.clock import FrozenRule
from casework.domain.deadlines import DeadlineRule, RuleValue, Unit
from casework.domain.escalation import Ladder, Step
from casework.domain.matching import Conditions
from casework.domain.routing import Route
from casework.domain.worktime import WorkTime, YearCalendar

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2026-03-02 09:00 in Shanghai."""
HOUR = timedelta(hours=1)
WORKTIME = WorkTime({year: YearCalendar(year, "test", date(year - 1, 11, 1), {}, frozenset()) for year in (2025, 2026)})
LADDER = Ladder(
    "default",
    (
        Step("half", "reminded", ("contact",), share=0.5),
        Step("due", "overdue", ("head",), after=0),
        Step("next_day", "escalated", ("leader",), after_unit=Unit.CLOCK_HOURS, after=24),
    ),
)


def deadline_rule(
    id_: str, unit: Unit, amount: int, starts: str, met_by: str, *, per_message: bool = False, pausable: bool = False
) -> DeadlineRule:
    """One rule in force since 2020."""
    values = (RuleValue(date(2020, 1, 1), amount, "本单位规定"),)
    return DeadlineRule(
        id=id_,
        title=id_,
        duty=id_,
        unit=unit,
        starts=starts,
        values=values,
        applies=Conditions(),
        basis="office",
        per_message=per_message,
        pausable=pausable,
        met_by=(met_by,),
    )


SIGN = deadline_rule("case_sign", Unit.WORKING_HOURS, 4, "assigned", "signed")
ANSWER = deadline_rule("message_answer", Unit.WORKING_DAYS, 5, "received", "answered", per_message=True, pausable=True)
FINISH = deadline_rule("case_finish", Unit.CLOCK_HOURS, 240, "assigned", "closed", pausable=True)


def frozen(*rules: DeadlineRule) -> list[FrozenRule]:
    """The rules as a case keeps them."""
    kept = [FrozenRule.freeze(rule, LADDER, START) for rule in rules]
    return [rule for rule in kept if rule is not None]


def opened(
    post: str = "board:1",
    *,
    state: str = "opened",
    excluded: tuple[str, ...] = (),
    at: datetime = START,
    rules: tuple[DeadlineRule, ...] | None = None,
    severity: str = "none",
) -> Case:
    """A case of one message."""
    opening = acts.Opening(
        id=f"case:{post}",
        trigger=post,
        title="路灯不亮",
        posts=(post,),
        messages=(post,),
        event=f"event:{post}",
        severity=severity,
        petition_kind="检举控告" if excluded else "申诉求决",
        board_domain="城建",
        excluded=excluded,
        state=state,
        reason="messages",
        moments={"received": at, "discovered": at},
    )
    return acts.open_case(opening, frozen(*(rules or (SIGN, ANSWER, FINISH))), at, WORKTIME)


def assigned(post: str = "board:1", to: str = "housing", at: datetime = START) -> Case:
    """The same at a department."""
    return acts.assign(opened(post, at=at), Route(to, (), "类别:测试"), "huiying", at, WORKTIME)


def published(at: datetime = START) -> Case:
    """The same with its answer out."""
    case = acts.sign(assigned(at=at), "zhang", at, WORKTIME)
    case = acts.draft(case, "已修复。", "zhang", at)
    for gate in ("first", "second", "third", "secrecy"):
        case = acts.review(case, gate, True, "li", at)
    return acts.publish(case, "https://example.gov.example/1", at, "li", at)
