"""值班台 in a real browser: worked by keyboard, wide and on a telephone, nothing wrong by axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Site, Watched
from tests.browser.test_desk import WIDTHS, fits, violations
from tests.unit.dashboards.test_office_desk import event_of, post_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Opener = Callable[..., Watched]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_queue_by_keyboard_and_an_event_with_its_chart(open_page: Opener, site: Site, axe: str, width: int) -> None:
    desk = site.desk
    first = desk.case(1, to=None, state="to_review", title="夜间噪音")
    second = desk.case(2, to=None, state="to_review", title="占道经营")
    posts = [post_of(desk, number, "event:weibo:50", f"路灯不亮第 {number} 次") for number in (50, 3000)]
    event = event_of(desk, 50, "路灯不亮", *posts)
    watched = open_page(width)
    page = watched.page
    watched.enter()
    page.goto(f"{site.base}/office")
    assert fits(page)
    assert violations(page, axe) == []
    queue = [one.id for one in (first, second)]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.type("jak")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("a")
    states = sorted(desk.context.store.get_case(id_).state for id_ in queue)
    assert states == ["opened", "to_review"]
    page.goto(f"{site.base}/events/{event.id}")
    page.locator("[data-chart] canvas").wait_for()
    assert fits(page)
    assert violations(page, axe) == []
