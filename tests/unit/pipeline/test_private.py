"""What the system writes is its own user's alone, whatever the shell that started it allows."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import tasks
from pipeline.private import kept_private
from pipeline.settings import ROOT


def modes(folder: Path) -> dict[str, int]:
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    return {str(path.relative_to(folder)): mode for path, mode in found.items()}


def test_folders_are_0700_and_files_0600_whatever_the_umask_of_the_shell(tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text("no post\n", encoding="utf-8")
    var = tmp_path / "var"
    code = "import os, sys; os.umask(0o000); from pipeline.cli import main; main(sys.argv[1:])"
    call = [sys.executable, "-c", code, "load", str(lines), "--store", f"sqlite:///{var}/deep/x.db"]
    done = subprocess.run(call, cwd=ROOT, env={**os.environ, "HUIYING_VAR": str(var)}, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    found = modes(var)
    assert {"deep/x.db", "quarantine"} <= set(found)
    assert len(found) >= 4
    wrong = {name: oct(mode) for name, mode in found.items() if mode & 0o077}
    assert wrong == {}


def test_a_task_of_airflow_writes_so_too_and_leaves_the_worker_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0o022)
    try:
        with kept_private():
            (tmp_path / "made").mkdir()
            (tmp_path / "made" / "file").write_text("x", encoding="utf-8")
        assert os.umask(0o022) == 0o022
        assert modes(tmp_path / "made") == {".": 0o700, "file": 0o600}
        monkeypatch.setenv("HUIYING_VAR", str(tmp_path / "var"))
        monkeypatch.setenv("HUIYING_STORE", f"sqlite:///{tmp_path}/var/x.db")
        with tasks._context(None) as (joined, now):
            joined.store.refresh()
            assert now.tzinfo is not None
        assert modes(tmp_path / "var")["x.db"] == 0o600
    finally:
        os.umask(before)
