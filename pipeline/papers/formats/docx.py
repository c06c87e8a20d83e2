"""A paper as a Word file, margins and 28-point lines of GB/T 9704-2012 5.2.

A 公文 has its title in 二号小标宋 and its text in 三号仿宋, the daily report 三号黑体 over 四号宋体 (as it is printed).
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from pipeline.papers.paper import Heading, Note, Paper, Sentence, Table, ranges

SONG, HEI, FANG, BIAO = "宋体", "黑体", "仿宋_GB2312", "方正小标宋简体"
"""Fonts by name; a machine without 方正小标宋简体 shows its own 宋体 for it."""
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)
"""二号, 三号, 四号, 五号."""
FORM, FORM_WIDTHS = 2, (Mm(34), Mm(122))
"""A table of two columns is a form: names left, what they say right; as wide together as the text."""
RED = RGBColor(0xFF, 0, 0)


def to_bytes(paper: Paper) -> bytes:
    """The Word file."""
    document = Document()
    _layout(document, paper.official)
    _red_head(document, paper)
    document.core_properties.title = paper.title
    document.core_properties.author = paper.lines[0] if paper.lines else ""
    document.add_paragraph(paper.title, style="Title")
    for line in paper.lines:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if paper.to:
        document.add_paragraph(f"{paper.to}：")
    mark = 0
    for block in paper.blocks:
        if isinstance(block, Heading):
            document.add_paragraph(block.text, style="Heading 1")
        elif isinstance(block, Table):
            _table(document, block)
        elif isinstance(block, Note):
            _small(document, block.text)
        else:
            mark += bool(block.ids)
            _sentence(document, block, mark)
    _ending(document, paper)
    _appendix(document, paper)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _layout(document: DocumentType, official: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    text, size = (FANG, SIZE_3) if official else (SONG, SIZE_4)
    _style(document, "Normal", text, size)
    _style(document, "Title", *((BIAO, SIZE_2) if official else (HEI, SIZE_3)))
    _style(document, "Heading 1", HEI, size)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    borders = document.styles["Title"].element.find(f".//{qn('w:pBdr')}")
    if borders is not None:
        borders.getparent().remove(borders)
    _page_number(section.footer.paragraphs[0])


def _red_head(document: DocumentType, paper: Paper) -> None:
    """发文机关标志, 发文字号 and the red line under them (GB/T 9704-2012 7.2)."""
    if not paper.red:
        return
    mark = document.add_paragraph(style="Title")
    run = mark.add_run(paper.red)
    run.font.color.rgb = RED
    number = document.add_paragraph(paper.number)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in {"val": "single", "sz": "12", "space": "8", "color": "FF0000"}.items():
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    # The schema wants the border before spacing and alignment.
    properties = number._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    document.add_paragraph()


def _ending(document: DocumentType, paper: Paper) -> None:
    """Who signs and when, at the right; then the 抄送."""
    for line in paper.signed:
        paragraph = document.add_paragraph(line)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = SIZE_3 * 4
    if paper.copies:
        document.add_paragraph(f"抄送：{'，'.join(paper.copies)}。")


def _style(document: DocumentType, name: str, font: str, size: Pt) -> None:
    style: Any = document.styles[name]
    style.font.name, style.font.size, style.font.bold = font, size, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Word takes Chinese characters from eastAsia, and a theme's font over any named one.
    for key in list(fonts.attrib):
        if "Theme" in key:
            del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(key), font)
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)


def _page_number(paragraph: Paragraph) -> None:
    """— PAGE —, a field that Word fills in."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _sentence(document: DocumentType, block: Sentence, mark: int) -> None:
    paragraph = document.add_paragraph(block.text)
    style: Any = document.styles["Normal"]
    paragraph.paragraph_format.first_line_indent = style.font.size * 2
    if block.ids:
        paragraph.add_run(f"〔依据{mark}〕").font.superscript = True


def _small(document: DocumentType, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).font.size = SIZE_5
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _table(document: DocumentType, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.head), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        _fill(cell, text)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _fill(cell, text)
    if len(block.head) == FORM:
        for row in table.rows:
            for cell, width in zip(row.cells, FORM_WIDTHS, strict=True):
                cell.width = width


def _fill(cell: Any, text: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.add_run(text).font.size = Pt(12)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _appendix(document: DocumentType, paper: Paper) -> None:
    sentences, numbers = paper.sentences(), paper.numbers()
    if not sentences:
        return
    document.add_paragraph("附：各句依据", style="Heading 1")
    for i, sentence in enumerate(sentences, start=1):
        _small(document, f"依据{i}：{ranges(numbers[one] for one in sentence.ids)}")
    document.add_paragraph("编号对照", style="Heading 1")
    _small(document, "；".join(f"{number}. {one}" for one, number in numbers.items()))
