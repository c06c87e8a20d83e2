"""Times as Weibo, boards and government pages write them. Nothing is guessed: what cannot be read is None.

Forms: ``formats.md`` 5. Without an offset the time is China's (+08:00).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from casework.domain.times import SHANGHAI


class Moment(NamedTuple):
    """``at`` is aware; ``precise`` is False where only the day was shown (``at`` is then its 00:00)."""

    at: datetime
    precise: bool


_CLOCK = (
    r"(?P<half>上午|下午|晚上|凌晨)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?P<m>\d{2})"
    r"(?:\s*[:分]\s*(?P<s>\d{2}))?(?:\.\d+)?\s*[分秒]?"
)
_ZONE = r"\s*(?P<zone>Z(?![A-Za-z])|[+-]\d{2}:?\d{2}(?!\d))?"
# Some pages write the time right behind the day: 18-03-0823:16.
_DAY = r"(?P<d>\d{2}(?=\d{2}:\d{2})|\d{1,2}(?!\d))"
_FULL = re.compile(
    rf"(?<!\d)(?P<y>(?:19|20)\d{{2}})\s*[-/.年]\s*(?P<mo>\d{{1,2}})\s*[-/.月]\s*{_DAY}\s*[日号]?"
    rf"(?:\s*[T\-,]?\s*(?:[(（]?(?:星期|周).[)）]?\s*)?{_CLOCK}{_ZONE})?"
)
_COMPACT = re.compile(r"(?<!\d)(?P<y>20\d{2})(?P<mo>[01]\d)(?P<d>[0-3]\d)(?!\d)")
_WEIBO = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} \d{2}:\d{2}:\d{2} [+-]\d{4} \d{4}")
# Feeds. CST is China's time here, and a feed without a zone is a Chinese site's.
_MAIL = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})[ -](?P<mo>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ -](?P<y>(?:19|20)\d{2})"
    r"[ ,]+(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?"
    r"(?:\s*(?P<zone>UTC?|GMT(?![+-])|Z|(?:GMT)?[+-]\d{1,2}:?(?:\d{2})?))?",
    re.I,
)
_TWO_DIGIT_YEAR = re.compile(rf"(?<!\d)(?P<y>\d{{2}})-(?P<mo>\d{{1,2}})-{_DAY}\s*{_CLOCK}")
_NO_YEAR = re.compile(rf"(?<!\d)(?P<mo>\d{{1,2}})\s*[-月]\s*(?P<d>\d{{1,2}})(?!\d)\s*日?(?:\s*{_CLOCK})?")
_AGO = re.compile(r"(\d+)\s*(秒|分钟|小时|天)前")
_DAY_WORD = re.compile(rf"(今天|昨天|前天)\s*(?:{_CLOCK})?")
_HAN_DATE = re.compile(r"[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日")
_HAN = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
_UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}


def read_time(text: str, now: datetime, whole: bool = False) -> Moment | None:
    """The first time written in ``text``; None where none can be read.

    ``now`` (aware) anchors relative forms and dates without a year (the latest such day that is not after
    tomorrow). With ``whole`` nothing but the time may stand there.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _HAN_DATE.sub(lambda found: _from_han(found.group()), plain)
    for pattern, build in _FORMS:
        found = pattern.fullmatch(plain) if whole else pattern.search(plain)
        if found is None:
            continue
        try:
            return build(found, now.astimezone(SHANGHAI))
        except (ValueError, OverflowError):
            return None
    return None


def from_epoch(value: object) -> datetime | None:
    """Unix seconds (or milliseconds) as an aware time; None where the number cannot be one."""
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    seconds = value / 1000 if value > 10**11 else value
    if not 0 < seconds < 10**10:
        return None
    return datetime.fromtimestamp(seconds, SHANGHAI)


def _clock(found: re.Match[str]) -> tuple[int, int, int] | None:
    parts = found.groupdict()
    if parts.get("h") is None:
        return None
    hour = int(parts["h"])
    if parts.get("half") in ("下午", "晚上") and hour < 12:
        hour += 12
    return hour, int(parts["m"]), int(parts.get("s") or 0)


def _zone(found: re.Match[str]) -> timezone:
    text = found.groupdict().get("zone")
    if not text:
        return SHANGHAI
    if text == "Z":
        return timezone(timedelta(0))
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _on(year: int, found: re.Match[str]) -> Moment:
    clock = _clock(found)
    day = datetime(year, int(found["mo"]), int(found["d"]), tzinfo=_zone(found))
    if clock is None:
        return Moment(day, False)
    return Moment(day.replace(hour=clock[0], minute=clock[1], second=clock[2]), True)


def _full(found: re.Match[str], now: datetime) -> Moment:
    return _on(int(found["y"]), found)


def _two_digits(found: re.Match[str], now: datetime) -> Moment:
    return _on(2000 + int(found["y"]), found)


def _no_year(found: re.Match[str], now: datetime) -> Moment:
    this_year = _on(now.year, found)
    if this_year.at <= now + timedelta(days=1):
        return this_year
    return _on(now.year - 1, found)


def _weibo(found: re.Match[str], now: datetime) -> Moment:
    return Moment(datetime.strptime(found.group(), "%a %b %d %H:%M:%S %z %Y"), True)


def _mail(found: re.Match[str], now: datetime) -> Moment:
    month = "JanFebMarAprMayJunJulAugSepOctNovDec".index(found["mo"].title()) // 3 + 1
    day = datetime(int(found["y"]), month, int(found["d"]), tzinfo=_mail_zone(found["zone"]))
    return Moment(day.replace(hour=int(found["h"]), minute=int(found["m"]), second=int(found["s"] or 0)), True)


def _mail_zone(text: str | None) -> timezone:
    if not text:
        return SHANGHAI
    shift = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", text)
    if shift is None:
        return UTC
    offset = timedelta(hours=int(shift[2]), minutes=int(shift[3] or 0))
    return timezone(-offset if shift[1] == "-" else offset)


def _ago(found: re.Match[str], now: datetime) -> Moment:
    back = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if found[2] == "天":
        return Moment((now - back).replace(hour=0, minute=0, second=0, microsecond=0), False)
    return Moment((now - back).replace(microsecond=0), True)


def _day_word(found: re.Match[str], now: datetime) -> Moment:
    day = now - timedelta(days=("今天", "昨天", "前天").index(found[1]))
    clock = _clock(found)
    hour, minute, second = clock or (0, 0, 0)
    at = day.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return Moment(at, clock is not None)


def _just_now(found: re.Match[str], now: datetime) -> Moment:
    return Moment(now.replace(microsecond=0), True)


def _from_han(text: str) -> str:
    """二〇二六年十一月二十四日 as 2026年11月24日."""
    year, month, day = re.split("[年月日]", text)[:3]
    digits = "".join(str(_HAN[char]) for char in year)
    return f"{digits}年{_small(month)}月{_small(day)}日"


def _small(text: str) -> int:
    if "十" not in text:
        return _HAN.get(text, 0)
    tens, _, ones = text.partition("十")
    return (_HAN.get(tens, 1) if tens else 1) * 10 + (_HAN.get(ones, 0) if ones else 0)


_FORMS = (
    (_WEIBO, _weibo),
    (_MAIL, _mail),
    (_FULL, _full),
    (re.compile("刚刚"), _just_now),
    (_AGO, _ago),
    (_DAY_WORD, _day_word),
    (_TWO_DIGIT_YEAR, _two_digits),
    (_NO_YEAR, _no_year),
    (_COMPACT, _full),
)
