"""The link of a notice: it acknowledges exactly that notice, once, for a time, and shows nothing of the case."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from casework.domain.case import Case
from casework.services.notify import notify
from pipeline import accounts, links
from tests.unit.dashboards.making import NOW, Desk
from tests.unit.telling.making import Box, teller

HOUR = timedelta(hours=1)


def told(desk: Desk, box: Box) -> Case:
    """A case whose alarms were told by ``box``, with links."""
    case = desk.case(1, to="housing", title="示例小区路灯不亮")
    clock = next(clock for clock in case.running() if clock.due is not None)
    notice = {"kind": "reminder", "to": "housing/contact", "facts": {"clock": clock.key}, "urgent": False}
    data = {"clock": clock.key, "step": "half", "moment": "2026-03-03T00:00:00Z"}
    notices = [{**notice, "key": f"{case.id}/{clock.key}/half/contact"}]
    desk.context.store.save_case(case.after("reminded", NOW, "huiying", None, {**data, "notices": notices}))
    secret = accounts.secret_key(desk.context.settings.var)
    mail = teller(
        desk.context.office, box, ack=lambda id_, key: links.link("http://testserver", secret, lambda: NOW, id_, key)
    )
    notify(desk.context.store, mail, NOW)
    return desk.stored(case)


def way(box: Box) -> str:
    """The path of the link in the reminder."""
    (body,) = [one.body for one in box.given if one.kind == "reminder"]
    found = re.search(r"确认收到：http://testserver(/ack/\S+)", body)
    assert found
    return found.group(1)


def test_a_click_acknowledges_once_and_the_ladder_waits(desk: Desk) -> None:
    box = Box("mail")
    case = told(desk, box)
    client, path = desk.client(), way(box)
    page = client.get(path)
    assert page.status_code == 200
    assert "确认收到，我在办理" in page.text
    assert "示例小区路灯不亮" not in page.text, "who holds the link sees nothing of the case"
    assert desk.stored(case).acknowledged == (), "opening the link does nothing"
    assert "提醒和升级暂停到" in client.post(path).text
    (one,) = desk.stored(case).acknowledged
    assert (one.at, one.until > NOW) == (NOW, True)
    assert one.by.endswith("联络员（确认链接）")
    again = client.post(path)
    assert "已经确认过" in again.text
    assert desk.stored(case).acknowledged == (one,)
    assert [entry.thing for entry in desk.logged("acknowledged_by_link")] == [case.id]


def test_only_alarms_carry_a_link_and_no_group_does(desk: Desk) -> None:
    box = Box("mail")
    told(desk, box)
    bodies = {one.kind: one.body for one in box.given}
    assert set(bodies) == {"assigned", "reminder"}
    assert "/ack/" not in bodies["assigned"]


def test_a_link_ends_after_its_hours(desk: Desk) -> None:
    box = Box("mail")
    case = told(desk, box)
    desk.clock[0] = NOW + 73 * HOUR
    answer = desk.client().post(way(box))
    assert answer.status_code == 410
    assert "已经过期" in answer.text
    assert desk.stored(case).acknowledged == ()


@pytest.mark.parametrize("spoil", ["x", "eyJh.abc", "/../cases", "%00", "a" * 5000])
def test_a_link_that_we_did_not_make_is_no_page(desk: Desk, spoil: str) -> None:
    box = Box("mail")
    case = told(desk, box)
    path = way(box)
    for bad in (f"/ack/{spoil}", path[:-2] + ("AA" if path[-2:] != "AA" else "BB"), path + "x"):
        assert desk.client().post(bad).status_code in (404, 405), bad
    other = links.link("", "another secret of thirty-two characters", lambda: NOW, case.id, "x")
    assert desk.client().get(other).status_code == 404
    assert desk.stored(case).acknowledged == ()


def test_the_link_of_a_unit_that_is_reported_meanwhile_is_dead(desk: Desk) -> None:
    box = Box("mail")
    case = told(desk, box)
    data = {"excluded": ["housing"], "post": case.posts[0]}
    desk.context.store.save_case(case.after("restricted", NOW, "huiying", None, data))
    assert desk.client().get(way(box)).status_code == 404


def test_nothing_runs_any_more(desk: Desk) -> None:
    box = Box("mail")
    case = told(desk, box)
    desk.context.store.save_case(case.after("rejected", NOW, "li", "不属本市", {}))
    answer = desk.client().post(way(box))
    assert "没有进行中的期限" in answer.text
    assert desk.stored(case).acknowledged == ()
