"""``huiying notice``, ``silence`` and ``channel`` as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casework.ports import Store
from casework.stores.open import open_store
from pipeline.cli import run
from tests.contract.stores.things import case
from tests.unit.domain.making import START

NOW = "2026-03-02T12:00:00+08:00"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with a case whose notice was given up."""
    found = case(1, to="housing")
    data = {"key": found.outbox[0].key, "state": "failed", "attempts": 5, "next_at": None, "detail": "mail: 550"}
    store: Store = open_store(f"sqlite:///{tmp_path}/x.db")
    store.create_cases([found.after("notice_failed", START, "huiying", None, data), case(2, to="news")])
    store.close()
    return f"sqlite:///{tmp_path}/x.db"


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    assert run([*arguments, "--json", "--now", NOW]) == code
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return lines[0] if len(lines) == 1 else lines


def test_dead_letters_are_seen_and_sent_again(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    dead = said(capsys, "notice", "list", "--dead", "--store", url)
    assert (dead["owner"], dead["state"], dead["detail"]) == ("case:board:1", "failed", "mail: 550")
    assert said(capsys, "notice", "list", "--store", url)["owner"] == "case:board:2"
    assert said(capsys, "notice", "resend", dead["key"], "--store", url) == {"resent": 1}
    assert said(capsys, "notice", "list", "--dead", "--store", url) == []
    assert len(said(capsys, "notice", "list", "--store", url)) == 2
    assert said(capsys, "notice", "resend", "--all", "--store", url) == {"resent": 0}
    assert said(capsys, "notice", "resend", dead["key"], "--store", url, code=2)["error"]["kind"] == "not_found"
    assert said(capsys, "notice", "resend", "--store", url, code=2)["error"]["kind"] == "call"


def test_a_silence_is_begun_seen_and_ended(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("silence", "add", "--reason", "检修", "--department", "housing", "--by", "li", "--store", url)
    begun = said(capsys, *asked, "--hours", "2")
    assert (begun["until"], begun["by"]) == ("2026-03-02T14:00:00+08:00", "li")
    assert said(capsys, "silence", "list", "--store", url)["id"] == begun["id"]
    ended = said(capsys, "silence", "end", begun["id"], "--by", "wang", "--store", url)
    assert ended["ended_by"] == "wang"
    assert said(capsys, "silence", "list", "--store", url) == []
    assert said(capsys, "silence", "list", "--all", "--store", url)["id"] == begun["id"]
    wrong = said(capsys, "silence", "add", "--reason", "x", "--hours", "1", "--store", url, code=2)
    assert "silence of everything" in wrong["error"]["detail"]
    assert "one of --until and --hours" in said(capsys, *asked, code=2)["error"]["detail"]


def test_a_channel_is_tried(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["channel", "test", "console", "--json", "--now", NOW]) == 0
    shown = capfd.readouterr()
    assert json.loads(shown.out)["ok"] is True
    assert "收到即说明渠道正常" in shown.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("channel", "test", "pigeon"), "no channel 'pigeon' in channels.yml; there are console, mail"),
        (("channel", "test", "mail"), "environment variable HUIYING_MAIL_PASSWORD is not set"),
        (("channel", "test", "console", "--to", "nowhere/contact"), "--to: 'nowhere/contact'"),
        (("channel", "test", "console", "--to", "housing/boss"), "a role of contact"),
    ],
)
def test_a_test_that_cannot_be_made(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUIYING_MAIL_PASSWORD", raising=False)
    assert words in said(capsys, *arguments, code=2)["error"]["detail"]


def test_a_wrong_secret_is_not_shown(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYING_WECOM_ROBOT_URL", "not an address s3cret-5150")
    assert run(["channel", "test", "wecom_group", "--json"]) == 2
    shown = capfd.readouterr()
    assert "HUIYING_WECOM_ROBOT_URL" in shown.out
    assert "s3cret" not in shown.out + shown.err


def test_the_channels_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channel", "list", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"name": "console", "use": "console", "enabled": True} in lines
    assert {"name": "wecom_group", "use": "wecom_robot", "enabled": False} in lines
