"""What a board's reply is: nothing, a receipt (转办, 受理), or an answer; wording, states, and real replies."""

from __future__ import annotations

import csv
import gzip
import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from casework.domain.post import Post, Reply
from casework.domain.replies import ANSWERED, FORWARDED, NONE, RECEIVED, STATES, stage, stage_of_post, stage_of_text
from casework.domain.times import SHANGHAI
from crawlers.source_interfaces import DiscuzSource

AT = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
LABELS = json.loads((Path(__file__).parent / "reply_receipts.json").read_text(encoding="utf-8"))
WORDS = re.compile("收悉|受理|转交|转办|交办|转至|转送|已转|收到|获悉|转给")

TEXTS = {
    RECEIVED: (
        *("已收悉", "已受理", "您好！您的来信已收悉。", "网友“示例”您好：您的诉求我局已受理，请耐心等待。"),
        *("您反映的情况我们已收到，将尽快核实处理并回复您，感谢您的监督！示例区城管局 2026年3月2日",),
    ),
    FORWARDED: (
        *("认领交办", "已转办", "您好，您反映的问题已转交示例区城管局处理。", "您的留言已收悉，已转相关部门调查核实。"),
        *("网友您好：已将您的诉求分办至示例街道办理，办理结果将及时反馈。", "该件我办已批转市住建局研究办理。特此告知"),
    ),
    ANSWERED: (
        # Real answers that begin like a receipt.
        "您的留言已收悉。经核实，该路段路灯因线路老化停用，现已修复。",
        "您好，来信收悉，现将有关情况回复如下：该项目暂无建设计划。",
        "已收悉。您可凭身份证到示例街道办事处便民服务中心办理。",
        "您反映的问题已转城管局处理，城管局已对占道摊点进行清理。",
        "诉求已受理，该问题不属于我局职责范围，请联系市水务局。",
        "您的来信已收悉，施工方已整改到位，并移交社区管理。",
        "留言已收悉，请补充具体地址以便处理。",
        "已转交示例局处理，根据有关规定，补贴将于月底前发放。",
        "您的留言已收悉，经我局现场勘查，现...",
        "已派人修复。",
        "法院已受理该案，请等待判决。",
        "感谢您对我们工作的肯定！",
    ),
    NONE: ("", " ", "您好！", "2026年3月2日", "网友：您好 2026年3月2日", "已办理"),
}


@pytest.mark.parametrize(("wanted", "text"), [(step, text) for step, texts in TEXTS.items() for text in texts])
def test_wording(wanted: str, text: str) -> None:
    assert stage_of_text(text) == wanted


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        *(("待回复", NONE), ("办理中", RECEIVED), ("已办理", ANSWERED)),
        *(("已回复", ANSWERED), ("未回复", NONE), ("处理中", RECEIVED), ("受理", RECEIVED), ("未交办", NONE)),
    ],
)
def test_every_state_of_the_people_board(state: str, wanted: str) -> None:
    assert stage(Reply("示例局", None, AT, state)) == wanted


def test_every_state_that_a_discuz_board_is_read_by_is_known() -> None:
    pattern = str(DiscuzSource.model_fields["state"].default)
    states = set(re.findall(r"[\u4e00-\u9fff]{3,4}", pattern))
    assert len(states) >= 10
    assert states <= STATES.keys()


def test_the_text_counts_before_the_state() -> None:
    assert stage(Reply("示例局", "您的留言已收悉。", AT, "已办理")) == RECEIVED
    assert stage(Reply("示例局", "已派人修复。", AT, "办理中")) == ANSWERED
    assert stage(Reply("示例局", "您好！", AT, "已办理")) == ANSWERED, "a text that says nothing leaves it to the state"
    assert stage(Reply("示例局", None, None, None)) == NONE
    assert stage(Reply("示例局", None, None, "别的状态")) == NONE
    assert stage(None) == NONE


def test_a_state_beside_the_message_is_never_an_answer() -> None:
    def one(state: str | None, reply: Reply | None = None) -> Post:
        extra: dict[str, str | int | float] = {"state": state} if state else {}
        return Post("board", "1", "message", "路灯坏了", AT, AT, reply=reply, extra=extra)

    found = [stage_of_post(one(state)) for state in (None, "待回复", "办理中", "已办理", "认领交办")]
    assert found == [NONE, NONE, RECEIVED, NONE, FORWARDED]
    assert stage_of_post(one("办理中", Reply("示例局", "已修复。", AT))) == ANSWERED


def test_real_replies_against_a_readers_labels(shared: Path) -> None:
    """Every reply of the set that a receipt could be: none that says something is taken for a receipt."""
    with gzip.open(shared / "data" / "taidi_c_attach4_reply_half.csv.gz", "rt", encoding="utf-8") as file:
        rows = [(row["msg_id"], row["reply"]) for row in csv.DictReader(file)]
    drawn = {id_: text for id_, text in rows if WORDS.search(text) and len(text.strip()) <= 110}
    assert len(drawn) == LABELS["rows"]
    receipts, found = set(LABELS["receipts"]), {id_ for id_, text in drawn.items() if stage_of_text(text) != ANSWERED}
    assert receipts <= drawn.keys()
    assert not found - receipts
    assert len(found & receipts) / len(receipts) >= 0.93
    others = [text for id_, text in rows if id_ not in drawn and stage_of_text(text) in (FORWARDED, RECEIVED)]
    assert others == [], "among the longer ones and those without such a word there is none"
