"""A sentence about dead and injured as tokens: numbers of persons, what became of them, and words that change both.

The patterns are bounded, so the time is linear in the length of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.dictionaries import either, word_list
from nlp.numbers import NUMBER, number

DEAD, HURT, BOTH, OTHER = "dead", "hurt", "both", "other"
OUTCOMES = (DEAD, HURT, BOTH, OTHER)

_NOT_COUNTED = (
    r"小时|月|半|多月|多小时|工作日|疗程|乡|镇|县|区|市|村|街道|省|国家|社区|家(?!人)|店|点|火点|部门|单位|班|问题|项目|"
    r"方面|路口|小区|车间|房间|包间|洞|坑|井|电话|视频|家庭|厂|门|窗|箱|罐|桶|瓶|球|字|词|亿|百分|台阶|年头|星期|礼拜|季度|批次|病区|矿|站"
)
_PERSONS = either(word_list("persons"))
_CLASS = (
    rf"(?:名|位|人(?!次|民|行|家|质|工(?!人))|例|口人|口(?![岸子袋井腔罩号径])|条(?:年轻的|鲜活的|活生生的|无辜的)?(?:人命|生命|性命)|"
    rf"具(?=遗体|尸体|尸)|个人|个(?!{_NOT_COUNTED})|(?={_PERSONS}))"
)
_DIE = r"死(?![机角心党磕路活刑罪缓因讯神板守盯])"
_HARM = r"伤(?![心感脑亡害残口势痕病风情及财不人身者员])"
_QUANT = (
    rf"(?P<less>不足|不到|未满|少于)?(?<![第\d.\-大初高])(?:(?P<low>{NUMBER})(?:-|~|至|到|、|或){NUMBER}{_CLASS}"
    rf"|(?P<men>{NUMBER})[男大](?P<women>{NUMBER})[女小](?:孩)?"
    rf"|(?P<bare>(?<=[死伤亡]){NUMBER}(?=[伤死亡,。、)]|$))|(?P<n>{NUMBER})(?:{_CLASS}|(?={_DIE}|{_HARM}|重伤|轻伤|"
    rf"轻微伤|亡(?=[\d一二三四五六七八九两,、。]|$))))"
)
_TOKEN = re.compile(
    "|".join(
        (
            rf"(?P<skip>{either(word_list('not_casualties'))}|(?:第{NUMBER}|最后一)(?:名|位|具|个|例|人)(?:遗体|遇难者)?)",
            r"(?P<none>(?:暂无|尚无|均无|并无|无(?!一生还|一幸免|生命|法|证|效)|(?<!有)没有?(?!能|救|跑|逃|抢|了)|未(?!成年|来|婚|必)|零|(?<!\d)0)"
            r"(?:再|出现|造成|发生|导致|接到|收到|发现|接报|伤及|有|地面|车上|现场|人员|其他|其它|重大|任何|一人|一例|人|群众|村民|居民|乘客|学生|师生|新增|因灾|明显){0,5}"
            r"(?P<of>伤亡|死伤|死亡|遇难|身亡|受伤(?!害)|负伤|轻伤|重伤|伤人|伤及人员|伤及群众|伤及路人|伤及他人|伤着|伤到|砸着|砸到|砸伤|烧着|烧伤|烫伤|中毒|死(?=[,。没无]|$)|伤(?=[,。\"”]|$)|"
            r"死人)(?:和受伤|及受伤|或受伤|人)?)",
            rf"(?P<quant>{_QUANT})",
            rf"(?P<pair>(?:{either(word_list('pairs'))})(?:(?:俩|双双)(?!人)|(?!{NUMBER}?(?:人|名|口|个|死))))",
            r"(?P<three>仨)|(?P<two>俩)",
            r"(?P<many>(?:多|数|若干|好几|很多|好多|不少|大量|大批|几)(?:名|人|位|个人|个)|有人)",
            r"(?P<both>伤亡|死伤)",
            rf"(?P<dead>全都没了|(?<=[,、])都没了|(?<=[爸妈爷奶公婆夫妻儿女子叔伯])(?:都|也|就)?没了|{either(word_list('deaths'))}|(?<=人)(?:都|就|当场|全|就这样|"
            rf"也)?没了|就这样没了|当场就?没了|{_DIE}|(?<=[\d人一二两三四五六七八九十])亡(?=[\d一二三四五六七八九两十,、。)]|$))",
            rf"(?P<hurt>(?:{either(word_list('injuries'))})(?!员|者)|伤员|伤者|{_HARM})",
            rf"(?P<other>{either(word_list('other_outcomes'))})",
            r"(?P<part>其中|包括|含(?=[\d一二两三四五六七八九十]))",
            r"(?P<total>共计|总计|合计|累计|总数|一共|总共|共有|共造成|共致|已致|共(?!同|享|和|产))",
            r"(?P<more>另有|又有|再有|还有|新增|又(?=发现|找到|一))",
            r"(?P<update>升至|升到|上升[到至为]|升为|增至|增为|增加[到至为]|更新为|修正为|更正为?|实为|核实为?|实际|确认|最新|截至|截止|续报|最终|定格|现已?(?=[有造升增共致死]))",
            r"(?P<old>此前|先前|早前|早些时候|最初|起初|初报|原报|原先|先是|初步通报|首次通报|昨日通报|昨天通报|上午通报|一度)",
            r"(?P<rumour>网传|谣传|误传|传言|据传|疯传|都在传|有传|网友[^,。0-9]{0,4}(?:称|说|爆料|表示)|有人说|听说|群里说|坊间|所谓|网上说|网上传|网上都说)",
            r"(?P<official>官方|通报|警方|公安|应急管理|政府|央视|新华社|消防部门|消防救援|卫健|发布会|指挥部|核查|经查|证实|回应|真相)",
            r"(?P<hypo>如果|假如|假使|倘若|要是|万一|一旦|难道|非得|别等|等到|别让|不要等|非等|不能等|会不会|非要|迟早|早晚|差点|险些|差一点|避免|防止|以防|严防|杜绝|"
            r"不排除|扬言|威胁|就要|真要|恨不得|欲|企图|试图|未遂|经常|时常|常常|时有|容易|频繁|频发|随时|屡屡|动不动|才(?:会|肯|能)(?:管|重视))",
            r"(?P<past>去年|前年|往年|历年|历史上|曾经?|当年|上次|那次|那年|\d{1,2}年前|[一二两三四五六七八九十几多]年前(?:的今天|今天)?|周年|年代|历次|旧社会|抗战|二战|古代|"
            r"类似事故|同类事故|邻县|邻市|邻省|隔壁[县市省]|外省|外地|兄弟县|别的[地县市])",
            r"(?P<now>今天|今日|今早|今晨|今晚|昨天|昨日|昨晚|昨夜|前天|刚才|刚刚|这一次|这次|此次|本次|本起|目前|今年|近日|日前|我[县市区镇村])",
            r"(?P<deny>不实|谣言|辟谣|造谣|不属实|假消息|虚假|子虚乌有|无中生有|并非事实|非事实|有误|瞎编|瞎传|胡说|乱传|编造)",
            r"(?P<open>\()|(?P<close>\))|(?P<stop>[,;:、])",
        )
    )
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_DEGREES = frozenset(("重伤", "轻伤", "轻微伤", "危重", "病危", "重症", "伤势严重", "伤势较重", "伤情较重"))
_WEAK = frozenset(
    (
        "住院",
        "就医",
        "入院",
        "骨折",
        "昏迷",
        "抢救",
        "救治",
        "接受治疗",
        "去世",
        "离世",
        "过世",
        "辞世",
        "呕吐",
        "腹泻",
        "头晕",
        "恶心",
        "输液",
        "症状",
    )
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the sentence at ``start``…``end``. ``value``: of a number (None: many, not said how many).

    ``inside``: in brackets. ``degree``: 重伤, 轻伤 and the like. ``weak``: a word of illness too (住院, 去世).
    """

    kind: str
    word: str
    start: int
    end: int
    value: int | None = None
    inside: bool = False

    @property
    def degree(self) -> bool:
        """Whether the word tells how badly."""
        return self.word in _DEGREES

    @property
    def weak(self) -> bool:
        """Whether the word alone does not speak of an accident."""
        return self.word in _WEAK


def tokens(sentence: str, year: int | None = None) -> list[Token]:
    """Tokens in order. ``year``: of publication; another year in the sentence is a ``past`` token."""
    found = [*_matches(sentence), *_years(sentence, year)]
    found.sort(key=lambda token: token.start)
    return found


def _years(sentence: str, year: int | None) -> Iterator[Token]:
    for match in _YEAR.finditer(sentence):
        if year is not None:
            kind = "now" if int(match[1]) == year else "past"
            yield Token(kind, match.group(), match.start(), match.end())


def _matches(sentence: str) -> Iterator[Token]:
    inside = False
    for match in _TOKEN.finditer(sentence):
        kind = match.lastgroup or ""
        if kind in ("open", "close"):
            inside = kind == "open"
            continue
        value = None
        if kind == "quant":
            value = _quantity(match)
            if value is None:
                continue
        elif kind in ("pair", "two", "three"):
            kind, value = "quant", 3 if kind == "three" else 2
        elif kind == "many":
            kind = "quant"
        word = match["of"] if kind == "none" else match.group()
        yield Token(kind, word, match.start(), match.end(), value, inside)


def _quantity(match: re.Match[str]) -> int | None:
    if match["men"]:
        parts = [number(match["men"]), number(match["women"])]
        return int(sum(part for part in parts if part is not None))
    value = number(match["low"] or match["bare"] or match["n"])
    if value is None:
        return None
    return int(value) - 1 if match["less"] else int(value)
