"""When a notice is tried again, and when the second channel takes over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.retry import BACK_OFF, LONGEST, MAX_ATTEMPTS, after_failure, channel_of, next_attempt
from casework.domain.notice import Delivery

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
BUSY = Delivery(ok=False, retry=True)
REFUSED = Delivery(ok=False, retry=False)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 10)])
def test_the_table(attempts: int, minutes: int) -> None:
    assert next_attempt(attempts, NOW) == NOW + timedelta(minutes=minutes)


def test_the_tries_come_to_an_end() -> None:
    assert len(BACK_OFF) + 1 == MAX_ATTEMPTS
    assert next_attempt(MAX_ATTEMPTS, NOW) is None
    assert next_attempt(MAX_ATTEMPTS + 5, NOW) is None


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (None, 60.0),
        (0.0, 60.0),
        (59.0, 60.0),
        (90.0, 90.0),
        (86400.0, 3600.0),
        (float("nan"), 60.0),
        (float("inf"), 3600.0),
        (-5.0, 60.0),
    ],
)
def test_what_the_other_side_asks_is_heeded_within_reason(asked: float | None, wait: float) -> None:
    assert next_attempt(1, NOW, asked) == NOW + timedelta(seconds=wait)


@given(st.integers(1, 20), st.none() | st.floats(allow_nan=True))
def test_the_next_try_is_later_and_never_far(attempts: int, asked: float | None) -> None:
    moment = next_attempt(attempts, NOW, asked)
    assert (moment is None) == (attempts >= MAX_ATTEMPTS)
    assert moment is None or NOW < moment <= NOW + LONGEST


def test_a_wrong_call_is_refused() -> None:
    with pytest.raises(ValueError, match="attempts: 0"):
        next_attempt(0, NOW)
    with pytest.raises(ValueError, match="without offset"):
        next_attempt(1, NOW.replace(tzinfo=None))


@pytest.mark.parametrize("second", [True, False])
def test_a_whole_run_of_failures(second: bool) -> None:
    attempts, now, used = 0, NOW, []
    while True:
        used.append(channel_of(attempts))
        step = after_failure(attempts, BUSY, now, second)
        attempts = step.attempts
        if step.at is None:
            break
        assert step.at >= now
        now = step.at
    assert used == [0] * MAX_ATTEMPTS + ([1] * MAX_ATTEMPTS if second else [])
    assert channel_of(2 * MAX_ATTEMPTS) == 2


def test_a_final_refusal_goes_to_the_second_channel_at_once() -> None:
    step = after_failure(0, REFUSED, NOW, second=True)
    assert (channel_of(step.attempts), step.at) == (1, NOW)
    assert after_failure(step.attempts, REFUSED, NOW, second=True).at is None
    assert after_failure(0, REFUSED, NOW, second=False).at is None


def test_a_count_from_longer_tables_is_given_up() -> None:
    for attempts in (2 * MAX_ATTEMPTS, 5 * MAX_ATTEMPTS + 1):
        step = after_failure(attempts, BUSY, NOW, second=True)
        assert step.at is None
        assert step.attempts >= attempts
        assert channel_of(step.attempts) == 2


def test_the_second_channel_has_its_own_table() -> None:
    step = after_failure(MAX_ATTEMPTS, Delivery(ok=False, retry=True, retry_after=120), NOW, second=True)
    assert step.at == NOW + timedelta(seconds=120)
    assert step.attempts == MAX_ATTEMPTS + 1
