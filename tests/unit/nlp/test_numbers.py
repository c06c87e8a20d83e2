from __future__ import annotations

import re

import pytest

from nlp.numbers import NUMBER, han_number, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("1,200", 1200),
        ("1.5万", 15000),
        ("十", 10),
        ("十余", 10),
        ("二十多", 20),
        ("三十二", 32),
        ("一百零五", 105),
        ("两千", 2000),
        ("数十", 20),
        ("上百", 100),
        ("近百", 99),
        ("近30", 29),
        ("1.2亿", 120_000_000),
        ("二〇", 20),
        ("五千万", 50_000_000),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert re.fullmatch(NUMBER, text)
    assert number(text) == value


def test_every_numeral_up_to_a_thousand() -> None:
    digits = "零一二三四五六七八九"
    seen = 0
    for n in range(1, 1000):
        hundred, ten, one = n // 100, n // 10 % 10, n % 10
        text = (digits[hundred] + "百" if hundred else "") + (
            digits[ten] + "十" if ten else "零" if hundred and one else ""
        )
        text += digits[one] if one else ""
        assert han_number(text) == n, text
        seen += 1
    assert seen == 999


def test_what_is_no_number() -> None:
    assert number("三人") is None
