"""回访: what the person said of the answer; an unsatisfied one takes the case up again, once."""

from __future__ import annotations

from datetime import datetime

from casework.domain.acts.answering import taken_up
from casework.domain.acts.parts import notice
from casework.domain.case import Case
from casework.domain.errors import DomainError
from casework.domain.follow_up import RESULTS, SATISFIED, SOLVED, FollowUp, Scale, answered_at, follow_ups
from casework.domain.moves import check
from casework.domain.times import show_time
from casework.domain.worktime import WorkTime


def follow_up(
    case: Case, said: FollowUp, scale: Scale, by: str, at: datetime, worktime: WorkTime, note: str | None = None
) -> Case:
    """Record ``said``; doing it again changes nothing. The first bad one of a case reopens it, and its contact is told.

    DomainError: a message without an answer, an answer to a question where nobody was reached, none where somebody
    was, a time before the answer or after ``at``.
    """
    _checked(case, said, at)
    if said in follow_ups(case):
        return case
    check("follow_up", case.state)
    told = case.after("followed_up", at, by, note, said.to_json())
    if not said.bad(scale) or reopened(case):
        return told
    number = str(told.version)
    who = f"{case.department}/contact" if case.department else "@review/contact"
    notices = [notice(case.id, "unsatisfied", who, {}, number)]
    clocks = [clock.to_json() for clock in taken_up(told, at, worktime)]
    return told.after("reopened", at, by, note, {"clocks": clocks, "follow_up": said.post, "notices": notices})


def reopened(case: Case) -> bool:
    """Whether a follow-up has taken this case up again before."""
    return any(entry.what == "reopened" and entry.data.get("follow_up") for entry in case.history)


def _checked(case: Case, said: FollowUp, at: datetime) -> None:
    for name, known in (("result", RESULTS), ("solved", SOLVED), ("satisfied", SATISFIED)):
        value = getattr(said, name)
        if value is not None and value not in known:
            raise DomainError(f"{name}: {value!r}; write one of {', '.join(known)}")
    answers = answered_at(case)
    if said.post not in answers:
        known_posts = ", ".join(sorted(answers)) or "none"
        raise DomainError(f"{case.id}: {said.post or 'post'} has no answer to follow up; answered: {known_posts}")
    asked = said.solved is not None or said.satisfied is not None
    if asked != (said.result == "reached"):
        wrong = "solved or satisfied is missing" if not asked else f"nothing was said where it was {said.result}"
        raise DomainError(f"{case.id}: {wrong}")
    first = answers[said.post]
    if said.at > at:
        raise DomainError(f"followed up at {show_time(said.at)}, which is after now ({show_time(at)})")
    if said.at < first and said not in follow_ups(case):
        raise DomainError(f"followed up at {show_time(said.at)}, which is before the answer ({show_time(first)})")
