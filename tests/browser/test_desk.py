"""The two pages in a real browser, wide and on a telephone of 360 px."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, Watched
from tests.unit.dashboards.making import Desk
from tests.unit.dashboards.test_sources import logged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WIDTHS = (360, 1280)
DRAFT = "经核查，路灯线路老化，已于 3 月 4 日更换。"
Opener = Callable[..., Watched]


def furnish(desk: Desk) -> str:
    """Cases of several kinds; the id of the one that is late."""
    late = desk.case(1, title="小区路灯不亮一个月没人管")
    desk.case(2, to="transport", severity="major", title="高架桥面塌陷，多车受损")
    desk.case(3, to=None, state="to_review", title="楼下烧烤摊深夜噪音")
    desk.case(4, to="discipline", excluded=("housing",), kind="检举控告", title="反映某科长吃拿卡要")
    return late.id


def fits(page: Any) -> bool:
    """Whether nothing sticks out to the right of the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_link_to_the_closed_case(open_page: Opener, site: Site, width: int) -> None:
    id_ = furnish(site.desk)
    watched = open_page(width)
    page = watched.page
    watched.enter()
    assert page.url == f"{site.base}/"
    assert fits(page)
    # What is late is on the first screen without scrolling.
    late = page.locator(".case.late").first
    assert late.bounding_box()["y"] < 600
    page.get_by_role("link", name="小区路灯不亮").click()
    assert "已逾期" in page.locator(".when.big").inner_text()
    button = page.get_by_role("button", name="签收", exact=True).first
    assert button.bounding_box()["y"] < 700
    button.click()
    page.get_by_label("答复稿").fill(DRAFT)
    page.get_by_role("button", name="提交答复稿").click()
    for gate in ("一审", "二审", "三审", "保密审查"):
        page.get_by_role("button", name=f"{gate}通过").click()
    page.get_by_label("发布网址", exact=True).fill("https://gov.example/reply/1")
    page.get_by_label("发布时间（北京时间）").first.fill("2026-03-04T22:30")
    page.get_by_role("button", name="登记已发布").click()
    page.get_by_role("button", name="办结", exact=True).click()
    assert "已完成：办结" in page.get_by_role("status").inner_text()
    assert fits(page)
    done = site.desk.context.store.get_case(id_)
    assert done.state == "closed"
    assert done.draft == DRAFT
    assert all(clock.state(clock.met_at) for clock in done.clocks if clock.met_at)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_act_fits_the_screen(open_page: Opener, site: Site, width: int) -> None:
    id_ = furnish(site.desk)
    watched = open_page(width)
    watched.enter()
    watched.page.goto(f"{site.base}/cases/{id_}")
    folded = watched.page.locator("details > summary")
    count = folded.count()
    assert count > 5
    for number in range(count):
        folded.nth(number).click()
    assert fits(watched.page)
    small = watched.page.evaluate(
        "[...document.querySelectorAll('button, select, input:not([type=hidden]), summary')]"
        ".filter(one => one.offsetParent && one.getBoundingClientRect().height < 40).map(one => one.outerHTML)"
    )
    assert small == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_sources_fit_the_screen(open_page: Opener, site: Site, width: int) -> None:
    logged(site.desk)
    watched = open_page(width)
    watched.enter()
    watched.page.get_by_role("link", name="来源").click()
    watched.page.wait_for_url("**/sources")
    assert fits(watched.page)
    assert "1 个来源需要处理" in watched.page.get_by_role("status").inner_text()
    first = watched.page.locator("tbody tr").first
    assert "网站拒绝访问" in first.inner_text()
    assert first.bounding_box()["y"] < 500


def test_by_keyboard_alone(open_page: Opener, site: Site) -> None:
    id_ = furnish(site.desk)
    watched = open_page(1280)
    page = watched.page
    watched.enter()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    for _ in range(40):
        page.keyboard.press("Tab")
        if "小区路灯" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "签收":
            break
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert site.desk.context.store.get_case(id_).state == "signed"


def test_two_people_at_once_and_no_text_is_lost(open_page: Opener, site: Site) -> None:
    id_ = furnish(site.desk)
    first, second = open_page(1280), open_page(360)
    for one in (first, second):
        one.enter()
        one.page.goto(f"{site.base}/cases/{id_}")
    first.page.get_by_role("button", name="签收", exact=True).first.click()
    for one in (first, second):
        one.page.goto(f"{site.base}/cases/{id_}")
        one.page.get_by_label("答复稿").fill(f"{DRAFT}{one is first}")
    first.page.get_by_role("button", name="提交答复稿").click()
    second.page.get_by_role("button", name="提交答复稿").click()
    assert "他人已先处理" in second.page.get_by_role("alert").inner_text()
    second.page.get_by_text("拟稿", exact=True).first.scroll_into_view_if_needed()
    assert second.page.locator("#draft-text").input_value() == f"{DRAFT}{False}"
    # The browser itself notes the answer 409 in its console.
    assert [wrong for wrong in second.wrong if "409" not in wrong] == []
    second.wrong.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(open_page: Opener, site: Site, axe: str, width: int, scheme: str) -> None:
    id_ = furnish(site.desk)
    watched = open_page(width, color_scheme=scheme)
    page = watched.page
    page.goto(f"{site.base}/enter")
    found = {"/enter": violations(page, axe)}
    watched.enter()
    logged(site.desk)
    for path in ("/", f"/cases/{id_}", "/?due=late&words=路灯", "/?state=closed", "/sources"):
        page.goto(site.base + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found[path] = violations(page, axe)
    assert {path: rules for path, rules in found.items() if rules} == {}
    assert len(found) == 6


def violations(page: Any, axe: str) -> list[str]:
    """Broken rules of WCAG 2.2 A and AA and of good practice, each with the first place."""
    page.evaluate(axe)
    answer = page.evaluate("axe.run(document)")
    assert len(answer["passes"]) > 10
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in answer["violations"]]
