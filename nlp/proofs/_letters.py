"""Letters made for the proof of masking: sentences of ``letters.txt`` and ``decoys.txt`` with values filled in.

The values are written as people write them: full width, Chinese numerals, blanks, dashes, zero-width characters,
bracketed area codes, circled digits. Nothing here is taken from the patterns of the masker; every person, number and
place is made up by the dice of one seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nlp.dictionaries import word_list
from nlp.proofs._numbers import NUMBERS

Span = tuple[str, int, int]
_FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{([a-z_]+)(\*?)\}")
_DECOYS = 0.4
_WIDE = 0.75
_WIDE_MARKS = {ord(mark): chr(ord(mark) + 0xFEE0) for mark in ",:()!?;"}

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚"
    "卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_DOUBLE = ("欧阳", "上官", "司马", "诸葛")
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰辉玲华建国志海燕春梅红玉文斌婷宇浩轩子涵欣怡雨泽晨曦佳琪梦瑶思"
    "俊凯鹏飞振东晓光永福德贵金凤素珍淑琴凤霞月娥富贵长林树森"
)
_RARE_GIVEN = "昱翊澄绮骞钰祎隽湘沁筱谨敬喆弋璟珂芮朔麒蓓桐棠畅攀壮欢雁秋冰夏巍奕羽"
"""Characters of given names that are less usual."""
_OLD = {ord(group[0]): group[1] for group in word_list("traditional") if len(group) > 1}
_TRADITIONAL = 0.06
_AREAS = (
    "金水区",
    "中原区大学路街道",
    "西湖区",
    "余杭区仓前街道",
    "涧西区",
    "新密市",
    "滨江区",
    "示例县城关镇",
    "东城区",
)
_ROADS = (
    "建设",
    "人民",
    "花园",
    "文化",
    "解放",
    "中山",
    "长江",
    "黄河",
    "东风",
    "经三",
    "科学",
    "大学",
    "和谐",
    "幸福",
    "南环",
    "北京",
    "迎宾",
    "兴业",
)
_ROAD_KINDS = ("路", "街", "大道", "东路", "西路", "南街", "巷", "北路")
_ESTATES = (
    "幸福里小区",
    "锦绣花园",
    "阳光家园",
    "碧水湾",
    "金色港湾",
    "绿城百合公寓",
    "翡翠城",
    "和谐家园",
    "丽景华庭",
    "东方名苑",
    "教师新村",
    "纺织厂家属院",
    "御景豪庭",
    "书香门第小区",
    "清水苑",
    "万和城",
    "桃源居",
    "世纪新城",
)
_VILLAGES = ("李家庄村", "前进村", "东岗村", "柳树屯", "上王村", "新桥村", "石门寨", "杏花村", "大刘庄")
_SCHOOLS = (
    "实验小学",
    "第三中学",
    "育才学校",
    "阳光幼儿园",
    "外国语小学",
    "市二中",
    "北街小学",
    "明德中学",
    "蓝天幼儿园",
)
_HAN = "零一二三四五六七八九十"
_NICKS = (
    "平安是福",
    "小雨点点",
    "郑州老王头",
    "happy_dog",
    "风吹麦浪2018",
    "xiao_mi",
    "不吃香菜",
    "西瓜太郎666",
    "热心市民甲",
)
_MAILS = ("163.com", "qq.com", "126.com", "sina.cn", "gmail.com", "mail.example.com.cn", "foxmail.com")


@dataclass(frozen=True, slots=True)
class Letter:
    """``spans``: (kind, start, end) of the personal data in ``text``."""

    text: str
    spans: tuple[Span, ...]


def letters(seed: int, number: int) -> list[Letter]:
    """``number`` letters, the same for the same seed."""
    dice = random.Random(seed)
    good, decoys = (_lines(name) for name in ("letters.txt", "decoys.txt"))
    return [_letter(dice, good, decoys) for _ in range(number)]


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _letter(dice: random.Random, good: list[str], decoys: list[str]) -> Letter:
    text, spans = "", []
    marks = _WIDE_MARKS if dice.random() < _WIDE else {}
    for _ in range(dice.randint(2, 6)):
        template = dice.choice(decoys if dice.random() < _DECOYS else good)
        last = 0
        for slot in _SLOT.finditer(template):
            text += template[last : slot.start()].translate(marks)
            value = VALUES[slot[1]](dice)
            if not slot[2]:
                kind = "handle" if slot[1] == "nick" else slot[1]
                at = len(text) - (1 if kind == "handle" and text.endswith("@") else 0)
                spans.append((kind, at, len(text) + len(value)))
            text, last = text + value, slot.end()
        text += (template[last:] + dice.choice("。。。,\n!\n")).translate(marks)
    if dice.random() < _TRADITIONAL:
        text = text.translate(_OLD)  # one for one: the places stay
    return Letter(text, tuple(spans))


def _number(dice: random.Random, most: int) -> str:
    value = dice.randint(1, most)
    if value <= len(_HAN) - 1 and dice.random() < 0.2:
        return _HAN[value]
    shown = str(value)
    return shown.translate({48 + d: 0xFF10 + d for d in range(10)}) if dice.random() < 0.08 else shown


def _name(dice: random.Random) -> str:
    surname = dice.choice(_DOUBLE) if dice.random() < 0.03 else dice.choice(_SURNAMES)
    given = [dice.choice(_RARE_GIVEN if dice.random() < 0.15 else _GIVEN) for _ in range(dice.choice((1, 2, 2, 2)))]
    return surname + "".join(given)


def _doors(dice: random.Random) -> str:
    block = dice.choice(("号楼", "栋", "幢", "座", "#楼"))
    first = dice.choice("ABC") if block == "座" else _number(dice, 40)
    parts = f"{first}{block}"
    if dice.random() < 0.7:
        parts += f"{_number(dice, 6)}单元"
    if dice.random() < 0.8:
        parts += f"{dice.randint(1, 32)}0{dice.randint(1, 9)}" + dice.choice(("", "室", "室", "户", "号"))
    return parts


def _address(dice: random.Random) -> str:
    road = dice.choice(_ROADS) + dice.choice(_ROAD_KINDS)
    estate = dice.choice(_ESTATES)
    form = dice.randrange(7)
    if form == 0:
        return f"{road}{_number(dice, 300)}号" + ("" if dice.random() < 0.4 else f"院{_doors(dice)}")
    if form == 1:
        return f"{road}{_number(dice, 300)}号{estate}{_doors(dice)}"
    if form == 2:
        return f"{dice.choice(_VILLAGES)}{_number(dice, 12)}组" + (
            f"{_number(dice, 90)}号" if dice.random() < 0.5 else ""
        )
    if form == 3:
        return f"{estate}{dice.randint(1, 30)}-{dice.randint(1, 4)}-{dice.randint(1, 30)}0{dice.randint(1, 4)}"
    if form == 4:
        return f"{dice.choice(_VILLAGES)}{_number(dice, 300)}号"
    if form == 5:
        return f"{road}{dice.randint(1, 99)}-{dice.randint(1, 30)}号"
    return f"{estate}{_doors(dice)}"


def _school_class(dice: random.Random) -> str:
    school = dice.choice(_SCHOOLS)
    if "幼儿园" in school:
        return school + dice.choice("小中大") + dice.choice("一二三四123") + "班"
    if school.endswith(("中学", "二中")):
        grade = dice.choice("初高") + dice.choice("一二三")
    else:
        grade = dice.choice("一二三四五六123456") + "年级"
    number = str(dice.randint(1, 16))
    return (
        school
        + grade
        + dice.choice((f"({number})班", f"（{number}）班", f"{number}班", f"{_HAN[dice.randint(1, 10)]}班"))
    )


def _handle(dice: random.Random) -> str:
    head = "".join(dice.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(dice.randint(3, 8)))
    return dice.choice(
        (head + str(dice.randint(100, 99999)), f"{head}_{dice.randint(1, 999)}", f"wxid_{head}{dice.randint(10, 99)}")
    )


def _email(dice: random.Random) -> str:
    head = "".join(dice.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(dice.randint(3, 9)))
    address = f"{head}{dice.choice(('', '.', '_', '-'))}{dice.randint(1, 9999)}@{dice.choice(_MAILS)}"
    form = dice.random()
    if form < 0.06:
        return "".join(chr(ord(c) + 0xFEE0) for c in address)
    head, _, tail = address.rpartition("@")
    return f"{head}@{tail.replace('.', '。', 1)}" if form < 0.1 and tail.count(".") == 1 else address


def _road(dice: random.Random) -> str:
    return dice.choice(_ROADS) + dice.choice(_ROAD_KINDS)


VALUES: dict[str, Callable[[random.Random], str]] = {
    **NUMBERS,
    "name": _name,
    "address": _address,
    "school_class": _school_class,
    "handle": _handle,
    "nick": lambda dice: dice.choice(_NICKS),
    "email": _email,
    "area": lambda dice: dice.choice(_AREAS),
    "road": _road,
}
"""Slot → value."""
