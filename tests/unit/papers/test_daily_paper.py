"""The daily report: read back from the files as a person opens them."""

from __future__ import annotations

import html
import re
import stat
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from alerting.text import OFFICE_BASIS
from pipeline.errors import CallError
from pipeline.papers.daily import daily, daily_paper
from pipeline.papers.figures import Count, DailyFigures, DepartmentDay, Opinion, OverdueItem, TopEvent
from pipeline.papers.paper import PaperError, Sentence, ranges

POSTS = tuple(f"board:{i}" for i in range(1, 8))
SECTIONS = ["一、总体情况", "二、主要事件", "三、舆论观点", "四、办理情况", "五、结论与提示"]


def empty_day(**changes: Any) -> DailyFigures:
    values: dict[str, Any] = {
        "date": date(2026, 11, 25),
        "office": "示例市人民政府办公室",
        "since": datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
        "until": datetime(2026, 11, 25, 1, 0, tzinfo=UTC),
    }
    return DailyFigures(**{**values, **changes})


def full_day(**changes: Any) -> DailyFigures:
    values: dict[str, Any] = {
        "stages": (
            Count("收集信息", 8),
            Count("新增信息", 7, 8, POSTS),
            Count("完成研判", 7, 7, POSTS),
            Count("已转办事项", 2, 3, ("case-1", "case-2"), unit="件"),
        ),
        "kinds": (Count("网民留言", 7, 7, POSTS), Count("新闻", 0, 7, ())),
        "severities": (Count("较大", 1, 7, POSTS[:1]),),
        "sentiments": (Count("负面", 3, 7, POSTS[1:4]), Count("中性", 4, 7, (POSTS[0], *POSTS[4:]))),
        "events": (
            TopEvent("示例小区停水", 2, 7.25, POSTS[:2], (Opinion("网民要求公布恢复时间", POSTS[1:2]),)),
            TopEvent("示例路<施工>噪声", 1, 9.5, POSTS[6:]),
        ),
        "departments": (
            DepartmentDay("示例市水务局", ("case-1",), ("case-1",), ()),
            DepartmentDay("示例市住建局", ("case-2", "case-3"), (), ("case-3",)),
        ),
        "overdue": (
            OverdueItem(
                *("case-1", "示例小区停水", "示例市水务局", "首次回应", "豫政办〔2016〕222号", "law"),
                datetime(2026, 11, 24, 16, 0, tzinfo=UTC),
            ),
            OverdueItem(
                *("case-4", "示例路积水", "示例市住建局", "签收", "本单位规定", "office"),
                datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
            ),
        ),
    }
    return empty_day(**{**values, **changes})


def words_of_docx(path: Path) -> tuple[list[str], list[list[list[str]]]]:
    document = Document(str(path))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return [paragraph.text for paragraph in document.paragraphs], tables


def words_of_html(path: Path) -> str:
    page = re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_the_word_file_is_set_as_the_paper_is(tmp_path: Path) -> None:
    out = tmp_path / "daily.docx"
    daily(full_day(), out)
    document = Document(str(out))
    title, line = document.paragraphs[0], document.paragraphs[1]
    assert title.text == "每日舆情（2026年11月25日）"
    assert line.text == "示例市人民政府办公室"
    assert line.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert document.paragraphs[2].text == "统计时段：11月24日 09:00至11月25日 09:00（北京时间）"
    fonts = {}
    for name in ("Title", "Normal", "Heading 1"):
        style: Any = document.styles[name]
        fonts[name] = (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size)
        assert not [key for key in style.element.rPr.rFonts.attrib if "Theme" in key]
    assert fonts == {"Title": ("黑体", Pt(16)), "Normal": ("宋体", Pt(14)), "Heading 1": ("黑体", Pt(14))}
    assert title.style is not None
    assert title.style.name == "Title"
    section = document.sections[0]
    sides = [round(side.mm) for side in (section.page_width, section.page_height) if side is not None]
    assert sides == [210, 297]
    fields = section.footer._element.findall(f".//{qn('w:fldSimple')}")
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE"]
    assert document.core_properties.title == title.text


def test_the_word_file_says_it_all(tmp_path: Path) -> None:
    out = tmp_path / "daily.docx"
    daily(full_day(), out)
    lines, tables = words_of_docx(out)
    assert [line for line in lines if line in SECTIONS] == SECTIONS
    text = "\n".join(lines)
    for said in (
        "收集信息8条。",
        "新增信息7条，占8条的87.5%。〔依据1〕",
        "已转办事项2件，占3件的66.7%。",
        "本时段新立3件。〔依据",
        "情感倾向：负面3条，占7条的42.9%。",
        "严重程度：较大1条，占7条的14.3%。",
        "1. 示例小区停水：2条信息，热度7.2。",
        "示例小区停水：网民要求公布恢复时间〔依据",
        "热度最高的事件是“示例路<施工>噪声”，请关注走势。",
        "已逾期2件，承办单位：示例市水务局、示例市住建局，请督办。",
        "今日到期1件，承办单位：示例市住建局，请提醒按时办结。",
    ):
        assert said in text, said
    assert tables[0] == [
        ["承办单位", "新立", "逾期", "今日到期"],
        ["示例市水务局", "1", "1", "0"],
        ["示例市住建局", "2", "0", "1"],
        ["合计", "3", "1", "1"],
    ]
    assert tables[1][1:] == [
        ["示例小区停水（case-1）", "示例市水务局", "首次回应；豫政办〔2016〕222号", "11月25日 00:00"],
        ["示例路积水（case-4）", "示例市住建局", f"签收；{OFFICE_BASIS}", "11月24日 10:00"],
    ]


def test_behind_every_number_stand_its_posts(tmp_path: Path) -> None:
    out = tmp_path / "daily.docx"
    figures = full_day()
    daily(figures, out)
    lines, _ = words_of_docx(out)
    listed = dict(part.split(". ", 1) for part in lines[-1].split("；"))
    assert len(listed) == len(set(listed.values())) == len(POSTS) + 4
    marks = {m[1]: line for line in lines if (m := re.match(r"依据(\d+)：", line))}
    sentences = daily_paper(figures).sentences()
    assert len(marks) == len(sentences) >= 10
    for i, sentence in enumerate(sentences, start=1):
        body = next(line for line in lines if line.endswith(f"〔依据{i}〕"))
        assert body.startswith(sentence.text)
        shown: list[str] = []
        for part in marks[str(i)].partition("：")[2].split("、"):
            low, _, high = part.partition("–")
            shown += [listed[str(n)] for n in range(int(low), int(high or low) + 1)]
        assert sorted(shown) == sorted(sentence.ids)


def test_the_page_says_what_the_word_file_says(tmp_path: Path) -> None:
    daily(full_day(), tmp_path / "d.docx")
    daily(full_day(), tmp_path / "d.html")
    lines, tables = words_of_docx(tmp_path / "d.docx")
    page = words_of_html(tmp_path / "d.html")
    assert len(lines) > 20
    cells = [cell for table in tables for row in table for cell in row]
    missing = [text for text in lines + cells if text not in page]
    assert missing == []
    raw = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert "示例路&lt;施工&gt;噪声" in raw
    assert "<施工>" not in raw
    assert '<html lang="zh-CN">' in raw
    assert "src=" not in raw
    assert "http" not in raw


def test_every_mark_of_the_page_leads_somewhere(tmp_path: Path) -> None:
    daily(full_day(), tmp_path / "d.html")
    raw = (tmp_path / "d.html").read_text(encoding="utf-8")
    leads, targets = re.findall(r'href="#(b\d+)"', raw), re.findall(r'id="(b\d+)"', raw)
    assert leads
    assert leads == targets


@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_an_empty_day_gives_a_whole_paper(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"empty{suffix}"
    daily(empty_day(), out)
    text = words_of_html(out) if suffix == ".html" else "\n".join(words_of_docx(out)[0])
    for said in (*SECTIONS, "每日舆情（2026年11月25日）", "本时段没有收集到信息。", "本时段没有形成事件。"):
        assert said in text, said
    for said in ("没有已研判的信息", "没有在办事项", "本时段无信息、无在办事项，无需处置。"):
        assert said in text, said
    assert "依据" not in text
    assert "%" not in text


def test_a_quiet_day_with_open_work_is_not_called_empty() -> None:
    paper = daily_paper(empty_day(departments=(DepartmentDay("示例局", (), (), ("case-9",)),)))
    texts = [block.text for block in paper.blocks if isinstance(block, Sentence)]
    assert "没有逾期事项。" in texts
    assert "本时段无信息、无在办事项，无需处置。" not in texts
    assert any(text.startswith("今日到期1件") for text in texts)


@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_hostile_and_unmasked_text(tmp_path: Path, suffix: str) -> None:
    title = "\x00\x1b[1m电话13812341234\ufffe</p><script>x</script>{{ 1 }}" + "长" * 900
    out = tmp_path / f"hostile{suffix}"
    daily(full_day(office="\x07", events=(TopEvent(title, 1, 1.0, ("board:1",)),)), out)
    text = words_of_html(out) if suffix == ".html" else "\n".join(words_of_docx(out)[0])
    assert "138****1234" in text
    assert "13812341234" not in text
    assert "长" * 250 not in text
    assert "（未填单位名称）" in text
    if suffix == ".html":
        assert "<script" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.docx.bak", ".docx"])
def test_another_suffix_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PaperError, match=r"no format .*; write a name that ends in \.docx or \.html or \.xlsx"):
        daily(empty_day(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_capitals_and_new_folders(tmp_path: Path) -> None:
    out = tmp_path / "2026" / "11" / "日报.DOCX"
    daily(empty_day(), out)
    assert words_of_docx(out)[0][0].startswith("每日舆情")
    assert stat.S_IMODE(out.stat().st_mode) & 0o600 == 0o600


def test_a_place_that_does_not_take_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CallError, match=r"a\.docx: cannot be written: a part of the path is no folder"):
        daily(empty_day(), tmp_path / "file" / "a.docx")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(CallError, match=r"folder\.html"):
        daily(empty_day(), tmp_path / "folder.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.html"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"since": datetime(2026, 11, 24, tzinfo=UTC).replace(tzinfo=None)}, "without offset"),
        ({"since": datetime(2026, 11, 26, tzinfo=UTC)}, "is not before until"),
        ({"sentiments": (Count("负面", 1, None, ("a",)),)}, "负面: a share without its denominator"),
    ],
)
def test_figures_that_cannot_be(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        empty_day(**changes)


def test_numbers_that_do_not_agree_with_their_ids() -> None:
    with pytest.raises(ValueError, match="负面: counts 2 but names 1 ids"):
        Count("负面", 2, 7, ("a",))
    with pytest.raises(ValueError, match="8 of 7 cannot be"):
        Count("负面", 8, 7)
    with pytest.raises(ValueError, match="-1 of None cannot be"):
        Count("负面", -1)
    with pytest.raises(ValueError, match="2 posts but 1 ids"):
        TopEvent("事件", 2, 1.0, ("a",))
    with pytest.raises(ValueError, match="0 posts but 0 ids"):
        TopEvent("事件", 0, 1.0, ())
    with pytest.raises(ValueError, match="opinion without a post"):
        Opinion("观点", ())


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([1], "1"), ([3, 1, 2], "1–3"), ([1, 3, 4, 5, 9], "1、3–5、9"), ([2, 2], "2"), ([], "")],
)
def test_ranges(numbers: list[int], said: str) -> None:
    assert ranges(numbers) == said
