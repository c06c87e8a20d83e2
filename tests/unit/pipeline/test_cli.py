"""Calls that are wrong: the right exit code, a sentence that says what to do, never a traceback."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from casework.stores.open import open_store
from pipeline import cli

ROOT = Path(__file__).resolve().parents[3]
POST = {
    "source": "people_board",
    "native_id": "1",
    "kind": "message",
    "title": "路灯",
    "text": "星禾家园门口的路灯坏了一周,请尽快维修。",
    "published_at": "2026-11-20T08:12:00+08:00",
    "collected_at": "2026-11-20T09:00:00+08:00",
    "labels": {},
}


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    """Exit code, the JSON answer (a list where there are several lines), standard error."""
    code = cli.run([*arguments, "--json"])
    out, err = capsys.readouterr()
    values = [json.loads(line) for line in out.splitlines()]
    assert "Traceback" not in out + err
    return code, values[0] if len(values) == 1 else values, err


def lines_file(path: Path, *lines: object) -> str:
    """A file of lines; bytes are written as they are."""
    with path.open("wb") as file:
        for line in lines:
            file.write((line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()) + b"\n")
    return str(path)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/huiying.db"


def test_load_counts_and_quarantines(tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    bad = [
        b"{",
        b"\xff\xfe",
        [1],
        {**POST, "native_id": "2", "published_at": "2026-11-20T08:12:00"},
        {**POST, "native_id": "3", "user": "x"},
        {**POST, "native_id": "4", "text": 7},
        {**POST, "native_id": "5", "kind": "letter"},
        {**POST, "native_id": "6", "extra": {"ip": "1.2.3.4"}},
    ]
    file = lines_file(tmp_path / "posts.jsonl", POST, b"", *bad, {**POST, "native_id": "9", "text": ""})
    code, answer, _ = call(capsys, "load", file, "--store", store)
    assert code == 0
    assert answer["stages"]["load"] == {"in": 10, "new": 2, "changed": 0, "seen": 0, "quarantined": 8}
    kept = list((tmp_path / "var" / "quarantine").glob("*.quarantine.jsonl"))
    assert len(kept) == 1
    rows = [json.loads(line) for line in kept[0].read_text(encoding="utf-8").splitlines()]
    assert [row["line"] for row in rows] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert all(row["reason"] for row in rows)


def test_loading_again_changes_nothing_and_a_new_text_is_a_revision(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = lines_file(tmp_path / "a.jsonl", POST)
    call(capsys, "load", file, "--store", store)
    assert call(capsys, "load", file, "--store", store)[1]["stages"]["load"]["seen"] == 1
    newer = {**POST, "text": "已经修好", "collected_at": "2026-11-21T09:00:00+08:00"}
    edited = lines_file(tmp_path / "b.jsonl", newer)
    assert call(capsys, "load", edited, "--store", store)[1]["stages"]["load"]["changed"] == 1
    assert call(capsys, "load", file, "--store", store)[1]["stages"]["load"]["seen"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("load", "/no/such/file.jsonl"), "no such file"),
        (("load", "/"), "is a folder"),
        (("run", "--now", "2026-11-24T12:00:00"), "without offset"),
        (("run", "--from", "nowhere"), "the stages are"),
        (("run", "--from", "assign", "--until", "load"), "comes after"),
        (("case", "show", "case:none"), "case:none"),
        (("case", "list", "--state", "lost"), "none of"),
        (("deadline", "compute", "--unit", "fortnights", "--amount", "1", "--start", "2026-01-01T00:00Z"), "none of"),
        (("deadline", "compute", "--unit", "clock_hours", "--amount", "0", "--start", "2026-01-01T00:00Z"), "1"),
        (("deadline", "compute", "--unit", "clock_hours", "--amount", "1.5", "--start", "2026-01-01T00:00Z"), "whole"),
        (("deadline", "explain", "--rule", "nothing", "--start", "2026-01-01T00:00Z"), "known"),
        (("search", "！！"), "no letter"),
        (("config", "show", "everything"), "none of"),
        (("report", "daily", "--out", "x.txt", "--date", "yesterday"), "2026-11-24"),
        (("report", "notice", "--out", "x.docx"), "--case ID and --kind KIND"),
        (("report", "special", "--out", "x.docx", "--event", "a", "--date", "2026-11-24"), "no --date"),
        (("report", "daily", "--out", "x.docx", "--case", "a"), "is for notice"),
        (("report", "daily", "--out", "x.docx", "--flash"), "--flash is for special"),
        (("bench", "nothing"), "known"),
        (("nothing",), "nothing"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    arguments: tuple[str, ...], words: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    open_store(store).close()
    needs_store = arguments[0] in ("load", "run", "case", "search", "report")
    code, answer, err = call(capsys, *arguments, *(("--store", store) if needs_store else ()))
    assert code == 2
    assert words in answer["error"]["detail"]
    assert words in err


@pytest.mark.parametrize("amount", ["1_0", "１０", "+5", " 5", "", "²", "1e3", "5\n", "9" * 5000])
def test_an_amount_is_written_in_plain_digits(amount: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--unit", "clock_hours", "--amount", amount, "--start", "2026-01-01T00:00Z")
    code, answer, _ = call(capsys, "deadline", "compute", *given)
    assert code == 2
    assert "plain digits" in answer["error"]["detail"]


def test_a_truncated_gzip_is_named(tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    whole = gzip.compress(b"\n".join(json.dumps({**POST, "native_id": str(n)}).encode() for n in range(500)))
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    code, answer, _ = call(capsys, "load", str(tmp_path / "cut.jsonl.gz"), "--store", store)
    assert code == 2
    assert "damaged gzip" in answer["error"]["detail"]


def test_a_binary_file_is_all_quarantined(tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.jsonl").write_bytes(bytes(range(256)) * 40)
    code, answer, _ = call(capsys, "load", str(tmp_path / "x.jsonl"), "--store", store)
    counts = answer["stages"]["load"]
    assert code == 0
    assert counts["in"] == counts["quarantined"] > 0


def test_ten_megabytes_of_text_are_taken(tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = lines_file(tmp_path / "big.jsonl", {**POST, "text": "路灯坏了。" * 700_000})
    code, answer, _ = call(capsys, "load", file, "--store", store)
    assert code == 0
    assert answer["stages"]["load"]["new"] == 1


def test_a_filter_keeps_order_and_marks_bad_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = lines_file(
        tmp_path / "in.jsonl", {"id": "a", "text": "电话13800001234"}, b"nonsense", {"id": "b", "text": ""}
    )
    target = tmp_path / "out.jsonl"
    assert call(capsys, "mask", "--input", source, "--output", str(target))[0] == 0
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", None, "b"]
    assert "13800001234" not in rows[0]["text"]
    assert rows[1]["line"] == 2
    assert set(rows[1]["error"]) == {"kind", "detail"}


def test_a_library_that_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "orjson", None)
    monkeypatch.delitem(sys.modules, "casework.stores.sqlite", raising=False)
    code, answer, err = call(
        capsys, "load", lines_file(tmp_path / "a.jsonl", POST), "--store", f"sqlite:///{tmp_path}/b.db"
    )
    assert (code, answer["error"]["kind"]) == (3, "install")
    assert "orjson is not installed here; make demo installs" in err


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe, link, target = tmp_path / "pipe", tmp_path / "link", tmp_path / "target"
    os.mkfifo(pipe)
    target.write_text("")
    link.symlink_to(target)
    file = lines_file(tmp_path / "in.jsonl", POST)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert call(capsys, "events", "--input", file, "--output", str(pipe))[0] == 0
    out, _ = reader.communicate(timeout=60)
    assert json.loads(out)["id"] == "people_board:1"
    assert pipe.is_fifo()
    assert call(capsys, "events", "--input", file, "--output", str(link))[0] == 0
    assert link.is_symlink()
    assert target.read_bytes() == out


def test_the_store_is_for_its_owner_alone(tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "load", lines_file(tmp_path / "a.jsonl", POST), "--store", store)[0] == 0
    found = [path for path in tmp_path.glob("huiying.db*") if path.stat().st_mode & 0o077]
    assert (tmp_path / "huiying.db").is_file()
    assert found == []


def test_what_was_taken_from_the_store_is_noticed(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = {**POST, "native_id": "2", "title": "停水", "text": "星禾家园停水三天了,没有任何通知,请尽快恢复供水。"}
    now = ("--store", store, "--now", "2026-11-20T10:00:00+08:00")
    assert call(capsys, "load", lines_file(tmp_path / "a.jsonl", POST, other), *now)[0] == 0
    assert call(capsys, "run", "--from", "assess", *now)[0] == 0
    assert call(capsys, "audit", "verify", *now)[1]["ok"] is True
    with sqlite3.connect(tmp_path / "huiying.db") as database:
        ((doc,),) = database.execute("select doc from cases where id='case:people_board:1'").fetchall()
        value = json.loads(doc)
        value["history"].pop()
        cut = (json.dumps(value, ensure_ascii=False),)
        database.execute("update cases set doc=? where id='case:people_board:1'", cut)
        database.execute("delete from cases where id='case:people_board:2'")
    code, answer, _ = call(capsys, "audit", "verify", *now)
    assert (code, answer["ok"]) == (1, False)
    assert [entry["where"].split(" ")[0] for entry in answer["broken"]] == [
        "case:people_board:1",
        "case:people_board:2",
    ]


def test_a_folder_that_cannot_be_written_is_unavailable(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source = lines_file(tmp_path / "in.jsonl", {"id": "a", "text": "x"})
    code, answer, _ = call(capsys, "mask", "--input", source, "--output", "/proc/nowhere/out.jsonl")
    assert code == 3
    assert "cannot be written" in answer["error"]["detail"]


def test_a_port_in_use_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = cli.run(["serve", "--port", str(port)])
    assert code == 3
    assert f"--port {port}" in capsys.readouterr().err


def test_interrupting_is_exit_130_and_resumable(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/huiying.db"
    big = tmp_path / "many.jsonl"
    with big.open("w", encoding="utf-8") as file:
        for number in range(60_000):
            file.write(json.dumps({**POST, "native_id": str(number)}, ensure_ascii=False) + "\n")
    command = [sys.executable, "-m", "pipeline.cli", "load", str(big), "--store", store, "--json"]
    environment = {**os.environ, "HUIYING_VAR": str(tmp_path / "var")}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not (tmp_path / "huiying.db").exists() and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    counts = json.loads(again.stdout)["stages"]["load"]
    assert counts["in"] == 60_000
    assert counts["new"] + counts["seen"] == 60_000
    assert counts["seen"] > 0
