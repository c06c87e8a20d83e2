"""An office, a store with some cases in it, and people who are signed in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi.testclient import TestClient

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.matching import Facts
from casework.domain.post import Post
from casework.domain.routing import Route
from casework.records import User
from dashboards.app import create_app
from pipeline import accounts
from pipeline.wiring import Context

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
"""Wednesday 2026-03-04 23:00 in Shanghai."""
OPENED = NOW - timedelta(hours=30)
PASSWORD = "一个足够长的口令2026"
HASHED = accounts.hash_password(PASSWORD)
BASE = "http://testserver"


@dataclass(slots=True)
class Desk:
    """The pages over a store, with a clock that tests may turn."""

    context: Context
    clock: list[datetime] = field(default_factory=lambda: [NOW])

    def client(self, **more: Any) -> TestClient:
        """A browser that nobody has signed in with."""
        return TestClient(create_app(self.context), base_url=BASE, follow_redirects=False, **more)

    def signed_in(self, name: str, role: str = "office", department: str | None = None) -> TestClient:
        """A browser where ``name`` is signed in; the account is made."""
        self.context.store.put_user(User(name, role, HASHED, department))
        client = self.client()
        answer = client.post("/enter", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    def case(self, number: int = 1, **more: Any) -> Case:
        """A stored case of one message; see ``make_case``."""
        made = make_case(self.context, number, **more)
        assert self.context.store.create_cases([made]) == [True]
        return self.context.store.get_case(made.id)

    def stored(self, case: Case) -> Case:
        """The case as it is now in the store."""
        return self.context.store.get_case(case.id)

    def logged(self, what: str) -> list[Any]:
        """The entries of the log of one kind."""
        return [entry for entry in self.context.store.audit_entries() if entry.what == what]


def make_case(
    context: Context,
    number: int,
    *,
    text: str = "小区路灯不亮，请尽快修复。",
    title: str = "路灯不亮",
    to: str | None = "housing",
    co: tuple[str, ...] = (),
    excluded: tuple[str, ...] = (),
    kind: str = "申诉求决",
    state: str = "opened",
    severity: str = "none",
    url: str | None = "https://board.example/1",
    opened_at: datetime = OPENED,
) -> Case:
    """A case of one message with the office's real rules frozen into it; at a department where ``to`` is given."""
    id_ = f"board:{number}"
    post = Post("board", str(number), "message", text, opened_at, opened_at, url=url, title=title, author="网友小李")
    context.store.put_posts([post], opened_at)
    facts = Facts("message", "board", text, petition_kind=kind, severity=severity)
    opening = acts.Opening(
        id=f"case:{id_}",
        trigger=id_,
        title=context.masker.mask_text(title),
        posts=(id_,),
        messages=(id_,),
        event=f"event:{id_}",
        severity=severity,
        petition_kind=kind,
        board_domain=None,
        excluded=excluded,
        state=state,
        reason="messages",
        moments={"received": opened_at, "discovered": opened_at},
    )
    case = acts.open_case(opening, context.freeze(facts, opened_at), opened_at, context.office.worktime)
    if to is None:
        return case
    route = Route(to, co, "类别：测试", excluded, held=kind == "检举控告")
    return acts.assign(case, route, "huiying", opened_at, context.office.worktime)


def token(page: str) -> str:
    """The session's token in a page's forms."""
    found: set[str] = set(re.findall(r'name="csrf" value="([^"]+)"', page))
    assert len(found) == 1
    return found.pop()


def press(client: TestClient, case: Case, verb: str, **entered: str) -> Any:
    """Fill in and send the form of ``verb`` as the page gives it."""
    page = client.get(f"/cases/{case.id}")
    assert page.status_code == 200
    hidden = {"csrf": token(page.text), "version": str(case.version)}
    return client.post(f"/cases/{case.id}/do/{verb}", data={**hidden, **entered})
