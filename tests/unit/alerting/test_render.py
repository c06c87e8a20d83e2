"""Texts of notices: complete, in Chinese time, within a limit, and never silent about a missing fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.render import KEYS, SUBJECT_LIMIT, RenderError, kinds, render, time_left
from alerting.text import OFFICE_BASIS
from casework.domain.notice import NAMES

DUE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


def facts(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "case_id": "case-7f3a",
        "title": "示例小区消防通道被占",
        "department": "示例市城市管理局",
        "place": "示例市/示例区",
        "severity_label": "较大",
        "due": DUE,
        "rule_title": "首次回应",
        "reference": "豫政办〔2016〕222号",
        "basis": "law",
        "time_left": timedelta(hours=3, minutes=20),
        "reason": "不属于本单位职责",
        "state": "已签收",
        "heat": "12.5",
        "link": "https://huiying.example.gov.cn/cases/case-7f3a",
        "action": "请核实后回复。",
    }
    return {**values, **changes}


def longest() -> dict[str, Any]:
    """Every text far longer than real ones, the unshortened ones at their real longest."""
    long = {key: "很长的文字" * 400 for key in KEYS - {"case_id", "due", "basis", "time_left", "link"}}
    return facts(**long, case_id="c" * 32, time_left=timedelta(days=-365, hours=-23))


def test_every_kind_of_notice_has_a_text() -> None:
    assert len(kinds()) >= 10
    assert set(kinds()) == set(NAMES)


@pytest.mark.parametrize("kind", kinds())
def test_who_what_where_how_serious_and_where_to_act(kind: str) -> None:
    subject, body = render(kind, facts())
    assert subject == f"【{NAMES[kind]}】示例小区消防通道被占"
    for said in (
        "示例小区消防通道被占",
        "case-7f3a",
        "示例市城市管理局",
        "示例市/示例区",
        "较大",
        "请核实后回复。",
    ):
        assert said in body, said
    assert facts()["link"] in body
    assert "{{" not in body
    assert "None" not in body
    assert "\n\n" not in body


@pytest.mark.parametrize("kind", ["assigned", "reminder", "overdue", "escalated", "urged", "circulated", "alarm"])
def test_a_deadline_is_told_with_its_clause_and_its_time(kind: str) -> None:
    body = render(kind, facts())[1]
    for said in ("11月25日 09:00前", "首次回应", "豫政办〔2016〕222号", "还有 3 小时 20 分"):
        assert said in body, said
    clause = next(line for line in body.splitlines() if line.startswith("时限依据："))
    assert clause.endswith("豫政办〔2016〕222号")
    office = render(kind, facts(basis="office", reference="本单位规定"))[1]
    assert OFFICE_BASIS in office
    assert "本单位规定" not in office


@pytest.mark.parametrize("kind", ["assigned", "returned", "review_needed", "alarm"])
def test_a_reason_is_told(kind: str) -> None:
    assert "不属于本单位职责" in render(kind, facts())[1]


@pytest.mark.parametrize("due", [DUE, "2026-11-25T01:00:00Z", "2026-11-25T09:00:00+08:00", "11月25日 09:00"])
def test_a_due_moment_is_shown_in_chinese_time(due: object) -> None:
    assert "办理时限：11月25日 09:00前" in render("overdue", facts(due=due))[1]


@pytest.mark.parametrize("empty", ["", None, "  "])
@pytest.mark.parametrize("key", sorted(KEYS))
@pytest.mark.parametrize("kind", kinds())
def test_only_what_a_kind_needs_may_not_be_missing(kind: str, key: str, empty: str | None) -> None:
    clock = {"due", "rule_title", "reference"}
    needed = {"case_id"} | (clock if kind in ("reminder", "overdue") else set())
    clocked = {"assigned", "assigned_co", "informed", "disputed", "escalated", "urged", "circulated", "alarm"}
    if kind in clocked | {"unsatisfied", "extension"}:
        needed |= clock - {"due"}
    if key in needed:
        with pytest.raises(RenderError, match=f"{kind}: a fact is missing: '{key}'"):
            render(kind, facts(**{key: empty}))
    else:
        render(kind, facts(**{key: empty}))
        render(kind, facts(**{key: empty}), 150)


@pytest.mark.parametrize("kind", ["assigned", "escalated", "returned", "review_needed", "alarm"])
def test_a_matter_without_a_deadline_is_told_all_the_same(kind: str) -> None:
    bare = {"case_id": "case-7f3a", "title": "示例", "department": "示例局"}
    body = render(kind, bare)[1]
    assert "case-7f3a" in body
    assert "时限依据" not in body


@pytest.mark.parametrize("kind", ["reminder", "overdue", "assigned", "escalated"])
def test_a_deadline_without_clause_is_refused_unless_it_is_the_offices_own(kind: str) -> None:
    with pytest.raises(RenderError, match="reference"):
        render(kind, facts(reference=""))
    assert OFFICE_BASIS in render(kind, facts(reference="", basis="office"))[1]


@pytest.mark.parametrize("title", [None, "", "\x1f\u200e", "\n"])
def test_a_post_without_title_is_told_all_the_same(title: str | None) -> None:
    assert render("assigned", facts(title=title))[0] == "【交办】（无标题）"


def test_an_unknown_fact_or_kind_is_refused() -> None:
    with pytest.raises(RenderError, match="'reasn'; known: ack, action"):
        render("returned", facts(reasn="typo"))
    with pytest.raises(RenderError, match="no text for 'nosuch'; known: alarm"):
        render("nosuch", facts())
    with pytest.raises(RenderError, match="no text for '_facts'"):
        render("_facts", facts())
    with pytest.raises(RenderError, match="without offset"):
        render("overdue", facts(due=DUE.replace(tzinfo=None)))


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("limit", [140, 200, 500])
def test_the_longest_values_fit_and_keep_what_matters(kind: str, limit: int) -> None:
    subject, body = render(kind, longest(), limit)
    assert len(subject) <= SUBJECT_LIMIT
    assert len(body) <= limit
    assert facts()["link"] in body
    assert "c" * 32 in body
    assert body.startswith(f"【{NAMES[kind]}】")
    assert "…" in body
    if kind in ("reminder", "overdue", "escalated", "assigned", "assigned_co"):
        assert "11月25日 09:00前" in body
    if kind in ("reminder", "overdue", "escalated"):
        assert "已超时 365 天 23 小时" in body


@given(
    kind=st.sampled_from(kinds()),
    title=st.text(max_size=200),
    reason=st.text(max_size=200).map("因{}".format),
    limit=st.integers(min_value=170, max_value=400),
)
def test_any_text_fits_or_is_whole(kind: str, title: str, reason: str, limit: int) -> None:
    subject, body = render(kind, facts(title=title, reason=reason), limit)
    assert len(subject) <= SUBJECT_LIMIT
    assert len(body) <= limit
    assert "\n" not in subject
    assert "\r" not in subject


@pytest.mark.parametrize("kind", kinds())
def test_a_limit_that_is_too_small_says_how_much_is_needed(kind: str) -> None:
    with pytest.raises(RenderError, match=r"20 characters are too few for the short; at least \d+"):
        render(kind, facts(), 20)


def test_a_short_body_is_left_whole() -> None:
    whole = render("returned", facts())
    assert render("returned", facts(), limit=len(whole[1])) == whole


def test_hostile_text_stays_text() -> None:
    subject, body = render("returned", facts(title="{{ 7*7 }}\r\nBcc: a@b", reason="{% for %}\n\n第二行"))
    assert subject == "【退回】{{ 7*7 }} Bcc: a@b"
    assert "退回理由：{% for %} 第二行" in body


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13812341234打不通", "电话138****1234打不通"),
        ("身份证410101199001011234。", "身份证41*************234。"),
        ("身份证41010119900101123X。", "身份证41*************23X。"),
        ("编号20261125", "编号20261125"),
    ],
)
def test_a_number_that_masking_missed_is_masked(text: str, shown: str) -> None:
    subject, body = render("returned", facts(title=text, reason=text))
    assert shown in subject
    assert f"退回理由：{shown}" in body


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=2, hours=1, minutes=59), "还有 2 天 1 小时"),
        (timedelta(days=3), "还有 3 天"),
        (timedelta(hours=1), "还有 1 小时"),
        (timedelta(hours=10, minutes=5), "还有 10 小时 5 分"),
        (timedelta(minutes=59, seconds=59), "还有 59 分"),
        (timedelta(seconds=59), "不足 1 分钟"),
        (timedelta(0), "刚刚超时"),
        (timedelta(seconds=-59), "刚刚超时"),
        (timedelta(minutes=-1), "已超时 1 分"),
        (timedelta(hours=-25, minutes=-30), "已超时 1 天 1 小时"),
    ],
)
def test_time_left_in_words(left: timedelta, said: str) -> None:
    assert time_left(DUE, DUE - left) == said
    assert said in render("overdue", facts(time_left=left))[1]
