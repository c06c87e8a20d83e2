from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from nlp.assessor import Assessor, BadPost
from nlp.long_texts import ENDLESS, MOST, rest
from nlp.text import LONGEST
from nlp.unread import LABELLED

BOARD = ["城建", "交通", "企业", "环保", "治安", "政务", "教育", "就业", "医疗", "旅游", "三农", "文娱", "金融", "其他"]
TOPICS = ["城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生"]
TYPES = ["投诉", "求助", "咨询", "建言", "感谢", "举报"]
KINDS = ["建议意见", "申诉求决", "检举控告"]
DISPOSITIONS = ["建设性意见", "实际困难", "重大问题", "不了解情况", "错误看法", "虚假信息"]
LABELS = {
    "board_domain": BOARD,
    "petition_topic": TOPICS,
    "message_type": TYPES,
    "petition_kind": KINDS,
    "sentiment": ["negative", "neutral", "positive"],
    "emotion": ["angry", "sad", "fear", "surprise", "happy", "neutral"],
    "disposition": DISPOSITIONS,
}
POSTS = [
    {"id": "a:1", "kind": "message", "title": "投诉小区物业", "text": "示例小区物业占用消防通道停车,请住建局处理"},
    {"id": "a:2", "kind": "weibo", "title": None, "text": "今天真开心[哈哈]", "place": "发布于 河南"},
    {"id": "a:3", "kind": "news", "title": "示例路发生追尾", "text": "昨日两车追尾,造成1人受伤。"},
    {"id": "a:4", "kind": "hotline", "title": "", "text": "咨询公租房申请条件"},
    {"id": "a:5", "kind": "message", "title": "感谢信", "text": "感谢民警帮我找到走失的老人"},
]
STRANGE = {
    "empty": "",
    "one": "好",
    "emoji": "😀😀😀👨‍👩‍👧",
    "latin": "The quick brown fox jumps over the lazy dog",
    "traditional": "請問市政府什麼時候修好這條馬路",
    "control": "停\x00车\x07位\x1b[31m被占\u200b用",
    "digits": "1" * 5000,
    "brackets": "[" * 3000 + "(" * 3000,
    "official": "局" * 4000,
    "surrogate": "坏\ud800字",
    "numerals": "一" * 4000,
}


def _scores(value: Mapping[str, Any]) -> list[float]:
    return [part["score"] for part in value.values() if isinstance(part, Mapping) and "score" in part]


def _assert_contract(value: Mapping[str, Any]) -> None:
    for name, labels in LABELS.items():
        assert value[name]["label"] in labels
    three = value["sentiment"]
    assert three["positive"] + three["neutral"] + three["negative"] == pytest.approx(1, abs=1e-3)
    assert three["score"] == three[three["label"]]
    assert len(_scores(value)) == len(LABELS) + 2
    assert all(0 <= score <= 1 for score in _scores(value))
    assert value["severity"]["level"] in ("extraordinary", "major", "serious", "ordinary", "none", None)
    assert set(value["severity"]) == {"level", "category", "deaths", "injured", "signals"}
    for name in ("units", "accused", "regions", "terms"):
        assert isinstance(value[name], list)
    assert set(value["models"]) == {*LABELS, "rumour", "offensive", "severity"}
    assert (value["petition_kind"]["label"] == "检举控告") or value["accused"] == []
    json.dumps(value)


def test_every_field_of_the_contract(assessor: Assessor) -> None:
    answers = list(assessor.assess(POSTS))
    assert [answer["id"] for answer in answers] == ["a:1", "a:2", "a:3", "a:4", "a:5"]
    for answer in answers:
        _assert_contract(answer)


def test_what_the_examples_say(assessor: Assessor) -> None:
    complaint, joy, crash, question, thanks = assessor.assess(POSTS)
    assert complaint["message_type"]["label"] == "投诉"
    assert complaint["board_domain"]["label"] == "城建"
    assert complaint["units"][0] == "housing"
    assert complaint["sentiment"]["label"] == "negative"
    assert joy["sentiment"]["label"] == "positive"
    assert joy["emotion"]["label"] == "happy"
    assert joy["regions"] == [{"code": "410000", "name": "河南省", "path": "河南省", "from": "place"}]
    assert crash["severity"]["level"] == "ordinary"
    assert question["message_type"]["label"] == "咨询"
    assert thanks["petition_kind"]["label"] == "建议意见"
    assert thanks["sentiment"]["label"] == "positive"


@pytest.mark.parametrize("name", STRANGE)
def test_every_strange_text_gets_an_answer(assessor: Assessor, name: str) -> None:
    for kind in ("message", "weibo"):
        (answer,) = assessor.assess([{"id": "a:1", "kind": kind, "title": STRANGE[name][:60], "text": STRANGE[name]}])
        _assert_contract(answer)


def test_a_text_of_ten_megabytes(assessor: Assessor) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": "news", "text": "小区停车难。" * 600_000}])
    _assert_contract(answer)


def test_one_bad_post_never_stops_a_batch(assessor: Assessor) -> None:
    bad = [None, 7, {"id": "x:1"}, {"id": "x:2", "text": 5}, {"id": "x:3", "text": "好", "title": ["a"]}]
    answers = list(assessor.assess([POSTS[0], *bad, POSTS[1]]))  # type: ignore[list-item]
    assert len(answers) == len(bad) + 2
    assert "error" not in answers[0]
    assert "error" not in answers[-1]
    for answer in answers[1:-1]:
        assert set(answer) == {"id", "error"}
        assert answer["error"]["kind"] == "invalid_post"
        assert answer["error"]["detail"]
    assert [answer["id"] for answer in answers[1:-1]] == [None, None, "x:1", "x:2", "x:3"]


def test_batch_borders_do_not_matter(assessor: Assessor) -> None:
    together = list(assessor.assess(POSTS))
    alone = [answer for post in POSTS for answer in assessor.assess([post])]
    assert together
    assert together == alone


def test_evidence_points_into_the_text_as_given(assessor: Assessor) -> None:
    post = POSTS[0]
    explained = assessor.explain(post)
    assert explained["spans"]
    for span in explained["spans"]:
        assert post[span["field"]][span["start"] : span["end"]].lower() == span["word"]  # type: ignore[index]
        assert span["for"]


def test_a_bad_post_cannot_be_explained(assessor: Assessor) -> None:
    with pytest.raises(BadPost, match="text is missing"):
        assessor.explain({"id": "a:1"})


def test_words_for_search_come_with_the_answer(assessor: Assessor) -> None:
    (judged,) = assessor.judge([POSTS[0]])
    assert "物业" in judged.words.split()
    assert "," not in judged.words.split()


def test_the_id_is_made_of_source_and_native_id(assessor: Assessor) -> None:
    (answer,) = assessor.assess([{"source": "weibo", "native_id": "9", "kind": "weibo", "text": "好"}])
    assert answer["id"] == "weibo:9"


BOMBS = [
    "3人死亡",
    "1人",
    "城管局",
    "书记",
    "殴打",
    "书记,殴打",
    "公司",
    "有限公司",
    "郑州",
    "举报",
    "的建议",
    "死亡人数",
    "网传",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_the_time_is_linear(assessor: Assessor, bomb: str) -> None:
    """Four times the text takes about four times as long (a quadratic step would take sixteen times)."""

    def cost(size: int) -> float:
        post = {"id": "a:1", "kind": "news", "text": bomb * (size // len(bomb))}
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            list(assessor.assess([post]))
            best = min(best, time.process_time() - start)
        return best

    assert cost(20_000) < 9 * cost(5_000) + 0.05


def test_unsure_names_the_fields_below_what_their_label_needs() -> None:
    assessor = Assessor()
    texts = [
        "物业不作为,电梯坏了一个月没人修",
        "嗯嗯嗯",
        "今天天气",
        "请问公积金怎么提取",
        "哈哈哈真开心",
        "他们说的那个事",
    ]
    posts = [{"id": f"a:{n}", "kind": "weibo", "text": text} for n, text in enumerate(texts)]
    answers = list(assessor.assess(posts))
    # Of these two their own classifiers say it.
    own = {"disposition", "petition_kind"}
    told = [name for answer in answers for name in answer["unsure"] if name not in own]
    assert told
    assert len(told) < 3 * len(answers)
    for answer in answers:
        for name in set(answer["unsure"]) - own:
            least = max(
                head.abstain[head.labels.index(answer[name]["label"])]
                for (task, _), head in assessor.bank.heads.items()
                if task == name and answer[name]["label"] in head.labels
            )
            assert answer[name]["score"] < least


NOTHING = ["", "好", "13900000000", "\x01\x02", "Hello world this is only Latin text", "😭😭😭", "[中国赞][泪]"]


@pytest.mark.parametrize("text", NOTHING)
def test_of_a_text_that_says_nothing_no_label_is_sure(assessor: Assessor, text: str) -> None:
    value = next(assessor.assess([{"id": "a:1", "kind": "message", "text": text}]))
    assert set(value["unsure"]) == set(LABELLED)
    assert value["evidence"] == {}
    assert value["board_domain"] == {"label": "其他", "score": 0.0714}
    assert (value["petition_kind"]["label"], value["accused"]) != ("检举控告", [])
    if text not in NOTHING[-2:]:  # pictures do tell a feeling
        assert (value["sentiment"]["label"], value["emotion"]["label"]) == ("neutral", "neutral")
    feelings = [value["sentiment"][name] for name in ("positive", "neutral", "negative")]
    assert sum(feelings) == pytest.approx(1, abs=0.001)


def test_a_disaster_at_the_end_of_a_long_text_is_read_and_the_cut_is_told(assessor: Assessor) -> None:
    post = {
        "id": "a:1",
        "kind": "message",
        "text": "小区停车难。" * 4000 + "今日化工厂爆炸，造成12人死亡，住建局不管。",
    }
    value = next(assessor.assess([post]))
    assert value["cut"] == LONGEST
    assert (value["severity"]["level"], value["severity"]["deaths"]) == ("major", 12)
    assert value["units"] == ["housing"]
    assert "petition_kind" in value["unsure"]
    short = next(assessor.assess([{**post, "text": "小区停车难。"}]))
    assert "cut" not in short


def test_of_a_text_without_end_the_severity_is_for_a_person(assessor: Assessor) -> None:
    text = "停车难。" * ((MOST + 2) * LONGEST // 4)
    value = next(assessor.assess([{"id": "a:1", "kind": "weibo", "text": text}]))
    assert (value["severity"]["level"], value["severity"]["signals"]) == (None, [ENDLESS])
    assert list(rest({"text": "停" * LONGEST})) == []
