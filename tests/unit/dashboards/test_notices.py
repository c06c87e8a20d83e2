"""The notices on the page of a case: of what kind, to whom, whether they arrived."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from alerting.render import kinds
from casework.config.models import Role
from casework.domain.notice import NAMES
from casework.services.notice_facts import ACTIONS
from casework.services.roster import ROLE_NAMES
from tests.unit.dashboards.making import NOW, OPENED, Desk


def lines(page: str) -> list[str]:
    """The notices as text, one a line."""
    section = page[page.index("<h2>通知</h2>") :]
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", one)).strip() for one in re.findall(r"<li>.*?</li>", section, re.S)
    ]


def test_a_notice_says_of_what_kind_and_to_whom(desk: Desk) -> None:
    case = desk.case(1, to="housing")
    reviewed = desk.case(2, to=None, state="to_review")
    client = desk.signed_in("zhang", "admin")
    (line,) = lines(client.get(f"/cases/{case.id}").text)
    assert f"交办 致{desk.context.office.department_name('housing')}联络员 待送" in line
    (line,) = lines(client.get(f"/cases/{reviewed.id}").text)
    assert "待研判 致研判台联络员 待送" in line


def test_a_notice_that_did_not_arrive_stands_out(desk: Desk) -> None:
    case = desk.case(1, to="housing")
    (waiting,) = case.outbox
    data = {"key": waiting.key, "state": "failed", "attempts": 5, "next_at": None, "detail": "550 no such mailbox <b>"}
    failed = case.after("notice_failed", OPENED, "huiying", None, data)
    desk.context.store.save_case(failed)
    assert [notice.state for notice in desk.stored(case).outbox] == ["failed"]
    page = desk.signed_in("zhang", "admin").get(f"/cases/{case.id}").text
    assert "有 1 条通知没有送达" in page
    assert "<details open><summary>共 1 条" in page
    assert "没有送达：550 no such mailbox &lt;b&gt;" in page


def test_a_notice_that_arrived_names_channel_and_time(desk: Desk) -> None:
    case = desk.case(1, to="housing")
    (waiting,) = case.outbox
    at = NOW - timedelta(hours=1)
    told = case.after("notified", at, "huiying", None, {"key": waiting.key, "channel": "mail"})
    desk.context.store.save_case(told)
    assert replace(waiting, state="sent", channel="mail", sent_at=at) == desk.stored(case).outbox[0]
    (line,) = lines(desk.signed_in("zhang", "admin").get(f"/cases/{case.id}").text)
    assert "已送达（mail，2026-03-04 22:00）" in line


def test_every_kind_and_every_person_has_a_word() -> None:
    assert set(ACTIONS) < set(NAMES)
    assert set(kinds()) == set(NAMES), "the heading, the history and the pages say the same"
    assert set(ROLE_NAMES) == set(get_args(Role))
