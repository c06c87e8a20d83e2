"""A sentence as the casualty rules read it: words of death and injury that count nobody are blanked, offsets stay.

Blanked are questions and what is not known yet (有没有人受伤, 伤亡人数待核), words that only describe somebody else
(遇难者家属), what could happen (能致人死亡) and who helps (医生抢救). All patterns are bounded.
"""

from __future__ import annotations

import re

_OUTCOME = r"(?:伤亡|死伤|死亡|受伤|遇难|身亡|遇害|出事|有事|伤到人|伤着人?|伤人|死人|重伤|死|伤)"
_NAMED = r"(?:情况|人数|数据|数字|名单|程度|信息|消息|与否)"
_WHO = r"(?:者|人员|群众|乘客|同胞|矿工|工人|学生|旅客|游客|员工|职工|村民|居民|船员|官兵|战士)"
_YET = r"(?:目前|暂时?|尚|还|仍|均|都|也|正在?|有|我们?|现在){0,3}"
_OPEN = (
    r"(?:不明|不详|未知|未明|不清楚?|不得而知|不知道|不掌握|没人说|不好说|说不好|难说|待(?:核|查|确认|统计|了解|公布|定|进一步)|"
    r"(?:无法|没法|不能|难以|没有?|未|不)(?:核实|确认|统计|确定|确知|公布|通报|查清|掌握|说清|说|提|讲|得到)|"
    r"在?(?:核实|统计|核查|确认|了解|调查|排查|汇总|核对)(?:中|之中|当中)|在(?:核实|统计|核查|确认|了解|排查|汇总|核对))"
)
_NOT_KNOWN = (
    rf"(?:有没有|有无|是否|是不是|可有|会不会|不知道?|不清楚|不确定|谁知道|不晓得|说不准|说不清)[^,。;:!?\d]{{0,8}}?(?:[伤死]没有?)?{_OUTCOME}(?:[或和及、者亡]?{_OUTCOME})?[亡者员人着到了]{{0,2}}"
    r"|(?P<do>[伤死捞救找挖])没有?(?P=do)(?:到|着|了)?人?"
    rf"|(?:到底|究竟|具体|一共)?(?:有|是)?(?:多少|几)(?:个|名|位)?人?(?:员)?{_OUTCOME}"
    r"|(?:死|伤)(?:亡|了|的)?(?:了|有)?(?:多少|几)(?![十百千])(?:个|名|位)?人?"
    rf"|(?:人员|机组|船员|矿工)?{_OUTCOME}(?:人员)?的?{_NAMED}?{_YET}{_OPEN}"
    r"|(?:不知道?|不清楚|不晓得)[^,。;:!?\d]{0,10}?(?:怎么样|是死是活|死活|有没有事|安不安全)"
    rf"|(?:多少|几)(?![十百千])(?:个|名)?人[^,。;:!?\d]{{0,14}}?{_OPEN}|[救捞找]上?来?没有?[^,。;:!?\d]{{0,6}}?{_OPEN}"
    rf"|(?:机组|人员|船员|乘客|司机|驾驶员|机上|车上|船上|井下|里面)[^,。;:!?\d]{{0,4}}情况{_YET}{_OPEN}"
    rf"|是死是活|情况{_YET}(?:不明|不清楚|不详|待核实|待确认|无法确认|无法核实)"
    rf"|(?:没有?|未曾?|不曾|尚未|暂未|不肯|不愿|不让|拒绝)[^,。;:!?\d]{{0,4}}?(?:提到?|提及|讲|说|公布|通报|透露|公开|披露|告诉我?们?|回应)[^,。;:!?\d]{{0,10}}?{_OUTCOME}(?:人员)?{_NAMED}?"
    rf"|(?:暂无|尚无|没有|无|暂时没有|还没有)[^,。;:!?\d]{{0,6}}(?:伤亡|死伤|死亡|受伤){_NAMED}"
)
_UNKNOWN = re.compile(_NOT_KNOWN)
_OTHERS = re.compile(
    rf"(?:遇难|死亡|伤亡|受伤|死|伤|罹难|失联|失踪|被困){_WHO}?的?(?:家属|亲属|家人|家庭|亲人|父母|子女|亲友|同事|善后)"
    r"|[“\"「][^”\"」]{1,40}[”\"」]的?(?:网帖|帖子|帖文|网文|视频|短视频|传言|传闻|谣传|谣言|消息|说法|信息|言论|不实)"
    rf"|(?<![名位人具])(?:部分|其余|其他|全部|所有)?(?:遇难|死|伤|罹难){_WHO}的?(?:身份|名单|姓名|遗体身份)"
    rf"|(?:能|可以?|足以|可能|会|容易|极易|易)[^,。;:!?\d]{{0,6}}?(?:致人?|使人|令人|让人|要人命|导致|造成|引起)[^,。;:!?\d]{{0,4}}?(?:死亡|中毒|死|伤残|伤亡|昏迷|窒息|受伤)"
    r"|(?:医生|护士|医护人员|医护|医务人员|专家组?|大夫|急救人员)[^,。;:!?\d被]{0,8}?(?:抢救|救治|施救)"
    rf"|(?:伤亡|死伤)(?:人数|数字)(?=[^,。;:!?\d]{{0,10}}(?:核定|核实|公布|统计|确认))"
)
_FEARED = re.compile(r"非要|非得|等到|别等|才[肯会能]|如果|万一|一旦|难道|迟早|早晚|要是")
_MASK = "□"
_HINT = re.compile(
    r"“|\"|「|没|未|无|是否|是不是|不|待|几|多少|家|亲|友|父母|子女|同事|善后|身份|名|能|可|足以|会|易|医|护|专家|大夫|急救|情况|伤亡|死伤"
)


def view(sentence: str) -> str:
    """``sentence`` with what counts nobody blanked; as long as it was."""
    if not _HINT.search(sentence):
        return sentence
    return _OTHERS.sub(_blank, _UNKNOWN.sub(_blank, sentence))


def unknown_words(sentence: str) -> str | None:
    """The words by which a sentence says that the casualties are not known, or None."""
    found = None if _FEARED.search(sentence) else _UNKNOWN.search(sentence)
    return found.group() if found else None


def _blank(match: re.Match[str]) -> str:
    return _MASK * len(match.group())
