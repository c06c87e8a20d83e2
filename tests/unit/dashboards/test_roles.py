"""Every role against every verb, at the page: what is not in the table is refused and changes nothing."""

from __future__ import annotations

import pytest

from casework.domain.moves import FROM
from tests.unit.dashboards.making import Desk, token

ALL = frozenset(FROM)
MAY = {
    "admin": ALL - {"endorse"},
    "office": ALL - {"endorse"},
    "department": frozenset({"sign", "return", "dispute", "handle", "draft", "record", "ask", "acknowledge"}),
    "spokesperson": frozenset(),
    "leader": frozenset({"extend", "mark"}),
    "principal": frozenset({"extend", "mark", "endorse"}),
}


@pytest.mark.parametrize("role", sorted(MAY))
def test_a_role_may_do_what_the_table_says_and_nothing_else(desk: Desk, role: str) -> None:
    department = "housing" if role == "department" else None
    client = desk.signed_in("he", role, department)
    form = {"csrf": token(client.get("/").text)}
    refused = set()
    for number, verb in enumerate(FROM, 1):
        case = desk.case(number, to="housing")
        answer = client.post(f"/cases/{case.id}/do/{verb}", data=form)
        assert answer.status_code in (303, 400, 403, 409), verb
        if answer.status_code == 403:
            refused.add(verb)
            assert desk.stored(case).version == case.version
    assert refused == ALL - MAY[role]
    assert len(ALL) > 15


@pytest.mark.parametrize("role", sorted(MAY))
def test_a_page_offers_what_may_be_done_and_nothing_else(desk: Desk, role: str) -> None:
    case = desk.case(to="housing")
    department = "housing" if role == "department" else None
    page = desk.signed_in("he", role, department).get(f"/cases/{case.id}").text
    offered = {verb for verb in FROM if f"/do/{verb}" in page}
    assert offered == {verb for verb in MAY[role] if case.state in FROM[verb]} - {"resume", "lift", "unmark"}


def test_the_office_has_exactly_these_roles(desk: Desk) -> None:
    assert set(desk.context.office.roles) == set(MAY)
