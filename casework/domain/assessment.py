"""What was judged of a post: labels with scores, severity, places, units, and the models that judged.

The form is the contract's ``assess`` output; the values are model output and may route and rank, never decide
about a person (个人信息保护法 第二十四条).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.domain.content import says_something
from casework.domain.matching import Facts
from casework.domain.post import Post

BY_HAND = "by hand"
"""Stands in ``models`` for the model of a label that a person gave."""
DOMAIN = "board_domain"
LABELS = ("board_domain", "petition_topic", "message_type", "petition_kind", "sentiment", "disposition")


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessment, ``value`` being the contract's object without ``id``. ``revision``: of the post it judged."""

    value: Mapping[str, Any]
    revision: int

    def label(self, name: str) -> str | None:
        """The label of ``name`` (one of LABELS, emotion), or None where it was not judged."""
        found = self.value.get(name)
        return None if found is None else found["label"]

    def score(self, name: str) -> float | None:
        """The calibrated score 0…1 of the label of ``name``, or None."""
        found = self.value.get(name)
        return None if found is None else found["score"]

    def by_hand(self, name: str) -> bool:
        """Whether a person gave the label of ``name``."""
        return bool(self.value.get("models", {}).get(name) == BY_HAND)

    @property
    def severity(self) -> str | None:
        """``severity.level``; None: to review at once."""
        level: str | None = self.value["severity"]["level"]
        return level

    @property
    def category(self) -> str | None:
        """``severity.category``."""
        category: str | None = self.value["severity"].get("category")
        return category

    @property
    def regions(self) -> tuple[str, ...]:
        """Codes of the places, the most telling first."""
        return tuple(region["code"] for region in self.value.get("regions", ()))

    @property
    def units(self) -> tuple[str, ...]:
        """Organisations complained about, department ids where known."""
        return tuple(self.value.get("units", ()))

    @property
    def unsure(self) -> tuple[str, ...]:
        """Fields that a person should look at; none in an assessment of before 2026-11-24."""
        return tuple(self.value.get("unsure", ()))

    @property
    def accused(self) -> tuple[str, ...]:
        """Units accused of wrongdoing; filled in 检举控告 only."""
        return tuple(self.value.get("accused", ()))


def facts_of(post: Post, assessment: Assessment, heat: float = 0.0, posts: int = 1) -> Facts:
    """What rules may ask of a post with its assessment.

    Where its domain was judged without certainty, the one that the writer chose on the board stands in.
    """
    labels, unsure, text = {name: assessment.label(name) for name in LABELS}, assessment.unsure, _text(post)
    chosen = post.labels.get("domain")
    if chosen and DOMAIN in unsure:
        labels[DOMAIN], unsure = chosen, tuple(name for name in unsure if name != DOMAIN)
    return Facts(
        kind=post.kind,
        source=post.source,
        text=text,
        **labels,
        severity=assessment.severity,
        category=assessment.category,
        regions=assessment.regions,
        units=assessment.units,
        accused=assessment.accused,
        heat=heat,
        posts=posts,
        empty=not text.strip(),
        no_content=not says_something(text),
        unsure=unsure,
    )


def _text(post: Post) -> str:
    return f"{post.title or ''}\n{post.text}"
