"""What a letter wants: 投诉 求助 咨询 建言 感谢, and 举报 where the writer says so.

No large labelled set tells the six apart. Weak labels come from the writer's own words at the head of a title
(咨询…, 建议…, 举报…); such rows are trained on twice, with the cue and without it, so that the rest of the text is
learned too. 举报 is only ever given for an explicit cue.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from nlp.batch import Batch, labelled
from nlp.datasets import Recipe, Samples, find, rows

LABELS = ("投诉", "求助", "咨询", "建言", "感谢")
NEEDS: tuple[str, ...] = ()
_WEAK = 0.3
_TITLE = {
    "投诉": re.compile(r"^(?:再次|强烈)?投诉|^控诉"),
    "求助": re.compile(r"^(?:求助|求救|恳请|恳求|请求)|求助$|(?:请|求)(?:政府|领导|相关部门)?帮"),
    "咨询": re.compile(r"^(?:咨询|请问|询问|想问|问一下)|咨询$|的咨询|(?:吗|呢|何时|什么时候)[??]?$"),
    "建言": re.compile(r"^(?:建议|关于.{0,30}的?建议|提议)|建议$|的建议"),
    "感谢": re.compile(r"^(?:感谢|表扬|致谢|点赞)|感谢信|表扬信"),
}
_CUE = re.compile(
    r"再次投诉|投诉|控诉|求助|求救|恳请|恳求|请求|咨询|请问|询问|想问|问一下|建议|提议|感谢信?|表扬信?|致谢|点赞"
)
_REPORT_TITLE = re.compile(r"举报(?!电话|无门|平台|箱|奖励|中心)|检举|揭发|^控告")
_REPORT_TEXT = re.compile(
    r"^(?:举报|检举|控告|揭发)|(?:我要|现|实名|特|特此|在此|本人|想|向.{1,12})(?:举报|检举|揭发)(?!过|后|无|了|电话|平台)|举报(?:人[::]|一下|如下|信)|进行举报"
)
_HELP = re.compile(r"求助|求救|恳请.{0,12}帮|请.{0,8}帮|帮帮|帮助|救救|困难")
_THANKS = re.compile(r"^.{0,16}(?:感谢信|表扬|点赞|致谢|锦旗)|^(?:衷心|非常|十分|特别)?感谢")
_MINE = ("taidi_c_attach2_raw_small", "taidi_c_attach2_test_unlabelled", "taidi_c_attach3_messages")


def title_type(title: str) -> str | None:
    """The type that a title's own words name, or None where they name none or two."""
    found = [label for label, pattern in _TITLE.items() if pattern.search(title)]
    return found[0] if len(found) == 1 else None


def samples(folder: Path) -> Samples:
    """Hangzhou rows are judged (its one label 投诉/求助 told apart by a cue); Taidi titles are weak labels."""
    board = find(folder, "ldly_hangzhou_small")
    result = Samples(files=[board.name])
    for row in rows(board, ("title", "content", "label_type")):
        result.add(row["title"], row["content"], _hangzhou(row["label_type"], row["title"] + row["content"]))
    for name in _MINE:
        path = find(folder, name)
        result.files.append(path.name)
        for row in rows(path, ("title", "content")):
            label = title_type(row["title"])
            if label:
                result.add(row["title"], row["content"], label, _WEAK, judged=False)
                bare = _CUE.sub("", row["title"])
                result.add(bare, _CUE.sub("", row["content"]), label, _WEAK, judged=False)
    return result.unique()


def _hangzhou(label: str, text: str) -> str:
    if label != "投诉/求助":
        return label
    return "求助" if _HELP.search(text) else "投诉"


HEADS = (Recipe("main", LABELS, samples, views=("char", "word", "title"), method="both", cost=0.5),)


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
    if match:
        return "举报", match.group()
    thanks = _THANKS.search(title) or (None if title else _THANKS.search(text[:40]))
    if thanks and not re.search(r"投诉|举报|但|可是|却|不作为", title + text[:300]):
        return "感谢", "感谢" if "感谢" in thanks.group() else thanks.group()[-2:]
    return None
