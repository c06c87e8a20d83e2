"""Posts, assessments and cases for the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from casework.domain import acts
from casework.domain.alarm import Alarm, Finding, told
from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.post import Post
from casework.domain.routing import Route
from casework.ports import Store
from tests.unit.domain.making import START, WORKTIME, frozen, opened

SEEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def post(number: int | str, text: str = "路灯坏了", **more: Any) -> Post:
    """A message; an int's published_at grows with it."""
    at = START + timedelta(minutes=number) if isinstance(number, int) else START
    values = {"published_at": at, "collected_at": SEEN, "title": None, **more}
    return Post("board", str(number), values.pop("kind", "message"), text, **values)


def assessment(revision: int = 1, *, regions: tuple[str, ...] = ("410105",)) -> Assessment:
    """What a judge may say."""
    value = {
        "board_domain": {"label": "城建", "score": 0.9},
        "petition_kind": {"label": "申诉求决", "score": 0.9},
        "severity": {"level": "none", "category": None},
        "regions": [{"code": code, "name": "", "path": "", "from": "text"} for code in regions],
        "units": [],
        "accused": [],
    }
    return Assessment(value, revision)


def put(store: Store, *posts: Post) -> list[str]:
    """Put posts and make them visible."""
    outcomes = store.put_posts(posts, SEEN)
    store.refresh()
    return outcomes


def case(number: int, *, to: str | None = None, co: tuple[str, ...] = (), at: datetime = START) -> Case:
    """A case; at a department where ``to`` is given."""
    found = opened(f"board:{number}", at=at)
    return found if to is None else acts.assign(found, Route(to, co, "测试"), "huiying", at, WORKTIME)


def bare_case(number: int, at: datetime) -> Case:
    """A small case with one clock, for many of them."""
    from tests.unit.domain.making import FINISH

    opening = acts.Opening(
        id=f"case:{number:06d}",
        trigger=f"board:{number}",
        title=f"第{number}件",
        posts=(f"board:{number}",),
        messages=(),
        event=f"event:board:{number}",
        severity="none",
        petition_kind=None,
        board_domain=None,
        excluded=(),
        state="opened",
        reason="test",
        moments={"assigned": at},
    )
    return acts.open_case(opening, frozen(FINISH), at, WORKTIME)


def alarm(id_: str = "source:a", state: str | None = "silent") -> Alarm:
    """An alarm with one notice that waits."""
    raised = told(None, Finding(id_, state, {"title": "示例网", "reason": "已 3 天没有新内容"}), "news/contact", SEEN)
    assert raised is not None
    return raised


def titled(found: Case, title: str) -> Case:
    """The case opened with another title."""
    data = {**found.history[0].data, "title": title}
    return Case(found.id).after("opened", START, "huiying", None, data)


def retold(found: Post, **changes: Any) -> Post:
    """A later look at a post."""
    return replace(found, **{"collected_at": SEEN + timedelta(hours=1), **changes})
