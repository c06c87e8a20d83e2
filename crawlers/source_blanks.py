"""What only a person can write into a ``source.yml``: ``huiying source new`` leaves it blank, and marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BLANK = "待填写"
"""The mark. A value that begins with it counts as not written."""
WHAT = {
    "contact": "write the office's mail or web address: the site must know whom to call",
    "assessment.by": "write who assessed the effect on the site (网络数据安全管理条例 第十八条)",
    "assessment.date": 'write the day of the assessment, "YYYY-MM-DD"',
    "assessment.effect": "write requests and data a day, and why the site's service does not feel them",
    "assessment.personal_data": "write what personal data the pages show and what is dropped at once (第二十四条)",
}
_STAND_INS = {"contact": "huiying@office.example", "assessment.date": "2000-01-01"}
"""A draft is read with these. The contact is the example, which is refused on the open network."""


def fill_blanks(value: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The value with stand-ins for its blanks, and the paths of the blanks."""
    filled, blanks = dict(value), []
    for path in WHAT:
        key, _, inner = path.partition(".")
        place = dict(filled[key]) if inner and isinstance(filled.get(key), Mapping) else filled
        held = place.get(inner or key)
        if not (isinstance(held, str) and held.startswith(BLANK)):
            continue
        blanks.append(path)
        place[inner or key] = _STAND_INS.get(path, BLANK)
        if inner:
            filled[key] = place
    return filled, blanks
