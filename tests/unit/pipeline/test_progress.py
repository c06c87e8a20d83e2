"""The bar on standard error: shown to a person at a terminal after a moment, and to nobody else."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from pipeline import cli, progress

ROOT = Path(__file__).resolve().parents[3]


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def export(tmp_path: Path) -> list[str]:
    file = tmp_path / "工单.csv"
    rows = "".join(f"GD{number},路灯坏了,2026-11-23 10:00:00\n" for number in range(5000))
    file.write_text("工单编号,诉求内容,来电时间\n" + rows, encoding="utf-8")
    map_ = ROOT / "config" / "imports" / "hotline_12345.yml"
    return ["import", str(file), "--map", str(map_), "--store", f"sqlite:///{tmp_path}/a.db", "--json"]


def test_a_long_import_shows_a_bar_at_a_terminal(
    export: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(progress, "AFTER", 0.0)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    assert cli.run(export) == 0
    assert "导入 工单.csv" in screen.getvalue()
    assert "100%" in screen.getvalue()
    # The answer stays alone on standard output.
    assert json.loads(capsys.readouterr().out)["stages"]["import"]["new"] == 5000


@pytest.mark.parametrize(("terminal", "after"), [(False, 0.0), (True, 3600.0)])
def test_a_short_one_or_one_that_nobody_sees_shows_none(
    export: list[str], monkeypatch: pytest.MonkeyPatch, terminal: bool, after: float
) -> None:
    screen = Screen() if terminal else io.StringIO()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(progress, "AFTER", after)
    assert cli.run(export) == 0
    assert screen.getvalue() == ""
