"""Heat of an event: how much is said of it now.

heat = Σ over posts of weight(kind) × (1 + ln(1 + interactions)) × 2^(−age / half-life)

The shape is the one that monitoring vendors describe (声量 + 互动 + 媒体权重, falling with time; workflow.md section 3
in the design notes, trust D: no government rule gives weights), so the numbers below are the office's own setting.
Interactions = reposts + comments + likes / 10. Age is counted from publication to ``now``, never below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import log

HALF_LIFE_HOURS = 24.0
WEIGHTS: Mapping[str, float] = {"news": 3.0, "weibo": 1.0, "message": 1.0, "hotline": 1.0}


def fade(heat: float, since: datetime, now: datetime) -> float:
    """``heat`` of ``since`` as it is at ``now``: halved every HALF_LIFE_HOURS, never grown."""
    hours = max((now - since).total_seconds() / 3600, 0.0)
    factor: float = 2.0 ** (-hours / HALF_LIFE_HOURS)
    return heat * factor


def post_weight(kind: str, counts: Mapping[str, float]) -> float:
    """Heat of one post when it is new."""
    interactions = counts.get("reposts", 0) + counts.get("comments", 0) + counts.get("likes", 0) / 10
    return WEIGHTS[kind] * (1 + log(1 + interactions))


def event_heat(posts: Iterable[tuple[str, Mapping[str, float], datetime]], now: datetime) -> float:
    """Heat of an event: the sum over its posts (kind, counts, published_at), rounded to four places."""
    return round(sum(fade(post_weight(kind, counts), at, now) for kind, counts, at in posts), 4)
