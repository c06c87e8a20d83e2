from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.domain.post import parse_post
from crawlers.importing import ImportError_, Quarantined, import_file, load_map

MAPS = sorted((Path(__file__).resolve().parents[3] / "config" / "imports").glob("*.yml"))
PLAN: dict[str, Any] = {
    "source": "hotline",
    "kind": "hotline",
    "id": {"column": "编号"},
    "columns": {"title": "标题", "text": "内容", "published_at": "时间"},
}
HEADER = "编号,标题,内容,时间,类型\n"
Rows = list[dict[str, Any] | Quarantined]
Import = Callable[..., Rows]


@pytest.fixture
def imported(tmp_path: Path, now: datetime) -> Import:
    def run(content: bytes | str, name: str = "a.csv", **plan: Any) -> Rows:
        path, map_path = tmp_path / name, tmp_path / "map.yml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        map_path.write_text(yaml.safe_dump({**PLAN, **plan}, allow_unicode=True), encoding="utf-8")
        return list(import_file(path, map_path, now))

    return run


def _posts(rows: Rows) -> Iterator[dict[str, Any]]:
    for row in rows:
        assert isinstance(row, dict), row
        parse_post(row)
        yield row


def _reasons(rows: Rows) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in rows if isinstance(row, Quarantined)]


def test_a_row_becomes_a_post_with_values_defaults_and_counts(imported: Import) -> None:
    plan = {
        "labels": {"type": "类型"},
        "values": {"类型": {"投诉类": "投诉"}},
        "columns": {**PLAN["columns"], "place": "区", "author": "人"},
        "defaults": {"place": "示例市"},
        "counts": {"likes": "赞"},
        "extra": {"channel": "渠道"},
        "truncated": {"column": "截断", "when": ["1"]},
        "reply": {"organisation": "单位", "text": "答复", "at": "答复时间", "state": "状态"},
    }
    head = "编号,标题,内容,时间,类型,区,人,赞,渠道,截断,单位,答复,答复时间,状态\n"
    full = "1,灯坏了,请修灯,2026-11-23 10:00,投诉类,示例区,王某,3,电话,1,示例局,已修,2026-11-23 12:00,已办结\n"
    bare = "2,,有坑,2026/11/23 10:05:01,,,,,,0,,,,\n"
    first, second = _posts(imported(head + full + bare, **plan))
    assert (first["labels"], first["place"], first["counts"]) == ({"type": "投诉"}, "示例区", {"likes": 3})
    assert (first["extra"], first["truncated"], first["author"]) == ({"channel": "电话"}, True, "王某")
    assert first["reply"] == {
        "organisation": "示例局",
        "text": "已修",
        "at": "2026-11-23T12:00:00+08:00",
        "state": "已办结",
    }
    assert (second["title"], second["place"], second["reply"], second["labels"]) == (None, "示例市", None, {})
    assert (second["published_at"], second["truncated"]) == ("2026-11-23T10:05:01+08:00", False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("zipped", [False, True])
def test_the_encoding_is_found(imported: Import, encoding: str, zipped: bool) -> None:
    body = (HEADER + "1,路灯,胡喆路的灯坏了,2026-11-23 10:00,\n" * 50).encode(encoding)
    rows = list(_posts(imported(gzip.compress(body) if zipped else body, "a.csv.gz" if zipped else "a.csv")))
    assert len(rows) == 50
    assert rows[0]["text"] == "胡喆路的灯坏了"


def test_text_with_commas_quotes_and_line_ends(imported: Import) -> None:
    (post,) = _posts(imported(HEADER + '1,标题,"第一行, 有逗号\n第二行 ""引号""",2026-11-23 10:00,\n'))
    assert post["text"] == '第一行, 有逗号\n第二行 "引号"'


def test_bad_rows_are_put_aside_in_their_place_and_the_next_is_read(imported: Import) -> None:
    rows = imported(
        HEADER
        + "1,a,好的一行,2026-11-23 10:00,\n"
        + "2,a,格子太多,2026-11-23 10:00,,x,y\n"
        + "3,a,没有时间,,\n"
        + "4,a,古时候,1989-12-31 23:00,\n"
        + "5,a,将来,2027-01-01 00:00,\n"
        + "6,a,读不出,上周,\n"
        + ",a,没有编号,2026-11-23 10:00,\n"
        + '8,a,"引号"外有字,2026-11-23 10:00,\n'
        + "\n,,,,\n"
        + "9,,,2026-11-23 10:00,\n"
    )
    assert [line for line, _ in _reasons(rows)] == [3, 4, 5, 6, 7, 8, 9]
    for (_, reason), part in zip(
        _reasons(rows),
        ["7 cells", "no time", "before 1990", "in the future", "no time can be read", "no id", "not readable as CSV"],
        strict=True,
    ):
        assert part in reason
    good = list(_posts([row for row in rows if isinstance(row, dict)]))
    assert [(post["native_id"], post["text"]) for post in good] == [("1", "好的一行"), ("9", "")]
    assert rows[1] == Quarantined(3, "7 cells, the header has 5", "2,a,格子太多,2026-11-23 10:00,,x,y")


def test_a_file_cut_short_keeps_its_rows_and_says_so(imported: Import) -> None:
    whole = HEADER + "".join(f"{n},标题{n},内容{n * 7919},2026-11-23 10:00,\n" for n in range(3000))
    rows = imported(gzip.compress(whole.encode())[:-4000], "a.csv.gz")
    assert len(rows) > 1000
    assert "cut short" in _reasons(rows)[-1][1]
    rows = imported(whole.encode()[: len(HEADER.encode()) + 17])
    assert len(rows) == len(_reasons(rows)) == 1
    rows = imported(HEADER + '1,a,"没有关上的引号,2026-11-23 10:00,\n2,b,下一行,2026-11-23 10:00,\n')
    assert "unexpected end of data" in _reasons(rows)[0][1]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "a.csv", "binary data"),
        (b"PK\x03\x04rest", "a.csv", "an XLSX file"),
        (b"not a zip", "a.xlsx", "not a whole XLSX file"),
        (b"", "a.xlsx", "not a whole XLSX file"),
        (b"", "a.csv", "编号: no such column"),
        (b"no gzip", "a.csv.gz", "gzip"),
        (b"\x00\x01\x02", "a.jsonl", "not JSON"),
        (b"x", "a.pdf", "found .pdf"),
        ("编号,题目,内容,时间\n".encode(), "a.csv", "标题: no such column"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(
    imported: Import, content: bytes, name: str, message: str
) -> None:
    with pytest.raises(ImportError_) as caught:
        imported(content, name)
    assert message in str(caught.value)
    assert name in caught.value.file
    assert caught.value.do


def test_a_wrong_column_names_file_column_and_the_known_columns(imported: Import) -> None:
    with pytest.raises(ImportError_) as caught:
        imported("编号,题目,内容,时间\n1,a,b,2026-11-23 10:00\n")
    error = caught.value
    assert error.file.endswith("a.csv")
    assert error.place == "标题"
    assert "编号, 题目, 内容, 时间" in error.do


def test_ten_megabytes_of_text_are_one_post(imported: Import) -> None:
    text = "很长的一段话。" * 500_000
    (post,) = _posts(imported(HEADER + f"1,长,{text},2026-11-23 10:00,\n"))
    assert len(post["text"]) == len(text) == 3_500_000


def test_json_lines_with_a_bad_line(imported: Import) -> None:
    good = {"编号": 7, "标题": "a", "内容": "b", "时间": "2026-11-23 10:00"}
    lines = [json.dumps(good), "", "{", "[]", json.dumps({**good, "内容": {"x": 1}}), json.dumps({**good, "编号": 8})]
    rows = imported("\n".join(lines), "a.jsonl")
    assert [line for line, _ in _reasons(rows)] == [3, 4, 5]
    assert [post["native_id"] for post in rows if isinstance(post, dict)] == ["7", "8"]


def test_an_id_from_a_hash_is_the_same_every_time(imported: Import) -> None:
    rows = HEADER + "1,a,b,2026-11-23 10:00,\n1,a,c,2026-11-23 10:00,\n,,,2026-11-23 10:00,\n"
    plan = {"id": {"hash": ["标题", "内容"]}}
    first, again = imported(rows, **plan), imported(rows, **plan)
    assert first == again
    assert len({row["native_id"] for row in first if isinstance(row, dict)}) == 2
    assert _reasons(first) == [(4, "the columns that make the id are empty")]


def test_forms_and_zones_of_times(imported: Import) -> None:
    rows = HEADER + "1,a,b,23.11.2026 10h05,\n2,a,b,2026-11-23,\n3,a,b,2026-11-23T10:00:00Z,\n"
    first, second, third = _posts(imported(rows, dates=["%d.%m.%Y %Hh%M"], zone="+09:00"))
    assert first["published_at"] == "2026-11-23T09:05:00+08:00"
    assert second["extra"] == {"time_shown": "day"}
    assert third["published_at"] == "2026-11-23T18:00:00+08:00"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": {"text": "a"}}, "columns.published_at: missing"),
        ({"columns": {"text": "a", "published_at": "b", "body": "c"}}, "columns.body: no such field"),
        ({"id": {}}, "write either column"),
        ({"kind": "call"}, "kind"),
        ({"zone": "8"}, "zone"),
        ({"extra": {"ip": "a"}}, "personal data"),
        ({"counts": {"stars": "a"}}, "counts.stars: no such field"),
        ({"defaults": {"published_at": "2026-01-01"}}, "defaults.published_at: no such field"),
        ({"colums": {}}, "colums"),
    ],
)
def test_a_wrong_map_says_where_and_what(imported: Import, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ImportError_, match=r"map\.yml") as caught:
        imported(HEADER, **change)
    assert message in str(caught.value)


def test_missing_files_are_named(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(ImportError_, match="no such map"):
        import_file(tmp_path / "a.csv", tmp_path / "none.yml", now)
    with pytest.raises(ImportError_, match="no such file"):
        import_file(tmp_path / "a.csv", MAPS[0], now)


def test_the_ready_maps_are_right() -> None:
    names = {path.stem for path in MAPS}
    assert {"taidi_messages", "hangzhou_board", "hotline_12345"} <= names
    for path in MAPS:
        assert load_map(path).source == path.stem


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "plan", "count"),
    [
        ("taidi_c_attach3_messages", "taidi_messages", 4326),
        ("taidi_c_attach2_test_unlabelled", "taidi_messages", 2801),
        ("ldly_hangzhou_small", "hangzhou_board", 489),
    ],
)
def test_real_exports_come_in_whole(shared: Path, now: datetime, file: str, plan: str, count: int) -> None:
    path = next(path for path in MAPS if path.stem == plan)
    rows = list(import_file(shared / "data" / f"{file}.csv.gz", path, now))
    assert len(rows) == count
    assert len({post["native_id"] for post in _posts(rows)}) == count
