"""The page of sources: what needs somebody first, for roles that may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawlers.run_log import Run, add_run, log_path
from crawlers.source_folder import load_sources
from pipeline.settings import state_folder
from tests.unit.dashboards.making import NOW, Desk

SEES = {"admin": True, "office": True, "leader": True, "spokesperson": False, "department": False}


def logged(desk: Desk) -> None:
    """A source that is well, one that was refused."""
    settings = desk.context.settings
    state = state_folder(settings.store, settings.var)
    for number in range(48, 0, -1):
        for source in ("henan_gov", "gov_cn"):
            run = Run(NOW - timedelta(hours=number), "done", read=30, new=2, delays=(300, 900), timed=2)
            add_run(log_path(state, source), run)
    add_run(log_path(state, "gov_cn"), Run(NOW, "stopped", "the site refuses (HTTP 403) <b>"))


def test_what_needs_somebody_stands_first(desk: Desk) -> None:
    logged(desk)
    page = desk.signed_in("he").get("/sources")
    assert page.status_code == 200
    text = page.text
    sources = load_sources()
    assert sources
    assert [one.title for one in sources.values() if one.title not in text] == []
    assert text.index("gov_cn<") < text.index("henan_gov<")
    assert "1 个来源需要处理" in text
    assert "网站拒绝访问（the site refuses (HTTP 403) &lt;b&gt;）" in text
    assert "不得绕过" in text
    assert "1 个正常采集" in text
    for shown in ("10 分 / 15 分", "3月4日 22:00", "尚未采集", "未启用"):
        assert shown in text, shown


def test_before_the_first_run_it_says_so(desk: Desk) -> None:
    text = desk.signed_in("he").get("/sources").text
    assert "需要处理" not in text
    assert "尚未采集" in text


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_roles_that_may_see_it_get_it_or_its_link(desk: Desk, role: str) -> None:
    client = desk.signed_in("he", role, "housing" if role == "department" else None)
    assert ('href="/sources"' in client.get("/").text) is SEES[role]
    assert client.get("/sources").status_code == (200 if SEES[role] else 403)


def test_who_is_not_signed_in_signs_in_and_comes_back(desk: Desk) -> None:
    answer = desk.client().get("/sources")
    assert (answer.status_code, answer.headers["location"]) == (303, "/enter?to=/sources")
    assert '"/sources"' in desk.client().get("/enter?to=/sources").text
    assert 'value="/sources/x"' not in desk.client().get("/sources/x").text
