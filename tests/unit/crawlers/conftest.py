from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make_post() -> Callable[..., dict[str, Any]]:
    def make(source: str, number: int, **other: Any) -> dict[str, Any]:
        kind = {"people_board": "message", "weibo": "weibo"}.get(source, "news")
        return {
            "source": source,
            "native_id": str(5000000 + number),
            "kind": kind,
            "title": f"第{number}号路口的信号灯坏了",
            "text": f"示例区青石路第{number}号路口的信号灯坏了三天，早晚高峰很乱，请尽快维修。",
            "published_at": f"2026-11-{1 + number % 20:02d}T08:{number % 60:02d}:05+08:00",
            "collected_at": "2026-11-24T08:00:00+08:00",
            **other,
        }

    return make


@pytest.fixture
def read_lines() -> Callable[[Path], list[dict[str, Any]]]:
    def read(folder: Path, pattern: str = "*[0-9].jsonl") -> list[dict[str, Any]]:
        files = sorted(folder.glob(pattern))
        return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]

    return read


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """Folders for the files of a new source and for its recording."""
    folders = tmp_path / "sources", tmp_path / "recorded"
    for folder in folders:
        folder.mkdir()
    return folders


@pytest.fixture
def shared() -> Path:
    root = Path(os.environ.get("HUIYING_SHARED") or Path(__file__).resolve().parents[3].parent / "shared")
    if not (root / "pages").is_dir():
        pytest.skip("no ../shared here: the real pages are not part of the repository")
    return root
