"""How a case begins and grows: opened, joined by more posts, taken or refused by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.domain.acts.accusing import settled
from casework.domain.acts.parts import notice, started
from casework.domain.case import Case
from casework.domain.casualties import Figures
from casework.domain.clock import FrozenRule
from casework.domain.moves import check
from casework.domain.times import store_time
from casework.domain.worktime import WorkTime


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is opened with.

    ``trigger`` is the post that opened it. ``messages`` are the posts to whose authors an answer is owed.
    ``state`` is ``opened`` or ``to_review``. ``moments``: start moment → time; ``assumed`` are those stood in for.
    ``places`` are division codes. ``figures``: the casualties that the post reports, if it tells of an emergency.
    """

    id: str
    trigger: str
    title: str
    posts: tuple[str, ...]
    messages: tuple[str, ...]
    event: str
    severity: str | None
    petition_kind: str | None
    board_domain: str | None
    excluded: tuple[str, ...]
    state: str
    reason: str
    moments: Mapping[str, datetime]
    assumed: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    figures: Figures | None = None


def open_case(opening: Opening, rules: Iterable[FrozenRule], at: datetime, worktime: WorkTime) -> Case:
    """A new case with the rules of its day frozen into it and the clocks started whose moment is known."""
    frozen = {rule.id: rule for rule in rules}
    clocks = started(frozen.values(), opening.moments, worktime, opening.messages, opening.assumed)
    notices = [] if opening.state == "opened" else [notice(opening.id, "review_needed", "@review/contact", {}, "0")]
    data = {
        "state": opening.state,
        "trigger": opening.trigger,
        "title": opening.title,
        "posts": list(opening.posts),
        "messages": list(opening.messages),
        "event": opening.event,
        "severity": opening.severity,
        "petition_kind": opening.petition_kind,
        "board_domain": opening.board_domain,
        "excluded": list(opening.excluded),
        "places": list(opening.places),
        "reason": opening.reason,
        "rules": [rule.to_json() for rule in frozen.values()],
        "clocks": [clock.to_json() for clock in clocks],
        "moments": {name: store_time(moment) for name, moment in opening.moments.items()},
        "assumed": sorted(opening.assumed),
        "notices": notices,
        **({"figures": opening.figures.to_json()} if opening.figures else {}),
    }
    return Case(opening.id).after("opened", at, "huiying", None, data)


def join(case: Case, post: str, owed: bool, at: datetime, worktime: WorkTime) -> Case:
    """One more post of the same matter. Where an answer is owed to it (``owed``) it brings its own clocks."""
    if post in case.posts:
        return case
    # To an ended case a post is only added; a person may reopen it.
    rules = case.rules.values() if owed and not case.ended else ()
    moments = {"received": at, "discovered": at} if case.department is None else {"received": at, "assigned": at}
    per_message = [rule for rule in rules if rule.per_message]
    clocks = started(per_message, moments, worktime, (post,))
    data = {"posts": [post], "owed": owed, "clocks": [clock.to_json() for clock in clocks]}
    return case.after("joined", at, "huiying", None, data)


def revise(case: Case, post: str, revision: int, at: datetime) -> Case:
    """A post of the case was changed at its source; recorded once for each revision."""
    known = any(e.what == "revised" and e.data == {"post": post, "revision": revision} for e in case.history)
    return case if known else case.after("revised", at, "huiying", None, {"post": post, "revision": revision})


def accept(case: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """A person takes a case that was to review. Whether it is a 检举控告 is said first (``confirm``, ``lift``)."""
    check("accept", case.state)
    settled("accept", case)
    return case.after("accepted", at, by, note, {})


def reject(case: Case, reason: str, by: str, at: datetime) -> Case:
    """不予受理, with the reason."""
    check("reject", case.state)
    return case.after("rejected", at, by, reason, {})
