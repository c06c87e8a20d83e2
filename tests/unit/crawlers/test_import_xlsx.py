from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from crawlers.importing import ImportError_, Quarantined, import_file

PLAN = {
    "source": "hotline",
    "kind": "hotline",
    "id": {"column": "编号"},
    "columns": {"title": "标题", "text": "内容", "published_at": "时间"},
}
Rows = list[dict[str, Any] | Quarantined]
Import = Callable[..., Rows]


@pytest.fixture
def imported(tmp_path: Path, now: datetime) -> Import:
    def run(book: Workbook | Path, **plan: Any) -> Rows:
        path, map_path = tmp_path / "a.xlsx", tmp_path / "map.yml"
        if isinstance(book, Workbook):
            book.save(path)
        else:
            path = book
        map_path.write_text(yaml.safe_dump({**PLAN, **plan}, allow_unicode=True), encoding="utf-8")
        return list(import_file(path, map_path, now))

    return run


def _book(*rows: list[Any]) -> Workbook:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    return book


def test_cells_of_every_kind(imported: Import) -> None:
    book = _book(
        ["编号", "标题", "内容", "时间"],
        [7, 2026, "路灯坏了", datetime(2026, 11, 23, 10, 5)],  # noqa: DTZ001 - cells carry no zone
        ["A-8", None, "有坑", "2026/11/23 10:05:01"],
        [None, None, None, None],
        [9.0, "x", "", "2026-11-23"],
    )
    first, second, third = imported(book)
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert isinstance(third, dict)
    assert (first["native_id"], first["title"], first["published_at"]) == ("7", "2026", "2026-11-23T10:05:00+08:00")
    assert (second["native_id"], second["title"]) == ("A-8", None)
    assert (third["native_id"], third["extra"]) == ("9", {"time_shown": "day"})


def test_a_title_above_and_a_header_of_two_merged_rows(imported: Import) -> None:
    book = _book(
        ["2026年11月热线工单", None, None, None, None],
        ["编号", "诉求", None, "时间", "备注"],
        [None, "标题", "内容", None, None],
        ["1", "灯", "路灯坏了", "2026-11-23 10:00", ""],
    )
    sheet = book.active
    assert sheet is not None
    for area in ("A1:E1", "B2:C2", "A2:A3", "D2:D3", "E2:E3"):
        sheet.merge_cells(area)
    (post,) = imported(book)
    assert isinstance(post, dict)
    assert (post["native_id"], post["title"], post["text"]) == ("1", "灯", "路灯坏了")


def test_a_formula_without_a_stored_value_is_put_aside(imported: Import) -> None:
    book = _book(
        ["编号", "标题", "内容", "时间"],
        ["1", "a", '=CONCATENATE("路灯","坏了")', "2026-11-23 10:00"],
        ["2", "=1+1", "好的", "2026-11-23 10:00"],
        ["3", "b", "好的", "2026-11-23 10:00"],
    )
    first, second, third = imported(book)
    assert isinstance(first, Quarantined)
    assert isinstance(second, Quarantined)
    assert isinstance(third, dict)
    assert first.line == 2
    assert "内容: a formula without a stored value" in first.reason
    assert "CONCATENATE" in first.raw


def test_a_formula_with_a_stored_value_gives_it_and_an_error_does_not(imported: Import, tmp_path: Path) -> None:
    book = _book(["编号", "标题", "内容", "时间"], ["1", "a", "=FORMULA", "2026-11-23 10:00"])
    plain, stored = tmp_path / "plain.xlsx", tmp_path / "stored.xlsx"
    for value, expected in (("路灯坏了", "路灯坏了"), ("#REF!", None)):
        book.save(plain)
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(stored, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name.endswith("sheet1.xml"):
                    cell = f'<c r="C2" t="str"><f>A1</f><v>{value}</v></c>'.encode()
                    start, _, rest = content.partition(b'<c r="C2"')
                    content = start + cell + rest.partition(b"</c>")[2]
                new.writestr(name, content)
        (row,) = imported(stored)
        if expected is None:
            assert isinstance(row, Quarantined)
            assert "#REF!" in row.reason
        else:
            assert isinstance(row, dict)
            assert row["text"] == expected


def test_an_id_that_the_spreadsheet_has_rounded_is_put_aside(imported: Import) -> None:
    (row,) = imported(_book(["编号", "标题", "内容", "时间"], [2.02611240000123e18, "a", "b", "2026-11-23 10:00"]))
    assert isinstance(row, Quarantined)
    assert "rounded" in row.reason


def test_wrong_sheet_and_wrong_column_name_what_there_is(imported: Import) -> None:
    with pytest.raises(ImportError_, match=r"no sheet '工单'.*write one of Sheet"):
        imported(_book(["编号"]), sheet="工单")
    with pytest.raises(ImportError_, match="the file has the columns: 编号, 题目, 内容, 时间"):
        imported(_book(["工单"], ["编号", "题目", "内容", "时间"], ["1", "a", "b", "2026-11-23"]))
    with pytest.raises(ImportError_, match="the file has the columns: none"):
        imported(_book())


def test_a_truncated_workbook_is_refused(imported: Import, tmp_path: Path) -> None:
    whole, half = tmp_path / "whole.xlsx", tmp_path / "half.xlsx"
    _book(["编号", "标题", "内容", "时间"], *([str(n), "a", "b" * n, "2026-11-23"] for n in range(200))).save(whole)
    half.write_bytes(whole.read_bytes()[:3000])
    with pytest.raises(ImportError_, match="not a whole XLSX file"):
        imported(half)


def test_a_sheet_cut_inside_the_workbook_keeps_its_rows_and_says_so(imported: Import, tmp_path: Path) -> None:
    whole, half = tmp_path / "whole.xlsx", tmp_path / "half.xlsx"
    _book(["编号", "标题", "内容", "时间"], *([str(n), "a", "b", "2026-11-23"] for n in range(300))).save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(half, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)
    rows = imported(half)
    assert len(rows) > 100
    assert isinstance(rows[-1], Quarantined)
    assert "cut short" in rows[-1].reason
