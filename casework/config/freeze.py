"""Which deadline rules bind a matter, as they stood on a day."""

from __future__ import annotations

from datetime import datetime

from casework.domain.clock import FrozenRule
from casework.domain.matching import Facts
from casework.domain.office import Office


def frozen_rules(office: Office, facts: Facts, at: datetime) -> list[FrozenRule]:
    """The rules whose ``applies`` hold, with the value in force at ``at`` and their ladder, in order of id.

    A rule marked ``optional`` binds only where a person starts it, so it is never here; neither is one whose first
    value comes into force later.
    """
    applying = (rule for rule in office.deadline_rules if not rule.optional and rule.applies.hold(facts))
    frozen = (FrozenRule.freeze(rule, office.ladders[rule.ladder], at) for rule in applying)
    return [rule for rule in frozen if rule is not None]
