"""Errors of the domain. Each says what was found and what to do; none is about storage or the network."""

from __future__ import annotations

from collections.abc import Sequence


class DomainError(ValueError):
    """A rule of the domain was broken; the message is fit to be shown to a person."""


class InvalidPost(DomainError):
    """A post line that is not what ``interfaces.md`` calls a post. ``args[0]`` is the reason."""


class NobodyLeft(DomainError):
    """A 检举控告 reports every department of the office: a person must transfer it to a higher body."""


class IllegalMove(DomainError):
    """A verb that the case's state does not allow.

    ``allowed`` are the verbs that the state does allow, sorted.
    """

    def __init__(self, verb: str, state: str, allowed: Sequence[str], why: str = "") -> None:
        self.verb, self.state, self.allowed, self.why = verb, state, tuple(sorted(allowed)), why
        reason = f" ({why})" if why else ""
        names = ", ".join(self.allowed) or "none"
        super().__init__(f"{verb} is not allowed in state {state}{reason}; allowed: {names}")


class MissingCalendar(DomainError):
    """A year whose State Council notice is not in ``config/calendar/``; the message names the file to add."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"no working-day calendar for {year}: add config/calendar/{year}.yml "
            f"(the State Council's notice for {year} with its number and date)"
        )


class BrokenChain(DomainError):
    """A history whose hashes do not follow from one another. ``where`` is the entry's index from 0."""

    def __init__(self, where: int, why: str) -> None:
        self.where, self.why = where, why
        super().__init__(f"entry {where}: {why}")
