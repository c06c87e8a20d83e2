"""What exports look like: lists inside objects, columns of many names, notices in place of texts, broken quotes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers.importing import ImportError_, Quarantined, import_file

ROOT = Path(__file__).resolve().parents[3]
PLAN: dict[str, Any] = {
    "source": "hotline",
    "kind": "hotline",
    "id": {"column": "编号"},
    "columns": {"title": "标题", "text": "内容", "published_at": "时间"},
}
HEADER = "编号,标题,内容,时间\n"
Rows = list[dict[str, Any] | Quarantined]
Import = Callable[..., Rows]


@pytest.fixture
def imported(tmp_path: Path, now: datetime) -> Import:
    """Rows of a content by a ready map (its name) or a plan."""

    def run(content: bytes | str, name: str, plan: str | dict[str, Any]) -> Rows:
        path, map_path = tmp_path / name, tmp_path / "map.yml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if isinstance(plan, str):
            map_path = ROOT / "config" / "imports" / f"{plan}.yml"
        else:
            map_path.write_text(yaml.safe_dump({**PLAN, **plan}, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return list(import_file(path, map_path, now))

    return run


def _lines(*values: object) -> str:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values)


MESSAGE = {
    "tid": 15200001,
    "subject": "示例路路灯不亮",
    "content": "示例路路灯不亮，请...",
    "forumName": "示例市委书记",
    "typeName": "投诉",
    "domainName": "城建",
    "stateInfo": "已办理",
    "nickName": "网友甲",
    "createDateline": 1795392000,
    "contentList": [
        {"dataType": 1, "content": "示例路路灯不亮，请尽快维修。"},
        {"dataType": 4, "content": "已派单。", "dateline": 1795395600},
        {"dataType": 4, "content": "路灯已修好。", "dateline": 1795399200, "organization": "示例市住建局"},
    ],
    "satisfied": 5,
}


def test_a_work_list_gives_the_whole_message_and_the_last_official_reply(imported: Import) -> None:
    bare = {**MESSAGE, "tid": 15200002, "contentList": [], "satisfied": None}
    gone = {**MESSAGE, "tid": 15200003, "subject": "页面找不到了！"}
    odd = {**MESSAGE, "tid": 15200004, "contentList": {"dataType": 1}}
    deep = {**MESSAGE, "tid": 15200005, "subject": ["a"]}
    first, second, third, fourth, fifth = imported(_lines(MESSAGE, bare, gone, odd, deep), "a.jsonl", "people_worklist")
    assert isinstance(first, dict)
    assert (first["native_id"], first["text"]) == ("15200001", "示例路路灯不亮，请尽快维修。")
    assert first["published_at"] == "2026-11-23T08:00:00+08:00"
    assert first["labels"] == {"domain": "城建", "type": "投诉"}
    assert first["extra"] == {"satisfied": "5"}
    assert first["reply"] == {
        "organisation": "示例市住建局",
        "text": "路灯已修好。",
        "at": "2026-11-23T10:00:00+08:00",
        "state": "已办理",
    }
    assert isinstance(second, dict)
    assert (second["text"], second["reply"], second["extra"]) == ("示例路路灯不亮，请...", None, {})
    assert isinstance(third, Quarantined)
    assert "notice in place of the text" in third.reason
    assert isinstance(fourth, dict)
    assert fourth["text"] == "示例路路灯不亮，请..."
    assert isinstance(fifth, Quarantined)
    assert fifth.reason == "subject: a flat value is wanted"


def test_a_work_list_may_be_a_table(imported: Import) -> None:
    head = "留言编号,标题,留言内容,留言时间,留言对象,办理状态,回复单位,回复内容,回复时间\n"
    (row,) = imported(
        head + "7,路灯,路灯坏了,2026-11-23 10:00:00,示例市长,已办理,示例局,已修,2026-11-23 12:00:00\n",
        "a.csv",
        "people_worklist",
    )
    assert isinstance(row, dict)
    assert (row["native_id"], row["title"], row["place"], row["reply"]["text"]) == ("7", "路灯", "示例市长", "已修")


def test_a_hotline_export_with_other_names_for_its_columns(imported: Import) -> None:
    head = "受理单号,工单内容,受理时间,办理状态\n"
    (row,) = imported(head + "GD1,路灯坏了,2026/11/23 10:00,办理中\n", "a.csv", "hotline_12345")
    assert isinstance(row, dict)
    assert (row["native_id"], row["text"], row["author"]) == ("GD1", "路灯坏了", None)


def test_the_original_columns_of_the_contest(imported: Import) -> None:
    head = "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n"
    (row,) = imported(head + "1,U1,灯,2019/2/28 11:25:05,灯坏了,已修,2019/3/14\n", "a.csv", "taidi_messages")
    assert isinstance(row, dict)
    assert (row["published_at"], row["reply"]["at"]) == ("2019-02-28T11:25:05+08:00", "2019-03-14T00:00:00+08:00")


def test_the_first_filled_of_several_columns_is_taken_with_its_own_values(imported: Import) -> None:
    plan = {"labels": {"type": ["类型", "类别"]}, "values": {"类别": {"A": "投诉"}}}
    rows = imported("编号,标题,内容,时间,类型,类别\n1,a,b,2026-11-23,求助,A\n2,a,b,2026-11-23,,A\n", "a.csv", plan)
    assert [row["labels"] for row in rows if isinstance(row, dict)] == [{"type": "求助"}, {"type": "投诉"}]


@pytest.mark.parametrize(
    ("content", "name", "place", "parts"),
    [
        ("编号,诉求标题,内容,时间\n", "a.csv", "标题", ["did you mean 诉求标题?", "编号, 诉求标题, 内容, 时间"]),
        ("编号;标题;内容;时间\n", "a.csv", "编号", ["nor 标题, 内容, 时间", "divided by ';'"]),
        (_lines({"编号": 1, "标题": "a", "正文": "b", "时间": "c"}), "a.jsonl", "内容", ["编号, 标题, 正文, 时间"]),
    ],
)
def test_a_wrong_column_is_named_with_the_nearest_of_the_file(
    imported: Import, content: str, name: str, place: str, parts: list[str]
) -> None:
    with pytest.raises(ImportError_) as caught:
        imported(content, name, {})
    assert caught.value.place == place
    for part in parts:
        assert part in str(caught.value)


def test_values_of_a_column_that_nothing_takes_are_a_mistake_in_the_map(imported: Import) -> None:
    with pytest.raises(ImportError_, match=r"values\.类型: no field takes this column"):
        imported(HEADER, "a.csv", {"values": {"类型": {"A": "投诉"}}})


def test_after_a_quote_that_nothing_closes_the_other_rows_are_read(imported: Import) -> None:
    rows = imported(
        HEADER + '1,a,"没有关上,2026-11-23\n' + "".join(f"{n},a,好的,2026-11-23\n" for n in range(2, 500)), "a.csv", {}
    )
    assert isinstance(rows[0], Quarantined)
    assert rows[0].line == 2
    assert rows[0].raw == '1,a,"没有关上,2026-11-23'
    assert [row["native_id"] for row in rows[1:] if isinstance(row, dict)] == [str(n) for n in range(2, 500)]


def test_a_table_in_sixteen_bit_letters(imported: Import) -> None:
    text = (HEADER + "1,灯,路灯坏了,2026-11-23\n").replace(",", "\t")
    (row,) = imported(text.encode("utf-16"), "a.csv", {"delimiter": "\t"})
    assert isinstance(row, dict)
    assert row["text"] == "路灯坏了"


def test_a_line_of_json_without_end_is_put_aside(imported: Import) -> None:
    good = {"编号": 1, "标题": "a", "内容": "b", "时间": "2026-11-23"}
    content = _lines(good) + '\n{"编号": "' + "很" * 6_000_000 + '"}\n' + _lines({**good, "编号": 3})
    first, second, third = imported(content, "a.jsonl", {})
    assert isinstance(second, Quarantined)
    assert "a line of over" in second.reason
    assert [row["native_id"] for row in (first, third) if isinstance(row, dict)] == ["1", "3"]


def test_a_file_whose_first_thousand_lines_are_no_json_is_none(imported: Import) -> None:
    with pytest.raises(ImportError_, match="line 1"):
        imported("不是\n" * 1001 + _lines({"编号": 1}), "a.jsonl", {})
