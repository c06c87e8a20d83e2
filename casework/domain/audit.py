"""The hash chain over a history: each entry carries the hash of itself and of all before it (SHA-256)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

START = "0" * 64


def digest(previous: str, entry: Mapping[str, Any]) -> str:
    """The hash of ``entry`` (a JSON object without its own hash) that follows an entry hashed ``previous``."""
    canonical = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
