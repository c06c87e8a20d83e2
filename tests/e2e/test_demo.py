"""The main job, as a newcomer runs it: from another folder, with nothing but the code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = "import sys; sys.path.insert(0, sys.argv.pop(1)); from pipeline.cli import main; main()"


def test_the_demo_walks_the_whole_way_from_any_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE, str(ROOT), "demo", "--no-serve", "--json"]
    now = ["--now", "2026-11-26T12:30:00+08:00"]
    done = subprocess.run([*command, *now], cwd=tmp_path, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    stages, figures = answer["stages"], answer["figures"]
    assert all(entry["state"] == "done" for entry in stages["collect"].values())
    assert set(stages["collect"]) == {"people_board", "weibo", "henan_gov"}
    assert stages["load"]["new"] == figures["new"] == figures["collected"] >= 60
    assert stages["load"]["quarantined"] == 0
    assert stages["assess"] == {"in": figures["new"], "done": figures["new"], "refused": 0}
    assert stages["open"]["in"] == figures["new"]
    assert stages["assign"]["held"] >= 1
    assert stages["notify"]["in"] == stages["notify"]["sent"] > 0
    assert 0 < figures["overdue"] < figures["cases"]
    assert stages["supervise"]["overdue"] > 0


def test_the_table_is_for_people(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE, str(ROOT), "demo", "--no-serve"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    for word in ("采集", "新增", "研判", "事件", "案件", "转办", "通知", "逾期"):
        assert word in done.stdout
    assert "Traceback" not in done.stderr
