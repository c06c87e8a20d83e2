"""A sentence about dead and injured as tokens: numbers of persons, what became of them, and words that change both.

The patterns are bounded, so the time is linear in the length of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.casualty_persons import lists_of
from nlp.dictionaries import either, word_list
from nlp.numbers import NUMBER, number

DEAD, HURT, BOTH, OTHER = "dead", "hurt", "both", "other"
OUTCOMES = (DEAD, HURT, BOTH, OTHER)

_NOT_COUNTED = (
    r"小时|月|半|多月|多小时|工作日|疗程|乡|镇|县|区|市(?!民)|村(?!民|干)|街道|省|国家|社区|家(?!人|长|属)|店(?![员主])|点|火点|部门|单位|班(?!长|组长)|问题|项目|"
    r"方面|路口|小区|车间|房间|包间|洞|坑|井|电话|视频|家庭|厂(?!长)|门(?!卫)|窗|箱|罐|桶|瓶|球|字|词|亿|百分|台阶|年头|星期|礼拜|季度|批次|病区|矿(?!工)|站"
)
_PERSONS = either(word_list("persons"))
_CLASS = (
    rf"(?:名|位|人(?!次|民|行|家|质|工(?!人))|例|口人|口(?![岸子袋井腔罩号径])|条(?:年轻的|鲜活的|活生生的|无辜的)?(?:人命|生命(?![线之力])|性命|命(?![令题案名]))|"
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
_AGENT = (
    rf"{NUMBER}多?(?:名|位|个|余名)?(?:{_PERSONS}|人|男|女)[^,。;:!?\d]{{0,10}}?"
    r"(?=持|用|拿|手|挥|抡|围|殴|打|砍|捅|刺|追|踹|踢|拖|拽|推|抢|劫|拦|绑|堵|按|掐|泼|撞|勒|杀|骗)"
)
"""被三个人持棍殴打: those who did it."""
_PART = (
    r"(?:胳膊|手臂|手腕|手指|手掌|(?<![扶把助对选歌水新老好凶杀帮])[双右左]?手|[大小双右左]?腿|膝盖|脚踝|脚趾|[双右左]?脚|腰|肋骨|锁骨|股骨|骨头|肩膀|头部|额头|脸|鼻梁|鼻子|眼睛|"
    r"牙|尾椎|尾骨|骨盆|盆骨|髋骨?|胯骨|胫骨|腓骨|桡骨|尺骨|眉骨|眼眶|颧骨|胸椎|后脑勺|脑袋|头上|下巴|嘴唇|耳朵|后背|手肘|胳膊肘|小臂|脊椎|颈椎|颅骨|胸口|胸部|腹部)"
)
_WOUND = (
    rf"(?<![太好真最])伤(?:得|着了?|到了?|了)(?![心感元自根本人])|{_PART}(?:也|都|就){{0,2}}[^,。\d快要累酸站坐走]{{0,4}}?(?:受伤|伤了|骨折|断[了掉]|折了|[绞轧夹砍]伤|"
    rf"[绞轧夹砸压砍]断|[被给让]砸|烫[了到]|砸[到中]|磕[破掉断]|[摔撞打崩碰][掉断破折]|崴了|扭了|肿了|错位|脱臼|骨裂|裂了|豁了|见了?血|[青紫]了|[磕撞碰摔砸起鼓]了?(?:个|一个)?大?包|破了|流血|缝了)|[摔砸压绞轧夹撞打炸断磕崴扭闪][断折掉了到裂]了?[^,。\d]{{0,4}}?{_PART}"
)
_BED = r"(?:医院|卫生院|icu|重症|病床|病房|手术室|抢救室)(?!工作|上班|陪|照|看|外|门|等|打杂|当)"
_TAKEN = (
    r"(?:送|拉|抬|转|赶|运|背)(?:去|到|往|进|至|了|入|上)?[^,。、;\d]{0,6}?(?:医院|卫生院|急诊|急救|icu|烧伤科|骨科|抢救室|手术室)"
    rf"|(?:[还都仍正现](?:在|躺在|住在)|躺在|躺进|住进|进了|送进)[^,。、;\d]{{0,5}}?{_BED}"
    rf"|[在留]院(?=\d{{1,3}}[人名例]|治疗|观察|救治|医治|[,。;!)]|$)|(?<!设)在[^,。、;\d]{{0,8}}?{_BED}[里内中]?[^,。、;\d]{{0,5}}?(?:治疗|救治|抢救|处理|观察)"
)
_NOT_SAVED = (
    r"[没未](?:能|有)?(?:再)?(?:被)?(?:救|抢救|挺|熬|撑|活|醒|缓)(?:活|醒|回|过|上|下|出)?(?:过|回|上|下)?来|"
    r"(?:没能?|未能)再?(?:走|逃|跑|爬|冲|撤)(?:出|下|上|回)(?:来|去|生天|火海|火场|大火|(?=[,。;!]|$))(?![^,。]{0,4}(?:阴影|悲|痛))|[没未]能逃生|没能再?活着[^,。]{0,6}(?:来|去|到)|没(?:等|到|能)[^,。]{0,8}?(?:走了|没了|咽气|断气)|(?:人|当场)(?:已经|当场|就|早就|都|也|眼看着){0,3}不行了"
)
_GONE = (
    r"(?<=[爸妈爷奶公婆夫妻儿女子叔伯哥姐弟妹嫂姨舅姑孙娃侄某伙汉童娘傅友生个])(?:都|也|就)?没了|(?<=人)(?:都|就|当场|全|就这样|也|已经|就已经|早就|早已|可能已经|说){0,2}没了|就这样没了|当场就?没了|当场人?就?走了|人(?:当场|就这么|就这样)就?走了|"
    r"(?<![而屡久都也拒管禁])不治(?=身亡|死亡|去世|离世|而|[,。;、]|$|的)|被害(?=[,。;]|$)|(?:没有?了?|失去了?|已无|停止了?)(?:任何)?(?:呼吸|心跳|气息|脉搏|生命体征|生命迹象|生命特征)|"
    r"(?<=[祸火灾震水故炸流])[,]?(?:夺走|夺去|带走)了|夺[走去]了?(?=[^,。]{0,8}(?:生命|性命|人命))|(?<=[爸妈爷奶公婆父母夫妻儿女子叔伯哥姐弟妹嫂姨舅姑孙])(?:都|全|也)走了(?=[,;!]|$)|(?<=又)走了(?=[\d一两二三]+[个名位])"
)
_LISTS = ("not_casualties", "pairs", "deaths", "injuries", "other_outcomes")
_BEGINS = "".join(sorted({word[0] for name in _LISTS for word in word_list(name)})) + (
    "(),0123456789:;、〇一七万三严之也乱二五今仟仨企伍会佰俩修倘假先八六共其准几刚初别前动包十千卫历原叁又变古另右合同含听周四回国均坊增声壹多太央好"
    "感觉仿好站坐走气哭累统系已复人乘司孩学师全双大俩如哪半威子官定实将少尚屡左差常年并应往很总我所手才扬抗拾指捌据提改政数新日旧早时昨暂更曾最留尾骨盆髋胯髌胫腓桡尺眉颧后脑下嘴耳小未本杜柒查欲此消澄牙玖现疯百真眼瞎第类经续编网群肆肋股肩背胡胳"
    "脊脚脸腰腿膝至若莫虚要警订证试误说请调谎谣谨贰辟运近这迟通造避那邻都防陆险随难零非颈频额风首鼻"
)
"""Every token begins with one of these: the rest is passed over quickly."""
_ANY = "|".join(
    (
        rf"(?P<skip>(?<=[被遭]){_AGENT}|(?<=喊来|叫来|找来|纠集|伙同){NUMBER}(?:名|位|个)?(?:{_PERSONS}|人)|(?:感觉|觉得|感到|仿佛|好像)[^,。;:!?\d]{{0,5}}(?:[断碎死废没折]了|散架)(?!气)|[站坐走气哭累]伤|[摔淹砸撞压电烧毒闷炸轧碾]死过(?!去)|{either(word_list('not_casualties'))}|(?:第{NUMBER}|最后一)(?:名|位|具|个|例|人)(?:遗体|遇难者)?)",
        r"(?P<none>(?:暂无|尚无|均无|并无|无(?!一生还|一幸免|生命|法|证|效)|(?<!有)没有?(?!能|救|跑|逃|抢|了)|未(?!成年|来|婚|必)|零|(?<!\d)0)"
        r"(?:再|出现|造成|发生|导致|接到|收到|发现|接报|伤及|有|危重|重症|重伤(?=[和或及、])|轻伤(?=[和或及、])|和|或|及|、|旅客|游客|观众|工人|司机|孩子|老人|路人|行人|同学|矿工|船员|机组|因此|人因|任何人|其余|地面|车上|现场|人员|其他|其它|重大|任何|一人|一个|一例|一|个|名|人|群众|村民|居民|乘客|学生|师生|员工|新增|因灾|明显){0,5}"
        r"(?P<of>伤亡|死伤|死亡|遇难|身亡|丧生|丧命|罹难|遇险身亡|殒命|受伤(?!害)|负伤|轻伤|重伤|伤人|伤及人员|伤及群众|伤及路人|伤及他人|伤着|伤到|砸着|砸到|砸伤|烧着|烧伤|烫伤|中毒|死(?=[,。没无]|$)|伤(?=[,。\"”]|$)|"
        r"死人|出人命|闹出人命)(?P<too>(?:和|及|或|与|、|以及)(?:人员)?(?:受伤|死亡))?人?)",
        r"(?P<no_one>(?:(?:没有?)?一|半)[个名位](?:人|员工|同学|孩子|学生|乘客|工人)?(?:受伤|伤着|伤到|死伤|伤亡|伤|出事|挂彩|受轻伤)的?(?:人|同学|员工)?(?:也|都)?(?:没有?|无)"
        r"|(?:没有|未造成|未导致|未发生|未引发|未出现|暂无|尚无|并无)[^,。;:!?()\d死伤亡造致发]{1,12}?(?=伤亡|死伤)(?:伤亡|死伤)"
        r"|(?P<safe>(?<![有别])(?:人|人员|乘客|司机|孩子|学生|师生|全家|双方|大家|大伙|两人|俩人)(?:都|均|也|全|倒|倒是){0,2}(?:没(?:出)?事|没有事|平安无事|安然无恙|毫发[无未][伤损])(?![故情业先儿实])))",
        rf"(?P<quant>{_QUANT})",
        rf"(?P<pair>(?:{either(word_list('pairs'))})(?:(?:俩|双双)(?!人)|(?!的[妈爸爷奶父母儿女孩婆公亲朋邻]|{NUMBER}?(?:人|名|口|个|死))))",
        r"(?P<three>仨)|(?P<two>俩)",
        r"(?P<many>(?:多|数|若干|好几|很多|好多|不少|大量|大批|几)(?:名|人|位|个人|个)|有人)",
        r"(?P<both>伤亡|死伤)",
        rf"(?P<dead>全都没了|(?<=[,、])都没了|(?<=[毒人口场难])(?:就|都|全){{1,2}}没了(?=[,;]|$)|夺命(?=[\d一两二三四五六七八九十]{{1,3}}[人条])|"
        rf"(?:{either(word_list('deaths'))})(?!(?<=死)伤(?:[\d数几十百]|了))|{_GONE}|{_NOT_SAVED}|{_DIE}|"
        rf"(?<=[\d人一二两三四五六七八九十])亡(?=[\d一二三四五六七八九两十,、。)]|$))",
        rf"(?P<hurt>(?<![a-z])(?:{either(word_list('injuries'))})(?!员|者)|伤员|伤者|{_WOUND}|{_TAKEN}|{_HARM})",
        rf"(?P<other>{either(word_list('other_outcomes'))})",
        r"(?P<part>其中|包括|含(?=[\d一二两三四五六七八九十])|(?<=[人名位者员生工客])中(?=(?:已经?|仍|仅仅?|只|另|目前){0,2}有?[\d一二两三四五六七八九十]{1,3}[人名位])|(?:伤势|伤情|年龄|年纪)?最(?:为)?(?:严重|重|小|大|年长|年轻|年幼)的?)",
        r"(?P<total>共计|总计|合计|累计|总数|一共|总共|共有|共造成|共致|已致|至此|共(?!同|享|和|产))",
        r"(?P<more>另有|又有|再有|还有|新增|又(?=发现|找到|一))",
        r"(?P<update>升至|升到|上升[到至为]|升为|增至|增为|增加[到至为]|上调[为至到]?|下调[为至到]?|核减[为至到]?|调整[为至到]|订正为?|修订为|改为|变为|更新[为成]|已(?:更新|更正|修正|订正)|变成|修正为|更正为?|实为|核实为?|核对|复核|实际|确认|最新|截至|截止|续报|最终|定格|现已?(?=[有造升增共致死为])|(?:现在|目前|如今)(?:已经?)?是)",
        r"(?P<old>此前|先前|早前|原通报|前次通报|上次通报|首报|原数字|早些时候|最初|起初|初报|原报|原先|先是|初步通报|首次通报|昨日通报|昨天通报|上午通报|一度|本来说|原来说|刚开始说|之前说|开始说)",
        r"(?P<rumour>网传|网帖|网曝|爆料|流传|热传|风传|自媒体|别再传|不要再传|别信|莫信|请勿|有帖子|有视频|谎称|谣传|误传|传言|据传|疯传|都在传|有传|网友[^,。0-9]{0,4}(?:称|说|爆料|表示)|有人(?:在[^,。]{0,6})?(?:说|称|传)|听说|群里(?:有人)?[说传称]|坊间|所谓|网上说|网上传|网上都说)",
        r"(?P<official>官方|通报|警方|公安|应急管理|政府|央视|新华社|消防部门|消防救援|卫健|发布会|指挥部|核查|经查|证实|回应|真相|说明|澄清|声明|公告|医院|查明|确切|准确|实际上|其实|真实情况)",
        r"(?P<hypo>哪[一]?天|(?:真|都|就|很|最|太|生|害)怕|怕(?=[^,。]{0,8}(?:死|伤|出事|塌|倒|炸))|提防|谨防|当心|警惕|如果|假如|假使|倘若|要是|万一|一旦|难道|非得|别等|等到|别让|不要等|非等|不能等|会不会|非要|迟早|早晚|差点|险些|差一点|避免|防止|以防|严防|杜绝|"
        r"不排除|扬言|威胁|就要|真要|如(?=发生|遇|出现|造成)|恨不得|欲|企图|试图|未遂|经常|时常|常常|时有|容易|频繁|频发|随时|屡屡|(?<!一)动不动|才(?:会|肯|能)(?:管|重视))",
        r"(?P<past>去年|前年|前几年|前两年|早几年|早些年|那些年|那几年|往年|历年|历史上|曾经?|当年|上次|那次|那年|\d{1,2}年前|[一二两三四五六七八九十几多]年前(?:的今天|今天)?|周年|年代|历次|旧社会|抗战|二战|古代|"
        r"类似事故|同类事故|邻县|邻市|邻省|隔壁[县市省]|外省|外地|兄弟县|别的[地县市]|别处|别人家|外县|外市|国外)",
        r"(?P<now>今天|今日|今早|今晨|今晚|昨天|昨日|昨晚|昨夜|前天|刚才|刚刚|这一次|这次|此次|本次|本起|目前|今年|近日|日前|我[县市区镇村])",
        r"(?P<deny>不实|谣言|辟谣|造谣|不属实|假消息|虚假|子虚乌有|无中生有|并非事实|非事实|有误|系误报|误报|不准确|重复统计|统计重复|重复计|瞎编|瞎传|胡说|乱传|编造)",
        r"(?P<open>\()|(?P<close>\))|(?P<stop>[,;:、])",
    )
)
_TOKEN = re.compile(rf"(?=[{re.escape(_BEGINS)}])(?:{_ANY})")
_PLACE = re.compile("邻县|邻市|邻省|隔壁[县市省]|外省|外地|兄弟县|别的[地县市]|外县|外市")
_DATED = re.compile(r"(?:\d{1,2}月)?\d{1,2}日[^,。]{0,8},")
"""A report that begins with its day is of what happened there, not of what is only mentioned."""
_DOZENS = re.compile(r"[数几][十百千]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_ILL = re.compile(r"医院|卫生院|急诊|icu|重症|病床|病房|监护|手术|科$")
_DEGREES = frozenset(("重伤", "轻伤", "轻微伤", "危重", "病危", "重症", "伤势严重", "伤势较重", "伤情较重"))
_LIGHT = re.compile(
    "轻伤|轻微|轻度|擦伤|擦破|蹭破|蹭伤|刮破|皮外伤|皮肉伤|破了?点?皮|磕碰|扭到|崴|瘀青|淤青|红肿|划伤|刮伤|擦"
)
_ILLNESS = frozenset(word_list("illness"))
_WEAK = _ILLNESS | frozenset(word_list("weak_outcomes"))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the sentence at ``start``…``end``. ``value``: of a number (None: many, not said how many).

    ``least``: of 数十 and the like, which give no number, how many they surely are. ``listed``: the sum of a list of
    persons. ``inside``: in brackets. ``degree``: 重伤, 轻伤 and the like. ``weak``: a word of illness too (住院, 去世).
    """

    kind: str
    word: str
    start: int
    end: int
    value: int | None = None
    inside: bool = False
    least: int = 0
    listed: bool = False

    @property
    def degree(self) -> bool:
        """Whether the word tells how badly."""
        return self.word in _DEGREES

    @property
    def light(self) -> bool:
        """Whether the word tells of a wound that is surely a light one."""
        return self.kind == HURT and _LIGHT.search(self.word) is not None

    @property
    def ill(self) -> bool:
        """Whether the word is one of illness even where the sentence tells of an accident."""
        return self.word in _ILLNESS

    @property
    def weak(self) -> bool:
        """Whether the word alone does not speak of an accident."""
        return self.word in _WEAK or (len(self.word) > 1 and _ILL.search(self.word) is not None)


def tokens(sentence: str, year: int | None = None) -> list[Token]:
    """Tokens in order. ``year``: of publication; another year in the sentence is a ``past`` token."""
    found = [*plain_tokens(sentence), *_years(sentence, year)]
    if _DATED.match(sentence):
        found = [token for token in found if not (token.kind == "past" and _PLACE.fullmatch(token.word))]
    if any(token.kind in (DEAD, HURT) for token in found):
        lists = [
            Token("quant", sentence[one.start : one.end], one.start, one.end, one.count, listed=True)
            for one in lists_of(sentence)
        ]
        found = [t for t in found if not any(one.start <= t.start < one.end for one in lists)] + lists
    found.sort(key=lambda token: token.start)
    return found


def _years(sentence: str, year: int | None) -> Iterator[Token]:
    for match in _YEAR.finditer(sentence):
        if year is not None:
            kind = "now" if int(match[1]) == year else "past"
            yield Token(kind, match.group(), match.start(), match.end())


def plain_tokens(sentence: str, *, quick: bool = True) -> Iterator[Token]:
    """Tokens without lists of persons and years. ``quick``: looked for only where one can begin; the same tokens."""
    inside = False
    for match in (_TOKEN if quick else re.compile(_ANY)).finditer(sentence):
        kind = match.lastgroup or ""
        if kind in ("open", "close"):
            inside = kind == "open"
            continue
        value: int | None = None
        least = 0
        if kind == "quant":
            value = _quantity(match)
            if value is None:
                continue
            if _DOZENS.search(match.group()):
                least, value = value, None
        elif kind in ("pair", "two", "three"):
            kind, value = "quant", 3 if kind == "three" else 2
        elif kind == "no_one":
            yield Token("none", "没事" if match["safe"] else "伤亡", match.start(), match.end(), None, inside)
            continue
        elif kind == "many":
            kind = "quant"
        word = match["of"] + (match["too"] or "") if kind == "none" else match.group()
        yield Token(kind, word, match.start(), match.end(), value, inside, least)


def _quantity(match: re.Match[str]) -> int | None:
    if match["men"]:
        parts = [number(match["men"]), number(match["women"])]
        return int(sum(part for part in parts if part is not None))
    value = number(match["low"] or match["bare"] or match["n"])
    if value is None:
        return None
    return int(value) - 1 if match["less"] else int(value)
