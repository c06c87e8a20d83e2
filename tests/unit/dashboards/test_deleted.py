"""A case shows that the source has deleted a post; what the post said stays."""

from __future__ import annotations

from datetime import timedelta

from casework.domain.post import DELETED_AT, Post
from tests.unit.dashboards.making import NOW, OPENED, Desk


def test_a_case_says_that_its_post_is_deleted_at_the_source_and_shows_its_text(desk: Desk) -> None:
    case = desk.case(1, text="示例路路口红绿灯已坏三天")
    client = desk.signed_in("li")
    assert "来源已删除" not in client.get(f"/cases/{case.id}").text
    source, native_id = case.posts[0].split(":", 1)
    at = OPENED + timedelta(days=1)
    held = desk.context.store.get_posts([case.posts[0]])[case.posts[0]].post
    mark = Post(
        source, native_id, held.kind, "", held.published_at, at, extra={DELETED_AT: "2026-11-24T10:00:00+08:00"}
    )
    assert desk.context.store.put_posts([mark], NOW) == ["seen"]
    shown = client.get(f"/cases/{case.id}").text
    assert "来源已删除（2026-11-24 发现）" in shown
    assert "示例路路口红绿灯已坏三天" in shown
