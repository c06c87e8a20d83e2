"""The level of a case follows the newest official figures of its posts (``casework.domain.casualties``)."""

from __future__ import annotations

from datetime import datetime

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.casualties import Figures, figures_of, graver
from casework.domain.office import Office
from casework.ports import PostRecord, Store
from casework.services.respond import level

BY = "huiying"


def follow(store: Store, office: Office, case: Case, record: PostRecord, now: datetime) -> Case:
    """The case after what ``record`` reports: figures kept, level set with the limits that come and go with it.

    A level that a person set is only ever raised. What is graver and does not stand (hearsay beside an official
    word) raises nothing: a person is asked.
    """
    assert record.assessment is not None  # only assessed posts are opened
    told = figures_of(record.post, record.assessment)
    figures = acts.figures_after(case, told, office.levels) if told else None
    if figures is None:
        level_said = record.assessment.severity
        return acts.propose_level(case, level_said, record.post.id, now) if told and level_said else case
    by_hand = any(entry.what == "level_set" and entry.by != BY for entry in case.history)
    case = acts.tell(case, figures, now)
    if figures.level in (None, case.severity) or (by_hand and not graver(figures.level, case.severity)):
        return case
    return level(store, case, {"to": str(figures.level), "reason": words(figures)}, BY, now, office)


def words(figures: Figures) -> str:
    """官方消息:死亡5人,受伤12人."""
    persons = (("死亡", figures.deaths), ("受伤", figures.injured))
    told = [f"{name}{count}人" for name, count in persons if count is not None]
    source = "官方消息" if figures.official else "网民消息，未经官方证实"
    return f"{source}：{'，'.join(told) or '人数未报'}"
