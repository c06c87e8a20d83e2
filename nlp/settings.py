"""The office's settings for judgement: ``nlp.yml``, ``topics.yml``, ``severity.yml`` of a configuration folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DEFAULT = Path(__file__).resolve().parent.parent / "config"
FILES: Mapping[str, tuple[str, ...]] = {
    "nlp": ("segmenter", "classifiers", "batch", "terms", "evidence", "grouping"),
    "topics": ("board_domain", "petition_topic", "message_type", "petition_kind", "disposition"),
    "severity": (
        "levels",
        "lowest",
        "unlevelled",
        "categories",
        "happened",
        "feared",
        "elsewhere",
        "vulnerable",
    ),
}
"""Files and the keys each must have."""


class SettingsError(ValueError):
    """A settings file is missing, unreadable or incomplete; the message names file and place."""


@lru_cache(maxsize=8)
def read_settings(folder: Path = DEFAULT) -> Mapping[str, Any]:
    """``{"nlp": …, "topics": …, "severity": …}``. A file the folder lacks is taken from the default office."""
    return {name: _read(folder, name) for name in FILES}


def _read(folder: Path, name: str) -> Any:
    path = folder / f"{name}.yml"
    if not path.is_file():
        path = DEFAULT / f"{name}.yml"
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: the file is missing; copy it from the default office's config/") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: cannot be read as YAML ({error})") from None
    if not isinstance(value, dict):
        raise SettingsError(f"{path}: found {type(value).__name__}, wanted keys and values")
    missing = [key for key in FILES[name] if value.get(key) is None]
    if missing:
        raise SettingsError(f"{path}: no key {', '.join(missing)}; copy it from the default office's {name}.yml")
    return value
