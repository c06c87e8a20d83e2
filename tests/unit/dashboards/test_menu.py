"""The menu: which pages a role is shown, and that what it is not shown it cannot open."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from dashboards import access, app, vendored
from dashboards.opening import Opens
from tests.unit.dashboards.making import Desk

ROLES = ("admin", "office", "department", "spokesperson", "leader")


def pages(desk: Desk) -> list[tuple[APIRoute, Opens]]:
    """Every route that only some roles open, with what it needs."""
    routes = [one for one in desk.client().app.routes if isinstance(one, APIRoute)]  # type: ignore[attr-defined]
    return [
        (route, part.call) for route in routes for part in route.dependant.dependencies if isinstance(part.call, Opens)
    ]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_pages_of_its_list_and_no_other(desk: Desk, role: str) -> None:
    client = desk.signed_in("who", role, "water" if role == "department" else None)
    user = desk.context.store.get_user("who")
    may = access.pages_of(user, desk.context.office)
    plain = [(route, page) for route, page in pages(desk) if "{" not in route.path and "GET" in route.methods]
    assert plain
    for route, needs in plain:
        opened = 200 if needs.lets(user, desk.context.office) else 403
        assert client.get(route.path).status_code == opened, (role, route.path)
    shown = client.get("/").text
    for view in app.modules():
        if hasattr(view, "DESK"):
            assert (f'<a href="{view.DESK.path}"' in shown) == (view.DESK.page in may), (role, view.DESK)


def test_a_view_that_catches_all_stands_last() -> None:
    found = app.modules()
    assert found[-1].CATCHES_ALL
    assert len(found) > 5


def test_scripts_of_others_are_those_that_are_named() -> None:
    assert vendored.FILES
    assert list(vendored.faults()) == []


def test_a_strange_script_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(vendored, "FOLDER", tmp_path)
    missing = list(vendored.faults())
    assert len(missing) == len(vendored.FILES)
    assert all("make vendor" in one for one in missing)
