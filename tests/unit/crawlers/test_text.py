from __future__ import annotations

import pytest

from crawlers.encoding import decode
from crawlers.text import clean, from_element, from_fragment, parse_page

TEXT = "胡喆、侯文坤反映：小区门口堵车，请尽快处理。" * 3


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("gb18030", "gb2312", "text/html; charset=gb2312"),
        ("gb18030", "gb2312", "text/html; charset=utf-8"),
        ("gb18030", "utf-8", None),
        ("utf-8", "gb2312", "text/html; charset=gbk"),
        ("utf-8", "utf-8", "text/html; charset=ISO-8859-1"),
        ("utf-8-sig", "gb2312", None),
        ("utf-16", "gb2312", None),
        ("big5", "big5", None),
    ],
)
def test_the_bytes_decide_where_the_declaration_lies(encoding: str, declared: str, header: str | None) -> None:
    text = "胡先生反映路燈不亮，請儘快處理。" * 3 if encoding == "big5" else TEXT
    page = f'<html><head><meta charset="{declared}"></head><body>{text}</body></html>'
    assert text in decode(page.encode(encoding), header)[0]


def test_gb2312_is_read_as_its_superset() -> None:
    body = '<meta charset="gb2312">' + "胡喆镕"
    text, encoding = decode(body.encode("gb18030"))
    assert (text, encoding) == (body, "gb18030")


def test_a_page_cut_inside_a_character_keeps_its_text() -> None:
    assert decode(TEXT.encode()[:-1])[0].startswith(TEXT[:-1])
    assert decode(b"")[0] == ""


def test_text_of_html_has_lines_for_blocks_and_no_scripts() -> None:
    page = parse_page(
        "<p>第一段<b>粗</b>体</p><script>x=1</script><style>p{}</style><p>第二段<br/>换行&nbsp;空格</p>"
        "<!-- 注释 --><ul><li>甲</li><li>乙</li></ul>"
    )
    assert from_element(page) == "第一段粗体\n第二段\n换行 空格\n甲\n乙"


def test_a_fragment_keeps_signs_and_drops_the_invisible() -> None:
    markup = '好<span class="url-icon"><img alt=[doge] src="x"></span><br />a&lt;b\u200b\u200b'
    assert from_fragment(markup) == "好[doge]\na<b"
    assert from_fragment("5 < 6 且 7 > 3") != ""
    assert clean("e\u0301\r\n\r\n  b\x00\x07 ") == "é\nb"


def test_deep_nesting_is_no_danger() -> None:
    depth = 20_000
    page = parse_page("<div>" * depth + "深处的文字" + "</div>" * depth)
    assert from_element(page) in ("深处的文字", "")


@pytest.mark.parametrize("page", ["", "   ", "\x00", "<?xml version='1.0' encoding='gbk'?><html>好</html>", "<", "]]>"])
def test_a_hopeless_page_gives_a_tree(page: str) -> None:
    assert from_element(parse_page(page)) in ("", "好", "<", "]]>")
