"""``huiying route test``: the shipped offices are in order, and what is wrong with another's rules is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.cli import run
from pipeline.settings import ROOT

HANGZHOU = ROOT / "config" / "examples" / "hangzhou"


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["route", "test", *arguments])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("folder", [ROOT / "config", HANGZHOU], ids=["zhengzhou", "hangzhou"])
def test_the_shipped_rules_are_in_order_and_each_has_an_example(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = ran(capsys, "--json", "--config", str(folder))
    found = json.loads(out)
    assert (code, found["failed"], found["findings"], found["ok"]) == (0, [], [], True)
    assert found["examples"] >= 30


def test_each_thing_that_is_wrong_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)
    routing, departments = folder / "routing.yml", folder / "departments.yml"
    text = routing.read_text(encoding="utf-8")
    when = "{board_domain: [交通], words: [公交]}"
    extra = f'  - {{id: roads, basis: 类别, when: {when}, to: transport, reason: "由{{department}}办理。"}}\n'
    at = text.index("  # ---- 类别：信访一级分类")
    text = (text[:at] + extra + text[at:]).replace("by_hand: {board_domain: [其他]}\n", "", 1)
    text = text.replace("to: urban_management\n    why: 违建归城管", "to: housing\n    why: 违建归城管", 1)
    routing.write_text(text, encoding="utf-8")
    listed = departments.read_text(encoding="utf-8")
    departments.write_text(listed.replace('    regions: ["410108"]\n', "", 1), encoding="utf-8")
    code, out = ran(capsys, "--json", "--config", str(folder))
    found = json.loads(out)
    assert (code, found["ok"]) == (1, False)
    told = {(row["kind"], row["rule"]): row for row in found["findings"]}
    line = text[: text.index("id: roads")].count("\n") + 1
    assert told[("shadowed", "roads")]["line"] == line
    assert told[("shadowed", "roads")]["by"] == ["domain_transport"]
    assert ("unproved", "roads") not in told or told[("unproved", "roads")]["line"] == line
    assert ("class", "board_domain:其他") in told
    assert "惠济区" in told[("district", "410108")]["detail"]
    # The example whose answer was changed, and the one of the district that lost its department.
    at = 1 + text[: text.index("to: housing\n    why: 违建归城管")].count("\n")
    assert sum(f"routing.yml:{at}: " in line for line in found["failed"]) == 1
    assert len(found["failed"]) == 2
    code, out = ran(capsys, "--config", str(folder))
    assert code == 1
    assert f"routing.yml:{line} roads 被遮住" in out
    assert "没有规则适用于“其他”" in out
