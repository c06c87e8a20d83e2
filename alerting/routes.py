"""Which channel a notice takes: ordered routes, the first that fits, a default that is always there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alerting.channel import AnyChannel
from alerting.load import FILE, ChannelConfigError, Problem, channels, check


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Way(_Strict):
    """The channel to use and the one that takes over when it failed."""

    first: str
    second: str | None = None


class Route(Way):
    """A way for some kinds of notice and some roles; an empty list fits all."""

    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def fits(self, kind: str, role: str) -> bool:
        """Whether a notice of this kind to this role takes the way."""
        return (not self.kinds or kind in self.kinds) and (not self.roles or role in self.roles)


class RouteExample(Way):
    """What a person expects of the routes; checked whenever the file is read."""

    kind: str
    role: str
    why: str = ""


class Grouping(_Strict):
    """``update_minutes``: the least time between two messages about the same limit or watch to the same person."""

    update_minutes: int = Field(default=240, ge=0, le=1440)


class Acknowledging(_Strict):
    """``hours``: how long a link by which a person says that he has read a notice may be used."""

    hours: int = Field(default=72, ge=1, le=720)


class ChannelsFile(_Strict):
    """The whole of ``channels.yml``."""

    channels: Mapping[str, Any] = Field(min_length=1)
    grouping: Grouping = Grouping()
    acknowledging: Acknowledging = Acknowledging()
    default: Way
    routes: tuple[Route, ...] = ()
    examples: tuple[RouteExample, ...] = Field(min_length=1)

    def way(self, kind: str, role: str) -> Way:
        """The way of a notice; never none."""
        for route in self.routes:
            if route.fits(kind, role):
                return route
        return self.default


@dataclass(frozen=True, slots=True)
class Switchboard:
    """The channels that are built and the ways over them."""

    built: Mapping[str, AnyChannel]
    plan: ChannelsFile

    def channels_for(self, kind: str, to: str, private: bool = False) -> tuple[AnyChannel, ...]:
        """The first and, where there is one, the second channel of a notice. ``to``: ``department/role``.

        ``private``: one person alone may read it, so groups are left out; where the way has nothing else, the other
        channels to a person take over in their order in the file; none: empty.
        """
        way = self.plan.way(kind, to.rpartition("/")[2])
        chosen = [self.built[name] for name in (way.first, way.second) if name is not None]
        if private:
            alone = [one for one in self.built.values() if not one.limits.shared]
            chosen = [one for one in chosen if not one.limits.shared] or alone[:2]
        return tuple(chosen)


def switchboard(raw: object, environ: Mapping[str, str], file: str = FILE) -> Switchboard:
    """Build what the parsed ``channels.yml`` says. Raises ChannelConfigError with every mistake found."""
    plan = read_plan(raw, file)
    return Switchboard(channels(plan.channels, environ, file), plan)


def read_plan(raw: object, file: str = FILE) -> ChannelsFile:
    """Check the parsed file, all but its secrets: entries, routes, examples. Raises ChannelConfigError."""
    try:
        plan = ChannelsFile.model_validate(raw)
    except ValidationError as error:
        raise ChannelConfigError(_shape_problems(error), file) from None
    problems = (*check(plan.channels), *_names(plan), *_examples(plan))
    if problems:
        raise ChannelConfigError(problems, file)
    return plan


def _shape_problems(error: ValidationError) -> tuple[Problem, ...]:
    found = []
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(map(str, detail["loc"])) or "(the whole file)"
        if detail["type"] == "missing":
            found.append(Problem(path, "missing", "write it; see config/channels.yml as shipped"))
        elif detail["type"] == "extra_forbidden":
            found.append(Problem(path, "unknown key", "take it out or correct its name"))
        else:
            found.append(Problem(path, "wrong value", detail["msg"]))
    return tuple(found)


def _names(plan: ChannelsFile) -> list[Problem]:
    """Ways that name a channel which does not exist, is switched off, or stands in for itself."""
    enabled = tuple(name for name, entry in plan.channels.items() if _enabled(entry))
    ways: list[tuple[str, Way]] = [(f"routes.{i}", route) for i, route in enumerate(plan.routes)]
    problems = []
    for path, way in [*ways, ("default", plan.default)]:
        for key, name in (("first", way.first), ("second", way.second)):
            if name is not None and name not in enabled:
                found = f"channel {name!r} is {'switched off' if name in plan.channels else 'not in channels'}"
                problems.append(Problem(f"{path}.{key}", found, f"write one of {', '.join(enabled) or 'none'}"))
        if way.second == way.first:
            problems.append(Problem(f"{path}.second", "the same as first", "write another channel or leave it out"))
    return problems


def _examples(plan: ChannelsFile) -> list[Problem]:
    problems = []
    for i, example in enumerate(plan.examples):
        way = plan.way(example.kind, example.role)
        if (way.first, way.second) != (example.first, example.second):
            found = f"{example.kind} to {example.role} takes {way.first}, then {way.second or 'none'}"
            problems.append(Problem(f"examples.{i}", found, "correct the routes or the example"))
    return problems


def _enabled(entry: Any) -> bool:
    return isinstance(entry, Mapping) and entry.get("enabled", True) is True
