"""专报 and 快报 of an event: chosen from its posts, filled from figures, none where wrongdoing is reported in it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.domain.assessment import Assessment
from casework.domain.event import Event
from casework.domain.post import Post
from pipeline.errors import CallError
from pipeline.event_reports import paper_of
from pipeline.papers.paper import Paper, Table, write
from pipeline.wiring import Context
from tests.unit.dashboards.making import NOW, make_case

EVENT = "event:web:1"
SAID = (("news", "电视台报道路灯不亮。"), ("weibo", "路灯坏了，电话13812341234<b>"), ("weibo", "我也看到了"))


def given(context: Context, kind: str = "申诉求决", unsure: tuple[str, ...] = ()) -> None:
    ids = tuple(f"web:{number}" for number in range(1, len(SAID) + 1))
    for number, (sort, text) in enumerate(SAID, start=1):
        at = NOW - timedelta(hours=30 - number * 9)
        post = Post("web", str(number), sort, text, at, at, url=f"https://web.example/{number}", author="小李")
        context.store.put_posts([post], at)
        value: dict[str, Any] = {
            "severity": {"level": "none"},
            "sentiment": {"label": "negative"},
            "petition_kind": {"label": kind if number == 2 else "申诉求决"},
            "unsure": list(unsure),
        }
        context.store.put_assessments({post.id: (Assessment(value, 1), "路灯")})
    context.store.put_events([Event(EVENT, "路灯不亮", ids, NOW - timedelta(hours=21), NOW - timedelta(hours=3), 4.0)])


def texts(paper: Paper) -> str:
    return "\n".join(block.text for block in paper.blocks if not isinstance(block, Table))


def test_a_special_report_quotes_its_posts_each_with_its_id(context: Context) -> None:
    given(context)
    paper = paper_of(context, EVENT, False, NOW)
    assert paper.title == "舆情专报：路灯不亮"
    text = texts(paper)
    assert "共3条信息" in text
    assert "13812341234" not in text
    behind = {block.text: block.ids for block in paper.sentences()}
    assert behind["3月4日 02:00，web：“电视台报道路灯不亮。”"] == ("web:1",)
    assert behind["日期：03月04日3条。"] == ("web:1", "web:2", "web:3")
    assert [block.ids for block in paper.sentences() if "我也看到了" in block.text] == [("web:3",)]


@pytest.mark.parametrize("flash", [True, False])
def test_it_is_written_in_every_format(context: Context, tmp_path: Path, flash: bool) -> None:
    given(context)
    for suffix in (".docx", ".html", ".xlsx"):
        write(paper_of(context, EVENT, flash, NOW), tmp_path / f"a{suffix}")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert ("链接：https://web.example/1" in page) is flash
    assert "<b>" not in page
    assert "（由办公室填写）" in page


@pytest.mark.parametrize(("kind", "unsure"), [("检举控告", ()), ("申诉求决", ("petition_kind",))])
def test_an_event_with_a_report_of_wrongdoing_has_no_paper(
    context: Context, kind: str, unsure: tuple[str, ...]
) -> None:
    given(context, kind, unsure)
    with pytest.raises(CallError, match="检举控告"):
        paper_of(context, EVENT, False, NOW)


def test_nor_has_one_whose_post_a_case_keeps_as_such(context: Context) -> None:
    given(context)
    case = make_case(context, 9, to="discipline", kind="检举控告")
    context.store.create_cases([case])
    context.store.put_events([Event(EVENT, "路灯不亮", ("web:1", "board:9"), NOW, NOW, 1.0)])
    with pytest.raises(CallError, match="检举控告"):
        paper_of(context, EVENT, True, NOW)


def test_an_unknown_event_is_said_so(context: Context) -> None:
    with pytest.raises(CallError, match="event:none: no such event"):
        paper_of(context, "event:none", False, NOW)
