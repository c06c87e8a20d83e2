"""What is to be said of an event: heat over time, burst, spread, first and key posts, words, title, mood, drift.

Heat is that of ``casework.domain.heat``. The other figures are counts and ratios over the event's posts; where a
threshold is the office's own choice it is a constant here and said so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.domain.heat import event_heat, post_weight
from casework.domain.post import Post
from casework.domain.times import show_time

WEEKS = 4
"""Earlier weeks that a burst is held against."""
DAYS = 14
"""Days of the course of heat."""
KEY_POSTS = 3
WORDS = 8
TURNED = 0.2
"""Likeness of words below which an event has turned to something else (own choice)."""
LEAST_POSTS = 5
"""Posts of each half below which nothing is said of a drift (own choice)."""
_SENTENCE = re.compile(r"[^。!?！？;；\n]{6,60}")
_BRACKETS = re.compile(r"^[【\[#\s]+|[】\]#\s]+$")


@dataclass(frozen=True, slots=True)
class Told:
    """A post of an event with what judging said: its words and whether it is negative (None: not judged)."""

    post: Post
    terms: tuple[str, ...] = ()
    negative: bool | None = None
    reprint: bool = False


def figures(told: Sequence[Told], now: datetime) -> dict[str, Any]:
    """The figures of an event with at least one post, at ``now``; ids, counts and unmasked sentences: mask them."""
    ordered = sorted(told, key=lambda one: (one.post.published_at, one.post.id))
    words = keywords(ordered)
    judged = [one.negative for one in ordered if one.negative is not None]
    return {
        "title": title(ordered, words),
        "posts": len(ordered),
        "heat": _heat(ordered, now),
        "course": course(ordered, now),
        "burst": burst([one.post.published_at for one in ordered], now),
        "spread": spread(ordered),
        "first": ordered[0].post.id,
        "key_posts": key_posts(ordered),
        "keywords": words,
        "negative_share": round(sum(judged) / len(judged), 4) if judged else None,
        "drift": drift(ordered),
    }


def _heat(told: Sequence[Told], now: datetime) -> float:
    return event_heat([(one.post.kind, one.post.counts, one.post.published_at) for one in told], now)


def course(told: Sequence[Told], now: datetime) -> list[dict[str, Any]]:
    """Heat at each of the last DAYS days at this hour, of the posts published until then; from the first post on."""
    found = []
    for back in reversed(range(DAYS)):
        at = now - timedelta(days=back)
        until = [one for one in told if one.post.published_at <= at]
        if until:
            found.append({"at": show_time(at), "heat": _heat(until, at), "posts": len(until)})
    return found


def burst(moments: Sequence[datetime], now: datetime) -> dict[str, Any]:
    """Posts of the last hour beside the mean of the same hour of the WEEKS weeks before.

    ``score`` = (n − m) / √(m + 1): deviations of a Poisson count, the 1 keeping silence from dividing by nought.
    """
    n = _in_hour(moments, now)
    usual = sum(_in_hour(moments, now - timedelta(weeks=back)) for back in range(1, WEEKS + 1)) / WEEKS
    return {"last_hour": n, "usual": usual, "score": round(float((n - usual) / (usual + 1) ** 0.5), 2)}


def _in_hour(moments: Sequence[datetime], end: datetime) -> int:
    return sum(end - timedelta(hours=1) < at <= end for at in moments)


def spread(told: Sequence[Told]) -> list[dict[str, Any]]:
    """Sources in the order in which they took the matter up: when, and with how many posts."""
    counts = Counter(one.post.source for one in told)
    first: dict[str, datetime] = {}
    for one in told:
        first.setdefault(one.post.source, one.post.published_at)
    return [{"source": name, "first_at": show_time(at), "posts": counts[name]} for name, at in first.items()]


def key_posts(told: Sequence[Told]) -> list[str]:
    """Ids of the KEY_POSTS posts of the greatest weight when new (kind and interactions), reprints left out."""
    own = [one.post for one in told if not one.reprint]
    return [post.id for post in sorted(own, key=lambda post: -post_weight(post.kind, post.counts))[:KEY_POSTS]]


def keywords(told: Sequence[Told]) -> list[str]:
    """The WORDS words that most posts have among theirs."""
    counts = Counter(word for one in told for word in dict.fromkeys(one.terms))
    return [word for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:WORDS]]


def title(told: Sequence[Told], words: Sequence[str]) -> str:
    """One sentence that a post wrote: the one with most of the event's words, the earlier and shorter of equals."""
    best, most = "", -1
    for one in told:
        text = f"{one.post.title or ''}\n{one.post.text}"
        for sentence in (_BRACKETS.sub("", found).strip() for found in _SENTENCE.findall(text)[:6]):
            held = sum(word in sentence for word in words)
            if held > most or (held == most and len(sentence) < len(best) and len(best) > 40):
                best, most = sentence, held
    return best or (told[0].post.title or told[0].post.text.strip() or "(无标题)")[:60]


def drift(told: Sequence[Told]) -> dict[str, Any]:
    """Whether the later half of the posts speaks of something else: cosine of the counts of words of both halves."""
    half = len(told) // 2
    early, late = (Counter(word for one in part for word in one.terms) for part in (told[:half], told[half:]))
    sizes = [sum(count * count for count in part.values()) ** 0.5 for part in (early, late)]
    if half < LEAST_POSTS or not all(sizes):
        return {"likeness": None, "turned": False, "new_words": []}
    likeness = sum(count * late[word] for word, count in early.items()) / (sizes[0] * sizes[1])
    new = [word for word, _ in late.most_common(WORDS) if word not in early]
    return {"likeness": round(likeness, 4), "turned": likeness < TURNED, "new_words": new if likeness < TURNED else []}
