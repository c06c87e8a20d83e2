"""Spiders against answers that no site should give: never an exception, always a row put aside or a stop."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import Request, TextResponse

from crawlers.collector import Collector
from crawlers.errors import CollectError
from crawlers.source_folder import find_source
from crawlers.state import Seen
from crawlers.to_post import Item
from crawlers.worker import spider_class

RECORDED = Path(__file__).resolve().parents[2] / "recorded"
NOW = datetime.fromisoformat("2026-11-24T11:00:00+08:00")
ANSWERS = [
    *((RECORDED / "weibo" / "timeline" / f"page_{n}.json", "weibo") for n in (1, 2)),
    (RECORDED / "news_cn" / "json_list" / "ds.json", "news_cn"),
    *((RECORDED / "people_board" / "two_pages" / f"page_{n}.json", "people_board") for n in (1, 2)),
]
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([None]),
)


class _Sink:
    def __init__(self) -> None:
        self.lines = 0

    def post(self, line: str) -> None:
        self.lines += 1

    def refused(self, number: int, reason: str, raw: str) -> None:
        assert reason
        self.lines += 1


class _Full:
    def post(self, line: str) -> None:
        raise CollectError("out", "", "No space left on device", "make room")

    def refused(self, number: int, reason: str, raw: str) -> None:
        raise CollectError("out", "", "No space left on device", "make room")


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in _places(item, (*path, key)))]


def _changed(value: Any, path: tuple[Any, ...], strange: Any) -> Any:
    if not path:
        return strange
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _changed(value[path[0]], path[1:], strange)
    return copy


def _first_request(spider: Any) -> Request:
    coroutine = spider.start().__anext__()
    try:
        coroutine.send(None)
    except StopIteration as done:
        request: Request = done.value
        return request
    raise AssertionError("start() waits for something")


@pytest.mark.parametrize(("path", "source_id"), ANSWERS, ids=lambda value: getattr(value, "stem", value))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_an_answer_changed_at_any_place_breaks_nothing(path: Path, source_id: str, data: st.DataObject) -> None:
    answer = json.loads(path.read_text(encoding="utf-8"))
    place = data.draw(st.sampled_from(_places(answer)))
    body = json.dumps(_changed(answer, place, data.draw(STRANGE)))
    source, sink = find_source(source_id), _Sink()
    spider: Any = spider_class(source)(collector=Collector(source, NOW, Seen(None), sink))
    request = _first_request(spider)
    response = TextResponse(request.url, 200, body=body.encode(), request=request)
    assert request.callback is not None
    for further in request.callback(response, **request.cb_kwargs):
        if "extend" in further.url:
            list(further.callback(TextResponse(further.url, body=body.encode()), **further.cb_kwargs))
    assert sink.lines or spider.collector.stop_reason or spider.collector.read < source.expected.min


def test_a_full_disk_stops_the_walk_and_nothing_counts_as_seen() -> None:
    source, seen = find_source("weibo"), Seen(None)
    collector = Collector(source, NOW, seen, _Full())
    item = Item(native_id="1", text="a", published="2026-11-23 10:00")
    assert collector.take(item, {}) == "refused"
    assert (collector.new, seen.knows("1")) == (0, False)
    assert collector.error is not None
    assert "No space left" in str(collector.stop_reason)
