"""Is what came of a damaged page or answer right, or put aside with its reason? Each rule raises AssertionError."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from casework.domain.post import parse_post
from crawlers.encoding import decode
from tests.damaged.damage import Damaged, Place, at
from tests.damaged.readers import Outcome

EMPTY = (None, "", {}, [], False)
SEAM = 8
"""Pieces that are new where two things now stand side by side."""
PIECE = 4
"""Letters of the pieces in which two texts are compared."""
FREE = ("collected_at",)
TORN = ("broken tags", "hole", "noise")


def sound(outcome: Outcome) -> None:
    """What holds of every outcome: posts of the contract, reasons in words, numbers that add up."""
    for post in outcome.posts:
        assert parse_post(post).to_json() == post
    assert all(reason.strip() for reason, _ in outcome.refused)
    assert outcome.stopped is None or outcome.stopped.strip()
    assert outcome.quarantined == len(outcome.refused)


def judge_rows(original: Outcome, damaged: Outcome, variant: Damaged, rows: Place, ids: Sequence[str]) -> None:
    """An answer with rows: what is not touched comes out as before; what is, as before, less, or refused.

    ``ids``: the id of each row of the whole answer.
    """
    sound(damaged)
    known = {post["native_id"]: post for post in original.posts}
    for post in damaged.posts:
        assert post["native_id"] in known, f"a post that the answer does not hold: {post['native_id']}"
    if damaged.stopped is not None:
        return
    document = json.loads(variant.body.decode("utf-8-sig"))
    held = at(document, rows)
    assert isinstance(held, list), "an answer without its rows must stop the source"
    assert damaged.read == len(held), f"{len(held)} rows in, {damaged.read} counted"
    assert len(damaged.posts) + len(damaged.refused) <= len(held)
    if variant.touched is None:
        return
    spared = {id_ for number, id_ in enumerate(ids) if number not in variant.touched}
    found = {post["native_id"]: post for post in damaged.posts}
    assert spared <= found.keys(), "a row that nothing touched is missing"
    for native_id, post in found.items():
        same = native_id in spared
        assert (post == known[native_id]) if same else _less(post, known[native_id]), (post, known[native_id])


def _less(post: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """Whether every value of ``post`` is that of ``whole`` or empty: nothing is made up."""
    return all(
        post[name] == whole[name]
        or post[name] in EMPTY
        or (isinstance(post[name], dict) and isinstance(whole[name], dict) and _part(post[name], whole[name]))
        or (name == "truncated" and post[name] is True)
        for name in post
        if name not in FREE
    )


def _part(some: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    marks = {"time_shown", "retweet_deleted"}
    return all(whole.get(key) == value or value in EMPTY or key in marks for key, value in some.items())


def judge_article(original: Outcome, damaged: Outcome, variant: Damaged, page: str) -> None:
    """A news page: one post of what the page says, or one refusal; a time is the page's own."""
    sound(damaged)
    assert damaged.stopped is None
    assert len(damaged.posts) + len(damaged.refused) == 1
    if not damaged.posts:
        return
    (post,), (whole,) = damaged.posts, original.posts
    assert _same_time(post, whole), (post["published_at"], whole["published_at"])
    # A tag that is no longer one is text, in a browser too.
    said = pieces(page) | (pieces(decode(variant.body, variant.content_type)[0]) if variant.kind in TORN else set())
    for name in ("title", "text"):
        found = pieces(post[name] or "")
        strange = [piece for piece in found if piece not in said]
        assert len(strange) <= SEAM + 0.03 * len(found), f"{name}: not of the page: {strange[:12]}"
    if variant.whole or variant.kind == "cut":
        lost = pieces(whole["text"]) - pieces(post["text"])
        assert post["truncated"] or len(lost) <= 3 + 0.1 * len(pieces(whole["text"])), "a part is missing, unmarked"


def _same_time(post: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """The same time, or the same without its seconds, or the same day said to be but a day."""
    found, right = post["published_at"], whole["published_at"]
    if post["extra"].get("time_shown") == "day":
        return bool(found[:10] == right[:10])
    return found == right or (found[:16] == right[:16] and found[17:19] == "00")


def pieces(text: str) -> set[str]:
    """All runs of PIECE letters or digits of a text."""
    letters = re.sub(r"[\W_]+", "", text).lower()
    return {letters[place : place + PIECE] for place in range(len(letters) - PIECE + 1)}


def judge_table(original: Outcome, damaged: Outcome, variant: Damaged) -> None:
    """An export: rows that nothing touched come out as before; the others as before, less, or refused."""
    sound(damaged)
    assert variant.touched is not None
    spared = [post for number, post in enumerate(original.posts) if number not in variant.touched]
    assert [post for post in damaged.posts if post in spared] == spared
    known = {post["native_id"]: post for post in original.posts}
    for post in damaged.posts:
        assert post in spared or (post["native_id"] in known and _less(post, known[post["native_id"]])), post
    assert len(damaged.posts) + len(damaged.refused) >= len(spared)
