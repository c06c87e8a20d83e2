"""Which sentences of a text speak of the emergency it reports.

Left out are films, games and drills, quizzes and lessons, statistics and rules, questions of law, other events and what
is told of animals. Patterns that every sentence is searched for begin with letters, which keeps the search quick.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from nlp.dictionaries import either, word_list

SENTENCE = re.compile(r"[^。!?;\n]+\??")
RECENT = re.compile("今天|今早|今晨|今晚|今日|昨天|昨晚|昨日|昨夜|刚才|刚刚|早上|晚上|凌晨|上午|中午|下午|傍晚")
"""It happened these days."""
DATED = re.compile(r"(?<!\d)\d{1,2}月\d{1,2}[日号]|(?<![\d月])\d{1,2}[日号](?=早|晚|夜|凌晨|清晨|傍晚)")
"""Told with its day."""
CAUSE = re.compile(
    "自燃|垮|劈|咬|顶|扑倒|冲走|掉进|掉入|跌进|急刹|急停|踩|刮|电死|追尾|侧翻|冲过来|车底|车轮|轮下|撞|砸|压|蹭|碾|轧|绞|卷|夹|摔|跌|坠|翻|炸|爆|漏|塌|淹|溺|埋|困|烫|刺|蜇|呛|熏|毒|挖断|挖破|疏散|带倒|刮倒|绊|触电|电击|着火|起火|烧了|"
    "食堂|午餐|晚餐|早餐|吃了|吃完|饭后|餐后|聚餐|婚宴|吃席|外卖|野生菌|蘑菇|烧着|烧起|烧伤|落水|断裂|脱落|掉下|掉落|滑倒|滑坠|滑落"
)
"""What makes of people in hospital an accident."""
MEAL = re.compile(
    "食堂|午餐|晚餐|早餐|吃了|吃完|喝了|喝完|喝下|食用|饮用|食材|用餐|酒席|寿宴|宴席|喜宴|流水席|配餐|盒饭|营养餐|奶茶|桶装水|饭后|餐后|聚餐|婚宴|吃席|外卖|野生菌|蘑菇|卤味|凉菜|卫生院|疾控|就餐"
)
"""Many who fell ill of one thing (公共卫生)."""
SICK = re.compile("病|癌|寿|享年|喜丧|术后|瘤|梗|衰竭|老年|高龄")
"""Of a death: a natural one."""
_FICTION = re.compile(
    rf"{either(word_list('fiction'))}|电影(?![院城节])|游戏(?![厅室机])|大片(?<=国产大片|科幻大片|动作大片|战争大片|年度大片|贺岁大片|暑期大片|灾难大片)|大片(?:里|中|既视感|上映|感|似的|一样|的既视感)|取景(?!框)|一局(?<![铁建交水电]一局)(?!长)|结局(?=[^,。]{{0,6}}(?:好|太|虐|哭|意难平|反转|我))|看(?:了|完|过)?《|横扫(?![^。]{{0,10}}[镇乡村县市区省岛海岸])|《[^》]{{1,20}}》(?:里|中|那一幕|结局)"
)
_DRILL = re.compile(rf"{either(word_list('lessons'))}|模拟(?!考)|第\d+题")
_DURING = re.compile(
    r"(?:演练|演习|拍摄|拍戏|排练|录制)[^,。]{0,10}(?:意外|真的|不慎|突发|发生)|拍摄爆破|(?:演练|演习)(?:刚|才)?(?:结束|过后|刚过)|"
    r"(?:演练|演习)误传|不是演[练习]|并非演[练习]|剧组[^,。]{0,10}(?:意外|出事|受伤|死|坠)|演[练习]中(?:突发|出现)意外|(?:看台|舞台|球场|体育场|体育馆|赛道|赛场|现场|观众席|游客|观众)[^,。]{0,12}(?:坍?塌|垮|倒|踩踏|起火|坠|冲撞|失控)"
)
_REAL = re.compile(r"现实中|今天|昨天|昨晚|今早|昨日|今日|刚刚|官方|警方|我市|我县|本市|通报")
_YEARS = r"[几两二三四五六七八九十\d]{1,2}"
_STATISTICS = re.compile(
    rf"零发生|(?:唐山|汶川|玉树|海城|邢台)(?:大|特大)?地震|切尔诺贝利|泰坦尼克|福岛核|纪念日|公祭日|实现[^,。]{{0,16}}零(?:死亡|事故|伤亡)|立案处罚|排查(?:出|整改)?隐患\d|检查企业\d|同比|环比|每年|年均|平均每|据统计(?!.{{0,8}}已)|据不完全统计|近{_YEARS}年(?!来?最|来?罕|来?首)|"
    rf"过去(?:了|整整|已|近){{0,2}}{_YEARS}个?(?:年|周年)|已过(?:了|整整|近){{0,2}}{_YEARS}个?(?:年|周年)|时隔{_YEARS}年|"
    r"离开我们[^,。]{0,8}年|离开大家[^,。]{0,8}年|年头(?<=第.年头|.个年头)|追思|缅怀|烈士陵园|献花|束花|敬献|共发生|累计发生|统计数据|今年以来|"
    r"上半年|下半年|一季度|二季度|三季度|四季度|全年|历年|近年来(?!最|罕见|首)|比例|占比|"
    r"报告(?:法定|甲乙|甲类|乙类|丙类)|法定传染病|发病数|报告病例数|发病率|月(?<=\d月)份?(?:全[市县省国区]|我[市县省区])[^。]{0,8}(?:共|累计)?(?:报告|发生|接报)|从医[^,。]{0,3}年|抢救(?:过(?!来)|了(?:上千|数千|上万|无数|成百上千|数百|几百|上百))|救治(?:过(?!来)|了(?:上千|数千|上万|无数|成百上千|数百|几百|上百))|收治过|诊治过|接诊过|救助过|往往(?=要|会|需|是|都|得|因|在|由|用)|通常(?=要|会|需|是|都|得)|起(?<=\d起)(?:火灾|事故|案件|交通|溺水|安全)?[,、](?:造成|致|死)|火灾\d+起|事故\d+起|案件\d+起"
)
_RULE = re.compile(
    r"以上[^,。]{0,12}(?:死亡|重伤|亡人|伤亡)|条例[^。]{0,20}(?:以上|以下)|规定[^。]{0,20}(?:以上|以下)|办法[^。]{0,20}(?:以上|以下)|"
    r"标准[^。]{0,20}(?:以上|以下)|预案[^。]{0,20}(?:以上|以下)"
)
_RULE_CUE = re.compile(r"条例|规定|标准|是指|为(?:特别重大|重大|较大|一般)|分为|预案|对照|依据|办法")
_ASKS = re.compile(
    r"^(?:[^,。]{0,6},)?(?:请问|咨询|想问|问一下|想咨询|请教)[^。]{0,60}(?:多少|标准|怎么|如何|什么|哪|吗)"
)
_ANIMAL = re.compile(
    r"^[^,。]{0,3}(?:我家|我养|家里|邻居家?|自家|一[只条头匹]|那[只条头匹]|这[只条头匹]|养)的?[^,。]{0,5}(?:猫|狗|鸡|鸭|鹅|猪|羊|牛|马|兔|鸟|鱼|"
    r"仓鼠)"
)
_HUMAN = re.compile(r"[人名位员友孩娃]|骑|司机|乘客|村民|老汉|女子|男子|大妈|大爷|学生|我爸|我妈|老公|老婆|被咬")
_STAYS = re.compile(r"^(?:当时|那次|那场|那年|那起|彼时)")


def any_of(words: Sequence[str], text: str) -> str | None:
    """The first of ``words`` that stands in ``text``, or None."""
    return next((word for word in words if word in text), None)


@cache
def some_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of ``words``."""
    return re.compile(either(words))


def real_sentences(text: str, settings: Mapping[str, Any]) -> Iterable[str]:
    """Sentences that speak of this event: no fiction or drill (either goes on until a sentence that is real again)."""
    fiction = elsewhere = False
    others = some_of(tuple(settings["elsewhere"]))
    for match in SENTENCE.finditer(text):
        sentence = match.group().strip()
        unreal = (_FICTION.search(sentence) or _DRILL.search(sentence)) and not _DURING.search(sentence)
        fiction = bool(unreal) or (fiction and not _REAL.search(sentence))
        elsewhere = elsewhere and _STAYS.match(sentence) is not None
        if not (fiction or elsewhere or _general(sentence) or _of_animals(sentence)):
            yield sentence
        elsewhere = elsewhere or others.search(sentence) is not None


def _of_animals(sentence: str) -> bool:
    """Whether a sentence tells of an animal and of nobody else: 我家的猫从六楼坠落,居然没死."""
    return _ANIMAL.search(sentence) is not None and _HUMAN.search(sentence) is None


def _general(sentence: str) -> bool:
    """Whether a sentence gives statistics, states a rule or asks about one."""
    if _STATISTICS.search(sentence) or (_RULE.search(sentence) and _RULE_CUE.search(sentence)):
        return True
    return _ASKS.match(sentence) is not None and not RECENT.search(sentence)
