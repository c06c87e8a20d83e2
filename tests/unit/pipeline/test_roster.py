"""A duty sheet becomes the office's roster, and on a holiday its people are told; a night without anybody is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from casework.config.load import check_office, load_office
from casework.domain.notice import Delivery, Limits, Message
from casework.domain.times import parse_time
from casework.services.notify import Teller, notify
from casework.services.roster import OfficeRoster
from casework.stores.sqlite import SqliteStore
from pipeline import cli
from pipeline.settings import ROOT
from tests.contract.stores.things import case
from tests.unit.domain.making import opened

HEAD = ("日期", "时段", "单位", "值班员", "电话", "邮箱", "带班领导", "带班电话")
GOOD = [
    ("2026年春节值班表",),
    HEAD,
    (date(2026, 2, 15), "全天", None, "王某", "0371-1", "wang@example.gov.example", "赵某", "0371-9"),
    ("2026-02-16", "00:00-08:30", "", "李某", 3712, None, None, None),
    ("2026年2月16日", "08:30至次日08:30", "", "王某", "0371-1", None, "赵某", "0371-9"),
    ("2026/2/16", "全天", "市房管局", "周某", "0371-5", None, None, None),
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path / "config"


def sheet(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = cli.run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_sheet_becomes_the_roster(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = sheet(tmp_path / "值班表.xlsx", GOOD)
    code, done = run(capsys, "roster", "import", str(file), "--config", str(config))
    assert (code, done["watches"]) == (0, 4), done
    assert (config / "roster.yml").stat().st_mode & 0o077 == 0
    assert [str(one) for one in check_office(config) if one.severity == "error"] == []
    roster = OfficeRoster(load_office(config))
    noon = parse_time("2026-02-16T12:00:00+08:00")
    assert roster.recipient("education/head", noon).name == "王某（值班，代郑州市教育局负责人）"
    assert roster.recipient("education/principal", noon).phone == "0371-9"
    assert roster.recipient("housing/contact", noon).name.startswith("周某")
    assert roster.recipient("education/contact", parse_time("2026-02-16T03:00:00+08:00")).phone == "3712"
    # A day that is worked, and what nobody but the discipline desk may know.
    assert "值班" not in roster.recipient("education/head", parse_time("2026-02-13T12:00:00+08:00")).name
    assert "值班" not in roster.recipient("discipline/contact", noon).name
    assert "值班" not in roster.recipient("education/contact", noon, own=True).name
    code, shown = run(capsys, "roster", "show", "--config", str(config), "--now", "2026-02-16T12:00:00+08:00")
    assert (code, shown["by_roster"], [one["name"] for one in shown["watches"]]) == (0, True, ["王某", "周某"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([*GOOD[:3], GOOD[4]], "row 4: nobody is on duty from 2026-02-16 00:00 to 2026-02-16 08:30, after row 3"),
        ([*GOOD, (date(2026, 2, 15), "全天", None, "张某")], "row 7: overlaps with row 3 from 2026-02-15 00:00"),
        ([*GOOD[:2], ("二月十五", "全天", None, "张某")], "row 3: 日期: '二月十五'; write 2026-02-17"),
        ([*GOOD[:2], ("2026-02-30", "全天", None, "张某")], "row 3: 日期: '2026-02-30'"),
        ([*GOOD[:2], ("2026-02-15", "白班", None, "张某")], "row 3: 时段: '白班'; write 08:30-次日08:30, or 全天"),
        ([*GOOD[:2], ("2026-02-15", "25:00-26:00", None, "张某")], "row 3: 时段: '25:00-26:00': no such time of day"),
        ([*GOOD[:2], ("2026-02-15", "全天", "房产局", "张某")], "row 3: 单位: no such department '房产局'"),
        ([*GOOD[:2], ("2026-02-15", "全天", None, " ")], "row 3: 值班员 is empty"),
        ([*GOOD[:2], ("2026-02-15", "全天", None, "张某", None, "zhang")], "row 3: 邮箱: 'zhang' is no e-mail address"),
        ([("姓名", "电话"), ("张某", "1")], "no header within 10 rows; write the headings 日期"),
        (GOOD[:2], "no row below the header"),
        (
            [("开始", "结束", "值班员"), ("2026-02-15 08:00", "2026-02-15 07:00", "张某")],
            "row 2: from 2026-02-15 08:00 to",
        ),
        ([("开始", "结束", "值班员"), ("2026-02-15", "2026-02-15 07:00", "张某")], "row 2: 开始: '2026-02-15'; write"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_named_and_nothing_written(
    rows: list[Sequence[Any]], said: str, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = sheet(tmp_path / "值班表.xlsx", rows)
    code, answer = run(capsys, "roster", "import", str(file), "--config", str(config))
    assert (code, answer["error"]["kind"]) == (2, "call")
    assert said in answer["error"]["detail"]
    assert not (config / "roster.yml").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", "日期,值班员\n".encode()])
def test_what_is_no_sheet_is_said(
    content: bytes, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "值班表.xlsx"
    file.write_bytes(content)
    code, answer = run(capsys, "roster", "import", str(file), "--config", str(config))
    assert code == 2
    assert "save it as .xlsx" in answer["error"]["detail"]


def test_a_roster_in_force_with_a_gap_does_not_hinder_the_next(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config / "roster.yml").write_text("source: x\nwatches: []\n", encoding="utf-8")
    assert run(capsys, "roster", "show", "--config", str(config))[0] == 2
    file = sheet(tmp_path / "值班表.xlsx", GOOD)
    assert run(capsys, "roster", "import", str(file), "--config", str(config))[0] == 0


class Taker:
    """A channel that takes everything and remembers it."""

    name = "taker"
    limits = Limits()

    def __init__(self) -> None:
        self.taken: list[Message] = []

    def send(self, message: Message) -> Delivery:
        self.taken.append(message)
        return Delivery(True)


class NoRetry:
    def channel_of(self, attempts: int) -> int:
        return 0

    def after_failure(self, attempts: int, delivery: Delivery, now: datetime, second: bool) -> Any:
        raise AssertionError("nothing fails here")


def test_ordinary_notices_wait_for_the_morning_and_an_emergency_does_not(tmp_path: Path) -> None:
    office = load_office(ROOT / "config" / "examples" / "hangzhou")
    assert office.quiet is not None
    night = parse_time("2026-03-02T23:30:00+08:00")
    store = SqliteStore(tmp_path / "x.db", "")
    store.migrate()
    grave, unknown = opened("board:2", at=night), opened("board:3", at=night)
    cases = [case(1, to="housing", at=night)]
    for found, severity in ((grave, "major"), (unknown, None)):
        data = {**found.history[0].data, "severity": severity, "state": "to_review"}
        data["notices"] = [
            {"key": found.id, "kind": "review_needed", "to": "@review/contact", "facts": {}, "urgent": False}
        ]
        cases.append(replace(found, history=(), outbox=()).after("opened", night, "huiying", None, data))
    assert all(store.create_cases(cases))
    taker = Taker()
    teller: Any = Teller(
        office,
        OfficeRoster(office),
        lambda kind, facts, limit: (kind, "text"),
        NoRetry(),
        lambda k, t, private: (taker,),
    )
    counts = notify(store, teller, night)
    assert (counts.sent, counts.waiting) == (2, 1)
    assert {message.key for message in taker.taken} == {grave.id, unknown.id}
    assert notify(store, teller, parse_time("2026-03-03T06:59:59+08:00")).sent == 0
    assert notify(store, teller, parse_time("2026-03-03T07:00:00+08:00")).sent == 1
    store.close()
