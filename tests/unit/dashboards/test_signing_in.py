"""Signing in: nobody sees anything without it."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi.routing import APIRoute
from starlette.routing import Mount

from casework.records import User
from pipeline import accounts
from pipeline.errors import CallError
from tests.unit.dashboards.making import BASE, HASHED, NOW, PASSWORD, Desk, token

OPEN = {"/enter", "/healthz", "/static", "/ack/{token}"}
"""What anybody may ask for."""


def test_every_page_sends_a_stranger_to_the_sign_in_page(desk: Desk) -> None:
    case = desk.case()
    client = desk.client()
    routes = [route for route in client.app.routes if isinstance(route, APIRoute | Mount)]  # type: ignore[attr-defined]
    tried = 0
    for route in routes:
        if route.path in OPEN:
            continue
        assert isinstance(route, APIRoute)
        path = route.path.replace("{id_:path}", case.id).replace("{verb}", "sign")
        assert "{" not in path
        for method in route.methods:
            answer = client.request(method, path)
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/enter"), (method, path)
            assert case.title not in answer.text
            tried += 1
    assert tried >= 5
    assert desk.stored(case).version == case.version


def test_the_open_pages_tell_nothing(desk: Desk) -> None:
    case = desk.case()
    client = desk.client()
    assert client.get("/healthz").text == "ok"
    assert case.title not in client.get("/enter").text
    assert client.get("/static/style.css").status_code == 200
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404


def test_name_and_password(desk: Desk) -> None:
    client = desk.signed_in("zhang")
    page = client.get("/")
    assert page.status_code == 200
    assert "zhang" in page.text
    cookie = client.cookies.get("huiying")
    assert cookie
    entry = desk.logged("signed_in")
    assert [one.by for one in entry] == ["zhang"]


def test_the_cookie_is_closed_to_scripts_and_other_sites(desk: Desk) -> None:
    desk.context.store.put_user(User("zhang", "office", HASHED))
    client = desk.client()
    form = {"name": "zhang", "password": PASSWORD}
    plain = client.post("/enter", data=form).headers["set-cookie"].lower()
    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "secure" not in plain
    assert "secure" in client.post("https://testserver/enter", data=form).headers["set-cookie"].lower()


@pytest.mark.parametrize(("name", "password"), [("zhang", "错的口令错的口令"), ("没有这个人", PASSWORD), ("", "")])
def test_a_wrong_password_and_an_unknown_name_look_alike(desk: Desk, name: str, password: str) -> None:
    desk.context.store.put_user(User("zhang", "office", HASHED))
    answer = desk.client().post("/enter", data={"name": name, "password": password})
    assert answer.status_code == 403
    assert "用户名或密码不对" in answer.text
    assert "set-cookie" not in answer.headers


def test_five_wrong_passwords_stop_the_account_for_a_while(desk: Desk) -> None:
    desk.context.store.put_user(User("zhang", "office", HASHED))
    client = desk.client()
    for _ in range(5):
        assert client.post("/enter", data={"name": "zhang", "password": "错"}).status_code == 403
    right = {"name": "zhang", "password": PASSWORD}
    assert client.post("/enter", data=right).status_code == 403
    desk.clock[0] = NOW + timedelta(minutes=16)
    assert client.post("/enter", data=right).status_code == 303


def test_a_session_ends_after_twelve_hours(desk: Desk) -> None:
    with time_machine.travel(NOW, tick=False):
        client = desk.signed_in("zhang")
    with time_machine.travel(NOW + timedelta(hours=11, minutes=59), tick=False):
        assert client.get("/").status_code == 200
    with time_machine.travel(NOW + timedelta(hours=12, minutes=1), tick=False):
        assert client.get("/").status_code == 303


def test_a_new_password_or_a_disabled_account_ends_the_session(desk: Desk) -> None:
    client = desk.signed_in("zhang")
    desk.context.store.put_user(User("zhang", "office", HASHED, disabled=True))
    assert client.get("/").status_code == 303
    desk.context.store.put_user(User("zhang", "office", accounts.hash_password("另一个足够长的口令")))
    assert client.get("/").status_code == 303
    desk.context.store.put_user(User("zhang", "office", HASHED))
    assert client.get("/").status_code == 200


def test_a_forged_cookie_is_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk.signed_in("zhang")
    cookie = client.cookies["huiying"]
    # Not the last sign: two of its six bits carry nothing, so another one there may spell the same signature.
    other = cookie[:-2] + ("A" if cookie[-2] != "A" else "B") + cookie[-1]
    for forged in (cookie[:-1], other, "", "a.b.c", "\u00e9"):
        answer = desk.client().get("/", headers={"cookie": f"huiying={forged}".encode("latin-1")})
        assert answer.status_code == 303
    monkeypatch.setenv("HUIYING_SECRET", "x" * 40)
    assert client.get("/").status_code == 303


def test_signing_out_needs_the_token(desk: Desk) -> None:
    client = desk.signed_in("zhang")
    assert client.post("/leave").status_code == 403
    answer = client.post("/leave", data={"csrf": token(client.get("/").text)})
    assert answer.status_code == 303
    assert client.get("/").status_code == 303


def test_after_signing_in_one_is_where_one_wanted_to_be(desk: Desk) -> None:
    case = desk.case()
    desk.context.store.put_user(User("zhang", "office", HASHED))
    client = desk.client()
    to = client.get(f"/cases/{case.id}").headers["location"]
    page = client.get(to)
    assert case.id in page.text
    form = {"name": "zhang", "password": PASSWORD}
    answer = client.post("/enter", data={**form, "to": f"/cases/{case.id}"})
    assert client.get(answer.headers["location"]).status_code == 200
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "/cases/\\evil", "javascript:1"):
        assert client.post("/enter", data={**form, "to": elsewhere}).headers["location"] == "/office"


def test_a_one_time_link_works_once(desk: Desk) -> None:
    link = accounts.one_time_link(desk.context, BASE)
    first, second = desk.client(), desk.client()
    assert first.get(link).status_code == 303
    assert first.get("/").status_code == 200
    answer = second.get(link)
    assert answer.status_code == 403
    assert "已经用过" in answer.text
    assert second.get("/").status_code == 303


def test_of_many_at_once_one_link_lets_one_in(desk: Desk) -> None:
    link = accounts.one_time_link(desk.context, BASE)
    client = desk.client()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get(link).status_code, range(8)))
    assert sorted(answers) == [303] + [403] * 7


def test_an_old_or_forged_link_does_not_work(desk: Desk, tmp_path: Path) -> None:
    link = accounts.one_time_link(desk.context, BASE)
    client = desk.client()
    assert client.get(link[:-2] + "xx").status_code == 403
    assert client.get("/enter?token=").status_code == 403
    with time_machine.travel(NOW, tick=False):
        old = accounts.one_time_link(desk.context, BASE)
    with time_machine.travel(NOW + timedelta(seconds=accounts.LINK_SECONDS + 1), tick=False):
        assert client.get(old).status_code == 403
    # A session's cookie is signed with another salt: it is no link.
    cookie = desk.signed_in("zhang").cookies["huiying"]
    assert client.get("/enter", params={"token": cookie}).status_code == 403


def test_the_key_is_made_once_and_readable_by_us_only(tmp_path: Path) -> None:
    var = tmp_path / "deep" / "var"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: accounts.secret_key(var), range(16)))
    assert len(keys) == 1
    assert stat.S_IMODE(os.stat(var / "secret").st_mode) == 0o600
    assert [path.name for path in var.iterdir()] == ["secret"]


def test_a_key_that_is_too_short_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("short")
    with pytest.raises(CallError, match="secret: holds no key"):
        accounts.secret_key(tmp_path)
    monkeypatch.setenv("HUIYING_SECRET", "short")
    with pytest.raises(CallError, match="HUIYING_SECRET"):
        accounts.secret_key(tmp_path)


def test_passwords_are_hashed_with_argon2() -> None:
    assert HASHED.startswith("$argon2id$")
    assert accounts.verify_password(HASHED, PASSWORD)
    assert not accounts.verify_password(HASHED, PASSWORD + "x")
    assert not accounts.verify_password("not a hash", PASSWORD)
    assert not accounts.verify_password(None, PASSWORD)


@pytest.mark.parametrize(
    ("name", "role", "department", "password", "said"),
    [
        ("li", "king", None, PASSWORD, "--role"),
        ("li", "department", "nowhere", PASSWORD, "--department"),
        ("li", "office", None, "short", "at least"),
        ("  ", "office", None, PASSWORD, "NAME"),
    ],
)
def test_an_account_that_cannot_be(
    desk: Desk, name: str, role: str, department: str | None, password: str, said: str
) -> None:
    with pytest.raises(CallError, match=said):
        accounts.add_user(desk.context, name, role, department, password)
    assert desk.context.store.list_users() == []
