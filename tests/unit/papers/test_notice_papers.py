"""交办单, 督办单, 催办通知书, 信息发布审核表: read back from the Word file; who must have none gets none."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import RGBColor

from casework.domain import acts
from casework.domain.acts import emergency
from casework.domain.case import Case
from pipeline.errors import CallError
from pipeline.reports import write_notice
from pipeline.wiring import Context
from tests.unit.dashboards.making import NOW, make_case

LATER = NOW + timedelta(days=12)


def stored(context: Context, **more: Any) -> Case:
    text = "我是王建国，电话13812341234，小区路灯不亮。"
    case = make_case(context, 1, text=text, **more)
    context.store.create_cases([case])
    return case


def read(context: Context, kind: str, out: Path, now: datetime = NOW) -> tuple[list[str], dict[str, str], Any]:
    """The paragraphs, the rows of the first table by their first cell, and the document."""
    write_notice(context, kind, "case:board:1", now, out)
    document = Document(str(out))
    rows = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    return [paragraph.text for paragraph in document.paragraphs], rows, document


def test_a_handing_over_has_its_fields_masked(context: Context, tmp_path: Path) -> None:
    stored(context)
    lines, rows, _ = read(context, "assign", tmp_path / "a.docx")
    assert "交办单" in lines
    assert f"{context.office.department_name('housing')}：" in lines
    names = "编号 事项 来源 链接 发布时间 摘要 等级 领导批示 主办 协办 签收 反馈时限 处置情况 回应链接 审签"
    assert list(rows)[1:] == names.split()
    assert rows["主办"] == context.office.department_name("housing")
    assert rows["发布时间"] == "3月3日 17:00"
    assert rows["链接"] == "https://board.example/1"
    assert "留言答复" in rows["反馈时限"]
    assert rows["领导批示"].strip() == ""
    text = "\n".join([*lines, *rows.values()])
    assert "13812341234" not in text
    assert "王建国" not in text
    assert "1. board:1" in lines[-1]


def test_an_urging_has_a_red_head_and_says_how_late(context: Context, tmp_path: Path) -> None:
    stored(context)
    lines, _, document = read(context, "urge", tmp_path / "a.docx", LATER)
    mark = document.paragraphs[0]
    assert mark.text == f"{context.office.name}文件"
    assert mark.runs[0].font.color.rgb == RGBColor(0xFF, 0, 0)
    assert document.paragraphs[1].text == "〔2026〕　　号"
    line = document.paragraphs[1]._p.find(f".//{qn('w:bottom')}")
    assert line.get(qn("w:color")) == "FF0000"
    assert "催办通知书" in lines
    assert "2026年3月16日" in lines
    clock = next(one for one in context.store.get_case("case:board:1").clocks if one.rule.id == "message_answer")
    assert clock.due is not None
    cells = {row.cells[0].text: [cell.text for cell in row.cells] for row in document.tables[0].rows}
    assert cells["留言答复"][3] == f"{(LATER - clock.due).days}天"
    assert "超期" in [cell.text for cell in document.tables[0].rows[0].cells]


def test_supervision_names_its_ground_only_where_the_store_knows_it(context: Context, tmp_path: Path) -> None:
    stored(context)
    assert read(context, "supervise", tmp_path / "a.docx", LATER)[1]["督办理由"] == "逾期未办结"


def test_the_form_of_a_release_shows_reviews_and_the_whole_text(context: Context, tmp_path: Path) -> None:
    case = make_case(context, 1)
    case = acts.sign(case, "zhou", NOW, context.office.worktime)
    case = acts.handle(case, "zhou", NOW)
    text = "经查，路灯损坏。" + "已更换灯具。" * 60
    case = acts.draft(case, f"{text}\n请拨打13812341234。", "zhou", NOW)
    case = acts.review(case, "first", True, "zhang", NOW)
    context.store.create_cases([case])
    lines, rows, _ = read(context, "review_form", tmp_path / "a.docx")
    assert rows["拟稿人"] == "zhou"
    assert rows["初审"] == "通过，zhang，3月4日 23:00"
    assert rows["保密审查"].startswith("□通过")
    assert {"政治", "法律", "政策", "保密", "文字"} <= set(rows)
    assert text in lines
    assert "13812341234" not in "\n".join(lines)


@pytest.mark.parametrize("kind", ["assign", "supervise", "urge", "review_form", "incident", "follow_up"])
def test_a_report_of_wrongdoing_has_no_paper(context: Context, tmp_path: Path, kind: str) -> None:
    stored(context, to="discipline", kind="检举控告")
    with pytest.raises(CallError, match="a 检举控告 has no paper"):
        write_notice(context, kind, "case:board:1", LATER, tmp_path / "a.docx")
    assert list(tmp_path.glob("*.docx")) == []


def test_what_cannot_be_asked_for_is_refused_with_its_reason(context: Context, tmp_path: Path) -> None:
    stored(context)
    out = tmp_path / "a.docx"
    with pytest.raises(CallError, match="nothing is overdue"):
        write_notice(context, "urge", "case:board:1", NOW - timedelta(hours=30), out)
    with pytest.raises(CallError, match="write one of assign, supervise, urge, review_form, incident, follow_up"):
        write_notice(context, "praise", "case:board:1", NOW, out)
    context.store.create_cases([make_case(context, 2, to=None)])
    with pytest.raises(CallError, match="no department has it yet"):
        write_notice(context, "assign", "case:board:2", NOW, out)
    assert not out.exists()


def test_an_incident_is_told_from_what_was_recorded_and_a_follow_up_from_what_is_new(
    context: Context, tmp_path: Path
) -> None:
    case = make_case(context, 1, severity="major")
    case = emergency.inform(case, "现场已封控", "市应急管理局", NOW - timedelta(hours=3), "zhang", NOW)
    case = emergency.told(case, "市委值班室", "电话", NOW - timedelta(hours=3), "zhang", NOW)
    phone = next(clock.rule.id for clock in case.clocks if clock.rule.duty in ("report_by_phone", "report_phone"))
    case = acts.fulfil(case, phone, NOW - timedelta(hours=2), "zhang", NOW)
    case = emergency.inform(case, "交通已恢复", "市交通运输局", NOW - timedelta(hours=1), "zhang", NOW)
    context.store.create_cases([case])
    lines, rows, _ = read(context, "incident", tmp_path / "a.docx")
    text = "\n".join(lines)
    assert "突发事件报告" in lines
    assert rows["等级"] == "重大"
    assert rows["伤亡"].strip() == ""
    for said in ("现场已封控（来源：市应急管理局）", "交通已恢复（来源：市交通运输局）", "已告知市委值班室（电话）"):
        assert said in text
    text = "\n".join(read(context, "follow_up", tmp_path / "b.docx")[0])
    assert "上次报告：3月4日 21:00。" in text
    assert "交通已恢复" in text
    assert "现场已封控" not in text


def test_without_a_track_there_is_no_incident_to_report(context: Context, tmp_path: Path) -> None:
    stored(context)
    with pytest.raises(CallError, match="no emergency track"):
        write_notice(context, "incident", "case:board:1", NOW, tmp_path / "a.docx")
