"""Where the store, the configuration and the working files are: from arguments, then the environment, then defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from casework.stores.open import sqlite_file

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: the code's own copy of ``config/`` lies here."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``store`` is a store URL, ``config`` the office's folder, ``var`` where working files go."""

    store: str
    config: Path
    var: Path


def settings(store: str | None = None, config: Path | None = None) -> Settings:
    """Resolve the settings. ``HUIYING_STORE``, ``HUIYING_CONFIG`` and ``HUIYING_VAR`` stand in for arguments."""
    var = Path(os.environ.get("HUIYING_VAR") or "var")
    url = store or os.environ.get("HUIYING_STORE") or f"sqlite:///{(var / 'huiying.db').absolute()}"
    return Settings(url, config_folder(config), var)


def config_folder(config: Path | None = None) -> Path:
    """The folder asked for, else ``./config`` where it is an office's, else the copy beside the code."""
    asked = config or (Path(os.environ["HUIYING_CONFIG"]) if os.environ.get("HUIYING_CONFIG") else None)
    if asked is not None:
        return asked
    here = Path("config")
    return here if (here / "office.yml").is_file() else ROOT / "config"


def state_folder(url: str, var: Path) -> Path:
    """Where collection remembers what it has seen (contract, ``collect``)."""
    if url.startswith("sqlite://"):
        return sqlite_file(url).absolute().parent / "collect-state"
    host = url.split("://", 1)[1].split("@")[-1].split("/")[0]
    return var / "collect-state" / host.replace(":", "_")
