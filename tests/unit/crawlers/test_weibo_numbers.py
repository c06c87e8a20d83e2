"""A post's number in its two forms: base 62, seven digits to four characters, from the right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.weibo import bid_to_mid, mid_to_bid

MIDS = st.integers(1, 10**18)


def test_numbers_known_to_belong_together() -> None:
    assert mid_to_bid(3501756485200075) == "z0JH2lOMb"
    assert mid_to_bid("3501756485200075") == "z0JH2lOMb"
    assert bid_to_mid("z0JH2lOMb") == 3501756485200075


@given(MIDS)
def test_there_and_back(mid: int) -> None:
    assert bid_to_mid(mid_to_bid(mid)) == mid


@given(MIDS)
def test_groups_are_apart(mid: int) -> None:
    """The last seven digits make the last four characters, whatever stands before them."""
    bid = mid_to_bid(mid)
    assert len(bid) == 4 * ((len(str(mid)) - 1) // 7) + len(mid_to_bid(str(mid)[: (len(str(mid)) - 1) % 7 + 1]))
    if mid >= 10**7:
        assert bid[-4:].lstrip("0") == (mid_to_bid(mid % 10**7) if mid % 10**7 else "")
        assert bid[:-4] == mid_to_bid(mid // 10**7)


@given(st.integers(1, 10**7 - 1))
def test_one_group_is_plain_base_62(mid: int) -> None:
    value = 0
    for sign in mid_to_bid(mid):
        place = int(sign) if sign.isdigit() else ord(sign) - ord("a") + 10 if sign.islower() else ord(sign) - 65 + 36
        value = value * 62 + place
    assert value == mid


@pytest.mark.parametrize("mid", [0, -1, "", "12a", "１２", 1.5, None])
def test_what_is_no_mid_is_refused(mid: int) -> None:
    with pytest.raises(ValueError, match="mid"):
        mid_to_bid(mid)


@pytest.mark.parametrize("bid", ["", "0", "0000", "z0J-2", "ZZZZ", "明天"])
def test_what_is_no_bid_is_refused(bid: str) -> None:
    with pytest.raises(ValueError, match="bid"):
        bid_to_mid(bid)


def test_all_posts_of_a_real_page_agree(shared: Path) -> None:
    (page,) = sorted((shared / "pages" / "weibo" / "s.weibo.com").glob("search_*.html"))
    text = page.read_text(encoding="utf-8", errors="replace")
    found = 0
    for card in text.split('action-type="feed_list_item"')[1:]:
        mid = re.search(r'mid="(\d+)"', card)
        assert mid
        addresses = re.findall(r'href="//weibo\.com/\d+/(\w{9})\?refer_flag', card)
        assert mid_to_bid(mid[1]) in addresses
        assert bid_to_mid(mid_to_bid(mid[1])) == int(mid[1])
        found += 1
    assert found == 20
