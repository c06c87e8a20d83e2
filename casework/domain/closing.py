"""办结: what must be on record before a matter is closed, by its disposition (国办发〔2016〕80号 三).

What was recorded stands in the history of the case; what is missing is derived from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from casework.domain.case import Case
from casework.domain.happenings import Happening
from casework.domain.times import parse_time

ANSWER = "answer"
"""The published answer itself: on record as soon as it is published, nobody has to record it again."""
LEAD = "lead"
"""线索移交: what is handed to 公安 and 网信, and no more (``Closing.lead_fields``)."""
PUBLISHED = ("no", "any", "later")
"""Whether an item has to be public: no; with some publication of the case; with one after the first information."""
LEAD_FIELDS = ("source", "url", "published_at", "title", "text", "views", "reposts", "comments")
"""What a lead may say of a post. Never who wrote it: no rule asks an office to find that out."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that may be recorded. ``by``: the roles that record it (empty: whoever may record)."""

    id: str
    title: str
    by: tuple[str, ...] = ()
    published: str = "no"


@dataclass(frozen=True, slots=True)
class Need:
    """One of ``one_of`` must be on record, for cases of a level in ``severity`` (empty: of any)."""

    one_of: tuple[str, ...]
    severity: tuple[str, ...] = ()
    reference: str = ""

    def binds(self, case: Case) -> bool:
        """Whether it is asked of ``case``."""
        return not self.severity or case.severity in self.severity


@dataclass(frozen=True, slots=True)
class Closing:
    """What the office asks: of every case, and of those of a disposition. Empty: nothing but the answers owed."""

    items: Mapping[str, Item] = field(default_factory=dict)
    always: tuple[Need, ...] = ()
    of: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    lead_fields: tuple[str, ...] = ("source", "url", "published_at", "title", "text")
    recipients: tuple[str, ...] = ()
    """Departments that leads go to."""

    def needs(self, case: Case, disposition: str | None) -> tuple[Need, ...]:
        """What is asked of ``case``; of one of no known disposition only what is asked of all."""
        return tuple(need for need in (*self.always, *self.of.get(disposition or "", ())) if need.binds(case))

    def missing(self, case: Case, disposition: str | None) -> tuple[Need, ...]:
        """What is asked and not on record."""
        have = on_record(case)
        return tuple(need for need in self.needs(case, disposition) if not have & set(need.one_of))

    def title(self, item: str) -> str:
        """What an item is called."""
        return "公开答复" if item == ANSWER else self.items[item].title if item in self.items else item

    def who(self, item: str) -> tuple[str, ...]:
        """The roles that may record an item; empty: whoever may record."""
        return self.items[item].by if item in self.items else ()


def recorded(case: Case) -> tuple[Happening, ...]:
    """The entries that put something on record, oldest first."""
    return tuple(entry for entry in case.history if entry.what == "recorded")


def on_record(case: Case) -> frozenset[str]:
    """Ids of what is on record; the answer is, once something was published or every author has his answer."""
    found = {entry.data["item"] for entry in recorded(case)}
    return frozenset(found | {ANSWER}) if case.publications or case.answered else frozenset(found)


def publications(case: Case, kind: str) -> list[tuple[str, datetime]]:
    """The publications that can make an item public: (address, when).

    ``later``: those of a text drafted after the first information was out, at another address and at a later time
    (豫办〔2016〕60号 三（十）: first what is known, then the result of the investigation).
    """
    if kind != "later":
        return list(case.publications)
    first: Happening | None = None
    drafted, found = False, []
    for entry in case.history:
        if entry.what == "published" and first is None:
            first = entry
        elif entry.what == "drafted" and first is not None:
            drafted = True
        elif entry.what == "published" and first is not None and drafted:
            at = parse_time(entry.data["at"])
            if entry.data["url"] != first.data["url"] and at > parse_time(first.data["at"]):
                found.append((entry.data["url"], at))
    return found
