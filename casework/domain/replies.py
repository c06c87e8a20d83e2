"""How far a board is with a message: not taken up, handed on, received, or answered. The one place that says so.

A receipt is a text which tells that a message was received (受理, 收悉) or handed on (转办, 交办, 分办): a state of the
work and no answer (信访工作条例 第二十二条 has 登记 and 转送 as duties apart). The criteria are formal. A text is
a receipt where **every** clause of it is of a kind below and at least one says that the message was received or handed
on; one clause of any other kind makes it an answer, so a real reply that begins with 已收悉 stays one. What the writer
of the message reads counts before the board's own word for the state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from casework.domain.post import Post, Reply
from casework.domain.reply_words import HANDED

NONE, FORWARDED, RECEIVED, ANSWERED = "none", "forwarded", "received", "answered"
"""Steps of a board, in their order."""

STATES: dict[str, str] = {
    **dict.fromkeys(("待回复", "未回复", "待办理", "未办理", "未交办", "待处理", "待受理", "未受理"), NONE),
    **dict.fromkeys(("转办", "已转办", "交办", "已交办", "已分办", "已转交", "已派单", "认领交办"), FORWARDED),
    **dict.fromkeys(("受理", "已受理", "已签收", "已认领", "处理中", "办理中", "正在办理"), RECEIVED),
    **dict.fromkeys(("已回复", "已答复", "已处理", "已办理", "已办结", "办结", "已解决"), ANSWERED),
}
"""Words of boards for a state: 人民网 (``formats.md`` 1.5), 心通桥 and 12345 exports. An unknown word says nothing."""

_WHOM = r"[\w“”\"《》（）()·、]{0,40}?"
_MATTER = (
    r"(?:留言|来信|来帖|帖文|帖子|信件|投诉|诉求|意见|建议|反映|反应|问题|情况|事项|事情|咨询|举报|问政|工单|来电|内容"
    r"|一帖)"
)
_READER = r"(?:网友|网民|市民|群众|居民|先生|女士|同志|朋友|楼主|来信人)"
_NAMED = r"(?:[“”\"‘'].{1,30}?[“”\"’']|UU\d+)"
_GREETING = re.compile(rf"(?:尊敬的|亲爱的)?(?:各位)?{_READER}*{_NAMED}?{_READER}*(?:[您你]好)?")
_POLITE = re.compile(
    r"(?:再次|非常|十分|衷心)?(?:感谢|谢谢).{0,40}|.{0,8}祝[您你]?.{1,16}|特此(?:回复|告知|答复)|此复|.{0,20}(?:谅解|见谅)"
    r"|欢迎.{0,24}(?:监督|留言|关注|支持|反映|问政)|在此"
)
_DATE = re.compile(r"(?:\d{2,4}[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?)?(?:\d{1,2}[:：]\d{2})?")
_SIGNED = re.compile(r"\w{1,20}(?:局|委|办|府|厅|部|处|中心|队|镇|乡|街道|区|县|市|单位|公司|办公室)(?:\d{4}年.{2,8})?")
_UNIT = r"(?:局|委|办|府|厅|部|部门|单位|处|科室|中心|队|镇|乡|街道|区|县|市|公司|机关|学校|院|站|社区)"
_RECEIVED = re.compile(
    rf"(?P<before>{_WHOM})(?:收悉|收到|获悉|知悉|知晓|受理|签收|登记|接收)"
    rf"(?:了|后|并受理|并登记|在案|[您你]的{_MATTER})?"
)
_HANDED = rf"(?:{'|'.join(HANDED)}|转|交)"
_THEN = (
    r"(?:调查|核实|核查|核处|处理|办理|处置|研究|答复|回复|办复|关注|落实|反馈|调处|跟进|解决|了解|阅处|进行|予以"
    r"|按程序|按实际情况|、|和|并|与|及时|尽快|依法)"
)
_FORWARDED = re.compile(
    rf"(?P<before>{_WHOM}){_HANDED}(?:了|给|到|由|往|至)?{_WHOM}(?:{_UNIT}(?:等)?{_THEN}*|{_THEN}+)(?:情况)?"
)
_FORMAL = (
    r"(?:及时|尽快|第一时间|再|另行|按时|按期|限期|按程序|依法|依规|认真|抓紧|积极|督促|组织|有关|相关|部门|单位|科室|[您你]|的"
    r"|所|反映|上述|问题|情况|意见|建议|诉求|结果|进度|进展|给|向|对|就|把|予以|作出|做出|进行|核实|调查|了解|清楚|后|并|和|与|、|立即|进一步|继续"
    r"|反馈|回复|答复|办复|处理|办理|解决|核查|研究|告知|发布|公布|上网|中|之|如有|一旦|待|将|会|正在|正|现|我们|我[局办委部]|请)"
)
_LATER = re.compile(
    rf"(?:敬|烦)?请.{{0,12}}(?:关注|等待|等候|查收|留意).{{0,12}}|.{{0,12}}(?:高度|十分|非常)重视|{_FORMAL}+"
)
_ABOUT = re.compile(rf"{_NAMED}?(?:关于|针对|就|对于?)?[您你](?:所|在)?.{{0,16}}{_MATTER}|关于.{{0,16}}{_MATTER}")
_DENIES = re.compile(r"未|没|不|可|请|需|应|须|法院|仲裁|立案|凭|带")
"""Before 受理, 收到, 登记: then it is not this message that was received."""
_DONE = re.compile(r"修|拆|整改|罚|施工|费|款|资金|清理|更换|安装|取缔|责令|现场|完成|办好")
"""Before 转, 交: then something was done besides handing on."""
_ANSWERS = re.compile(
    r"如下|经(?:查|核|调查|了解|研究)|现将(?!.{0,24}[转交])|现就|根据|依据|按照|由于|因为|目前|原因|不属于|不予|不再"
)
"""What begins an answer, wherever it stands: no clause of a receipt says it."""
_ENDS = re.compile(r"[。！？!?；;\n\r，,：:～~\s]+")
_CUT = ("...", "…")


def stage(reply: Reply | None) -> str:
    """``NONE``, ``FORWARDED``, ``RECEIVED`` or ``ANSWERED``; a text counts before the state that stands beside it."""
    if reply is None:
        return NONE
    said = stage_of_text(reply.text or "")
    if said != NONE:
        return said
    known = STATES.get((reply.state or "").strip())
    if known is not None:
        return known
    return ANSWERED if reply.at is not None and not (reply.text or "").strip() else NONE


def stage_of_post(post: Post) -> str:
    """The same of a whole post: where no reply says anything, the board's state beside the message may."""
    said = stage(post.reply)
    return said if said != NONE else under_way(post.extra)


def under_way(extra: Mapping[str, object]) -> str:
    """FORWARDED or RECEIVED where ``extra.state`` says so, else NONE: a state alone is never an answer."""
    known = STATES.get(str(extra.get("state") or "").strip(), NONE)
    return known if known in (FORWARDED, RECEIVED) else NONE


def stage_of_text(text: str) -> str:
    """What a text under a message is: nothing (a greeting, a date), a receipt, or an answer."""
    whole = text.strip()
    if not whole:
        return NONE
    if whole in STATES:
        return STATES[whole] if STATES[whole] != ANSWERED else NONE
    if whole.endswith(_CUT) or _ANSWERS.search(whole):
        return ANSWERED
    kinds = {_kind(clause) for clause in _clauses(whole)}
    if ANSWERED in kinds:
        return ANSWERED
    # Where it was received and handed on, the one who has it now has not taken it up yet.
    return (
        FORWARDED if FORWARDED in kinds else RECEIVED if RECEIVED in kinds else ANSWERED if "polite" in kinds else NONE
    )


def receipts(text: str) -> list[str]:
    """The clauses of ``text`` that say that the message was received or handed on, as they stand."""
    return [clause for clause in _clauses(text.strip()) if _kind(clause) in (RECEIVED, FORWARDED)]


def _clauses(text: str) -> Iterator[str]:
    for clause in _ENDS.split(text):
        if clause and not _DATE.fullmatch(clause):
            yield clause


def _kind(clause: str) -> str:
    """One clause: a step, ``polite``, ``aside`` (what may stand in a receipt and says nothing), or ANSWERED."""
    if _GREETING.fullmatch(clause):
        return "aside"
    if _POLITE.fullmatch(clause):
        return "polite"
    for step, form, never in ((FORWARDED, _FORWARDED, _DONE), (RECEIVED, _RECEIVED, _DENIES)):
        found = form.fullmatch(clause)
        if found is not None and not never.search(found["before"]):
            return step
    asides = (_ABOUT, _LATER, _SIGNED)
    return "aside" if any(form.fullmatch(clause) for form in asides) else ANSWERED
