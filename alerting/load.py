"""From ``channels:`` of the configuration to channels: only the files that are named are imported."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from alerting import channels as folder
from alerting.channel import AnyChannel, ChannelSettings, Example, SecretMissing

FILE = "config/channels.yml"
_ENTRY_KEYS = ("use", "enabled", "settings")
_SECRET_KEY = re.compile(r"env$|pass|secret|token|key|url|proxy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where in the file (``channels.mail.settings.port``), what was found, what to write."""

    path: str
    found: str
    write: str

    def text(self, file: str = FILE) -> str:
        """``file: path: found: write``."""
        return f"{file}: {self.path}: {self.found}: {self.write}"


class ChannelConfigError(ValueError):
    """The channels cannot be built. The message has one of ``problems`` a line and no secret in it."""

    def __init__(self, problems: tuple[Problem, ...], file: str = FILE) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.text(file) for problem in problems))

    @classmethod
    def of_lines(cls, lines: Sequence[str]) -> ChannelConfigError:
        """The error with mistakes that name their own files."""
        error = cls(())
        error.args = ("\n".join(lines),)
        return error


@dataclass(frozen=True, slots=True)
class Kind:
    """A channel file: what it wants to know, what it builds, an example."""

    name: str
    settings: type[ChannelSettings]
    channel: Any
    example: Example

    def build(self, name: str, settings: ChannelSettings, environ: Mapping[str, str]) -> AnyChannel:
        """The channel under the name that the configuration gives it."""
        built: AnyChannel = self.channel(name, settings, environ)
        return built


def names() -> tuple[str, ...]:
    """The files in ``alerting/channels``, sorted, without importing one."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(folder.__path__)))


def kind(name: str) -> Kind:
    """Import one channel file. Raises KeyError for a name that ``names`` does not have."""
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"{folder.__name__}.{name}")
    return Kind(name, module.Settings, module.Channel, module.EXAMPLE)


def channels(entries: Mapping[str, Any], environ: Mapping[str, str], file: str = FILE) -> dict[str, AnyChannel]:
    """Build what ``channels:`` of the file names: name → ``{use, enabled, settings}``.

    ``use`` is a file of ``alerting/channels`` (the name itself where absent), ``enabled`` true where absent.
    A disabled one is checked but not built and needs no secret. Raises ChannelConfigError with every mistake.
    """
    built: dict[str, AnyChannel] = {}
    found: list[Problem] = []
    for name, entry in entries.items():
        try:
            one = _read(str(name), entry)
            if one is not None:
                built[str(name)] = _build(str(name), *one, environ)
        except ChannelConfigError as error:
            found.extend(error.problems)
    if found:
        raise ChannelConfigError(tuple(found), file)
    return built


def check(entries: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Every mistake that can be seen without the environment's secrets, for ``huiying config check``."""
    found: list[Problem] = []
    for name, entry in entries.items():
        try:
            _read(str(name), entry)
        except ChannelConfigError as error:
            found.extend(error.problems)
    return tuple(found)


def _read(name: str, entry: Any) -> tuple[Kind, ChannelSettings] | None:
    """The checked entry; None for a disabled one."""
    at = f"channels.{name}"
    if not isinstance(entry, Mapping):
        raise _one(at, f"found {_type(entry)}", f"write a mapping with {', '.join(_ENTRY_KEYS)}")
    for key in entry:
        if key not in _ENTRY_KEYS:
            raise _one(f"{at}.{key}", "unknown key", f"write one of {', '.join(_ENTRY_KEYS)}")
    enabled = entry.get("enabled", True)
    if not isinstance(enabled, bool):
        raise _one(f"{at}.enabled", f"found {_type(enabled)}", "write true or false")
    use = entry.get("use", name)
    if use not in names():
        raise _one(f"{at}.use", f"no channel {use!r}", _suggest(str(use), names()))
    settings = entry.get("settings") or {}
    if not isinstance(settings, Mapping):
        raise _one(f"{at}.settings", f"found {_type(settings)}", "write a mapping of settings")
    one = kind(use)
    try:
        checked = one.settings.model_validate(dict(settings))
    except ValidationError as error:
        raise ChannelConfigError(_settings_problems(at, error, one, settings)) from None
    return (one, checked) if enabled else None


def _build(name: str, one: Kind, settings: ChannelSettings, environ: Mapping[str, str]) -> AnyChannel:
    at = f"channels.{name}.settings"
    try:
        return one.build(name, settings, environ)
    except SecretMissing as error:
        keys = [key for key, value in settings.model_dump().items() if value == error.variable]
        path = f"{at}.{keys[0]}" if keys else at
        raise _one(
            path, f"environment variable {error.variable} is not set", "set it, or write enabled: false"
        ) from None
    except ValueError as error:
        key, _, rest = str(error).partition(": ")
        raise _one(f"{at}.{key}", *_split(rest)) from None


def _settings_problems(at: str, error: ValidationError, one: Kind, settings: Mapping[str, Any]) -> tuple[Problem, ...]:
    problems = []
    for detail in error.errors(include_url=False, include_context=False):
        path = ".".join([at, "settings", *map(str, detail["loc"])])
        if detail["type"] == "extra_forbidden":
            known = tuple(one.settings.model_fields)
            problems.append(Problem(path, "unknown key", _suggest(str(detail["loc"][-1]), known)))
            continue
        if detail["type"] == "missing":
            problems.append(Problem(path, "missing", _like(one, str(detail["loc"][-1]))))
            continue
        found, write = _split(detail["msg"].removeprefix("Value error, "))
        problems.append(Problem(path, _shown(detail["loc"], settings) or found, write or found))
    return tuple(problems)


def _split(text: str) -> tuple[str, str]:
    """Our own messages say ``what was found; what to write`` or ``what was found: what to write``."""
    for mark in ("; ", ": "):
        found, _, write = text.rpartition(mark)
        if found:
            return found, write
    return text, ""


def _shown(loc: tuple[int | str, ...], settings: Mapping[str, Any]) -> str:
    """The value found; nothing where it might be a secret written into the file by mistake."""
    if not loc:
        return ""
    if any(_SECRET_KEY.search(str(part)) for part in loc):
        return "value not shown"
    return f"found {str(settings.get(str(loc[0])))[:40]!r}"


def _like(one: Kind, key: str) -> str:
    example = one.example.settings.get(key)
    return f"write {key}, for example {example}" if example is not None else f"write {key}"


def _suggest(word: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"{hint}write one of {', '.join(known) or 'nothing: it has no settings'}"


def _one(path: str, found: str, write: str) -> ChannelConfigError:
    return ChannelConfigError((Problem(path, found, write),))


def _type(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
