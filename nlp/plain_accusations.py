"""Short plain accusations: who acts in a sentence, and whether that act is wrongdoing of an official.

Signs and text head are weighed by long letters; a post of two sentences ("某局局长收钱给人安排工作") gives them
next to nothing to count. In such a short text the grammar is plain, and is read here: the nearest one named before an
act is who did it. K1–K4 of docs/how-to/labelling.md say what counts. Every pattern is bounded, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlp.dictionaries import either, word_list

LONGEST = 160
"""Characters of a text that is read so; longer ones are letters, which the signs weigh."""
_BRIEF = 90
"""Characters of a text in which a mere hint counts: in longer ones somebody's relative or house stands anywhere."""
_REACH = 48
"""Characters between who acts and the act."""
_CLAUSE = r"[^,。:\n]"
_NUMBER = r"[\d一二两三四五六七八九十百千几数]+多?(?:块|元|千|万|百|条)(?![个名户人套亩平张次年])"
_MONEY = rf"(?:钱|红包|好处|礼金|礼品|黑钱|干股|回扣|卡|烟|酒|(?:{_NUMBER}))"
_BUREAU = r"(?<![邮饭结布格骗棋僵败残破赌牌时当开])局(?![面限促势域部外麻])"
_OFFICES = rf"{either(word_list('plain_offices'))}|{_BUREAU}|[一-鿿]{{2}}科(?=[的,给收])|[大支中]队"
_PLACES = r"(?:^|(?<=[,:们在是]))(?:社区|街道)(?![里内旁门上边附])"
_HOLDERS = either(word_list("plain_holders"))
_PRIVATE = either(word_list("plain_private"))
_KIN = either(word_list("plain_kin"))
_PUBLIC = either(word_list("plain_public"))
_STATE_FIRM = (
    r"(?:城投|交投|建投|水务|自来水|供水|供电|供热|燃气|烟草|粮食|盐业|国有|国资|国企|国营)"
    r"[^,。:]{0,8}?(?:总经理|董事长|书记|经理|主任|站长|所长|老总|厂长|领导)"
)
_ACTOR = re.compile(
    rf"(?P<state>{_STATE_FIRM})|(?P<private>(?:{_PRIVATE})(?:[^,。:]{{0,6}}?(?:{_HOLDERS}))?|(?<![局委院所府部会里内中处])有人)"
    rf"|(?P<official>{_OFFICES}|{_PLACES}|(?:{_HOLDERS})(?![:,]?您?好))"
)
_OFFICIAL = re.compile(rf"{_STATE_FIRM}|{_OFFICES}|{_PLACES}|(?:{_HOLDERS})(?![:,]?您?好)")
_OF_OFFICIALS = (
    *word_list("plain_offices"),
    *word_list("plain_holders"),
    *("局", "科", "大队", "支队", "中队", "社区", "街道"),
    *(
        "城投",
        "交投",
        "建投",
        "水务",
        "自来水",
        "供水",
        "供电",
        "供热",
        "燃气",
        "烟草",
        "粮食",
        "盐业",
        "国有",
        "国资",
        "国企",
        "国营",
    ),
)
"""What every match of ``_OFFICIAL`` holds one of: found at once, in most posts not at all."""
_NOT_ACTING = re.compile(
    r"(?:跟|和|与|同|给|把|对|向|收了?|拿了?|吃了?|替|(?<![这那])帮|找|从|请|望|求|逼|要求|强迫|感谢|谢谢|冒充|假冒|扮成|骗|为|等|尊敬的|敬爱的)"
    r"(?:了|着|一家|那个|这个|我们|你们|我|这|那)?$"
)
_BESIDE = re.compile(r"(?:跟|和|与|同|给|对|向|收了?|拿了?|替|帮|找|从|是|被|住着|开着|坐着|用着)[一-鿿]{0,4}$")
"""Before a private person or a firm: it is the one dealt with (给化工厂通风报信)."""
_ASKED = re.compile(r"(?:请|希望|望|盼|恳请|建议|要求|麻烦|期待)[^,。:]{0,8}$")
_BY = re.compile(r"(?:被|让|给|叫|塞给|送给|交给|打点)[^,。:]{0,8}$")
_SURE = re.compile(
    rf"(?P<word>{either(word_list('plain_acts'))})"
    rf"|(?:收|拿|吃|索|受){_CLAUSE}{{0,10}}?(?:红包|好处|黑钱|回扣|干股|贿)"
    rf"|收了?{_CLAUSE}{{0,6}}?钱"
    rf"|(?:{_PUBLIC}){_CLAUSE}{{0,16}}?(?:给了?|分给|发给|包给|卖给|让|安排){_CLAUSE}{{0,8}}?(?<!我)(?<!本人)(?:{_KIN})"
    rf"|(?:给|把|让|安排){_CLAUSE}{{0,6}}?(?<!我)(?<!本人)(?:{_KIN}){_CLAUSE}{{0,10}}?(?:{_PUBLIC})"
    rf"|(?:{_PUBLIC}){_CLAUSE}{{0,10}}?(?:装进|吞|贪|揣|私用|拿去放贷|拿去赌|炒股|分了|自己拿)"
)
_LIKELY = re.compile(
    rf"(?P<word>(?!x)x)|(?:收(?![入到取集费购割])|要(?![罚打求])|拿|送|塞|吃(?!饭)){_CLAUSE}{{0,8}}?{_MONEY}"
    rf"|(?:给|塞|送|交|掏|意思)了?{_CLAUSE}{{0,8}}?(?:{_MONEY}|意思){_CLAUSE}{{0,6}}?(?:就|才|当天|立马|马上|随便|可以)"
    rf"|不(?:给|塞|送|交|买|请|意思)[^。:\n]{{0,10}}?(?:就|不给|别想|拖|卡)"
    rf"|(?<!我)(?<!我的)(?<!本人)(?:{_KIN}){_CLAUSE}{{0,12}}?(?:{_PUBLIC}|公司|开的|进了|承包|中标|一个人|干)"
    rf"|(?:{_PUBLIC}|公司|合同|招标){_CLAUSE}{{0,14}}?(?<!我)(?<!本人)(?:{_KIN})"
    rf"|(?:{_PUBLIC}|收益|账|款){_CLAUSE}{{0,16}}?(?:拿去|拿走|分了|分掉|吃掉|占了|攥|扣下|进了|放贷|炒|搬|揣|瓜分|领了|往)"
    rf"|(?:拿|吞|(?<!只)占|扣|花|炒|(?<![\d一二两十百千])套|领(?!导)|吃){_CLAUSE}{{0,12}}?(?:{_PUBLIC}|收益)"
    r"|殴打|打伤|打成|打断|打人|打了(?:我|他|她|人|一[顿夜]|[^,。:]{0,5}(?:老人|老汉|老太太|村民|孩子|学生|群众|上访|一[顿夜下]))|毒打|铐|掀摊|掀了|砸了|踹|推倒|推平|推了|关在|关了(?:我|人|他|她|[\d一二三四五六七八九十]+[天夜])"
    r"|威胁|恐吓|强行(?:拆|占|推|征|带走|拉走|收)|强征|抢走|放水|放行|串供|篡改|改了|改过|抽走|删了|泄露|走后门|有股份|暗箱|空壳|假票|假名单|合同都?是?假|失职|渎职"
    r"|称兄道弟|一伙|穿一条裤子|一起吃饭|一起打牌|撑腰|打招呼|勾肩搭背|(?:转|告诉|透露)给(?:了)?被举报"
    r"|(?:必须|只能|指定|逼)[^。:\n]{0,8}?(?:买|用|找)[^。:\n]{0,10}?(?:他|介绍|公司|设备|亲戚|同学)"
    rf"|(?:{_PUBLIC}|房子|钱){_CLAUSE}{{0,8}}?(?:让|被|卖给|分给|内部给|租给|包给|送给|给了){_CLAUSE}{{0,8}}?(?:公务员|领导|干部|内部|老板|外人|自己人|领了|拿了|花了|分了|吃了)"
    rf"|(?:得|要|须|必须)(?:给|交|送|塞|掏){_CLAUSE}{{0,6}}?{_MONEY}"
    r"|是[^,。:]{0,6}?送的|没(?:有)?参加考试|走过场|没招标|没有招标|不招标|报了[两三四五六七八九十]次|一人分|抽[一二三四五六七八九]成|人人有份|吃喝|聚赌|赌博成|嫖|包养|赝品|调包|换走"
)
_CUE = re.compile(
    rf"(?P<word>{either(word_list('plain_cues'))}|(?<!我)(?<!本人)(?<!他)(?:{_KIN})(?!们)"
    rf"|把{_CLAUSE}{{1,14}}?(?:给|卖|拿|拉|打|吃|花|占|租|包|盖|分|换|改|销|告诉)"
    rf"|收了?{_CLAUSE}{{0,4}}?(?:票|卡|烟|酒|中华|东西)|给{_CLAUSE}{{1,12}}?(?:就|办)|请了?顿|太黑|报信|发双份|熟人"
    rf"|扣(?:老师|职工|工人|我们|村民){_CLAUSE}{{0,6}}?|(?:执业)?证{_CLAUSE}{{0,8}}?给{_CLAUSE}{{0,4}}?[万千]|成{_CLAUSE}{{0,3}}?拿不到)"
)
_HEAD_OF = re.compile(rf"^{_CLAUSE}{{0,4}}?的{_CLAUSE}{{0,3}}?(?:{_OFFICES}|{_HOLDERS})")
_NOT_SAID = re.compile(
    r"(?:没|没有|(?<!是)不|从不|从没|未|拒|拒绝|不得|不许|严禁|禁止|防止|杜绝|预防|避免)[^,。:]{0,4}$"
)
_GUESS = re.compile(r"难道|不会是|不会有|会不会是|该不会|猜|说不定|随便说")
_IN_DOUBT = re.compile(r"是不是|有没有|是否|怀疑|可能")
_TOLD = re.compile(
    r"一审|二审|宣判|获刑|无期|死缓|自称|诈骗|被判|判处|判了[\d一二三四五六七八九十]+年|落马|双开|接受[^,。]{0,6}审查|审查调查|被查|被双规|被逮捕|通报|新闻|报道|看到(?:网上|新闻)"
    r"|(?:^|[省市县区某地,、])原[^,。:]{0,8}(?:主席|书记|[市省区县局厅部]长)[^,。:]{0,6}(?:受贿|贪污|违纪)|电视剧|电影|小说|剧里|演得|剧情|主角|剧中|故事|普法|警示教育|廉政教育|反腐片|专题片"
)
_PRAISE = re.compile(
    r"自己掏|自掏|信得过|感谢|谢谢|点赞|表扬|锦旗|致敬|好样的|好官|好干部|心服口服|辛苦了|清官|送上.{0,4}赞"
)
_ASKS = re.compile(
    r"(?:请问|咨询|想问|想了解|问一下|了解一下)[^。\n]{0,60}|[^。\n]{0,40}(?:怎么规定|有(?:具体|什么|没有)?规定|多少算|算不算|(?:违规|违纪|违法)吗|哪个部门|去哪里|电话是|流程|怎么举报|如何举报)"
)
_OWN = re.compile(r"我们?这?[村镇乡县区单校社局里]|本[村镇]|我们")
"""Whoever asks about his own village or office tells of it."""
_REPORTS = re.compile(r"举报|检举|控告|揭发|查处|严查|彻查|查一查|调查")
_PROPOSES = re.compile(r"^(?:我)?(?:建议|希望|呼吁|提议|期待|盼望|能不能规定)")
_STANDS = re.compile(r"他们?|她们?|该人|此人|这个人|这人")
_SENTENCE = re.compile(r"[^。!?！？;；\n]+[?？]?")
_FEE = re.compile(r"^[^,。:]{0,6}(?:罚款|押金|保证金|罚单|学费|税)")
SURE, LIKELY, HINT = 3, 2, 1
"""Levels: it is an accusation; it may be one; something in it hints at one. Of the last two a person decides."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What a short text accuses of. ``level``: SURE, LIKELY or 0; ``spans`` of its sentences, ``words`` of the acts.

    ``told``: it accuses nobody and tells news or a story, praises, proposes or asks for a rule.
    """

    level: int
    spans: tuple[tuple[int, int], ...] = ()
    words: tuple[str, ...] = ()
    told: bool = False


@cache
def _officials() -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for word in _OF_OFFICIALS:
        automaton.add_word(word)
    automaton.make_automaton()
    return automaton


def names_official(text: str) -> bool:
    """Whether any official is named: without one nobody is accused, and most posts name none."""
    return next(_officials().iter(text), None) is not None and _OFFICIAL.search(text) is not None


def plain(text: str, doubted: bool = True) -> Plain:
    """What ``text`` (normalised) accuses an official of; nothing where it is longer than LONGEST.

    ``doubted``: something else takes it for an accusation, so that it counts whether it only tells news. Where nothing
    does, what names no official is not read at all, and ``told`` may stay False.
    """
    if len(text) > LONGEST or not (doubted or names_official(text)):
        return Plain(0)
    level, spans, words, told = 0, [], [], False
    official = False
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        # Who acts was named in this sentence or in one before.
        named = official or _OFFICIAL.search(sentence) is not None
        acts = _acts(sentence, official) if named else ()
        found = [act for act in acts if act[0] > HINT or len(text) <= _BRIEF]
        official = named and _ends_with(sentence, official)
        if (found or doubted) and _only_told(sentence, text):
            told = True
            continue
        if not found:
            continue
        several = len({word for level_, word in found if level_ > HINT}) > 1
        most = SURE if several else max(level_ for level_, _ in found)
        if _GUESS.search(sentence) and most < SURE:
            told = True
            continue
        if _GUESS.search(sentence) or _IN_DOUBT.search(sentence):
            most = min(most, LIKELY)
        level = max(level, most)
        spans.append(match.span())
        words += [word for _, word in found]
    return Plain(level, tuple(spans), tuple(dict.fromkeys(words))[:3], told and not level)


def _acts(sentence: str, carried: bool) -> Iterator[tuple[int, str]]:
    """(level, word) of every wrongful act of an official in ``sentence``; ``carried``: who acted before it was one."""
    for level, pattern in ((SURE, _SURE), (LIKELY, _LIKELY), (HINT, _CUE)):
        for match in pattern.finditer(sentence):
            if _NOT_SAID.search(sentence[max(0, match.start() - 8) : match.start()]):
                continue
            if _FEE.match(sentence[match.end() : match.end() + 10]):
                continue
            sure = _official_acts(sentence, match, carried)
            if sure:
                yield min(level, sure), match.group()


def _official_acts(sentence: str, act: re.Match[str], carried: bool) -> int:
    """How sure it is that an official does ``act``: SURE, LIKELY or 0."""
    if _HEAD_OF.match(sentence[act.end() : act.end() + 16]):
        return SURE
    first = last = None
    for actor in _ACTOR.finditer(sentence, 0, act.end()):
        if actor.start() >= act.start() and actor["private"]:
            break
        if not _passive(sentence, actor):
            first, last = first or actor, actor
    if last is None:
        if not carried:
            return 0
        return SURE if _STANDS.match(sentence) else LIKELY
    if act.start() - last.end() > _REACH or first is None:
        return 0
    return SURE if not last["private"] else LIKELY if not first["private"] and act["word"] else 0


def _passive(sentence: str, actor: re.Match[str]) -> bool:
    """Whether who is named there is only spoken to, asked for something or done something to."""
    before = sentence[max(0, actor.start() - 12) : actor.start()]
    if actor["private"] and _BESIDE.search(before):
        return True
    return bool(_NOT_ACTING.search(before) or _ASKED.search(before))


def _ends_with(sentence: str, carried: bool) -> bool:
    """Whether an official is the last who acts in ``sentence``, or, where nobody does, in what was said before it."""
    for actor in _ACTOR.finditer(sentence):
        if not _passive(sentence, actor):
            carried = not actor["private"]
    return carried


def _only_told(sentence: str, text: str) -> bool:
    """Whether a sentence tells of news or a story, praises, proposes, or asks for the rule."""
    if _TOLD.search(sentence) or _PROPOSES.match(sentence.lstrip()):
        return True
    if _ASKS.search(text) and not _OWN.search(text):
        return True
    return _PRAISE.search(sentence) is not None and not _REPORTS.search(text)
