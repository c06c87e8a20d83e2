"""A case shows that the source has deleted a post; what the post said stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from casework.domain.post import DELETED_AS, DELETED_AT, Post
from casework.domain.times import full_time, show_time
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
    assert "来源已删除（2026-11-24 10:00 发现）" in shown
    assert "示例路路口红绿灯已坏三天" in shown


def test_a_case_says_that_its_post_was_edited_and_that_it_was_away(desk: Desk) -> None:
    case = desk.case(1, text="示例路路口红绿灯已坏三天")
    client = desk.signed_in("li")
    (post_id,) = case.posts
    held = desk.context.store.get_posts([post_id])[post_id].post
    days = [OPENED + timedelta(days=day) for day in range(4)]
    edited = replace(held, text="示例路路口红绿灯已修好", place="示例区", collected_at=days[1])
    assert desk.context.store.put_posts([edited], NOW) == ["changed"]
    mark = {DELETED_AT: show_time(days[2]), DELETED_AS: "HTTP 404"}
    assert desk.context.store.put_posts([replace(edited, text="", collected_at=days[2], extra=mark)], NOW) == ["seen"]
    assert f"来源已删除（{full_time(days[2])} 发现：HTTP 404）" in client.get(f"/cases/{case.id}").text
    assert desk.context.store.put_posts([replace(edited, collected_at=days[3])], NOW) == ["seen"]
    shown = client.get(f"/cases/{case.id}").text
    assert f"来源已修改（{full_time(days[1])} 发现，改动：正文、地点）" in shown
    assert f"曾从来源消失（{full_time(days[2])} 发现，{full_time(days[3])} 恢复）" in shown
    assert "来源已删除" not in shown
