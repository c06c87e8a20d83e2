"""周报, 月报, 办理情况统计: made from a store, read back from the files."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import load_workbook

from casework.domain import acts
from casework.domain.assessment import Assessment
from casework.ports import Store
from pipeline.papers.figures import Count
from pipeline.papers.paper import Paper, Sentence, Table, write
from pipeline.papers.period import bar, rate
from pipeline.period_reports import paper_of, period
from pipeline.reports import write as report
from pipeline.wiring import Context
from tests.unit.dashboards.making import NOW, OPENED, make_case

DAY = date(2026, 3, 4)


def judge(store: Store, number: int, field: str, kind: str = "申诉求决", place: str = "郑州市 中原区") -> None:
    value: dict[str, Any] = {
        "severity": {"level": "none"},
        "board_domain": {"label": field},
        "petition_kind": {"label": kind},
        "sentiment": {"label": "negative"},
        "regions": [{"code": "410102", "path": place}] if place else [],
    }
    store.put_assessments({f"board:{number}": (Assessment(value, 1), "路灯")})


def filled(context: Context) -> None:
    """Four ordinary messages (one answered, one turned down, one with nobody) and one report of wrongdoing."""
    cases = [make_case(context, 1), make_case(context, 2)]
    cases[0] = acts.answer(cases[0], ["board:1"], NOW - timedelta(hours=2), "zhang", NOW)
    cases.append(make_case(context, 4, to=None))
    cases.append(acts.reject(make_case(context, 3, to=None, state="to_review"), "不属本市", "zhang", NOW))
    cases.append(make_case(context, 5, to="discipline", kind="检举控告", title="反映某科长", excluded=("housing",)))
    context.store.create_cases(cases)
    for number, field in ((1, "城建"), (2, "城建"), (3, "交通"), (4, "教育")):
        judge(context.store, number, field, place="" if number == 4 else "郑州市 中原区")
    judge(context.store, 5, "其他", kind="检举控告")


def texts(paper: Paper) -> str:
    rows = [" ".join(row) for block in paper.blocks if isinstance(block, Table) for row in block.rows]
    return "\n".join([*rows, *(block.text for block in paper.blocks if not isinstance(block, Table))])


def test_a_week_says_its_figures_with_what_stands_behind_them(context: Context) -> None:
    filled(context)
    paper = paper_of(context, "weekly", DAY, NOW)
    assert paper.title == "舆情周报（2026年3月2日至3月8日）"
    assert paper.lines[1].endswith("尚未结束，截至3月4日 23:00")
    text = texts(paper)
    assert "城建 2/4 50.0% ████████████████████" in text
    assert "申诉求决 4/4 100.0%" in text
    assert "郑州市 中原区 3/4 75.0%" in text
    assert "未写明地区 1/4 25.0%" in text
    by_text = {block.text: block.ids for block in paper.sentences()}
    assert sorted(by_text["领域：城建2条。"]) == ["board:1", "board:2"]


def test_a_report_of_wrongdoing_is_in_no_paper(context: Context) -> None:
    filled(context)
    for kind in ("weekly", "monthly", "scorecard"):
        paper = paper_of(context, kind, DAY, NOW)
        assert "board:5" not in {one for block in paper.sentences() for one in block.ids}
        assert "检举" not in texts(paper)
        assert "科长" not in texts(paper)


def test_every_rate_has_its_denominator_and_what_was_left_out_is_said(context: Context) -> None:
    filled(context)
    paper = paper_of(context, "scorecard", DAY, NOW)
    assert paper.title == "办理情况统计（2026年3月1日至3月31日）"
    table = next(block for block in paper.blocks if isinstance(block, Table))
    name = context.office.department_name("housing")
    # Of two messages one was answered in its limit; the other's has not run out, so it is in no rate of lateness.
    row = ("2", "1/2（50.0%）", "1/1（100.0%）", "0/0（—）", "0/0（—）")
    assert table.rows == ((name, *row), ("合计", *row))
    assert "不计入的：不予受理1条，未转办1条。" in texts(paper)
    late = paper_of(context, "scorecard", DAY, NOW + timedelta(days=30))
    table = next(block for block in late.blocks if isinstance(block, Table))
    assert table.rows[0][3] == "1/2（50.0%）"


@pytest.mark.parametrize("kind", ["weekly", "monthly", "scorecard"])
def test_an_empty_period_gives_a_whole_paper(context: Context, tmp_path: Path, kind: str) -> None:
    for suffix in (".docx", ".html", ".xlsx"):
        report(context, kind, DAY, NOW, tmp_path / f"paper{suffix}")
    lines = [paragraph.text for paragraph in Document(str(tmp_path / "paper.docx")).paragraphs]
    assert "本时段没有转办的留言。" in lines
    assert ("本时段没有可统计的信息。" in lines) is (kind != "scorecard")
    assert not any("依据" in line for line in lines)


def test_the_word_file_is_set_as_an_official_paper(context: Context, tmp_path: Path) -> None:
    filled(context)
    out = tmp_path / "week.docx"
    report(context, "weekly", DAY, NOW, out)
    document = Document(str(out))
    fonts = {}
    for name in ("Title", "Normal", "Heading 1"):
        style: Any = document.styles[name]
        fonts[name] = (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size)
        assert style.paragraph_format.line_spacing == Pt(28)
    assert fonts == {
        "Title": ("方正小标宋简体", Pt(22)),
        "Normal": ("仿宋_GB2312", Pt(16)),
        "Heading 1": ("黑体", Pt(16)),
    }
    section: Any = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert section.footer.paragraphs[0].text.startswith("— ")


def test_a_sheet_holds_texts_alone(tmp_path: Path) -> None:
    blocks = (Sentence("=1+1", ("board:1",)), Table(("@a", "b"), (("+1", "-2"),)))
    write(Paper("表", ("=HYPERLINK(1)",), blocks, NOW, "zhang"), tmp_path / "a.xlsx")
    sheet: Any = load_workbook(tmp_path / "a.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if cell.value[0] in "=+-@"]
    assert "zhang 于 2026" in cells[0].value


def test_periods_and_shares_of_nothing() -> None:
    assert [moment.date() for moment in period("weekly", date(2026, 3, 8))] == [date(2026, 3, 2), date(2026, 3, 9)]
    assert [moment.date() for moment in period("monthly", date(2026, 12, 31))] == [date(2026, 12, 1), date(2027, 1, 1)]
    assert rate(0, 0) == "—"
    assert (bar(Count("a", 0), 9), len(bar(Count("a", 1), 900))) == ("", 1)
    assert OPENED.date() == date(2026, 3, 3)
