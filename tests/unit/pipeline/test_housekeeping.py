"""``huiying housekeep`` and ``huiying erase``: files by their age, raw lines of one person, and what people read."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from casework.domain.times import parse_time, show_time
from pipeline import housekeeping
from pipeline.bench._posts import post_lines
from pipeline.cli import run
from pipeline.settings import ROOT, Settings
from pipeline.wiring import Context

NOW = parse_time("2026-11-24T10:30:00+08:00")


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(Settings(f"sqlite:///{tmp_path}/huiying.db", ROOT / "config", tmp_path), lambda: NOW)


def lay(path: Path, content: bytes, days: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    at = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))
    return path


def test_files_go_by_their_age_and_what_waits_to_be_loaded_never(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    collected = tmp_path / "collected"
    old = [
        lay(collected / "loaded" / "a.jsonl", b"{}\n", 31),
        lay(collected / "a.quarantine.jsonl", b"{}\n", 31),
        lay(tmp_path / "quarantine" / "b.quarantine.jsonl", b"{}\n", 31),
        lay(tmp_path / "airflow" / "logs" / "dag_id=supervise" / "attempt=1.log", b"x", 191),
    ]
    stays = [
        lay(collected / "loaded" / "b.jsonl", b"{}\n", 29),
        lay(collected / "waits.jsonl", b"{}\n", 90),
        lay(tmp_path / "airflow" / "logs" / "attempt=2.log", b"x", 189),
    ]
    counted = housekeeping.housekeep(context, NOW, dry=True)
    assert (counted["collected"]["found"], counted["logs"]["found"]) == (3, 1)
    assert all(path.exists() for path in (*old, *stays))
    done = housekeeping.housekeep(context, NOW)
    assert (done["collected"]["done"], done["logs"]["done"]) == (3, 1)
    assert [path.exists() for path in old] == [False] * 4
    assert all(path.exists() for path in stays)


def test_a_request_takes_the_raw_lines_too(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = post_lines(3)
    ids = [f"{post['source']}:{post['native_id']}" for post in map(json.loads, lines)]
    loaded = lay(tmp_path / "collected" / "loaded" / "a.jsonl", b"\n".join(lines) + b"\n", 1)
    refused = {"line": 1, "reason": "test", "raw": lines[0].decode()}
    quarantined = lay(tmp_path / "quarantine" / "a.quarantine.jsonl", json.dumps(refused).encode() + b"\nno json\n", 1)
    monkeypatch.setenv("HUIYING_VAR", str(tmp_path))
    where = ["--store", context.settings.store, "--now", show_time(NOW)]
    assert run(["load", str(loaded), *where]) == 0
    capsys.readouterr()
    assert run(["erase", ids[0], "weibo:none", "--reason", "本人来电", "--by", "li", *where]) == 1
    said = capsys.readouterr().out
    assert "已删除 1 条帖文的内容，原始文件中删去 2 行" in said
    assert "没有这条帖文：weibo:none" in said
    assert loaded.read_bytes() == b"\n".join(lines[1:]) + b"\n"
    assert quarantined.read_bytes() == b"no json\n"
    assert context.store.get_posts([ids[0]])[ids[0]].post.text == ""
    assert run(["load", str(lay(tmp_path / "again.jsonl", lines[0] + b"\n", 0)), "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out)["stages"]["load"]["seen"] == 1
    assert context.store.get_posts([ids[0]])[ids[0]].post.text == ""


def test_people_read_what_was_done_and_by_which_rule(context: Context, capsys: pytest.CaptureFixture[str]) -> None:
    assert context.store.count_posts()["posts"] == 0
    assert run(["housekeep", "--dry-run", "--store", context.settings.store, "--now", show_time(NOW)]) == 0
    said = capsys.readouterr().out
    for word in ("只清点，没有改动", "原文", "365 天", "本单位规定", "网络安全法"):
        assert word in said
