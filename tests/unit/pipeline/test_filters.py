"""A line that no filter can take costs that line alone, whatever is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from casework.domain.post import parse_post_line
from casework.records import PostRecord
from casework.stores.codec import record_doc, record_from
from pipeline import cli
from pipeline.filters import BadLine, Line, loose_value, object_value, post_value

POST = (
    b'{"source":"weibo","native_id":"%s","kind":"weibo","text":"%s",'
    b'"published_at":"2026-11-20T08:12:00Z","collected_at":"2026-11-20T09:00:00Z"%s}'
)
PAGE = "<html><head><title>路灯</title></head><body><p>幸福路的路灯坏了。</p></body></html>"
GOOD = {
    "mask": b'{"id":"%s","text":"13800001234"}',
    "reply check": b'{"id":"%s","title":"a","text":"b","reply":"c"}',
    "extract": b'{"url":"http://example.org/%s","file":"page.html"}',
}
BAD = [
    b'{"text":"\\ud800"}',
    b'{"id":"\\udfff","text":"x"}',
    b'{"text":"x","\\ud83d":1}',
    b'{"text":"x","more":["a",{"b":"\\uDC00"}]}',
    b'{"text":"x","id":NaN}',
    b'{"text":"x","id":-Infinity}',
    b'{"text":"\xff"}',
    b"[" * 100_000,
    b"[]",
    b"{",
]


@pytest.mark.parametrize("command", ["mask", "reply check", "extract"])
def test_a_bad_line_becomes_an_error_line_and_the_rest_is_done(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    first, last = (GOOD[command].replace(b"%s", name) for name in (b"first", b"last"))
    (tmp_path / "in.jsonl").write_bytes(b"\n".join([first, *BAD, last]) + b"\n")
    out = tmp_path / "out.jsonl"
    assert cli.run([*command.split(), "--input", str(tmp_path / "in.jsonl"), "--output", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"lines": {"in": len(BAD) + 2, "errors": len(BAD)}}
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert ["error" in row for row in rows] == [False, *[True] * len(BAD), False]
    assert [row["line"] for row in rows[1:-1]] == list(range(2, len(BAD) + 2))
    assert {row["error"]["kind"] for row in rows[1:-1]} == {"invalid"}
    assert all(row["id"] is None and row["error"]["detail"] for row in rows[1:-1])


@pytest.mark.parametrize("read", [object_value, loose_value])
def test_half_a_surrogate_pair_is_named_with_its_place(read: Callable[[bytes], Line]) -> None:
    with pytest.raises(BadLine, match=r"^more\[1\]\.b: half a surrogate pair at character 1$"):
        read(b'{"text":"x","more":["a",{"b":"1\\ud800"}]}')
    assert read(b'{"text":"\\ud83d\\ude00"}')["text"] == "😀"


@pytest.mark.parametrize(
    "extra", [b',"labels":{"\\ud800":"x"}', b',"extra":{"a":1,"\\udc00":2}', b',"place":"\\udabc"']
)
def test_a_post_that_no_store_can_keep_is_invalid(extra: bytes) -> None:
    with pytest.raises(BadLine, match="half a surrogate pair"):
        post_value(POST % (b"1", b"x", extra))
    assert post_value(POST % (b"1", b"x", b""))["id"] == "weibo:1"


def test_a_source_with_a_colon_is_invalid_since_two_posts_could_share_an_id() -> None:
    line = POST % (b"1", b"x", b"")
    with pytest.raises(BadLine, match="source: 'a:b' holds a colon"):
        post_value(line.replace(b'"weibo","native_id":"1"', b'"a:b","native_id":"1"'))
    assert post_value(line.replace(b'"native_id":"1"', b'"native_id":"b:1"'))["id"] == "weibo:b:1"


def test_a_post_kept_before_colons_were_refused_is_still_read() -> None:
    kept = PostRecord(replace(parse_post_line(POST % (b"1", b"x", b"")), source="a:b"))
    assert record_from(record_doc(kept)).post.id == "a:b:1"
