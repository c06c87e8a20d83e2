"""Patterns for what is written in words: addresses below the street, names in letters, a child's school and class."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_N = r"[\d一二三四五六七八九十百零〇甲乙丙丁A-Za-z]"
_BUILDING = r"(?:号楼|号院|栋|幢|座|#楼|#|号)"
_INSIDE = (
    rf"(?:[,、 ]?(?:{_N}{{1,6}}(?:-{_N}{{1,5}}){{0,3}}(?:号楼|号院|单元|栋|幢|座|层|楼|室|户|门|房|号|#)|"
    r"(?:[东西南北中]{1,2}(?:户|门|单元)|\d{3,4}(?!\d|[元年人名万块平米%]))))"
)
_NAME = r"[㐀-䶿一-鿿]{1,10}"
_ROAD = re.compile(
    rf"(?:路|大街|街|大道|巷|弄|胡同|里)(?:[东西南北中]段)?{_N}{{1,6}}(?:-\d{{1,4}})?号(?!线|楼线|台风|文)"
)
_ESTATE = re.compile(
    rf"(?:小区|花园|花苑|家园|公寓|嘉园|佳苑|雅苑|苑|城|府|公馆|华庭|庭|湾|郡|新村|庄园|大厦|广场|里|家属院|宿舍|名邸|国际|期|区|园|居|墅|家属楼|大院)"
    rf"[,、 ]?(?:{_N}{{1,4}}(?:号楼|栋|幢|座|#楼|#|单元)|\d{{1,3}}-\d{{1,3}}-\d{{2,4}}|\d{{3,4}}室)"
)
_VILLAGE = re.compile(
    rf"(?:村|庄|屯|寨|社区|大队)[,、 ]?(?:第)?{_N}{{1,4}}(?:组|队|社|村民小组|小组)(?:{_N}{{1,5}}号)?|村{_N}{{1,5}}号(?!线)"
)
_MORE = re.compile(_INSIDE)
_BREAK = re.compile(
    r"[^㐀-䶿一-鿿\w]|省|市(?!场)|区(?=[㐀-鿿]{2})|县|镇(?!东|西|南|北)|乡|街道(?:办事处)?|家住|住在|住址|住|位于|地址|坐落|搬到|来到|送到|寄到|回到|在|到|于|是|的|为|从|往|至|路过|我们|我家|我|本人|现|和|与|及|因|被|由"
)
_BACK = 14
_TAKE_NAME = re.compile(r"[㐀-䶿一-鿿A-Za-z0-9]+$")

_CLASS = re.compile(
    r"(?:(?:[一二三四五六七八九1-9]年级|[初高][一二三123]|[小中大]班(?=[\d一二三四五六七八九十(])|[一二三四五六]年)[ ]?[((]?[\d一二三四五六七八九十]{0,3}[))]?[ ]?班|"
    r"[一二三四五六七八九1-9]年级(?=[的学就上读,。、 ]|$)|(?<![\d一二三四五六七八九十年月日])[((][\d一二三四五六七八九十]{1,3}[))]班|[一二三四五六七八九1-9][((][\d一二三四五六七八九十]{1,2}[))]班|[小中大][一二三四五六七八九1-9]班)"
)
_SCHOOL = re.compile(
    r"(?:小学|中学|幼儿园|学校|附小|附中|实验学校|高中|初中|一中|二中|三中|四中|五中|[一二三四五六七八九十]{1,3}小|外国语)[的 ,就读上念]{0,3}$"
)
_SCHOOL_BACK = 18

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段漕钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
)
_COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|南宫"
_NOT_GIVEN = (
    "的是在有和与因住系来自男女今年已被将向于从到我你他她们就也都还不没电手身联号地址为了等说要想去过及某先生女士同志师傅老父母妻子儿孩爸妈户家人等其又并且但而所把给让对跟同现于之本该此这那哪呢吗吧啊,。、;::!?()〔〕"
    "业主村居民社县市省区镇乡路街小岁月日年原曾受工"
)
_GIVEN = rf"[㐀-䶿一-鿿]"
_PERSON = rf"(?P<n>(?:{_COMPOUND}|[{_SURNAMES}])(?![{_NOT_GIVEN}]){_GIVEN}(?:(?![{_NOT_GIVEN}]){_GIVEN})?)"
_CUE = (
    r"(?:我叫|我名叫|名叫|名字叫|本人叫|姓名[::]? ?|联系人[::]? ?|投诉人[::]? ?|举报人[::]? ?|申请人[::]? ?|反映人[::]? ?|信访人[::]? ?|来信人[::]? ?|求助人[::]? ?|留言人[::]? ?|当事人[::]? ?|"
    r"患者[::]? ?|死者[::]? ?|伤者[::]? ?|户主[::]? ?|房主[::]? ?|业主[::]? ?|车主[::]? ?|受害人[::]? ?|被害人[::]? ?|原告[::]? ?|被告[::]? ?|署名[::]? ?|落款[::]? ?|此致[,。 ]{0,2}敬礼[!!。 \n]{0,3}|"
    r"我(?:的)?(?:丈夫|妻子|老公|老婆|父亲|母亲|爸爸|妈妈|儿子|女儿|孩子|爷爷|奶奶|弟弟|哥哥|姐姐|妹妹|岳父|岳母|外公|外婆)[叫是]?|(?:其|之)(?:夫|妻|子|女|父|母)|"
    r"(?:儿子|女儿|孩子|小孩|学生|村民|居民|市民|职工|员工|老人|同学)(?:名叫|叫|[::])?)"
)
_CUED = re.compile(_CUE + _PERSON)
_SELF = re.compile(
    rf"(?:本人|我是|我系)[::,]? ?{_PERSON}(?=[,。,、;;\s((]|男|女|身份证|电话|手机|今年|现年|系|是|家住|住|$)"
)
_SEXED = re.compile(rf"(?<![㐀-鿿]){_PERSON}(?=[,、( (]{{1,2}}(?:男|女)[,,、。;;))\s])")
_TITLED = re.compile(
    rf"(?<![㐀-䶿一-鿿]){_PERSON}(?=先生|女士|小姐|同志|师傅|老师|医生|大夫|阿姨|大爷|大妈)|(?:向|找|给|与|和|联系|叫做?|为){_PERSON.replace('?P<n>', '?P<m>')}(?=先生|女士|小姐|师傅)"
)
_SIGNED = re.compile(
    rf"(?:^|\n)\s*(?:投诉人|举报人|申请人|反映人|联系人|署名)?[::]?\s?{_PERSON}\s*(?=\n|$|\d{{4}}[年.-]|1[3-9]\d{{9}})"
)
_WORDS = frozenset(
    "高兴 高度 高速 高层 高中 方便 方面 方式 方案 方法 时间 时候 安全 安置 安排 安装 全部 全家 全体 成立 成为 成都 强烈 强制 强行 原来 原因 原本 明确 明显 明天 和谐 和平 连续 连接 连夜 关于 关系 关心 关注 管理 管道 "
    "解决 解释 包括 包庇 简直 简单 何时 何况 向上 常年 常常 单位 单元 任何 任务 应该 应当 应急 保护 保证 保障 文明 文化 文件 金额 金融 计划 计算 项目 施工 车辆 车位 路上 路边 路面 路灯 石头 水电 万元 万一 华为 房屋 房产 房子 位置 武汉 "
    "边上 边缘 费用 左右 平时 平台 余下 余额 于是 段时间 从来 权利 白天 白色 童年 党员 党委 党支部 商家 商户 商业 商品 经常 经理 经营 马上 马路 田地 田间 林地 林业 江边 江西 河南 山东 海南 陕西 云南 广东 燕郊 温州 杭州 郑州 洛阳 苏州 邢台 莫名 卫生 卫健 盖章 盖房 盖楼 景区 景观 景色 "
    "程序 程度 谷物 都市 都是 花园 花钱 花费 党政 桂林 舒适 舒服 沙子 沙尘 古城 古镇 习惯 宁愿 宁可 符合 伏天 查处 查询 查看 祝愿 祝福 谢谢 席位 明年 明明 银行 冷库 冷气 古树 左转 米线 纪委 纪律 纪念 冀望 盛大 童装 边界 井盖 白酒 许可 许多 许久 段路 计生 迟迟 迟到 易燃 易拉 毕业 毕竟 牛奶 景点 游客 游玩 游泳 师范 保安 保洁 保险 保姆 保存 时常 时刻 向政 申请 申报 申诉 房东 温泉 司机 乐观 官方 官员 官网 强拆 屈服 荆州 都不 都有 都在 连同 连云 全国 全市 全省 全县 全村 全区".split()
)


def _start_of_name(text: str, at: int) -> int:
    """Where the name of a road or estate that ends at ``at`` begins: after the nearest break before it."""
    low = max(0, at - _BACK)
    start = low
    for match in _BREAK.finditer(text, low, at):
        if match.end() < at:
            start = match.end()
    return start


def find_addresses(text: str) -> Iterator[Span]:
    """What stands below street or township: road and number, estate and building, village and group."""
    reach = 0
    found = sorted(
        (match.start(), match.end()) for pattern in (_ROAD, _ESTATE, _VILLAGE) for match in pattern.finditer(text)
    )
    for begin, end in found:
        if begin < reach:
            continue
        start = max(_start_of_name(text, begin), reach)
        while more := _MORE.match(text, end):
            end = more.end()
        if following := _next_part(text, end):
            end = following
        reach = end
        yield start, end


def _next_part(text: str, end: int) -> int | None:
    """An estate that follows a road and number without a break (经三路8号示例小区3号楼): its end, else None."""
    window = text[end : end + 16]
    match = _ESTATE.search(window)
    if match is None or re.search(r"[^㐀-䶿一-鿿A-Za-z0-9]", window[: match.start()]):
        return None
    last = end + match.end()
    while more := _MORE.match(text, last):
        last = more.end()
    return last


def find_school_classes(text: str) -> Iterator[Span]:
    """School and class of a child: the class with the school's name where that stands right before it."""
    for match in _CLASS.finditer(text):
        low = max(0, match.start() - _SCHOOL_BACK)
        school = _SCHOOL.search(text, low, match.start())
        start = match.start()
        if school:
            start = low
            for stop in re.finditer(r"[^㐀-䶿一-鿿]|[在是于读上的到从省市县区镇乡]", text[low : school.start()]):
                start = low + stop.end()
        elif not re.search(r"年级|[初高][一二三]|\(|(|[小中大][一二三四五六七八九]班", match.group()):
            continue
        yield start, match.end()


def find_names(text: str) -> Iterator[Span]:
    """Names where letters give them: after a cue, before 先生 and the like, with the sex, as a signature."""
    for pattern in (_CUED, _SELF, _SEXED, _TITLED, _SIGNED):
        for match in pattern.finditer(text):
            group = "n" if match["n"] else "m"
            start, end = match.span(group)
            name = text[start:end]
            if name[:2] in _WORDS or name in _WORDS or "某" in name:
                continue
            yield start, end
