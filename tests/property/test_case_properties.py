"""Whatever people do, in whatever order: the history makes the case, nothing closed is late, no clock is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.domain import acts, happenings
from casework.domain.case import Case, replay
from casework.domain.errors import DomainError
from casework.domain.moves import ENDED, GATES
from casework.domain.routing import Route
from tests.unit.domain.making import START, WORKTIME, assigned, opened

VERBS = (
    *("accept", "reject", "assign", "sign", "return", "handle", "extend", "pause", "resume", "draft"),
    *("review", "publish", "fulfil", "close", "reopen", "archive", "transfer", "join", "answer"),
)
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, 5000)), max_size=25)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def act(case: Case, verb: str, at: datetime, number: int) -> Case:
    """One act; the same case where the state does not allow it."""
    gate = GATES[len(case.gates) % len(GATES)]
    url = "https://example.gov.example/a"
    doing = {
        "accept": lambda: acts.accept(case, "u", at),
        "reject": lambda: acts.reject(case, "r", "u", at),
        "assign": lambda: acts.assign(case, Route(f"dep{number % 3}", (), "r"), "u", at, WORKTIME),
        "sign": lambda: acts.sign(case, "u", at, WORKTIME),
        "return": lambda: acts.give_back(case, "r", "u", at, WORKTIME),
        "handle": lambda: acts.handle(case, "u", at),
        "extend": lambda: acts.extend(case, "case_finish", at + timedelta(days=number % 30), "r", "u", at, WORKTIME),
        "pause": lambda: acts.pause(case, "r", "u", at, WORKTIME),
        "resume": lambda: acts.resume(case, "r", "u", at, WORKTIME),
        "draft": lambda: acts.draft(case, f"text {number}", "u", at),
        "review": lambda: acts.review(case, gate, number % 7 != 0, "v", at),
        "publish": lambda: acts.publish(case, url, at, "u", at),
        "fulfil": lambda: acts.fulfil(case, "case_finish", at, "u", at),
        "close": lambda: acts.close(case, "u", at),
        "reopen": lambda: acts.reopen(case, "u", at, WORKTIME),
        "archive": lambda: acts.archive(case, "u", at),
        "transfer": lambda: acts.transfer(case, "公安", "r", "u", at),
        "join": lambda: acts.join(case, f"board:{number % 9}", number % 2 == 0, at, WORKTIME),
        "answer": lambda: acts.answer(case, case.posts, at, "u", at),
    }[verb]
    try:
        return doing()
    except DomainError:
        return case


def walked(case: Case, steps: list[tuple[str, int]]) -> tuple[Case, datetime]:
    """The case after the steps, and the moment of the last."""
    at = START
    for verb, minutes in steps:
        at += timedelta(minutes=minutes)
        case = act(case, verb, at, minutes)
    return case, at


@MANY
@given(STEPS, st.sampled_from(["opened", "to_review"]))
def test_replaying_the_history_gives_the_case(steps: list[tuple[str, int]], state: str) -> None:
    case, _ = walked(opened(state=state), steps)
    assert happenings.verify(case.history) == case.version
    assert replay(case.id, case.history) == case


@MANY
@given(STEPS, st.integers(0, 10**6))
def test_an_ended_case_is_never_overdue(steps: list[tuple[str, int]], minutes: int) -> None:
    case, at = walked(assigned(), steps)
    if case.state in ENDED:
        assert not case.overdue(at + timedelta(minutes=minutes))
        assert case.running() == ()


@MANY
@given(STEPS, STEPS)
def test_merging_loses_no_clock(one: list[tuple[str, int]], two: list[tuple[str, int]]) -> None:
    winner, at = walked(assigned("board:100"), one)
    loser, later = walked(assigned("board:200"), two)
    now = max(at, later)
    try:
        gone = acts.merge(loser, winner, "u", now)
    except DomainError:
        return
    grown = acts.absorb(winner, gone, "u", now)
    owed = [(c.rule.id, c.post, c.due) for case in (winner, loser) for c in case.running() if c.post]
    assert sorted(map(str, owed)) == sorted(str((c.rule.id, c.post, c.due)) for c in grown.running() if c.post)
    own = [c for case in (winner, loser) for c in case.running() if c.post is None]
    kept = [c for c in grown.running() if c.post is None]
    assert {c.rule.id for c in own} == {c.rule.id for c in kept}
    for rule in {c.rule.id for c in own}:
        first = min((c.due for c in own if c.rule.id == rule and c.due), default=None)
        assert first == min((c.due for c in kept if c.rule.id == rule and c.due), default=None)
    assert set(loser.posts) <= set(grown.posts)


@MANY
@given(STEPS)
def test_a_version_tells_every_write(steps: list[tuple[str, int]]) -> None:
    case, at = assigned(), START
    for verb, minutes in steps:
        at += timedelta(minutes=minutes)
        after = act(case, verb, at, minutes)
        assert after == case or after.version > case.version
        case = after
