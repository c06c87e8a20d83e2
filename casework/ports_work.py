"""The ports besides the store: who judges, groups and masks, who is told, and by what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from casework.domain.notice import Delivery, Limits, Message, Recipient
from casework.records import Placed


class Judged(Protocol):
    """One answer of the assessor."""

    @property
    def value(self) -> dict[str, Any]:
        """The contract's assessment object, or ``{"id", "error": {"kind", "detail"}}``."""

    @property
    def words(self) -> str:
        """The words of title and text by the segmenter in force, joined by blanks."""


class Assessor(Protocol):
    """Judges posts. A filter over lines: one answer a post, in order."""

    def assess(self, posts: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """The contract's assessment object for each post object, or ``{"id", "error": {"kind", "detail"}}``."""
        ...

    def judge(self, posts: Iterable[Mapping[str, Any]]) -> Iterator[Judged]:
        """As ``assess``, with the words."""
        ...

    def bodies(self, post: Mapping[str, Any]) -> list[str]:
        """Official bodies that a post names, by themselves or by their people, as department ids where known."""
        ...


class Grouper(Protocol):
    """Finds the event a post belongs to, online and in order."""

    def add(self, post_id: str, title: str | None, text: str) -> Placed:
        """Where this post belongs (its own id as the root: a new event)."""

    def seed(self, post_id: str, title: str | None, text: str, placed: Placed) -> None:
        """Make known a post that was grouped before."""


class Masker(Protocol):
    """Masks personal data before anything circulates."""

    def mask_text(self, text: str) -> str:
        """The text with every piece of personal data masked."""

    def of_case(self) -> Masker:
        """A masker that gives each person one pseudonym in all texts of one case, masked in their order."""


class Roster(Protocol):
    """Who is behind ``department/role``."""

    def recipient(self, to: str, now: datetime, own: bool = False) -> Recipient:
        """The person or desk to tell at ``now``: who is on duty while the office does not work (``own``: of that very
        department), else its own people; falls back to the department's contact, then to the default desk's (not with
        ``own``: then nobody has an address).
        """


class Channel(Protocol):
    """One way to tell somebody."""

    name: str
    limits: Limits

    def send(self, message: Message) -> Delivery:
        """One try. Never raises for what the other side does; secrets never appear in the answer."""
