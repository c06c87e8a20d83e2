"""What goes before and behind an article's text, and that its own sentences never do."""

from __future__ import annotations

from datetime import datetime

import pytest

from crawlers.extract import NO_RULES, extract_page
from crawlers.page_trim import trimmed

NOTICE = [
    "2026年11月20日8时至21日18时，示例区青石路沿线停水检修。",
    "作者路、编辑部大院同时受影响，请市民提前储水。",
    "停水期间，供水公司将派出应急送水车，请市民互相转告，由此带来的不便敬请谅解。",
    "咨询电话为供水热线，工作人员全天值守，市民可以随时来电询问恢复供水的时间。",
]
CHRONICLE = [
    "2026年11月20日，市民反映河水变黑，生态环境局当天派员到场。",
    "2026年11月21日，检测结果公布，上游一家企业违规排放。",
    "2026年11月22日，企业被责令停产整改，并处罚款。",
    "2026年11月23日，河水恢复清澈，市民表示满意。",
]
APOLOGY = [
    *["市民反映示例区停水，供水公司今天作出回应，并公布了抢修的进度安排。"] * 3,
    "声明：供水公司对给市民造成的不便致歉，全部管网将在三日内修复，费用减免。",
    "市政府要求各区举一反三，开展管网排查，防止类似问题再次发生，结果向社会公布。",
]
FIELDS = [
    "停水时间：2026年11月20日 8:00",
    "恢复时间：2026年11月21日 18:00",
    "停水区域：青石路沿线",
    "供水公司将派出应急送水车，请市民互相转告，由此带来的不便敬请谅解，具体情况可以致电热线询问。",
    "检修完成以后，管道里的水可能略有浑浊，请打开龙头放水几分钟以后再使用，感谢大家的理解和支持。",
]


@pytest.mark.parametrize("paragraphs", [NOTICE, CHRONICLE, APOLOGY, FIELDS])
def test_no_paragraph_of_a_short_notice_is_lost(paragraphs: list[str], now: datetime) -> None:
    byline = '<div class="info">发布时间：2026-11-23 10:00 来源：示例日报</div>'
    story = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = f"<html><title>停水通知</title><body><h1>停水通知</h1>{byline}<div>{story}</div></body></html>"
    found = extract_page(page.encode(), "https://www.huiying.example/1.html", None, NO_RULES, now)
    assert found.by == "readability"
    assert [line for line in paragraphs if line not in found.text] == []


BYLINES = [
    "2026-11-22 15:42 来源：示例日报 作者：孙晓",
    "2026-06-05 20:35 孙晓 钱一鸣",
    "发布时间：2026年11月22日 15:42:07",
    "2026年11月22日 12:10 来源：示例网",
    "孙晓 2026-06-25 10:45:52 0人参与评论",
    "发表于2026-11-22 | 120次阅读 | 来源ABC网 | 作者孙晓",
    "来 源： 示例办公室",
    "2026-11-22",
    "【字号：大 中 小】",
]


@pytest.mark.parametrize("line", BYLINES)
def test_a_byline_goes_with_the_title(line: str) -> None:
    story = "\n".join(NOTICE)
    assert trimmed(f"首页 > 通知\n停水通知\n{line}\n{story}", "停水通知") == story


def test_no_more_lines_than_a_byline_has_go() -> None:
    text = "\n".join(["停水通知", *["来源：示例日报"] * 9, *NOTICE])
    assert trimmed(text, "停水通知").count("来源：示例日报") == 5


@pytest.mark.parametrize(
    "line", [*NOTICE, *CHRONICLE, *FIELDS, "时间：2026年11月20日", "2026年第3号", "来源不明的传单"]
)
def test_what_has_no_form_of_a_byline_stays(line: str) -> None:
    text = "\n".join([line, *NOTICE[2:]])
    assert trimmed(f"停水通知\n{text}", "停水通知") == text


def test_a_text_that_says_its_title_again_keeps_what_stands_before() -> None:
    text = "\n".join([NOTICE[0], "停水通知", *NOTICE[2:]])
    assert trimmed(text, "停水通知") == text


def test_nothing_is_trimmed_to_nothing() -> None:
    for text in ("停水通知\n2026-11-22 15:42", "停水通知"):
        assert trimmed(text, "停水通知") == text


@pytest.mark.parametrize(
    "tail",
    [
        ["责任编辑：孙晓", "相关阅读", "另一条新闻的标题", "再一条新闻的标题"],
        ["声明：本网转载仅为传递信息，不代表本网立场。", "示例客户端"],
        ["特别声明：以上内容为用户上传并发布，本平台仅提供信息存储服务。"],
        ["- THE END -", "另一篇文章的一句话，与这一篇无关。"],
        ["评论（12）", "我也住在这里，昨天就没有水了。"],
    ],
)
def test_a_tail_without_a_sentence_of_the_article_goes(tail: list[str]) -> None:
    story = "\n".join(NOTICE)
    assert trimmed("\n".join([story, *tail]), None) == story


@pytest.mark.parametrize("begins", ["声明：", "关键词", "延伸阅读", "评论（一）", "上一篇", "相关链接"])
def test_a_sentence_behind_a_word_of_tails_stays(begins: str) -> None:
    text = "\n".join([*NOTICE, begins + "供水公司表示费用减免。", "各区要举一反三，开展管网排查。"])
    assert trimmed(text, None) == text


def test_an_editor_between_sentences_goes_alone() -> None:
    text = "\n".join(
        [*NOTICE, "责任编辑：孙晓", "另外，示例区今天公布了全部检修计划。", "相关新闻", "另一条新闻的标题"]
    )
    assert trimmed(text, None).split("\n") == [*NOTICE, "另外，示例区今天公布了全部检修计划。"]
