"""XLSX files that were made to burst are refused; large ones are read in little memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers.importing import ImportError_, Quarantined, import_file, xlsx

PLAN = {
    "source": "hotline",
    "kind": "hotline",
    "id": {"column": "编号"},
    "columns": {"text": "内容", "published_at": "时间"},
}
NS = "http://schemas.openxmlformats.org"
HEADER = ("编号", "内容", "时间")
Import = Callable[[Path], list[dict[str, Any] | Quarantined]]


@pytest.fixture
def imported(tmp_path: Path, now: datetime) -> Import:
    map_path = tmp_path / "map.yml"
    map_path.write_text(yaml.safe_dump(PLAN, allow_unicode=True), encoding="utf-8")
    return lambda path: list(import_file(path, map_path, now))


def book(path: Path, sheet: Iterable[str], strings: Iterable[str] | None = None, **others: bytes) -> Path:
    """A workbook as office programs write it, of one sheet given in parts."""
    doc = f"{NS}/officeDocument/2006/relationships"
    parts = {"workbook": ("sheet.main", "xl/workbook.xml"), "worksheet": ("worksheet", "xl/worksheets/sheet1.xml")}
    if strings is not None:
        parts["sharedStrings"] = ("sharedStrings", "xl/sharedStrings.xml")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}.{part}+xml"/>' for part, name in parts.values())
    links = "".join(
        f'<Relationship Id="{part}" Type="{doc}/{part}" Target="/{name}"/>' for part, (_, name) in parts.items()
    )
    main = f'xmlns="{NS}/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{NS}/package/2006/content-types">{types}</Types>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{NS}/package/2006/relationships">{links}</Relationships>',
        )
        sheets = '<sheets><sheet name="表" sheetId="1" r:id="worksheet"/></sheets>'
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{doc}">{sheets}</workbook>')
        archive.writestr("xl/styles.xml", others.get("styles", f"<styleSheet {main}/>".encode()))
        streams = {"xl/worksheets/sheet1.xml": ("worksheet", sheet), "xl/sharedStrings.xml": ("sst", strings or ())}
        for name, (tag, texts) in streams.items():
            with archive.open(name, "w") as file:
                file.write(f"<{tag} {main}>".encode())
                for text in texts:
                    file.write(text.encode())
                file.write(f"</{tag}>".encode())
    return path


def row(number: int, *cells: str, shared: bool = False) -> str:
    """A row of texts, or of numbers of shared strings."""
    if shared:
        inner = "".join(f'<c r="{"ABC"[at]}{number}" t="s"><v>{cell}</v></c>' for at, cell in enumerate(cells))
    else:
        inner = "".join(
            f'<c r="{"ABC"[at]}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(cells)
        )
    return f'<row r="{number}">{inner}</row>'


def data(*rows: str) -> list[str]:
    return ["<sheetData>", *rows, "</sheetData>"]


GOOD = row(2, "1", "路灯坏了", "2026-11-23 10:00")


def test_a_sheet_as_office_programs_write_it(imported: Import, tmp_path: Path) -> None:
    texts = [*HEADER, "1", "路灯坏了_x000D_\n两天了", "2026-11-23 10:00"]
    strings = [f"<si><t>{text}</t></si>" for text in texts[:4]]
    strings += [f"<si><r><t>{texts[4][:2]}</t></r><r><t>{texts[4][2:]}</t></r></si>", f"<si><t>{texts[5]}</t></si>"]
    sheet = data(row(1, "0", "1", "2", shared=True), row(2, "3", "4", "5", shared=True))
    (post,) = imported(book(tmp_path / "a.xlsx", sheet, strings))
    assert isinstance(post, dict)
    assert post["text"] == "路灯坏了\n两天了"


@pytest.mark.parametrize("part", ["sheet", "strings", "styles"])
def test_a_part_that_unpacks_to_a_hundred_times_what_is_real_is_refused(
    imported: Import, tmp_path: Path, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "DENSE", 1 << 20)
    padding = ["<row/>" * 100_000 for _ in range(4)]
    sheet = data(row(1, *HEADER), GOOD, *(padding if part == "sheet" else ()))
    strings = ["<si><t>a</t></si>" * 200_000] if part == "strings" else None
    styles = {"styles": b"<styleSheet>" + b" " * (2 << 20) + b"</styleSheet>"} if part == "styles" else {}
    with pytest.raises(ImportError_, match="made to burst") as caught:
        imported(book(tmp_path / "a.xlsx", sheet, strings, **styles))
    assert "a.xlsx" in str(caught.value)
    assert "CSV" in caught.value.do


def test_a_part_that_is_read_whole_may_not_be_large(
    imported: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "LARGEST_OTHER", 10_000)
    with pytest.raises(ImportError_, match=r"xl/styles.xml: unpacks to 20\d+ bytes"):
        imported(book(tmp_path / "a.xlsx", data(row(1, *HEADER), GOOD), styles=b"<styleSheet>" + b" " * 20_000))
    monkeypatch.setattr(xlsx, "PARTS", 3)
    with pytest.raises(ImportError_, match="6 parts in the file"):
        imported(book(tmp_path / "a.xlsx", data(row(1, *HEADER), GOOD)))


def test_a_billion_rows_that_are_only_declared_are_passed_over(imported: Import, tmp_path: Path) -> None:
    sheet = [
        '<dimension ref="A1:XFD1000000000"/>',
        *data(
            row(1, *HEADER),
            GOOD,
            row(1_000_000_000, "2", "远处的一行", "2026-11-23 10:00"),
            row(1_048_576, "3", "最后一行", "2026-11-23 10:00"),
        ),
    ]
    first, far, last = imported(book(tmp_path / "a.xlsx", sheet))
    assert isinstance(far, Quarantined)
    assert "row number 1000000000: a sheet has at most 1048576 rows" in far.reason
    assert [post["native_id"] for post in (first, last) if isinstance(post, dict)] == ["1", "3"]


def test_more_rows_than_a_sheet_can_have_end_the_reading(
    imported: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 50)
    rows = imported(book(tmp_path / "a.xlsx", data(row(1, *HEADER), GOOD, *["<row/>"] * 60)))
    assert len(rows) == 2
    assert isinstance(rows[1], Quarantined)
    assert "more than 50 rows" in rows[1].reason


def test_a_string_or_a_row_without_end_ends_the_reading(
    imported: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "LONGEST", 200_000)
    huge = "很" * 200_000
    path = tmp_path / "a.xlsx"
    with pytest.raises(ImportError_, match="more than 200000 bytes in one row or string"):
        imported(book(path, data(row(1, *HEADER), GOOD), [f"<si><t>{huge}</t></si>"]))
    good, cut = imported(book(path, data(row(1, *HEADER), GOOD, row(3, "2", huge, "2026-11-23"))))
    assert isinstance(good, dict)
    assert isinstance(cut, Quarantined)
    assert "the rest is not read" in cut.reason
    deep = "<a>" * 100_000 + "</a>" * 100_000
    assert "the rest is not read" in str(imported(book(path, data(row(1, *HEADER), GOOD, deep)))[-1])


def test_entities_are_not_expanded(imported: Import, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(path, data(row(1, *HEADER), GOOD))
    bomb = tmp_path / "b.xlsx"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bomb, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                content = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>' + content.replace("路灯坏了", "&l9;")
            new.writestr(name, content)
    with pytest.raises(ImportError_, match=r"not a whole XLSX file.*l0"):
        imported(bomb)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c r="B3" t="s"><v>77</v></c>', "shared string 77 of 0"),
        ('<c r="B3" t="s"><v>-1</v></c>', "shared string -1 of 0"),
        ('<c r="B3" t="n"><v>一</v></c>', "not readable"),
        ('<c r="?" t="n"><v>1</v></c>', "not readable"),
        ('<c r="B3" t="d"><v>2026</v></c>', "not readable"),
    ],
)
def test_a_cell_that_cannot_be_read_puts_its_row_aside(
    imported: Import, tmp_path: Path, cell: str, reason: str
) -> None:
    rows = imported(
        book(
            tmp_path / "a.xlsx", data(row(1, *HEADER), GOOD, f'<row r="3">{cell}</row>', row(4, "4", "b", "2026-11-23"))
        )
    )
    assert len(rows) == 3
    assert isinstance(rows[1], Quarantined)
    assert rows[1].line == 3
    assert reason in rows[1].reason
    assert isinstance(rows[2], dict)


def test_an_old_or_protected_workbook_is_said_to_be_one(imported: Import, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    with pytest.raises(ImportError_, match=r"old \.xls, or protected by a password"):
        imported(path)


MEASURED = """
import re, sys
from datetime import datetime, UTC
from pathlib import Path
from crawlers.importing import import_file
rows = import_file(Path(sys.argv[1]), Path(sys.argv[2]), datetime(2026, 11, 24, tzinfo=UTC))
count = sum(isinstance(row, dict) for row in rows)
# Not ru_maxrss: that begins with the size of the process that started this one.
print(count, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def peak(path: Path, map_path: Path) -> tuple[int, float]:
    """Posts read by a process of its own, and its largest memory in MB."""
    command = [sys.executable, "-c", MEASURED, str(path), str(map_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[3])
    count, kilobytes = done.stdout.split()
    return int(count), int(kilobytes) / 1024


@pytest.mark.parametrize("kind", ["shared", "inline", "csv"])
def test_ten_times_the_rows_take_hardly_more_memory(imported: Import, tmp_path: Path, kind: str) -> None:
    measured = []
    for rows in (1_000, 9_000):
        text = "示例路的路灯坏了很久" * 120

        def cells(number: int, text: str = text) -> tuple[str, str, str]:
            return str(number), f"{number}{text}", "2026-11-23 10:00"

        path = tmp_path / (f"{rows}.csv" if kind == "csv" else f"{rows}.xlsx")
        if kind == "csv":
            path.write_text("".join(",".join(line) + "\n" for line in (HEADER, *map(cells, range(rows)))), "utf-8")
        elif kind == "shared":
            places = [map(str, range(3 * number, 3 * number + 3)) for number in range(rows + 1)]
            texts = (text for line in (HEADER, *map(cells, range(rows))) for text in line)
            sheet = data(*(row(at, *place, shared=True) for at, place in enumerate(places, start=1)))
            book(path, sheet, (f"<si><t>{text}</t></si>" for text in texts))
        else:
            book(path, data(row(1, *HEADER), *(row(at + 2, *cells(at)) for at in range(rows))))
        measured.append(peak(path, tmp_path / "map.yml"))
    assert [count for count, _ in measured] == [1_000, 9_000]
    # The texts alone grow by ten million characters: 19 MB as Python keeps them, 29 MB in UTF-8.
    assert measured[1][1] - measured[0][1] < 10, measured
