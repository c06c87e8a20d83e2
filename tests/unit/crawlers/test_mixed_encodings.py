"""Pages and exports put together from two encodings, and what a page or an answer shows of its damage."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from crawlers.encoding import MIXED, decode
from crawlers.importing import import_file
from crawlers.weibo import mid_to_bid
from tests.damaged import readers

HEAD = "<html><head><title>示例市公布供水改造安排</title></head><body><h1>示例市公布供水改造安排</h1>"
BODY = "".join(
    f"<p>第{n}段：老旧小区的水箱将分批清洗，施工期间每天九点到十一点停水，请居民提前储水。</p>" for n in range(12)
)
PAGE = f"{HEAD}<span>2026-11-20 10:05</span><div>{BODY}</div></body></html>"


@pytest.mark.parametrize("first", ["utf-8", "gb18030"])
def test_a_page_of_two_encodings_is_read_in_both(first: str) -> None:
    second = {"utf-8": "gb18030", "gb18030": "utf-8"}[first]
    for at in (len(HEAD), len(HEAD) + 120, len(PAGE) // 2):
        text, name = decode(PAGE[:at].encode(first) + PAGE[at:].encode(second))
        assert name == MIXED
        # A character or two at the seam may be lost.
        assert text.count("停水，请居民提前储水。</p>") >= 11
        assert text.startswith(HEAD)
        assert text.count("\ufffd") <= 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk"])
def test_a_page_of_one_encoding_is_not_taken_for_two(encoding: str) -> None:
    text, name = decode(PAGE.encode(encoding))
    assert text == PAGE
    assert name != MIXED
    broken = PAGE.encode(encoding)[:-40] + b"\xff\xfe\xff" + PAGE.encode(encoding)[-40:]
    assert decode(broken)[1] != MIXED


def test_an_export_with_lines_in_another_encoding_is_read_line_by_line(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "a.csv"
    lines = [f"GD{n},路灯坏了很久没有人来修,2026-11-23 10:00:00\n" for n in range(20)]
    encoded = [line.encode("gb18030" if n % 5 == 3 else "utf-8") for n, line in enumerate(lines)]
    path.write_bytes("工单编号,诉求内容,来电时间\n".encode("utf-8-sig") + b"".join(encoded))
    map_ = Path(__file__).resolve().parents[3] / "config" / "imports" / "hotline_12345.yml"
    rows = list(import_file(path, map_, now))
    assert [row["text"] for row in rows if isinstance(row, dict)] == ["路灯坏了很久没有人来修"] * 20


def test_a_page_that_ends_before_its_end_is_a_part() -> None:
    whole, part = PAGE.encode(), PAGE.encode()[:-400]
    assert [post["truncated"] for post in readers.read_article(whole).posts] == [False]
    assert [post["truncated"] for post in readers.read_article(part).posts] == [True]


def test_a_card_that_should_be_a_post_and_is_none_is_refused() -> None:
    post = {"id": "4000000000000001", "text": "示例", "created_at": "Mon Nov 23 10:00:00 +0800 2026", "bid": -1}
    cards = [{"card_type": 9, "mblog": post}, None, {"card_type": 9, "mblog": None}, {"card_type": 9}, {"card_type": 4}]
    body = json.dumps({"ok": 1, "data": {"cards": cards, "cardlistInfo": {"total": 4}}}).encode()
    outcome = readers.read_cards(body)
    (found,) = outcome.posts
    assert found["url"] == f"https://m.weibo.cn/status/{mid_to_bid(4000000000000001)}"
    assert outcome.read == 4
    assert len(outcome.refused) == outcome.quarantined > 0
