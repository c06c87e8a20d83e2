"""What a person wrote is shown again wherever the step was not done, and wrong passwords are counted in any order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from casework.ports import Unavailable
from casework.records import User
from dashboards import sessions
from dashboards.app import _way_back
from tests.unit.dashboards.making import HASHED, PASSWORD, Desk, press, token

DRAFT = "经核查，3 号楼前路灯线路老化，已于 3 月 4 日更换。"


def test_a_draft_is_kept_where_the_case_went_to_another_department(desk: Desk) -> None:
    case = desk.case(to="housing")
    writer, office = desk.signed_in("wang", "department", "housing"), desk.signed_in("zhang", "admin")
    form = {"csrf": token(writer.get(f"/cases/{case.id}").text), "text": DRAFT}
    press(office, case, "assign", to="transport")
    answer = writer.post(f"/cases/{case.id}/do/draft", data=form)
    assert answer.status_code == 404
    assert DRAFT in answer.text
    assert case.title not in answer.text


def test_a_draft_is_kept_where_the_role_may_not(desk: Desk) -> None:
    case = desk.case(to="transport", co=("housing",))
    writer = desk.signed_in("wang", "department", "housing")
    form = {"csrf": token(writer.get(f"/cases/{case.id}").text), "text": DRAFT}
    answer = writer.post(f"/cases/{case.id}/do/draft", data=form)
    assert answer.status_code == 403
    assert DRAFT in answer.text


@pytest.mark.parametrize(("error", "status"), [(Unavailable("refused"), 503), (RuntimeError("bug"), 500)])
def test_a_draft_is_kept_where_the_store_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    case = desk.case()
    signed_in = desk.signed_in("zhang", "admin")
    form = {"csrf": token(signed_in.get(f"/cases/{case.id}").text), "text": DRAFT}
    client = desk.client(raise_server_exceptions=False)
    client.cookies.update(signed_in.cookies)

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(desk.context.store, "get_case", fails)
    answer = client.post(f"/cases/{case.id}/do/draft", data=form)
    assert answer.status_code == status
    assert DRAFT in answer.text


@pytest.mark.parametrize(
    ("verb", "entered", "said"),
    [
        ("reject", {"reason": "不是本市的事"}, "不是本市的事"),
        ("review", {"gate": "first", "ok": "yes", "note": "数字再核一遍"}, "数字再核一遍"),
        ("publish", {"url": "https://gov.example/7", "at": "2026-03-04T22:30"}, "https://gov.example/7"),
    ],
)
def test_every_field_that_was_written_is_kept_where_the_state_moved_on(
    desk: Desk, verb: str, entered: dict[str, str], said: str
) -> None:
    case = desk.case()
    answer = press(desk.signed_in("zhang", "admin"), case, verb, **entered)
    assert answer.status_code == 409
    assert said in answer.text
    assert desk.stored(case).version == case.version


def test_after_the_session_has_ended_one_comes_back_to_the_case(desk: Desk) -> None:
    case = desk.case()
    page = desk.client().post(f"/cases/{case.id}/do/draft", data={"text": DRAFT})
    assert page.status_code == 401
    assert f'name="to" value="/cases/{case.id}"' in page.text
    ways = {f"/cases/{case.id}/originals": f"/cases/{case.id}", "/cases/a/do/b/do/sign": "/cases/a/do/b", "/leave": ""}
    assert {path: _way_back(path) for path in ways} == ways


def test_the_address_of_a_form_leads_back_to_the_case(desk: Desk) -> None:
    case = desk.case()
    answer = desk.signed_in("zhang").get(f"/cases/{case.id}/do/sign")
    assert answer.status_code == 303
    assert answer.headers["location"].replace("%3A", ":") == f"/cases/{case.id}"


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "x", "٣", "1e3"])
def test_a_version_that_is_no_number_is_a_conflict(desk: Desk, version: str) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    form = {"csrf": token(client.get("/").text), "version": version}
    assert client.post(f"/cases/{case.id}/do/sign", data=form).status_code == 409
    assert desk.stored(case).version == case.version


def test_wrong_passwords_sent_at_once_stop_the_account_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.context.store.put_user(User("zhang", "office", HASHED))
    checked: list[str] = []
    monkeypatch.setattr("dashboards.sessions.accounts.verify_password", lambda _, given: checked.append(given))
    client = desk.client()

    def attempt(number: int) -> int:
        status: int = client.post("/enter", data={"name": "zhang", "password": f"错{number}"}).status_code
        return status

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(attempt, range(24))) == {403}
    assert len(checked) == sessions.WRONG
    monkeypatch.undo()
    assert client.post("/enter", data={"name": "zhang", "password": PASSWORD}).status_code == 403


def test_names_that_nobody_has_do_not_fill_the_memory(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.sessions.REMEMBERED", 3)
    monkeypatch.setattr("dashboards.sessions.accounts.verify_password", lambda *_: False)
    client = desk.client()
    guard = client.app.state.guard  # type: ignore[attr-defined]
    for name in ("a", "b", "a", "c", "d", "长" * (sessions.LONGEST + 1)):
        assert client.post("/enter", data={"name": name, "password": "错"}).status_code == 403
    assert list(guard.wrong) == ["a", "c", "d"]


def test_signing_in_rightly_is_no_wrong_try(desk: Desk) -> None:
    for _ in range(sessions.WRONG + 1):
        assert desk.signed_in("zhang").get("/").status_code == 200
