"""The desks and the search in a real browser: they fit the screen, axe finds nothing, no other host is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casework.records import User
from pipeline import accounts
from tests.browser.conftest import Site, Watched
from tests.browser.test_desk import WIDTHS, fits, furnish, violations
from tests.unit.dashboards.making import HASHED
from tests.unit.dashboards.test_office_desk import event_of, post_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Opener = Callable[..., Watched]


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_desks(open_page: Opener, site: Site, axe: str, width: int) -> None:
    desk = site.desk
    furnish(desk)
    event_of(desk, 50, "路灯不亮", post_of(desk, 50, "event:weibo:50", "路灯不亮，没人管"))
    watched = open_page(width)
    page = watched.page
    watched.enter()
    found = {}
    for path in ("/leader", "/search?q=路灯", "/search?q=路灯&what=cases", "/screen"):
        page.goto(site.base + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert path == "/screen" or fits(page), path
        found[path] = violations(page, axe)
    desk.context.store.put_user(User("qian", "department", HASHED, "housing"))
    page.goto(f"{site.base}/enter")
    page.context.clear_cookies()
    page.goto(accounts.one_time_link(desk.context, site.base, "qian"))
    assert page.url == f"{site.base}/department"
    assert fits(page)
    assert page.get_by_role("button", name="签收").first.bounding_box()["y"] < 900
    found["/department"] = violations(page, axe)
    assert {path: rules for path, rules in found.items() if rules} == {}
