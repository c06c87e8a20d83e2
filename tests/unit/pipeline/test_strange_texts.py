"""Every filter answers every post, however strange its text; one bad line costs itself alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from tests.unit.pipeline.test_cli import POST

TEXTS = {
    "empty": "",
    "one": "好",
    "emoji": "😀😡👨‍👩‍👧🇨🇳",
    "latin": "The street lamp on Jianshe Road is broken",
    "traditional": "我們小區的路燈壞了三個月,請盡快維修",
    "control": "路灯\x00\x07坏了\x1b[31m三个月\x7f",
    "hidden": "手机1\u200b3\u200c8\u200d1\ufeff2\u20603\u200b4\u200b5\u200b6\u200b7\u200b8",
    "mixed": "è·¯ç\x81¯å\x9d\x8f 路灯坏了 锟斤拷烫烫烫",
    "turned": "\u202e路灯\u202c坏了",
    "marks": "e\u0301" * 200 + "路" + "\u0300" * 500,
    "bombs": "1" * 5000 + "-" * 5000 + "138" * 2000 + "区" * 5000 + "@" * 5000 + "((" * 2000,
    "blanks": " \n\t" * 5000,
    "long": "小区停车难,电话打不通。" * 20_000,
}


@pytest.mark.parametrize("command", ["assess", "mask", "events", "route", "reply check"])
def test_every_text_is_answered_by_command(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def line(name: str, text: str) -> dict[str, Any]:
        if command == "reply check":
            return {"id": name, "title": text[:40], "text": text, "reply": text}
        return {**POST, "native_id": name, "title": text[:40] or None, "text": text}

    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps(line(name, text), ensure_ascii=False) for name, text in TEXTS.items()]
    source.write_text("\n".join([*lines, '{"text": 5}', lines[1].replace("one", "two")]) + "\n", encoding="utf-8")
    assert cli.run([*command.split(), "--input", str(source), "--output", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"lines": {"in": len(TEXTS) + 2, "errors": 1}}
    rows = [json.loads(row) for row in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"].split(":")[-1] if row["id"] else None for row in rows] == [*TEXTS, None, "two"]
    if command == "mask":
        hidden = rows[list(TEXTS).index("hidden")]
        assert [found["kind"] for found in hidden["found"] if found["field"] == "text"] == ["phone"]
        assert hidden["text"] == "手机138****5678"
