"""The patterns behind ``nlp.masking``: numbers of every kind, mail, plates and handles. All repeats are bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nlp.dictionaries import either, word_list
from nlp.mask_names import find_names
from nlp.mask_places import find_addresses, find_school_classes
from nlp.mask_view import View

Span = tuple[int, int]

_ENOUGH = re.compile(r"\d(?:[ .\-_/*()\]】]{0,3}\d){6}")
"""Seven digits with little between: less is no telephone, identity or card number."""
_PHONE = re.compile(
    r"(?<!\d)(?<!\d\.)(?:(?:\+ ?|00)?86[ -]?)?(?:"
    r"1[3-9]\d(?P<a>[ ._/*-]{0,3})\d{4}(?P=a)\d{4}|1[3-9]\d[ ._-]?\d{8}|1[3-9]\d{5}[ _-]\d{4}|"
    r"1[3-9]\d{2}[ _-]\d{3}[ _-]\d{4}|"
    r"\(1[3-9]\d\)[ -]?\d{4}[ -]?\d{4}|1[3-9]\d[ -]\d{3}[ -]\d{5}|1[3-9]\d[ -]?\d{3}[ -]\d{2}[ -]\d{3}|"
    r"1(?P<s>[ ._-])[3-9](?:(?P=s)\d){9})(?![\d%A-Z])(?!\.\d)(?! ?[元块万亿余])"
)
_LANDLINE = re.compile(
    r"(?<![\dA-Za-z-])(?:\+?86[ -]?)?(?:[(\[【]0\d{2,3}[)\]】][ -]?|0\d{2,3}(?:[ /]|"
    r"-{0,2}| - ))(?:[2-9]\d{2,3}[ -]\d{4}|[2-9]\d{6,7})"
    r"(?:(?:-|转|转分机|分机)\d{1,5})?(?![\d.%元])"
)
_LOCAL_LINE = re.compile(
    r"(?:电话|座机|固话|家电|办公电话|联系方式|致电|来电|热线|拨打)(?:号码)?(?::|是|为)? ?"
    r"(?P<n>[2-9]\d{2,3}[ -]?\d{4})(?![\d.%元])"
)
_LONG = re.compile(r"(?<![\dA-Za-z.])[1-9](?:[ -]{0,2}\d){13,18}(?:[ -]?[\dXx])?(?![\dA-Za-z])(?!\.\d)(?! ?[元%])")
_ID_CUE = re.compile(r"身份证|证件|公民身份|身份号|ID ?号|id ?号|身分证")
_CARD_CUE = re.compile(
    r"卡号|银行卡|储蓄卡|信用卡|借记卡|账号|帐号|账户|帐户|农行|工行|建行|中行|农商行|开户|卡里|卡上|打款|转账"
)
_PARCEL = re.compile(r"(?:快递|单号|物流|订单|运单|编号|工单|流水|户号|条码|序列号)[^\d]{0,4}$")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}(?: ?@ ?|\(at\)|\[at\]|"
    r" at |#(?=[A-Za-z0-9-]{1,63}\.(?:com|cn|net|org)(?![A-Za-z0-9])))"
    r"(?:(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,12}|[A-Za-z0-9-]{1,63}(?:。|点)"
    r"(?:com|cn|net|org)(?:[.。点]cn)?)(?![A-Za-z0-9])"
)
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"(?<![A-Za-z0-9])[{_PROVINCE}][A-HJ-Za-hj-z][·•.・ -]?(?=[A-Za-z]{{0,4}}\d)"
    r"(?:[DFdf][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[DFdf]|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])"
    r"(?![A-Za-z0-9])"
)
_MENTION = re.compile(r"(?<![A-Za-z0-9._+*-])@[\w·-]{2,30}")
_QUOTED = frozenset('"“‘「『《[')
_QUOTES, _UNQUOTES = '["“‘「『《]', '["”’」』》]'
_SERVICE = re.compile(either(word_list("services")))
_HANDLE = re.compile(rf"(?::|是|为|叫)?(?: |{_QUOTES}){{0,2}}(?P<n>[A-Za-z0-9_][A-Za-z0-9_-]{{4,24}})(?![A-Za-z0-9_@])")
_NICK = re.compile(
    rf"(?:昵称|网名|用户名|网友|微博名|用户|群主|群[^,。:“\"]{{0,6}}叫|ID)"
    rf"(?::|是|为|叫)? ?{_QUOTES}(?P<n>[^\"”’」』》\n]{{2,20}}){_UNQUOTES}"
)
_ADDRESSED = re.compile(rf"{_QUOTES}(?P<n>[\w·-]{{2,20}}){_UNQUOTES} ?[:,]? ?(?:您好|你好)")
_NICK_PLAIN = re.compile(
    r"(?:昵称|网名|用户名|微博名)(?::|是|叫) ?(?P<n>[\w-]{2,20})|网友:? ?(?P<m>[A-Za-z_][\w-]{4,24}|UU\d{4,10})"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    map(
        str,
        (
            *range(11, 16),
            *range(21, 24),
            *range(31, 38),
            *range(41, 47),
            *range(50, 55),
            *range(61, 66),
            71,
            81,
            82,
            83,
        ),
    )
)
_CUE_REACH = 16


def _solid(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def _date_fits(year: int, month: int, day: int) -> bool:
    return 1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31


def check_digit(digits: str) -> str:
    """The eighteenth place of an ID number whose first seventeen are given (GB 11643-1999)."""
    return _CHECKS[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def luhn(digits: str) -> bool:
    """Whether the last digit of a card number is the right check digit (ISO/IEC 7812-1)."""
    total = 0
    for at, char in enumerate(reversed(digits)):
        value = int(char) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_id(digits: str, cued: bool) -> bool:
    """Whether 15 or 18 places are an ID number. ``cued``: the text says so; then the check digit may be mistyped."""
    if digits[:2] not in _PROVINCES:
        return False
    if len(digits) == 15 and digits.isdigit():
        return _date_fits(1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12]))
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    if not _date_fits(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])):
        return False
    return cued or check_digit(digits[:17]) == digits[17].upper()


def is_card(digits: str, cued: bool) -> bool:
    """Whether digits are a bank card: 13 to 19 of them; without a cue only the usual issuers, with check digit."""
    if not digits.isdigit() or not 15 <= len(digits) <= 19:
        return False
    return cued or (len(digits) >= 16 and digits[:1] in "456" and digits[:2] != "41" and luhn(digits))


def _numbers(view: View, fits: Callable[[str, bool], bool], cue: re.Pattern[str]) -> Iterator[Span]:
    for match in _LONG.finditer(view.digits):
        before = view.text[max(0, match.start() - _CUE_REACH) : match.start()]
        cued = cue.search(before) is not None
        if (cued or not _PARCEL.search(before)) and fits(_solid(match.group()), cued):
            yield match.span()


def find_ids(view: View) -> Iterator[Span]:
    """ID numbers of 15 and 18 places."""
    return _numbers(view, is_id, _ID_CUE)


def find_cards(view: View) -> Iterator[Span]:
    """Bank cards."""
    return _numbers(view, is_card, _CARD_CUE)


def find_phones(view: View) -> Iterator[Span]:
    """Mobile numbers, also inside a handle and in Chinese numerals."""
    for match in _PHONE.finditer(view.digits):
        yield match.span()


def find_landlines(view: View) -> Iterator[Span]:
    """Landlines with area code, or without one after a word like 电话. Hotlines (12345, 400-…) are none."""
    for match in _LANDLINE.finditer(view.digits):
        yield match.span()
    for match in _LOCAL_LINE.finditer(view.digits):
        if not match["n"].startswith(("400", "800")):
            yield match.span("n")


def find_emails(view: View) -> Iterator[Span]:
    """Mail addresses."""
    for match in _EMAIL.finditer(view.text):
        yield match.span()


def find_plates(view: View) -> Iterator[Span]:
    """Number plates of cars, new-energy ones included."""
    for match in _PLATE.finditer(view.text):
        yield match.span()


def find_handles(view: View) -> Iterator[Span]:
    """Handles: after the name of a service, after @, and nicknames in quotation marks."""
    text = view.text
    for service in _SERVICE.finditer(text):
        handle = _HANDLE.match(text, service.end())
        before = text[max(0, service.start() - 1) : service.start()]
        if handle and not (before.isascii() and before.isalpha()):
            yield handle.span("n")
    if not _QUOTED.isdisjoint(text):
        for pattern in (_NICK, _ADDRESSED):
            for match in pattern.finditer(text):
                yield match.span("n")
    if "网友" in text or "名" in text or "昵称" in text:
        for match in _NICK_PLAIN.finditer(text):
            yield match.span("n") if match["n"] else match.span("m")
    if "@" in view.text:
        for match in _MENTION.finditer(view.text):
            yield match.span()


def _of_text(finder: Callable[[str], Iterator[Span]]) -> Callable[[View], Iterator[Span]]:
    return lambda view: finder(view.text)


FINDERS: dict[str, Callable[[View], Iterator[Span]]] = {
    "id_number": find_ids,
    "bank_card": find_cards,
    "phone": find_phones,
    "landline": find_landlines,
    "email": find_emails,
    "plate": find_plates,
    "school_class": _of_text(find_school_classes),
    "address": _of_text(find_addresses),
    "name": _of_text(find_names),
    "handle": find_handles,
}
"""Kind → finder of spans in the view."""
_NUMBERS = ("id_number", "bank_card", "phone", "landline")


def kinds_of(view: View) -> list[str]:
    """The kinds of which there may be any, in the order of FINDERS: a quick look."""
    out = [kind for kind in _NUMBERS] if _ENOUGH.search(view.digits) else []
    if "@" in view.text or "at" in view.text or "#" in view.text:
        out.append("email")
    return [*out, "plate", "school_class", "address", "name", "handle"]
