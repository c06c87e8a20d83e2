"""Which channel a notice takes."""

from __future__ import annotations

from typing import Any

import pytest

from alerting.load import ChannelConfigError
from alerting.routes import read_plan, switchboard


def plan(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "channels": {
            "console": {},
            "desk": {"use": "console"},
            "spare": {"use": "console", "enabled": False},
        },
        "routes": [
            {"kinds": ["overdue"], "roles": ["head"], "first": "desk", "second": "console"},
            {"kinds": ["overdue"], "first": "desk"},
        ],
        "default": {"first": "console", "second": "desk"},
        "examples": [{"kind": "overdue", "role": "head", "first": "desk", "second": "console"}],
    }
    return {**base, **changes}


@pytest.mark.parametrize(
    ("kind", "to", "taken"),
    [
        ("overdue", "城管局/head", ["desk", "console"]),
        ("overdue", "城管局/contact", ["desk"]),
        ("assigned", "城管局/head", ["console", "desk"]),
        ("never_heard_of", "nobody", ["console", "desk"]),
    ],
)
def test_the_first_that_fits_and_never_nowhere(kind: str, to: str, taken: list[str]) -> None:
    board = switchboard(plan(), {})
    assert [one.name for one in board.channels_for(kind, to)] == taken


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"default": {"first": "pigeon"}},
            "default.first: channel 'pigeon' is not in channels: write one of console",
        ),
        ({"default": {"first": "spare"}}, "default.first: channel 'spare' is switched off"),
        ({"default": {"first": "desk", "second": "desk"}}, "default.second: the same as first"),
        (
            {"routes": [{"first": "console", "second": "spare"}]},
            "routes.0.second: channel 'spare' is switched off",
        ),
        ({"routes": [{"kind": ["a"], "first": "console"}]}, "routes.0.kind: unknown key"),
        ({"routes": "console"}, "routes: wrong value"),
        ({"channels": {}}, "channels: wrong value"),
        ({"channels": {"console": {}, "desk": {"use": "x"}}}, "channels.desk.use: no channel 'x'"),
        ({"examples": []}, "examples: wrong value"),
        (
            {"examples": [{"kind": "overdue", "role": "contact", "first": "console"}]},
            "examples.0: overdue to contact takes desk, then none: correct the routes or the example",
        ),
    ],
)
def test_a_plan_that_cannot_work(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ChannelConfigError) as raised:
        read_plan(plan(**changes))
    assert f"config/channels.yml: {said}" in str(raised.value)


@pytest.mark.parametrize("key", ["channels", "default", "examples"])
def test_a_part_that_is_missing(key: str) -> None:
    raw = plan()
    del raw[key]
    with pytest.raises(ChannelConfigError, match=f"{key}: missing: write it"):
        read_plan(raw)


@pytest.mark.parametrize("raw", [None, [], "console", 3])
def test_a_file_that_is_no_mapping(raw: object) -> None:
    with pytest.raises(ChannelConfigError, match=r"\(the whole file\): wrong value"):
        read_plan(raw)
