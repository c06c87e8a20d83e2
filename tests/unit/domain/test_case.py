"""What may be done to a case, what is refused, and what its history keeps."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from casework.domain import acts, happenings
from casework.domain.case import replay
from casework.domain.errors import BrokenChain, DomainError, IllegalMove
from casework.domain.happenings import Happening
from casework.domain.moves import ENDED, FROM, GATES, STATES, allowed
from casework.domain.routing import Route
from tests.unit.domain.making import HOUR, START, WORKTIME, assigned, opened, published


def test_every_state_of_a_move_is_a_state() -> None:
    assert FROM
    for verb, states in FROM.items():
        assert states, verb
        assert states <= STATES.keys(), verb
    assert STATES.keys() > ENDED


def test_the_whole_way_meets_every_clock() -> None:
    case = acts.close(published(), "li", START + HOUR)
    assert case.state == "closed"
    assert {clock.state(START + timedelta(days=900)) for clock in case.clocks} == {"met"}
    assert not case.overdue(START + timedelta(days=900))
    assert case.look_at is None


def test_assignment_tells_the_department_once() -> None:
    case = assigned()
    assert [notice.to for notice in case.outbox] == ["housing/contact"]
    assert case.notify_at == START


def test_a_move_that_is_not_allowed_names_the_legal_ones() -> None:
    with pytest.raises(IllegalMove) as refused:
        acts.close(assigned(), "li", START)
    assert refused.value.allowed == allowed("assigned")
    assert "sign" in str(refused.value)


def test_an_excluded_department_cannot_get_the_case() -> None:
    case = opened(excluded=("housing",))
    with pytest.raises(IllegalMove, match="unit reported"):
        acts.assign(case, Route("housing", (), "x"), "li", START, WORKTIME)
    with pytest.raises(IllegalMove, match="unit reported"):
        acts.assign(case, Route("news", ("housing",), "x"), "li", START, WORKTIME)


@pytest.mark.parametrize("skipped", GATES[1:])
def test_no_review_can_be_skipped(skipped: str) -> None:
    case = acts.draft(acts.sign(assigned(), "z", START, WORKTIME), "答复", "z", START)
    with pytest.raises(IllegalMove, match="first comes first"):
        acts.review(case, skipped, True, "li", START)


def test_a_new_draft_has_passed_no_review() -> None:
    case = acts.draft(acts.sign(assigned(), "z", START, WORKTIME), "答复", "z", START)
    case = acts.draft(acts.review(case, "first", True, "li", START), "改后", "z", START)
    assert case.gates == ()
    assert case.state == "drafted"


def test_a_refused_review_sends_the_text_back() -> None:
    case = acts.draft(acts.sign(assigned(), "z", START, WORKTIME), "答复", "z", START)
    case = acts.review(case, "first", False, "li", START, "缺依据")
    assert case.state == "handling"


def test_closing_waits_for_every_message() -> None:
    case = acts.join(published(), "board:2", True, START + HOUR, WORKTIME)
    with pytest.raises(IllegalMove, match="without an answer"):
        acts.close(case, "li", START + HOUR)


def test_publishing_in_the_future_is_refused() -> None:
    case = published()
    with pytest.raises(DomainError, match="after now"):
        acts.publish(case, "https://x.example", START + HOUR, "li", START)


def test_pause_stops_only_what_may_stop() -> None:
    case = acts.pause(assigned(), "等待当事人补充材料", "z", START + HOUR, WORKTIME)
    states = {clock.rule.id: clock.state(START + HOUR) for clock in case.clocks}
    assert states == {"case_sign": "running", "message_answer": "paused", "case_finish": "paused"}
    with pytest.raises(IllegalMove, match="paused already"):
        acts.pause(case, "再停", "z", START + HOUR, WORKTIME)
    later = acts.resume(case, "已补充", "z", START + 3 * HOUR, WORKTIME)
    finish = next(clock for clock in later.clocks if clock.rule.id == "case_finish")
    assert finish.due == START + timedelta(hours=242)


def test_an_extension_is_not_lost_by_a_later_pause() -> None:
    case = assigned()
    to = START + timedelta(days=18)
    case = acts.extend(case, "case_finish", to, "需第三方鉴定", "z", START + HOUR, WORKTIME)
    case = acts.pause(case, "等鉴定", "z", START + 2 * HOUR, WORKTIME)
    case = acts.resume(case, "", "z", START + 5 * HOUR, WORKTIME)
    finish = next(clock for clock in case.clocks if clock.rule.id == "case_finish")
    assert finish.due == to + 3 * HOUR


def test_an_extended_limit_stands_still_while_a_pause_is_open() -> None:
    """Its own limit was used up before the pause; until 2026-11-25 the extension ran on and the case became late."""
    case = assigned()
    clock = next(clock for clock in case.running() if clock.rule.id == "case_finish")
    assert clock.due is not None
    case = acts.extend(case, "case_finish", clock.due + 48 * HOUR, "复杂", "z", START + HOUR, WORKTIME)
    begin = clock.due + 24 * HOUR
    case = acts.pause(case, "等鉴定", "z", begin, WORKTIME)
    stopped = next(one for one in case.running() if one.key == clock.key)
    assert (stopped.due, stopped.moments) == (None, ())
    case = acts.resume(case, "", "z", begin + 5 * HOUR, WORKTIME)
    assert next(one for one in case.running() if one.key == clock.key).due == clock.due + 53 * HOUR


def test_an_extension_under_a_pause_counts_from_its_end() -> None:
    case = acts.pause(assigned(), "等鉴定", "z", START + HOUR, WORKTIME)
    to = START + timedelta(days=18)
    case = acts.extend(case, "case_finish", to, "需第三方鉴定", "z", START + 2 * HOUR, WORKTIME)
    finish = next(clock for clock in case.clocks if clock.rule.id == "case_finish")
    assert finish.state(START + timedelta(days=99)) == "paused"
    case = acts.resume(case, "", "z", START + 5 * HOUR, WORKTIME)
    finish = next(clock for clock in case.clocks if clock.rule.id == "case_finish")
    assert finish.due == to + 3 * HOUR


def test_an_extension_must_be_later_and_of_a_running_deadline() -> None:
    case = assigned()
    with pytest.raises(DomainError, match="must end after"):
        acts.extend(case, "case_finish", START + HOUR, "r", "z", START, WORKTIME)
    with pytest.raises(DomainError, match="running: case_finish"):
        acts.extend(case, "nothing", START + HOUR, "r", "z", START, WORKTIME)


def test_an_extension_into_a_year_without_its_notice_is_held_to_plain_weeks() -> None:
    case = assigned(at=START + timedelta(days=295))
    at = START + timedelta(days=296)
    # Due 2026-12-30; of the next five weekdays three lie in 2027, of which nothing is known.
    with pytest.raises(IllegalMove, match=r"at most 5 working_days, to 2027-01-06T00:00:00\+08:00"):
        acts.extend(case, "message_answer", START + timedelta(days=311), "r", "z", at, WORKTIME)
    later = acts.extend(case, "message_answer", START + timedelta(days=309), "r", "z", at, WORKTIME)
    assert START + timedelta(days=309) in [clock.due for clock in later.clocks]


def test_merging_moves_messages_with_their_own_clocks() -> None:
    winner, loser = assigned("board:1"), assigned("board:2", at=START + 5 * HOUR)
    gone = acts.merge(loser, winner, "li", START + 6 * HOUR)
    grown = acts.absorb(winner, gone, "li", START + 6 * HOUR)
    assert gone.state == "merged"
    assert not gone.overdue(START + timedelta(days=400))
    assert "message_answer@board:2" in {clock.key for clock in grown.clocks}
    moved = [clock.leaving((), START + 6 * HOUR) for clock in loser.clocks if clock.post is not None]
    # The winner's own limits, due first, stand for both.
    assert grown.clocks == (*winner.clocks, *moved)
    assert acts.absorb(grown, gone, "li", START + 7 * HOUR) == grown


def test_a_merged_case_waits_until_the_winner_has_taken_over() -> None:
    winner, loser = assigned("board:1"), assigned("board:2")
    gone = acts.merge(loser, winner, "li", START + HOUR)
    assert gone.look_at == START + HOUR
    assert gone.after("moved", START + HOUR, "huiying", None, {}).look_at is None


def test_reopening_starts_the_finish_clock_anew() -> None:
    closed = acts.close(published(), "li", START + HOUR)
    again = acts.reopen(closed, "li", START + 48 * HOUR, WORKTIME)
    assert again.state == "handling"
    assert [clock.rule.id for clock in again.running()] == ["case_finish"]


def test_history_reads_back_to_the_same_case() -> None:
    case = acts.close(published(), "li", START + HOUR)
    stored = [Happening.from_json(json.loads(json.dumps(entry.to_json()))) for entry in case.history]
    assert happenings.verify(stored) == case.version
    assert replay(case.id, stored) == case


@pytest.mark.parametrize("where", [0, 2, 5])
def test_a_changed_entry_breaks_the_chain_where_it_is(where: int) -> None:
    history = list(published().history)
    entry = history[where]
    history[where] = Happening(entry.at, entry.what, "someone else", entry.note, entry.data, entry.hash)
    with pytest.raises(BrokenChain) as broken:
        happenings.verify(history)
    assert broken.value.where == where


def test_a_removed_entry_breaks_the_chain() -> None:
    history = list(published().history)
    del history[3]
    with pytest.raises(BrokenChain):
        happenings.verify(history)


def test_a_report_of_wrongdoing_is_merged_with_none_but_its_like() -> None:
    report, other = opened("board:1", excluded=("housing",)), opened("board:2")
    for one, two in ((report, other), (other, report)):
        with pytest.raises(IllegalMove, match="检举控告"):
            acts.merge(one, two, "li", START)
    assert acts.merge(report, opened("board:3", excluded=("news",)), "li", START).state == "merged"
