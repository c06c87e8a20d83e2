"""Numbers for the made letters: those that are of a person, as people write them, and those that are of nobody."""

from __future__ import annotations

import random
from collections.abc import Callable

Dice = random.Random
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_HIDDEN = "\u200b\u200c\u200d\ufeff\u2060"
_WIDE = {48 + d: 0xFF10 + d for d in range(10)}
_HAN = ("零一二三四五六七八九", "〇一二三四五六七八九", "零幺二三四五六七八九", "零壹贰叁肆伍陆柒捌玖")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_REGIONS = (
    "410105",
    "410102",
    "330106",
    "330102",
    "110101",
    "420106",
    "320583",
    "440305",
    "510104",
    "610113",
    "230103",
)


def _digits(dice: Dice, number: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(number))


def _wide(text: str) -> str:
    return text.translate(_WIDE)


def _han(dice: Dice, text: str) -> str:
    row = dice.choice(_HAN)
    return "".join(row[int(char)] if char.isdigit() else char for char in text)


def _hidden(dice: Dice, text: str) -> str:
    """Zero-width characters at one to three places inside."""
    for _ in range(dice.randint(1, 3)):
        at = dice.randint(1, len(text) - 1)
        text = text[:at] + dice.choice(_HIDDEN) + text[at:]
    return text


def _mixed(dice: Dice, text: str) -> str:
    """Some digits in full width, some as they are."""
    return "".join(_wide(char) if dice.random() < 0.4 else char for char in text)


def _phone(dice: Dice) -> str:
    number = "1" + dice.choice("3456789") + _digits(dice, 9)
    a, b, c = number[:3], number[3:7], number[7:]
    forms: tuple[Callable[[], str], ...] = (
        lambda: f"{a} {b} {c}",
        lambda: f"{a}-{b}-{c}",
        lambda: f"{a}—{b}—{c}",
        lambda: f"+86 {number}",
        lambda: f"+86{number}",
        lambda: f"86-{number}",
        lambda: f"{a}.{b}.{c}",
        lambda: f"{a} {number[3:]}",
        lambda: f"{number[:7]} {c}",
        lambda: f"{number[:4]} {number[4:7]} {number[7:]}",
        lambda: f"{a}－{b}－{c}",
        lambda: " ".join(number),
        lambda: _wide(number),
        lambda: _mixed(dice, number),
        lambda: _han(dice, number),
        lambda: _hidden(dice, number),
        lambda: _hidden(dice, f"{a}-{b}-{c}"),
        lambda: a + _han(dice, b) + c,
        lambda: f"{a}{'　'}{b}{'　'}{c}",
        lambda: "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(char)] for char in number),
        lambda: f"{a}_{b}_{c}",
        lambda: f"({a}){b}{c}",
    )
    return number if dice.random() < 0.45 else dice.choice(forms)()


def _id_number(dice: Dice) -> str:
    region, born = dice.choice(_REGIONS), f"{dice.randint(1935, 2018)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    if dice.random() < 0.08:
        return region + born[2:] + _digits(dice, 3)
    first = region + born + _digits(dice, 3)
    number = first + "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]
    forms: tuple[Callable[[], str], ...] = (
        lambda: number.lower(),
        lambda: f"{number[:6]} {number[6:14]} {number[14:]}",
        lambda: f"{number[:6]} {number[6:10]} {number[10:14]} {number[14:]}",
        lambda: f"{number[:3]} {number[3:6]} {number[6:14]} {number[14:]}",
        lambda: f"{number[:6]}-{number[6:14]}-{number[14:]}",
        lambda: _wide(number),
        lambda: _han(dice, number),
        lambda: _hidden(dice, number),
        lambda: _mixed(dice, number),
    )
    return number if dice.random() < 0.5 else dice.choice(forms)()


def _bank_card(dice: Dice) -> str:
    first = dice.choice(("622848", "621700", "622202", "623052", "621226", "622588", "405512")) + _digits(
        dice, dice.choice((9, 12))
    )
    total = 0
    for at, char in enumerate(reversed(first)):
        value = int(char) * (1 if at % 2 else 2)
        total += value - 9 if value > 9 else value
    number = first + str(-total % 10)
    fours = [number[at : at + 4] for at in range(0, len(number), 4)]
    forms = (" ".join(fours), "-".join(fours), _wide(number), _hidden(dice, number), f"{number[:6]} {number[6:]}")
    return number if dice.random() < 0.5 else dice.choice(forms)


def _landline(dice: Dice) -> str:
    area, number = dice.choice(
        (("0371", 8), ("010", 8), ("021", 8), ("0379", 8), ("0571", 8), ("0738", 7), ("0395", 7))
    )
    local = dice.choice("2345678") + _digits(dice, number - 1)
    half = local[:-4] + dice.choice((" ", "-")) + local[-4:]
    forms = (
        f"{area}-{local}",
        f"{area}-{local}",
        f"({area}){local}",
        f"（{area}）{local}",
        f"{area} {local}",
        f"{area}{local}",
        f"{area}-{half}",
        f"（{area}）{half}",
        f"{area}—{local}",
        f"{area}-{local}-{dice.randint(1, 899)}",
        f"{area}-{local}转{dice.randint(1, 899)}",
        _wide(area) + "－" + _wide(local),
        f"[{area}]{local}",
        f"【{area}】{local}",
    )
    return dice.choice(forms)


def _plate(dice: Dice) -> str:
    head = dice.choice(_PROVINCES) + dice.choice(_LETTERS)
    kind = dice.randrange(5)
    if kind == 4:
        body = _digits(dice, 4) + dice.choice("警学挂")
    elif kind == 0:
        body = dice.choice("DF") + _digits(dice, 5)
    elif kind == 1:
        body = _digits(dice, 2) + dice.choice(_LETTERS) + _digits(dice, 2)
    else:
        body = _digits(dice, 5)
    shown = head + dice.choice(("", "", "", "·", " ", "-", "•")) + body
    form = dice.random()
    return shown.lower() if form < 0.05 else _wide(shown) if form < 0.1 else shown


def _credit(dice: Dice) -> str:
    return (
        "9"
        + dice.choice("12")
        + dice.choice(_REGIONS)
        + "MA"
        + _digits(dice, 2)
        + "".join(dice.choice(_LETTERS + "0123456789") for _ in range(6))
    )


def _date(dice: Dice) -> str:
    year, month, day = dice.randint(2009, 2026), dice.randint(1, 12), dice.randint(1, 28)
    return dice.choice(
        (
            f"{year}年{month}月{day}日",
            f"{year}-{month:02}-{day:02}",
            f"{year}.{month}.{day}",
            f"{year}/{month}/{day}",
            f"{month}月{day}号",
        )
    )


def _price(dice: Dice) -> str:
    value = dice.randint(12, 3_000_000)
    return dice.choice(
        (
            f"{value}元",
            f"{value}.00元",
            f"{value:,}元",
            f"¥{value}",
            f"{value / 10000:.2f}万元",
            f"{value}块",
            f"{value}块钱",
        )
    )


def _document(dice: Dice) -> str:
    year = dice.randint(2008, 2026)
    return dice.choice(("豫政办", "郑房", "国发", "杭政函", "建房")) + dice.choice(
        (
            f"〔{year}〕{dice.randint(1, 300)}号",
            f"[{year}]{dice.randint(1, 99)}号文",
            f"【{year}】第{dice.randint(1, 9999)}号",
        )
    )


def _whole(low: int, high: int) -> Callable[[Dice], str]:
    return lambda dice: str(dice.randint(low, high))


NUMBERS: dict[str, Callable[[Dice], str]] = {
    "phone": _phone,
    "id_number": _id_number,
    "bank_card": _bank_card,
    "landline": _landline,
    "plate": _plate,
    "credit": _credit,
    "date": _date,
    "price": _price,
    "document": _document,
    "age": _whole(19, 88),
    "days": _whole(2, 90),
    "small": _whole(2, 30),
    "people": _whole(200, 9000),
    "hour": _whole(5, 23),
    "line": _whole(1, 20),
    "spots": _whole(30, 1500),
    "highway": _whole(101, 330),
    "km": _whole(1, 900),
    "m": _whole(100, 999),
    "year": _whole(2010, 2026),
    "decibel": _whole(55, 95),
    "stock": lambda dice: dice.choice(("600519", "000001", "SZ300750", "601318.SH", "688" + _digits(dice, 3))),
    "percent": lambda dice: f"{dice.randint(1, 99)}.{dice.randint(0, 99)}%",
    "hotline": lambda dice: dice.choice(
        ("400-658-1234", "4006581234", "95588", "800-820-8820", "96111", "12306", "400 888 1234")
    ),
    "order": lambda dice: (
        f"{dice.randint(2018, 2026)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
        + _digits(dice, dice.choice((6, 8, 12)))
    ),
    "parcel": lambda dice: dice.choice(("SF1", "YT00", "JD00", "7730", "4312")) + _digits(dice, dice.choice((11, 12))),
    "contract": lambda dice: (
        dice.choice(("HT-", "GF-", "ZZ", "No.")) + str(dice.randint(2015, 2026)) + "-" + _digits(dice, 4)
    ),
    "case": lambda dice: f"({dice.randint(2015, 2026)})豫0105民初{dice.randint(1, 29999)}号",
    "title": lambda dice: f"豫({dice.randint(2016, 2026)})郑州市不动产权第{_digits(dice, 7)}号",
    "meter": lambda dice: _digits(dice, 5).lstrip("0") + "." + _digits(dice, 2),
    "isbn": lambda dice: "978-7-" + _digits(dice, 3) + "-" + _digits(dice, 5) + "-" + _digits(dice, 1),
    "gb": lambda dice: f"{dice.randint(1000, 59999)}-{dice.randint(1999, 2025)}",
    "postcode": lambda dice: dice.choice(("4500", "3100", "1000")) + _digits(dice, 2),
    "area_size": lambda dice: f"{dice.randint(20, 300)}.{dice.randint(1, 99)}",
}
"""Slot → value."""
