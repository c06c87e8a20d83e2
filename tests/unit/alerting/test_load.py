"""From channels.yml to channels: what is named is built, what is wrong is told, what is secret is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerting.load import ChannelConfigError, channels, check, kind, names
from alerting.routes import switchboard

ROOT = Path(__file__).parents[3]
MAIL = dict(kind("mail").example.settings)
TYPED = "hunter2-typed-into-the-file"


def shipped() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "config" / "channels.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def mail(**changes: Any) -> dict[str, Any]:
    settings = {key: value for key, value in {**MAIL, **changes}.items() if value is not None}
    return {"mail": {"settings": settings}}


def test_the_shipped_file_gives_a_console_and_needs_no_secret() -> None:
    board = switchboard(shipped(), {})
    assert set(board.built) == {"console"}
    assert [one.name for one in board.channels_for("assigned", "示例局/contact")] == ["console"]
    used = {entry.get("use", name) for name, entry in shipped()["channels"].items()}
    assert used == set(names()), "the shipped file shows every kind there is"


def test_only_what_the_configuration_names_is_imported() -> None:
    code = (
        "import sys; from alerting.load import channels, names; channels({'console': {}}, {}); names();"
        "print([m for m in ('requests', 'smtplib', 'alerting.channels.mail') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_file_may_serve_two_channels() -> None:
    hook = {"use": "webhook", "settings": {"url": "https://a.example/1", "secret_env": "S"}}
    off = {**hook, "enabled": False}
    built = channels({"first": hook, "second": {**hook, "enabled": True}, "off": off}, {"S": "x"})
    assert list(built) == ["first", "second"]
    assert [one.name for one in built.values()] == ["first", "second"]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"pigeon": {}}, "channels.pigeon.use: no channel 'pigeon'", "write one of console"),
    ({"desk": {"use": "webhok"}}, "channels.desk.use: no channel 'webhok'", "did you mean webhook?"),
    ({"desk": {"use": "../load"}}, "channels.desk.use: no channel '../load'", "write one of"),
    ({"desk": {"use": ["mail"]}}, "channels.desk.use: no channel ['mail']", "write one of"),
    ({"console": None}, "channels.console: found nothing", "write a mapping with use"),
    ({"console": {"enable": True}}, "channels.console.enable: unknown key", "write one of use, enabled"),
    ({"console": {"enabled": "yes"}}, "channels.console.enabled: found str", "write true or false"),
    ({"console": {"settings": [1]}}, "channels.console.settings: found list", "write a mapping of settings"),
    ({"console": {"settings": {"a": 1}}}, "channels.console.settings.a: unknown key", "it has no settings"),
    (mail(host=None), "channels.mail.settings.host: missing", "for example smtp.example.gov.cn"),
    (mail(hots="a"), "channels.mail.settings.hots: unknown key", "did you mean host?"),
    (mail(port=70000), "channels.mail.settings.port: found '70000'", "less than or equal to 65535"),
    (mail(security="ssl"), "channels.mail.settings.security: found 'ssl'", "'starttls'"),
    (mail(password=TYPED), "channels.mail.settings.password: unknown key", "did you mean password_env?"),
    (mail(password_env=TYPED), "channels.mail.settings.password_env: value not shown", "pattern"),
    (
        mail(security="none"),
        "channels.mail.settings: none would send the password",
        "write security: starttls",
    ),
    (mail(username=None), "channels.mail.settings: username and password_env", "write both or neither"),
]


@pytest.mark.parametrize(("entries", "where", "write"), WRONG, ids=[row[1] for row in WRONG])
def test_a_mistake_names_file_place_finding_and_remedy(entries: dict[str, Any], where: str, write: str) -> None:
    with pytest.raises(ChannelConfigError) as raised:
        channels(entries, {"HUIYING_MAIL_PASSWORD": TYPED})
    assert str(raised.value).startswith(f"config/channels.yml: {where}")
    assert write in str(raised.value)
    assert TYPED not in str(raised.value)
    assert check(entries) == raised.value.problems


def test_a_hook_written_with_its_token_is_not_repeated() -> None:
    hook = {"webhook": {"settings": {"url": f"http://oa.example/{TYPED}", "secret_env": "S"}}}
    with pytest.raises(ChannelConfigError, match=r"settings\.url: value not shown: write https") as raised:
        channels(hook, {"S": "x"})
    assert TYPED not in str(raised.value)


def test_a_missing_secret_names_its_variable_and_only_when_built() -> None:
    with pytest.raises(ChannelConfigError) as raised:
        channels(mail(), {})
    assert "settings.password_env: environment variable HUIYING_MAIL_PASSWORD is not set" in str(raised.value)
    assert "write enabled: false" in str(raised.value)
    assert check(mail()) == ()
    assert channels({"mail": {**mail()["mail"], "enabled": False}}, {}) == {}


@pytest.mark.parametrize(
    ("settings", "environ", "said"),
    [
        (
            {"ca_file": "/nowhere.pem"},
            "x",
            "settings.ca_file: /nowhere.pem is not a file of PEM certificates: write",
        ),
        ({}, "口令", "settings.password_env: variable HUIYING_MAIL_PASSWORD is not ASCII: choose"),
    ],
)
def test_what_shows_only_when_built(settings: dict[str, Any], environ: str, said: str) -> None:
    with pytest.raises(ChannelConfigError) as raised:
        channels(mail(**settings), {"HUIYING_MAIL_PASSWORD": environ})
    assert said in str(raised.value)


def test_every_mistake_at_once() -> None:
    entries = {**mail(port=0, hots="x"), "pigeon": {}, "console": {}}
    with pytest.raises(ChannelConfigError) as raised:
        channels(entries, {})
    assert len(raised.value.problems) == 3 == len(str(raised.value).splitlines())


def test_kind_refuses_what_is_no_file() -> None:
    assert len(names()) >= 3
    with pytest.raises(KeyError):
        kind("__init__")
