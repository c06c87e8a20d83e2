"""What tests need from outside, how its absence is said, and folders of their own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NEEDS = ("elasticsearch", "airflow", "browser", "shared")
"""What a test may need; each has a marker of its name."""
REQUIRED = frozenset(filter(None, os.environ.get("HUIYING_REQUIRE", "").split(",")))
_missing: dict[str, str] = {}


def shared_folder() -> Path | None:
    """The folder of real data beside the project, or None."""
    folder = Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared")
    return folder if (folder / "data").is_dir() else None


def absent(need: str, reason: str) -> None:
    """Skip the test for want of ``need``, or fail where the run requires it."""
    if need in REQUIRED:
        pytest.fail(f"{need} is required in this run: {reason}")
    pytest.skip(f"needs {need}: {reason}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; the test is skipped where it is absent."""
    folder = shared_folder()
    if folder is None:
        absent("shared", "no folder shared/data beside the project (or HUIYING_SHARED)")
        raise AssertionError("not reached")
    return folder


@pytest.fixture(scope="session")
def need_absent() -> Callable[[str, str], None]:
    """For fixtures elsewhere: say that something needed is absent."""
    return absent


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test writes into the checkout's var/ or reads the caller's settings."""
    monkeypatch.setenv("HUIYING_VAR", str(tmp_path / "var"))
    for name in ("HUIYING_STORE", "HUIYING_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def pytest_configure() -> None:
    """Ctrl-C works in what tests start, also where this run itself was put into the background (which ignores it)."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what could not run, for the last line."""
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        for need in NEEDS:
            if reason.startswith(f"needs {need}"):
                _missing[need] = reason.partition(": ")[2]


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line: what was skipped and why."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if _missing:
        print("not run here:", "; ".join(f"{need} ({why})" for need, why in sorted(_missing.items())))
    else:
        print("not run here: nothing; every test that was asked for had what it needs")
