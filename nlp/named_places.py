"""What only bears a place's name: dishes, media, clubs, universities, roads, wars; and firms that sit in their place.

Told by structure (a way of cooking and what is cooked, a kind of paper, a kind of club), not by single names. A bank
or an insurer sits in the place that it is named by (郑州银行 is a firm of 郑州), yet has branches anywhere (江苏银行):
it tells the place of a matter only within the office's own region.
"""

from __future__ import annotations

import re

_COOKED = (
    "盘|扒|烤|烧|炸|熏|卤|酱|焖|炖|涮|爆|醋|糖醋|红烧|清蒸|手撕|手抓|口水|叫花|白切|白斩|盐水|盐焗|辣子|椒麻|地锅"
    "|黄焖|三杯|啤酒|酸菜|过桥|羊肉|牛肉|驴肉|臭"
)
_MEAT = (
    "鸡(?![蛋场舍苗肉])|鸭(?![场绒苗蛋])|鹅(?![场苗])|鱼(?![塘苗池种])|虾(?![塘苗])|肉|排骨|串|肠|蹄|丸|火烧|豆腐|鳜鱼"
)
_STAPLE = (
    "刀削|热干|担担|臊子|烩|拉|扯|板|油泼|炸酱|阳春|牛肉|羊肉|螺蛳|过桥|酸辣|肥肠|裤带|蘸水|糊汤|小|米|胡辣"
    "|羊肉泡|肉夹|抓|煲仔|盖浇|石头|鲜肉|蟹黄|小笼|灌汤|生煎"
)
_FOOD = (
    rf"大?(?:{_COOKED})(?:{_MEAT})"
    rf"|(?:{_STAPLE})(?:面(?![积临对前向]|粉厂)|粉(?![尘刷])|米线|汤|馍|饭|饼|包)"
    r"|火锅|小吃|特产|土特产|凉皮|米皮|豆皮|抓饭|馕|火腿(?!肠厂)|腊肉|月饼|粽子|锅盔|麻花|早茶|私房菜|本帮菜|料理"
    r"|菜(?![市场农地园鸟篮])|板鸭|啤酒|老窖|黄酒|陈醋|牛奶|龙井|毛尖|红茶|绿茶|普洱|白药|味"
)
_MEDIA = (
    r"(?:人民)?广播(?:电视)?(?:总?台|集团)|卫视|电视台|交通广播|日报|晚报|早报|晨报|商报|快报|时报|都市报|青年报"
    r"|都市频道|公共频道|出版社|电影(?![院城])"
)
_CLUB = (
    r"(?:[^\W\d_]{2})?(?:足球|篮球|排球)(?:俱乐部|队)|[男女][篮足排]|国安(?![局部厅办全])|申花|海港队|球迷"
    r"|队(?![长员伍友])"
)
_KIND = (
    "师范|医科|医学|医药|中医药|理工|科技|工业|工程|农业|财经|政法|交通|工商|民族|外国语|海洋|航空|航天|林业|邮电"
    "|建筑|电力|传媒|体育|音乐|美术|艺术|职业|技术"
)
_SCHOOL = rf"(?:{_KIND})*大学(?![路城生])|(?:{_KIND})+学院(?!路)"
_WAR = r"事变|战役|会战|起义|大屠杀|保卫战|公报|条约|宣言|共识"
_ROAD = r"[东西南北中一二三四五六七八九十]{0,2}(?:路|大街|街(?!道)|大道|巷|弄|胡同|立交|高架|大桥|隧道)"
_OTHER = r"大厦|大酒店|宾馆|饭店|饭庄|话(?![费务题])|方言|时间|牌(?!照)|汽车(?![站城厂]|客运|总站)|路店"
_NAMED = re.compile("|".join((_ROAD, _FOOD, _MEDIA, _CLUB, _SCHOOL, _WAR, _OTHER)))
_SEATED = re.compile(r"(?:农村商业|农商|商业|城市商业|村镇)?银行|农商行|证券|保险|人寿|财险|信托|基金")


def only_named(text: str, end: int) -> bool:
    """Whether what ends at ``end`` only gives its name to what follows: 新疆|大盘鸡, 江苏|卫视, 北京|路."""
    return _NAMED.match(text, end) is not None


def seated(text: str, end: int) -> bool:
    """Whether a bank or an insurer named by the place follows at ``end``."""
    return _SEATED.match(text, end) is not None
