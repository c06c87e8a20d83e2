"""Whether a board is the one that ``source.yml`` means: its number may be wrong, and its rows say whose board it is."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(rf"({_PROVINCES})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?")
_WHOLE = re.compile(r"(?:书记|[省市州县区旗盟镇乡厅局]长|主席|主任|专员)$")
_COUNTY = re.compile(r"^([\u4e00-\u9fff]{1,12}?(?:自治县|县|新区|林区|特区|区|自治旗|旗))")
_CITY = re.compile(r"^([\u4e00-\u9fff]{1,12}?(?:自治州|州市|市|州(?![区县])|盟|地区))")


class BoardName(NamedTuple):
    """What a dictionary says of one board: its name and the numbers of the boards below."""

    name: str
    children: tuple[str, ...]


def place_of(name: str) -> tuple[str, str] | None:
    """Level (``province``, ``city``, ``county``) and name of the place whose board a name is; None where it says none.

    河南省委书记 → (province, 河南); 河南郑州市委书记 → (city, 郑州市); 金水区委书记 → (county, 金水区).
    """
    found = _PROVINCE.match(name)
    rest = name[found.end() :] if found else name
    city = _CITY.match(rest)
    county = _COUNTY.match(rest[city.end() :] if city else rest)
    if county:
        return "county", county[1]
    if city:
        return "city", city[1]
    return ("province", found[1]) if found else None


def is_another(expected: str, shown: Collection[str]) -> bool:
    """Whether a page whose rows show these names is surely not of the board ``expected``.

    Where that is a whole name, as 河南省委书记, one row of that name would have to be there; where it is a place alone,
    as 河南, every row has to be of another.
    """
    if any(expected in name for name in shown):
        return False
    return _WHOLE.search(expected) is not None or all(contradicts(expected, name) for name in shown)


def contradicts(expected: str, shown: str) -> bool:
    """Whether ``shown`` is surely another place's board than ``expected``: a place of the same level, another name.

    Between levels nothing is sure by the name alone: a district's board may well lie below its province's.
    """
    one, other = place_of(expected), place_of(shown)
    return expected not in shown and one is not None and other is not None and one[0] == other[0] and one != other
