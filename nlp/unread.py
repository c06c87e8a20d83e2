"""A post that says nothing (casework.domain.content): its labels are those of an empty page, and none is sure.

A score is then what one has who knows nothing: one by the number of labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LABELLED = {
    "board_domain": 14,
    "petition_topic": 7,
    "message_type": 6,
    "petition_kind": 3,
    "sentiment": 3,
    "emotion": 6,
    "disposition": 6,
}
"""Labelled field → number of its labels (the contract's)."""


def unread(value: Mapping[str, Any], pictures: bool, other: str) -> dict[str, Any]:
    """The labels of ``value`` for a post that says nothing. ``other``: the domain of what has none.

    ``pictures``: it has emoticons, which do tell a feeling: sentiment and emotion stay as judged.
    """
    new: dict[str, Any] = {}
    for name, labels in LABELLED.items():
        if name not in value or (pictures and name in ("sentiment", "emotion")):
            continue
        new[name] = {**value[name], "score": round(1 / labels, 4)}
    if "board_domain" in new:
        new["board_domain"]["label"] = other
    for name in ("sentiment", "emotion"):
        if name in new:
            new[name]["label"] = "neutral"
    if "sentiment" in new:
        new["sentiment"] |= dict.fromkeys(("positive", "neutral", "negative"), new["sentiment"]["score"])
    return new
