"""What Weibo's interfaces share: the two forms of a post's number, and a post's row (``formats.md`` 2)."""

from __future__ import annotations

import hashlib
from typing import Any

from crawlers.text import from_fragment
from crawlers.to_post import Item, read_count

_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST_MID = 20
_DIGITS, _LETTERS = 7, 4
"""So many digits of a mid make so many characters of a bid, counted from the right."""


def mid_to_bid(mid: int | str) -> str:
    """``3501756485200075`` → ``z0JH2lOMb``. Raises ValueError where ``mid`` is no whole number above 0."""
    digits = str(mid)
    if not (digits.isascii() and digits.isdigit()) or int(digits) == 0:
        raise ValueError(f"mid {mid!r}")
    digits = digits.lstrip("0")
    groups = []
    for end in range(len(digits), 0, -_DIGITS):
        groups.append(_in_letters(int(digits[max(0, end - _DIGITS) : end])))
    padded = [groups[-1], *(group.rjust(_LETTERS, "0") for group in reversed(groups[:-1]))]
    return "".join(padded)


def bid_to_mid(bid: str) -> int:
    """``z0JH2lOMb`` → ``3501756485200075``. Raises ValueError where ``bid`` is none."""
    if not bid or any(sign not in _SIGNS for sign in bid):
        raise ValueError(f"bid {bid!r}")
    mid = ""
    for end in range(len(bid), 0, -_LETTERS):
        value = 0
        for sign in bid[max(0, end - _LETTERS) : end]:
            value = value * len(_SIGNS) + _SIGNS.index(sign)
        if value >= 10**_DIGITS:
            raise ValueError(f"bid {bid!r}")
        mid = str(value).rjust(_DIGITS, "0") + mid
    if int(mid) == 0:
        raise ValueError(f"bid {bid!r}")
    return int(mid)


def _in_letters(value: int) -> str:
    letters = ""
    while value:
        value, place = divmod(value, len(_SIGNS))
        letters = _SIGNS[place] + letters
    return letters or "0"


def why_closed(answer: dict[str, Any]) -> str | None:
    """Why the site does not answer (``formats.md`` 2.5), where it says so in JSON; None where it answers."""
    if answer.get("ok") == -100 or "passport." in str(answer.get("url", "")):
        return f"log-in wanted (ok {answer.get('ok')})"
    if answer.get("ok") not in (0, 1):
        return f"broken answer: ok {answer.get('ok')!r}, {str(answer.get('msg'))[:60]!r}"
    return None


def row_id(row: dict[str, Any]) -> str:
    """The post's number; empty where the row has none."""
    return str(row.get("id") or row.get("idstr") or row.get("mid") or "")


def checked_id(row: dict[str, Any]) -> str:
    """The post's number. Raises ValueError where it is none."""
    found = row_id(row)
    if not (found.isascii() and found.isdigit()) or len(found) > _LONGEST_MID:
        raise ValueError(f"id {found[:40]!r}")
    return found


def status_item(row: dict[str, Any], full_text: str | None, shortened: bool) -> Item:
    """A post's row. Dropped: everything of ``user`` but the shown name; the device in ``source``."""
    native_id = checked_id(row)
    user = row.get("user") or {}
    bid = row.get("bid")
    text = from_fragment(full_text if full_text is not None else row["text"])
    return Item(
        native_id=native_id,
        url=f"https://m.weibo.cn/status/{bid if isinstance(bid, str) and bid.isalnum() else mid_to_bid(native_id)}",
        text=text.removesuffix("全文").rstrip() if shortened else text,
        published=row["created_at"],
        author=user.get("screen_name"),
        place=row.get("region_name"),
        counts={
            "likes": row.get("attitudes_count"),
            "reposts": row.get("reposts_count"),
            "comments": row.get("comments_count"),
        },
        extra={**original(row), **marks(row)},
        truncated=shortened,
    )


def original(row: dict[str, Any]) -> dict[str, Any]:
    """What a retweet repeats: its id and text; the name of its author is not kept."""
    held = row.get("retweeted_status")
    if not isinstance(held, dict):
        return {}
    found: dict[str, Any] = {"retweet_of": row_id(held) or None}
    if held.get("user") is None or held.get("deleted"):
        found["retweet_deleted"] = 1
    else:
        found["retweet_text"] = from_fragment(str(held.get("text") or ""))
    return found


def marks(row: dict[str, Any]) -> dict[str, Any]:
    """Pinned at the top of the account, and how often it was edited."""
    title = row.get("title")
    pinned = (
        (isinstance(title, dict) and "置顶" in str(title.get("text")))
        or row.get("isTop") == 1
        or str(row.get("profile_type_id") or "").startswith("proweibotop")
    )
    edited = read_count(row.get("edit_count"))
    return {"pinned": 1 if pinned else None, "edits": edited or None}


def long_print(row: dict[str, Any]) -> str:
    """What makes a long post's full text wanted again: its beginning, its edits, twice as much talk as before.

    A call for each long post at each look would use up a budget, and a site's patience.
    """
    heat = sum(read_count(row.get(name)) or 0 for name in ("reposts_count", "comments_count", "attitudes_count"))
    kept = repr((row.get("text"), row.get("edit_count"), heat.bit_length()))
    return hashlib.blake2b(kept.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
