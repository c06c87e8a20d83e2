"""What the files of rules may say: opening, routing, deadlines, escalation, calendar, channels."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from casework.config.fields import Date, Id, Moment, Strict, Text, TimeOfDay
from casework.config.models import Role
from casework.config.models_matter import FactsEntry, When

UnitName = Literal["clock_minutes", "clock_hours", "calendar_days", "working_days", "working_hours"]
Start = Literal[
    "occurred",
    "published",
    "discovered",
    "flagged",
    "assigned",
    "signed",
    "received",
    "level_set",
    "at_desk",
    "answered",
]
"""Moments that a clock may start from."""
PauseReason = Literal["third_party", "hearing", "supplement", "appraisal", "force_majeure", "other"]
"""Kinds of reason for a pause; their words are in ``casework.domain.deadlines``."""


class OpeningRuleEntry(Strict):
    """One opening rule: the first whose conditions hold decides."""

    id: Id = Field(description="the rule's short name")
    when: When = Field(description="conditions; {} holds for everything")
    then: Literal["open", "to_review", "none"] = Field(description="open a case, let a person decide, or nothing")
    why: Text = Field(description="why, in one sentence")


class OpeningExample(Strict):
    """What a person expects of the opening rules."""

    facts: FactsEntry = Field(description="the matter")
    then: Literal["open", "to_review", "none"] = Field(description="the decision expected")
    why: Text = Field(description="why, in one sentence")


class OpeningFile(Strict):
    """``opening.yml``: what opens a case."""

    rules: list[OpeningRuleEntry] = Field(description="the rules, in their order", min_length=1)
    examples: list[OpeningExample] = Field(description="matters with the decision expected", min_length=1)


class After(Strict):
    """Time after the due moment."""

    unit: UnitName = Field(description="how it is counted")
    amount: int = Field(description="how much", ge=1)


_MOMENTS = {
    "reminded": "share or before_minutes",
    "overdue": "at_due or after",
    "escalated": "at_due or after",
}
"""When a rung of each kind may come."""


class StepEntry(Strict):
    """One rung of a ladder. Exactly one of share, before_minutes, at_due and after says when."""

    id: Id = Field(description="the rung's short name")
    kind: Literal["reminded", "overdue", "escalated"] = Field(description="提醒, 逾期 or 升级")
    to: list[Role] = Field(description="who is told, at the responsible department", min_length=1)
    share: float | None = Field(default=None, description="part of the time between start and due", gt=0, lt=1)
    before_minutes: int | None = Field(default=None, description="clock minutes before due", ge=1)
    at_due: Literal[True] | None = Field(default=None, description="true: at the due moment")
    after: After | None = Field(default=None, description="time after the due moment")
    notice: Literal["urged", "circulated"] | None = Field(
        default=None,
        description="the paper that goes out: urged 催办通知书, circulated 书面通报; left out: a plain notice",
    )

    @model_validator(mode="after")
    def _one_moment(self) -> StepEntry:
        given = [name for name in ("share", "before_minutes", "at_due", "after") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"{len(given)} moments|write one of share, before_minutes, at_due, after")
        if given[0] not in _MOMENTS[self.kind]:
            raise ValueError(f"{self.kind} with {given[0]}|write {_MOMENTS[self.kind]}")
        if self.notice is not None and self.kind != "escalated":
            raise ValueError(f"{self.notice} with {self.kind}|write kind: escalated, or take notice out")
        return self


class LadderEntry(Strict):
    """A ladder: who is told when. ``like`` takes the rungs of another ladder; a rung of the same id is replaced."""

    id: Id = Field(description="the ladder's short name")
    title: Text = Field(description="the ladder as people read it")
    basis: Literal["clause", "office"] = Field(description="clause, or the office's own setting")
    reference: Text = Field(description="the clause, or 本单位规定")
    like: Id | None = Field(default=None, description="the ladder whose rungs are taken over")
    hold_minutes: int | None = Field(
        default=None, description="the longest that 签收提醒 lets a rung wait; left out: that of like, else 1440", ge=1
    )
    steps: list[StepEntry] = Field(default=[], description="the rungs")


class EscalationFile(Strict):
    """``escalation.yml``."""

    ladders: list[LadderEntry] = Field(description="the ladders", min_length=1)


class ChannelWay(Strict):
    """The channel for some notices."""

    kinds: list[str] = Field(default=[], description="kinds of notice; left out: all")
    roles: list[Role] = Field(default=[], description="roles; left out: all")
    first: Text = Field(description="the channel")
    second: Text | None = Field(default=None, description="the channel after the first has failed")


class ChannelEntry(Strict):
    """One channel; its settings are checked by the channel itself."""

    use: Id | None = Field(default=None, description="the file in alerting/channels; left out: the entry's own name")
    enabled: bool = Field(default=True, description="whether it is used")
    settings: dict[str, Any] = Field(default={}, description="the channel's settings")


class GroupingEntry(Strict):
    """How often one person is told of the same."""

    update_minutes: int = Field(default=240, ge=0, le=1440, description="least time between two messages")


class AcknowledgingEntry(Strict):
    """The links by which a person says that he has read a notice."""

    hours: int = Field(default=72, ge=1, le=720, description="how long one may be used")


class ChannelsFile(Strict):
    """``channels.yml``."""

    channels: dict[Id, ChannelEntry] = Field(description="the channels", min_length=1)
    routes: list[ChannelWay] = Field(default=[], description="which notice takes which channel")
    default: ChannelWay = Field(description="the channel of all other notices")
    examples: list[dict[str, Any]] = Field(description="notices with the channel expected", min_length=1)
    grouping: GroupingEntry = Field(default=GroupingEntry(), description="how often one person is told of the same")
    acknowledging: AcknowledgingEntry = Field(default=AcknowledgingEntry(), description="links to acknowledge")


class DeadlineValue(Strict):
    """What the limit is from a day on."""

    since: Date = Field(description="the first day of the value")
    until: Date | None = Field(default=None, description="the last day of the value; left out: until the next one")
    amount: int = Field(description="how many units", ge=1)
    reference: Text | None = Field(default=None, description="the document with number and clause")


class AskBefore(Strict):
    """A time before the due moment; days are whole days."""

    unit: Literal["clock_minutes", "clock_hours", "calendar_days", "working_days"] = Field(
        description="how it is counted"
    )
    amount: int = Field(description="how much", ge=1)


class ExtensionEntry(Strict):
    """延期: how often a limit may be extended, and by how much."""

    amount: int = Field(description="at most how many units each time", ge=1)
    times: int = Field(default=1, description="how often; 0: never", ge=0)
    approved_by: list[Id] = Field(
        default=[], description="roles of roles.yml one of which grants it; left out: whoever may extend"
    )
    ask_before: AskBefore | None = Field(
        default=None, description="how long before the due moment it must be asked for; left out: before it"
    )
    reference: Text = Field(description="the document with number and clause, or 本单位规定")


class DeadlineExample(Strict):
    """A start with the due moment that a person worked out."""

    start: Moment = Field(description="when the clock starts")
    due: Moment = Field(description="the first moment that is late")
    paused: list[Annotated[list[Moment], Field(min_length=2, max_length=2)]] = Field(
        default=[], description="pauses: [[from, to], …]"
    )
    why: Text = Field(description="why, in one sentence")


class DeadlineFile(Strict):
    """``deadlines/<rule>.yml``: one duty with its limit."""

    id: Id = Field(description="the rule's name, that of the file")
    title: Text = Field(description="the rule as people read it")
    applies: When = Field(description="the matters it binds; {} all")
    unit: UnitName = Field(description="how it is counted")
    starts: Start = Field(description="the moment from which it is counted")
    duty: Text = Field(description="what has to be done")
    basis: Literal["clause", "office"] = Field(default="clause", description="office: the office's own limit")
    values: list[DeadlineValue] = Field(description="the limits by date", min_length=1)
    met_by: list[Text] = Field(default=[], description="happenings that fulfil it")
    per_message: bool = Field(default=False, description="owed to each message's author")
    pausable: bool = Field(default=False, description="whether 中止 stops it, for any reason")
    pauses: list[PauseReason] = Field(default=[], description="the only reasons for which 中止 stops it", min_length=1)
    times: list[TimeOfDay] = Field(
        default=[], description="due at the next of these times of day, then at the one after it", min_length=1
    )
    again: bool = Field(default=False, description="starts anew with every assignment")
    optional: bool = Field(default=False, description="never applied by itself")
    extension: ExtensionEntry | None = Field(
        default=None, description="延期; left out: the office's own limit once by as much again, a clause never"
    )
    trust: Literal["A", "B"] | None = Field(
        default=None, description="A: the text was read in full; B: a page of the government or a news agency"
    )
    note: Text | None = Field(default=None, description="a remark for people")
    ladder: Id = Field(default="default", description="the ladder of escalation.yml")
    examples: list[DeadlineExample] = Field(description="starts with their due moments", min_length=1)


class CalendarFile(Strict):
    """``calendar/<year>.yml``: the State Council's notice for a year."""

    year: int = Field(description="the year, that of the file", ge=1990, le=2100)
    notice: Text = Field(description="the notice's number")
    dated: Date = Field(description="the notice's date")
    off: dict[Text, list[Date]] = Field(description="holiday → its days off", min_length=1)
    workdays: list[Date] = Field(default=[], description="weekend days worked (调休)")
