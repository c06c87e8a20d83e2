"""What a letter wants: 投诉 求助 咨询 建言 感谢, and 举报 where the writer says so or names a crime in the title.

No large labelled set tells the six apart. Weak labels come from the writers' titles: a cue (咨询…, 建议…) or a blame
(扰民, 拖欠 …: a letter that blames somebody is 投诉, whatever it asks). Such rows are trained on twice, with the cue
and without it, so that the rest of the text is learned too. The letters of the labelled sample are not trained on.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from nlp.batch import Batch, labelled
from nlp.datasets import Recipe, Samples, find, rows
from nlp.dictionaries import either, word_list
from nlp.labelling.sets import sample

LABELS = ("投诉", "求助", "咨询", "建言", "感谢")
NEEDS: tuple[str, ...] = ()
_WEAK = 0.3
_BLAME = re.compile(either(word_list("message_blame")))
_BLAMED_IN = 300
"""Characters of a text in which a blame is looked for."""
_ASKS = re.compile(
    r"^(?:关于.{0,24}的)?(?:咨询|请问|询问|想问|问一下|问问)|咨询$|的咨询|咨询[^。]{0,12}(?:问题|事宜|政策)"
)
_QUESTION = re.compile(
    r"(?:吗|呢|何时|什么时候|多久|如何|怎么(?:办理|申请|查)|是否|[?？])[?？]?$|何时|什么时候|如何|是否"
)
_BRIEF = 160
"""A question without a cue is only taken for 咨询 where the letter tells no long story."""
_ADVISES = re.compile(r"^(?:关于.{0,30}的)?建议|的建议|建议$|建言|^强烈建议|呼吁")
_PROPOSES = re.compile(
    r"^(?:强烈)?建议|建议$|的(?:几?点|一些)?(?:建议|意见)|建言|^(?:强烈)?呼吁|几点(?:意见|建议)|提(?:点|个|几)?(?:意见|建议)"
    r"|^希望.{0,24}(?:开通|增设|增加|修建|建设|规划|延伸|加大|提高|通高铁|改善|亲民|降低)"
)
"""Titles that propose in so many words."""
_WANTS = re.compile(
    r"^(?:请求|恳请|恳求|求助|请|盼|希望|求)|何时能|难$|困难|求助|没有?路灯|不亮|停水|停电|信号|低保|出行|没水|电压|危房"
    r"|残疾|孤寡|重病|上学|入学|户口|丢失|补办|救救|帮"
)
_THANKED = re.compile(r"^.{0,6}感谢|感谢信|表扬|点赞|致谢|锦旗|已(?:得到|妥善)?(?:解决|处理)|圆满")
_CUE = re.compile(
    r"再次投诉|投诉|控诉|求助|求救|恳请|恳求|请求|咨询|请问|询问|想问|问一下|建议|提议|感谢信?|表扬信?|致谢|点赞"
)
_REPORT_TITLE = re.compile(r"举报(?!电话|无门|平台|箱|奖励|中心)|检举|揭发|^控告")
_REPORT_TEXT = re.compile(
    r"^(?:举报|检举|控告|揭发)|(?:我要|现|实名|特|特此|在此|本人|想|向.{1,12})(?:举报|检举|揭发)(?!过|后|无|了|电话|平台)|举报(?:人[::]|一下|如下|信)|进行举报"
)
_CRIME = re.compile(either(word_list("message_crimes")))
_OWN = re.compile(either(word_list("message_own")))
_THANKS = re.compile(r"^.{0,16}(?:感谢信|表扬|点赞|致谢|锦旗)|^(?:衷心|非常|十分|特别)?感谢")
_MINE = ("taidi_c_attach2_raw_small", "taidi_c_attach2_test_unlabelled", "taidi_c_attach3_messages")
_JUDGED_SET, _JUDGED_NAME = "taidi_c_attach2_test_unlabelled", "attach2"


def weak_type(title: str, text: str) -> str | None:
    """The type that title and text speak for, by the order of the labelling guide; None where they are silent."""
    blamed = _BLAME.search(title) is not None
    blames = sum(1 for _ in _BLAME.finditer(text[:_BLAMED_IN]))
    asks = _ASKS.search(title) is not None and blames <= 1
    puzzled = _QUESTION.search(title) is not None and not blames and len(text) < _BRIEF
    if _THANKED.search(title):
        return "感谢"
    if _ADVISES.search(title):
        return "建言"
    if not blamed and (asks or puzzled):
        return "咨询"
    if blamed:
        return "投诉"
    return "求助" if _WANTS.search(title) and blames <= 1 else None


def samples(folder: Path) -> Samples:
    """Hangzhou rows are judged (its one label 投诉/求助 told apart by a blame); Taidi titles are weak labels."""
    board = find(folder, "ldly_hangzhou_small")
    result = Samples(files=[board.name])
    for row in rows(board, ("title", "content", "label_type")):
        result.add(row["title"], row["content"], _hangzhou(row["label_type"], row["title"], row["content"]))
    judged = {drawn.row for drawn in sample("message")}
    for name in _MINE:
        path = find(folder, name)
        result.files.append(path.name)
        for row in rows(path, ("msg_id", "title", "content")):
            label = weak_type(row["title"], row["content"])
            if label and not (name == _JUDGED_SET and f"{_JUDGED_NAME}/{row['msg_id']}" in judged):
                result.add(row["title"], row["content"], label, _WEAK, judged=False)
                bare = _CUE.sub("", row["title"])
                result.add(bare, _CUE.sub("", row["content"]), label, _WEAK, judged=False)
    return result.unique()


def _hangzhou(label: str, title: str, text: str) -> str:
    if label != "投诉/求助":
        return label
    return "投诉" if _BLAME.search(title + text[:_BLAMED_IN]) else "求助"


HEADS = (Recipe("main", LABELS, samples, views=("char", "word", "title"), method="svc", cost=0.5),)


def judge(batch: Batch) -> list[Any]:
    """{"label", "score"} per post; what the five heads said is kept in ``batch.values["_message_type"]``."""
    head, decisions = batch.head("message_type", "main")
    chosen = np.asarray(head.choose(decisions))
    scores = head.probabilities(decisions)
    values = labelled(head.labels, chosen, scores)
    batch.explain("message_type", ("message_type", "main"), chosen)
    batch.values["_message_type"] = [dict(zip(head.labels, row, strict=True)) for row in scores.tolist()]
    for at in range(len(batch)):
        title, text = batch.features.titles[at], batch.features.texts[at]
        cue = _explicit(title, text)
        if cue:
            label, word = cue
            values[at] = {"label": label, "score": 0.9}
            batch.evidence[at]["message_type"] = [word]
    return values


def _explicit(title: str, text: str) -> tuple[str, str] | None:
    """A type that the writer names in so many words, with the words."""
    match = _REPORT_TITLE.search(title) or _REPORT_TEXT.search(text[:400])
    if match and not (_REPORT_TITLE.search(title) and _OWN.search(title)):
        return "举报", match.group()
    if not match and (crime := _CRIME.search(title)):
        return "举报", crime.group()
    proposes = _PROPOSES.search(title)
    if proposes and not match:
        return "建言", proposes.group()[:4]
    thanks = _THANKS.search(title) or (None if title else _THANKS.search(text[:40]))
    if thanks and not re.search(r"投诉|举报|但|可是|却|不作为", title + text[:300]):
        return "感谢", "感谢" if "感谢" in thanks.group() else thanks.group()[-2:]
    return None
