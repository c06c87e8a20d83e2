"""Whether a text says anything that can be judged.

Every label is learnt from Chinese letters and posts. Of a text with less than two Chinese characters (pictures, signs,
numbers, another language) none can be told, so that none may choose a department: a person reads it.
"""

from __future__ import annotations

import re
from itertools import islice

LEAST = 2
"""Chinese characters from which on a text says something."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FACE = re.compile(r"\[\w{1,8}\]")
"""A platform's own emoticon ([泪], [中国赞]): a picture."""


def says_something(text: str) -> bool:
    """Whether ``text`` (title and text) holds LEAST Chinese characters besides emoticons."""
    bare = _FACE.sub("", text) if "[" in text else text
    return sum(1 for _ in islice(_HAN.finditer(bare), LEAST)) == LEAST
