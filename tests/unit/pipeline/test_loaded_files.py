"""What was loaded is kept, also where two files have the name of one second."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework.domain.post import Post
from pipeline import jobs
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_a_second_file_of_one_name_is_loaded_and_kept_beside_the_first(tmp_path: Path) -> None:
    context = Context(replace(settings(f"sqlite:///{tmp_path}/huiying.db", ROOT / "config"), var=tmp_path))
    folder = jobs.collected_folder(context)
    for number in range(3):
        post = Post("board", str(number), "message", "路灯坏了", NOW, NOW + timedelta(seconds=number))
        folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps(post.to_json(), ensure_ascii=False) + "\n"
        (folder / "board-20261124T110000.jsonl").write_text(line, encoding="utf-8")
        assert jobs.load_collected(context, NOW)["new"] == 1
    kept = sorted((folder / "loaded").iterdir())
    assert [path.name for path in kept] == [
        *("board-20261124T110000.jsonl", "board-20261124T110000_0002.jsonl", "board-20261124T110000_0003.jsonl"),
    ]
    assert [json.loads(path.read_text("utf-8"))["native_id"] for path in kept] == ["0", "1", "2"]
    context.store.close()
