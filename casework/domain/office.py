"""The office: everything its ``config/`` folder says, as domain values. Made by ``casework.config.load``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from casework.domain.casualties import LAW, Level
from casework.domain.checklist import Item
from casework.domain.clock import FrozenRule
from casework.domain.closing import Closing
from casework.domain.deadlines import DeadlineRule
from casework.domain.duty import DutyRoster, Quiet
from casework.domain.escalation import Ladder
from casework.domain.follow_up import Scale
from casework.domain.marks import MarkRule
from casework.domain.matching import Conditions, Facts
from casework.domain.retention import Keep
from casework.domain.routing import RoutingTable
from casework.domain.worktime import WorkTime

UPDATE_MINUTES = 240
"""The least time between two messages about the same to the same person, where the office sets none."""

DECISIONS = ("open", "to_review", "none")


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """What opens a case: the first rule whose conditions hold decides (``then`` is one of DECISIONS)."""

    id: str
    when: Conditions
    then: str


@dataclass(frozen=True, slots=True)
class Office:
    """A news office as configured.

    ``region`` is the six-digit code of its place. ``review_desk`` judges what is unsure and gets what is returned;
    ``default_desk`` gets what no rule routes; ``discipline_desk`` gets reports of wrongdoing; ``supervision_desk``
    (督查) sees complaints about departments too; ``coordination_desk`` decides disputed duties. ``link_base`` begins
    the links in notices. ``sources`` overrides keys of sources by their id. ``user_words`` are names the segmenter
    must keep whole. ``digest`` is the SHA-256 of the data. ``quiet``: hours in which ordinary
    notices wait. ``duty``: who is told when the office does not work. ``checklist``: what is done in
    an emergency. ``retention``: how long data are kept. ``levels``: from how many casualties on it is of which level.
    ``closing``: what must be on record before a case is closed. ``mark_rules``: when a mark is proposed.
    ``scale``: how grades of a follow-up are read.
    """

    id: str
    name: str
    region: str
    worktime: WorkTime
    routing: RoutingTable
    deadline_rules: tuple[DeadlineRule, ...]
    ladders: Mapping[str, Ladder]
    opening: tuple[OpeningRule, ...]
    review_desk: str
    default_desk: str
    discipline_desk: str
    link_base: str
    supervision_desk: str | None
    coordination_desk: str
    user_words: tuple[str, ...]
    dispositions: Mapping[str, Any]
    roles: Mapping[str, Any]
    channels: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, Any]]
    digest: str
    quiet: Quiet | None = None
    duty: DutyRoster = field(default_factory=DutyRoster)
    checklist: tuple[Item, ...] = ()
    retention: tuple[Keep, ...] = ()
    levels: tuple[Level, ...] = LAW
    closing: Closing = field(default_factory=Closing)
    mark_rules: tuple[MarkRule, ...] = ()
    scale: Scale = field(default_factory=Scale)

    @property
    def update_every(self) -> timedelta:
        """The least time between two messages about the same to the same person (``grouping`` in channels.yml)."""
        return timedelta(minutes=(self.channels.get("grouping") or {}).get("update_minutes", UPDATE_MINUTES))

    def decide(self, facts: Facts) -> OpeningRule:
        """The opening rule that decides for ``facts``; the last rule of a checked office holds for everything."""
        for rule in self.opening:
            if rule.when.hold(facts):
                return rule
        return OpeningRule("none", Conditions(), "none")

    def frozen_rules(self, facts: Facts, at: datetime) -> list[FrozenRule]:
        """The deadline rules whose ``applies`` hold, with the value in force at ``at`` and their ladder, by id.

        A rule marked ``optional`` binds only where a person starts it, so it is never here; neither is one whose first
        value comes into force later.
        """
        applying = (rule for rule in self.deadline_rules if not rule.optional and rule.applies.hold(facts))
        frozen = (FrozenRule.freeze(rule, self.ladders[rule.ladder], at) for rule in applying)
        return [rule for rule in frozen if rule is not None]

    def department_name(self, id_: str | None) -> str:
        """The name of a department as people read it; the id itself where it is not on the list."""
        found = self.routing.departments.get(id_ or "")
        return found.name if found else (id_ or "未转办")
