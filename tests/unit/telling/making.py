"""A post office for tests: channels that keep what they are given, and a teller over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from alerting import render, retry
from casework.config.load import load_office
from casework.domain.notice import Delivery, Limits, Message, Recipient
from casework.domain.office import Office
from casework.services.notify import Teller
from casework.services.roster import OfficeRoster

ROOT = Path(__file__).parents[3]
TAKEN = Delivery(ok=True)


@dataclass
class Box:
    """A channel that keeps what it is given and answers as it is told to."""

    name: str
    limits: Limits = field(default_factory=Limits)
    answers: list[Delivery] = field(default_factory=list)
    given: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Delivery:
        """Keep the message; the next answer, or taken."""
        self.given.append(message)
        return self.answers.pop(0) if self.answers else TAKEN


@dataclass
class Receipts(Box):
    """A box that gives receipts."""

    arrived: Delivery | None = None

    def receipt(self, receipt: str, recipient: Recipient, sent_at: datetime) -> Delivery | None:
        """What the test says."""
        return self.arrived


def office() -> Office:
    """The office that ships with the project."""
    return load_office(ROOT / "config")


def teller(
    found: Office, *boxes: Box, every: timedelta = timedelta(hours=1), ack: Callable[[str, str], str] | None = None
) -> Teller:
    """A teller whose ways all lead to ``boxes``, the first first."""
    table: Any = SimpleNamespace(channel_of=retry.channel_of, after_failure=retry.after_failure)

    def ways(kind: str, to: str, private: bool) -> tuple[Box, ...]:
        return tuple(box for box in boxes if not (private and box.limits.shared))

    return Teller(found, OfficeRoster(found), render.render, table, ways, every, ack)
