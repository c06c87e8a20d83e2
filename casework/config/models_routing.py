"""What ``routing.yml`` may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from casework.config.fields import Date, Id, Strict, Text, filled_with
from casework.config.models_matter import FactsEntry, When


class RoutingRuleEntry(Strict):
    """One routing rule: when the conditions hold, ``to`` is 主办 and ``with`` are 协办."""

    id: Id = Field(description="the rule's short name")
    basis: Literal["指定", "属地", "类别"] = Field(description="指定 before 属地 before 类别")
    when: When = Field(description="conditions; {} holds for everything")
    to: Text = Field(description='a department, "@unit" (the one named in the text) or "@district" (that of the place)')
    with_: list[Id] = Field(default=[], alias="with", description="departments that help (协办)")
    reason: Annotated[Text, AfterValidator(filled_with("department", "domain", "topic", "place"))] = Field(
        description="one Chinese sentence; {department} {domain} {topic} {place} are filled in"
    )


class HelperEntry(Strict):
    """Departments that help whenever the conditions hold, whoever has the matter."""

    id: Id = Field(description="the rule's short name")
    when: When = Field(description="conditions; {} holds for everything")
    with_: list[Id] = Field(alias="with", description="departments that help (协办)", min_length=1)


class RoutingExample(Strict):
    """What a person expects of the rules: a matter and the department that gets it."""

    facts: FactsEntry = Field(description="the matter")
    to: Id = Field(description="the department expected")
    with_: list[Id] | None = Field(default=None, alias="with", description="the helpers expected")
    excluded: list[Id] | None = Field(default=None, description="the departments that must not see it")
    watchers: list[Id] | None = Field(default=None, description="the departments that see it too (知会)")
    on: Date | None = Field(default=None, description="the day; left out: 2026-01-05")
    why: Text = Field(description="why, in one sentence")


class ReturnEntry(Strict):
    """退回: within how many working days after the assignment."""

    working_days: int = Field(description="working days after the assignment", ge=1)
    reference: Text = Field(description="the document with number and clause, or 本单位规定")


class RoutingFile(Strict):
    """``routing.yml``: 承办单位 by rule."""

    rules: list[RoutingRuleEntry] = Field(description="the rules", min_length=1)
    helpers: list[HelperEntry] = Field(default=[], description="协办 besides those of the rule")
    returning: ReturnEntry = Field(
        default=ReturnEntry(working_days=5, reference="信访工作条例 第二十三条；其他事项比照，本单位规定"),
        description="退回: the limit after the assignment",
    )
    by_hand: dict[Literal["board_domain", "petition_topic"], list[Text]] = Field(
        default={}, description="classes that a person routes on purpose, so that no rule is missed for them"
    )
    examples: list[RoutingExample] = Field(description="matters with the department expected", min_length=1)
