"""An invented city for the simulated month: what its people write, hour by hour, the same for the same seed.

Letters that want an answer, the same told by others, thanks, posts of the net about other places, and emergencies.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.domain.times import SHANGHAI, show_time

BEGIN = datetime(2026, 2, 1, tzinfo=SHANGHAI)
DAYS = 33
"""From 1 February to 5 March 2026: the spring festival with a make-up Saturday on either side."""
COLLECTED_EVERY = 10
"""Minutes between two collections."""
DISTRICTS = ("中原区", "二七区", "管城区", "金水区", "惠济区", "上街区", "郑东新区", "中牟县", "巩义市", "荥阳市")
ROADS = ("建设", "文化", "花园", "农业", "东风", "嵩山", "桐柏", "航海", "陇海", "政通", "丰产", "黄河", "南阳", "瑞达")
ESTATES = (
    "锦绣",
    "阳光",
    "翠苑",
    "清华",
    "康桥",
    "盛世",
    "滨河",
    "御景",
    "和谐",
    "福华",
    "绿都",
    "正商",
    "名门",
    "升龙",
)
MATTERS = (
    ("路灯不亮", "晚上回家一片漆黑，老人摔过一次，物业说归市政，市政说归物业"),
    ("暖气不热", "室内只有十三度，打了供热公司电话也没有人上门检查"),
    ("拖欠工资", "干了三个月活，工程款说没下来，工人等着钱回家过年"),
    ("污水外溢", "井盖往外冒脏水，味道很大，走路都要绕开"),
    ("违章停车", "消防通道天天停满车，救护车都进不来"),
    ("施工噪音", "夜里两点还在打桩，孩子睡不好觉"),
    ("学区划分", "房子离学校只有五百米，却被划到三公里外"),
    ("医保报销", "材料交了两个月没有结果，窗口让回去等通知"),
    ("公交线路", "末班车太早，下夜班的人回不了家"),
    ("不动产证", "房子住了六年，开发商一直没有办证"),
    ("油烟扰民", "楼下烧烤店没有装烟道，油烟直接进家里"),
    ("停水", "已经停水两天，没有任何通知，家里有婴儿"),
    ("垃圾清运", "垃圾堆了一个星期没有人拉，苍蝇成群"),
    ("退费难", "健身房关门跑路，预付卡的钱一直不退"),
    ("红绿灯故障", "路口信号灯坏了，早高峰乱成一团"),
    ("占道经营", "人行道被小摊占满，行人只能走机动车道"),
)
NAMES = "万和泰安福瑞祥明德兴隆永昌嘉盈金鑫恒通顺达宏远华美佳康乐家园春晖晨曦朝阳东升南湖西苑北辰中天龙凤云海天成"
NEARBY = ("超市", "饭店", "药房", "大厦", "幼儿园", "理发店", "菜市场", "公交站", "银行", "茶馆", "修车铺", "小学")
THANKS = "感谢{district}工作人员，前几天反映的{matter}问题已经解决，态度很好，特此感谢。第{n}号"
ELSEWHERE = (
    "沈阳市今天下雪了，街上很美",
    "成都市的火锅真好吃",
    "广州市的花市开了",
    "哈尔滨市的冰灯很漂亮",
    "西安市城墙人真多",
)
DISASTERS = (
    "{district}{road}路一工厂仓库起火，已造成{n}人死亡，消防正在扑救",
    "{district}{road}路发生车祸，{n}人死亡，多人受伤，道路中断",
    "{district}{estate}小区楼房坍塌，{n}人死亡，救援正在进行",
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A post line and the minute (since the month's begin) at which it is collected."""

    minute: int
    line: bytes


def arrivals(posts: int, cases: int, seed: int, days: int = DAYS) -> list[Arrival]:
    """``posts`` posts in the order in which they are collected; about ``cases`` of them make a case of their own."""
    chance = random.Random(seed)
    made = [_arrival(values, number, chance, days) for number, values in enumerate(_texts(posts, cases, chance))]
    return sorted(made, key=lambda one: (one.minute, one.line))


def _texts(posts: int, cases: int, chance: random.Random) -> Iterator[tuple[str, str, str, str]]:
    """(kind, source, title, text) of each."""
    burst = min(200, posts // 50)
    emergencies = max(2, cases // 60)
    repeats = cases // 4
    for number in range(cases - emergencies):
        yield _letter(number, chance)
    for _ in range(emergencies):
        yield _disaster(chance)
    for number in range(repeats):
        yield _letter(chance.randrange(max(1, cases - emergencies)), random.Random(number))
    for number in range(burst):
        yield _burst(number)
    for number in range(posts - cases - repeats - burst):
        yield _beside(number, chance)


def _letter(number: int, chance: random.Random) -> tuple[str, str, str, str]:
    """Letter ``number``: its place and matter follow from the number, so that another can write of the same."""
    district, road = DISTRICTS[number % 10], ROADS[number // 10 % 14]
    estate, (matter, words) = ESTATES[number // 7 % 14], MATTERS[number % 16]
    if number % 90 == 44:
        return (
            "message",
            "people_board",
            "实名举报",
            f"举报{district}城管局局长收受{estate}公司贿赂，为违建开绿灯，附有转账记录。",
        )
    # Every other one names no district, so that the matter decides who gets it.
    where = f"{district if number % 2 else '郑州市'}{road}路{number % 397 + 1}号{estate}花园{number % 89 + 1}号楼"
    own = random.Random(number)
    beside = "、".join(f"{''.join(own.sample(NAMES, 3))}{shop}" for shop in own.sample(NEARBY, 5))
    said = chance.choice(("希望尽快处理", "请有关部门核实", "恳请领导过问", "到底归谁管"))
    kind, source = chance.choice(
        (("message", "people_board"), ("message", "people_board"), ("hotline", "hotline_12345"))
    )
    return kind, source, f"{where}{matter}", f"{where}{matter}：{words}。附近有{beside}，{said}。"


def _disaster(chance: random.Random) -> tuple[str, str, str, str]:
    place = {"district": chance.choice(DISTRICTS), "road": chance.choice(ROADS), "estate": chance.choice(ESTATES)}
    deaths = chance.choice((1, 2, 3, 4, 5, 11, 12, 31))
    text = "郑州市" + chance.choice(DISASTERS).format(n=deaths, **place) + f"。记者{chance.randrange(99999)}现场报道。"
    return "weibo", "weibo", "", text


def _burst(number: int) -> tuple[str, str, str, str]:
    text = f"金水区花园路与农业路交叉口水管爆裂，水漫到店里，{number % 60 + 1}号店铺也进水了，请抢修"
    return "message", "people_board", "花园路水管爆裂", text


def _beside(number: int, chance: random.Random) -> tuple[str, str, str, str]:
    """What makes no case: thanks, and posts about other cities."""
    if number % 12 == 0:
        thanks = THANKS.format(district=chance.choice(DISTRICTS), matter=chance.choice(MATTERS)[0], n=number)
        return "message", "people_board", "感谢信", thanks
    return "weibo", "weibo", "", f"{chance.choice(ELSEWHERE)}，打卡第{number}天 {chance.randrange(10**6)}"


def _arrival(values: tuple[str, str, str, str], number: int, chance: random.Random, days: int) -> Arrival:
    kind, source, title, text = values
    # More by day than by night, as people write.
    hour = min(23, max(0, round(chance.gauss(14, 5))))
    minute = chance.randrange(days) * 1440 + hour * 60 + chance.randrange(60)
    collected = BEGIN + timedelta(minutes=minute)
    post = {
        "source": source,
        "native_id": f"m{number}",
        "kind": kind,
        "title": title or None,
        "text": text,
        "published_at": show_time(collected - timedelta(minutes=chance.randrange(1, 240))),
        "collected_at": show_time(collected),
    }
    return Arrival(minute, json.dumps(post, ensure_ascii=False).encode())
