"""回访: what is due, what people said, what a board's own grades say; the figures are the rows' alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.errors import DomainError
from casework.domain.follow_up import RULE, FollowUp, answered_at, due, follow_ups, outcomes, waiting
from casework.domain.office import Office
from casework.domain.times import parse_time, show_time
from casework.ports import CaseFilter, PostRecord, Store

Args = Mapping[str, str]
STATES = ("published", "closed", "archived")
BOARD = "huiying"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message whose author is to be asked. ``due``: None while its calendar is not out."""

    case: Case
    post: str
    answered: datetime
    due: datetime | None

    def to_json(self, now: datetime) -> dict[str, Any]:
        """For the command line; the title is masked."""
        return {
            "case": self.case.id,
            "post": self.post,
            "title": self.case.title,
            "department": self.case.department,
            "answered": show_time(self.answered),
            "due": show_time(self.due) if self.due else None,
            "late": self.due is not None and now >= self.due,
        }


def act(case: Case, args: Args, by: str, now: datetime, office: Office) -> Case:
    """``follow_up`` of ``respond.act``: ``result`` (default reached), ``solved``, ``satisfied``, ``post`` (where the
    case has one answered message it is that), ``at`` (default now), ``origin``, ``note``.
    """
    answers = answered_at(case)
    post = args.get("post") or (next(iter(answers)) if len(answers) == 1 else "")
    at = parse_time(args["at"]) if args.get("at") else now
    asked = {name: args.get(name) or None for name in ("solved", "satisfied")}
    said = FollowUp(post, args.get("result") or "reached", **asked, at=at, origin=args.get("origin") or "telephone")
    return acts.follow_up(case, said, office.scale, by, now, office.worktime, args.get("note") or None)


def waiting_list(store: Store, office: Office) -> Iterator[Waiting]:
    """Messages whose authors have an answer and were not asked yet, by case."""
    rule = next((rule for rule in office.deadline_rules if rule.id == RULE), None)
    for state in STATES[:2]:
        for case in store.list_cases(CaseFilter(state=state)):
            for post, at in waiting(case).items():
                yield Waiting(case, post, at, due(rule, at, office.worktime))


def board_grade(record: PostRecord) -> str | None:
    """What the writer gave on the board for manner and speed (1–5): the lower of the two; None where he gave none."""
    grades = [record.post.extra.get(name) for name in ("grade_manner", "grade_speed")]
    given = [int(str(grade)) for grade in grades if str(grade) in ("1", "2", "3", "4", "5")]
    return str(min(given)) if given else None


def follow_board(store: Store, office: Office, now: datetime) -> dict[str, int]:
    """Take the boards' own grades of answered messages into their cases, once each.

    in = recorded + seen + none; ``reopened`` of the recorded. Grades that change are recorded again.
    """
    counts = dict.fromkeys(("in", "recorded", "seen", "none", "reopened"), 0)
    for state in STATES:
        for case in list(store.list_cases(CaseFilter(state=state))):
            answers = answered_at(case)
            for post, record in store.get_posts(list(answers)).items():
                counts["in"] += 1
                counts[_graded(store, office, case.id, record, answers[post], now, counts)] += 1
    return counts


def _graded(
    store: Store, office: Office, case_id: str, record: PostRecord, answered: datetime, now: datetime, counts: Any
) -> str:
    """``recorded``, ``seen`` or ``none``, for one message."""
    grade, post = board_grade(record), record.post.id
    at = record.post.collected_at
    if grade is None or at < answered or at > now:
        return "none"
    case = store.get_case(case_id)
    told = [one for one in follow_ups(case) if one.post == post and one.origin == "board"]
    if case.state not in STATES or (told and told[-1].satisfied == grade):
        return "seen"
    said = FollowUp(post, "reached", None, grade, at, "board")
    changed = acts.follow_up(case, said, office.scale, BOARD, now, office.worktime)
    store.save_case(changed)
    counts["reopened"] += changed.history[-1].what == "reopened"
    return "recorded"


def figures(
    store: Store, office: Office, since: datetime | None = None, until: datetime | None = None
) -> dict[str, Any]:
    """解决率 and 满意率, in all and by department, of cases opened from ``since`` until before ``until``."""
    cases = [case for case in store.list_cases(CaseFilter()) if _within(case, since, until)]
    of: dict[str, list[Case]] = {}
    for case in cases:
        if case.answered and case.department:
            of.setdefault(case.department, []).append(case)
    departments = [
        {"department": name, "name": office.department_name(name), **outcomes(own, office.scale).to_json()}
        for name, own in sorted(of.items())
    ]
    return {"all": outcomes(cases, office.scale).to_json(), "departments": departments}


def _within(case: Case, since: datetime | None, until: datetime | None) -> bool:
    opened = case.opened_at
    if opened is None:
        return since is None and until is None
    return (since is None or opened >= since) and (until is None or opened < until)


def case_of(store: Store, word: str, post: str | None) -> str:
    """The case that a row names, or that its post is in. Raises DomainError."""
    if word:
        return word
    found = [case.id for case in store.list_cases(CaseFilter(post=post or "")) if case.state != "merged"]
    if not found:
        raise DomainError(f"post: {post!r} is in no case; write the id source:number, or the case's id")
    return found[0]
