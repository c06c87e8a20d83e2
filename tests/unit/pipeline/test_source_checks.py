"""``config check`` refuses a source that asks more often than it may, or that nobody assessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli

EVERY_FIVE = {"rhythm_minutes": 5, "robots_delay_seconds": 120}


def checked(capsys: pytest.CaptureFixture[str], folder: Path, **keys: Any) -> tuple[int, str]:
    """Exit code and output of the check, where the office overrides keys of ``henan_gov``."""
    written = json.dumps({"sources": {"henan_gov": keys}}, ensure_ascii=False)
    (folder / "sources.yml").write_text(written, encoding="utf-8")
    code = cli.run(["config", "check", "--config", str(folder)])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out + err


def test_a_rhythm_that_the_crawl_delay_cannot_keep(office_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = checked(capsys, office_folder, **EVERY_FIVE)
    assert code != 0
    assert (
        "henan_gov/source.yml: rhythm_minutes: found 5: 4 list pages at the Crawl-delay of 120 s take 8 minutes" in said
    )
    assert "write at least 8, or fewer lists" in said
    assert checked(capsys, office_folder, **{**EVERY_FIVE, "rhythm_minutes": 8})[0] == 0
    assert checked(capsys, office_folder, **EVERY_FIVE, paging={"by": "none"})[0] == 0


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("assessment", None),
        ("assessment.effect", {"by": "组", "date": "2026-11-24", "personal_data": "无"}),
        ("assessment.by", {"by": "", "date": "2026-11-24", "effect": "小", "personal_data": "无"}),
    ],
)
def test_a_source_without_its_written_assessment(
    office_folder: Path, capsys: pytest.CaptureFixture[str], shown: str, value: object
) -> None:
    code, said = checked(capsys, office_folder, assessment=value)
    assert code != 0
    assert f"henan_gov/source.yml: {shown}: found" in said
