"""A disk that is full or takes nothing: exit 3, the file named, words with what to do."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from casework.stores.open import open_store
from pipeline import cli
from pipeline.errors import refusal

ROOT = Path(__file__).resolve().parents[3]
FULL = Path("/dev/full")
COUNT = ["deadline", "compute", "--unit", "clock_hours", "--amount", "1", "--start", "2026-01-01T00:00Z"]


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/huiying.db"
    open_store(url).close()
    return url


def given(tmp_path: Path, store: str) -> dict[str, list[str]]:
    """The commands that write a file, each without the name of it."""
    (tmp_path / "in.jsonl").write_text('{"id": "a", "text": "路灯坏了"}\n', encoding="utf-8")
    return {
        "report": ["report", "daily", "--store", store, "--out"],
        "mask": ["mask", "--input", str(tmp_path / "in.jsonl"), "--output"],
    }


@pytest.mark.parametrize("command", ["report", "mask"])
def test_a_full_disk_is_exit_3(command: str, tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    if not FULL.exists():
        pytest.skip("this system has no /dev/full")
    out = tmp_path / "out.html"
    out.symlink_to(FULL)
    assert cli.run([*given(tmp_path, store)[command], str(out)]) == 3
    err = capsys.readouterr().err
    assert "out.html: cannot be written: the disk is full; make room" in err
    assert "Errno" not in err


@pytest.mark.parametrize("command", ["report", "mask"])
def test_a_place_that_takes_nothing_is_exit_3(
    command: str, tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert cli.run([*given(tmp_path, store)[command], str(tmp_path / "file" / "out.html")]) == 3
    err = capsys.readouterr().err
    assert "out.html: cannot be written: a part of the path is no folder; check the path" in err
    assert "Errno" not in err


def test_an_answer_that_finds_no_room_is_exit_3() -> None:
    if not FULL.exists():
        pytest.skip("this system has no /dev/full")
    command = [sys.executable, "-m", "pipeline.cli", *COUNT]
    with FULL.open("w", encoding="utf-8") as out:
        done = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "standard output or a working file: the disk is full" in done.stderr
    assert "Errno" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOTDIR, errno.EIO])
def test_a_refusal_names_the_file_and_what_to_do(number: int) -> None:
    said = refusal(OSError(number, os.strerror(number), "/var/lib/x"))
    assert said.startswith("/var/lib/x: ")
    assert os.strerror(number) not in said
    assert ";" in said
