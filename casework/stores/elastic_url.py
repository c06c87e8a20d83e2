"""What an Elasticsearch store URL says: where the server is, how to log in, the prefix of the indices."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from casework.ports import StoreError

FORM = "elasticsearch://host:9200/?prefix=NAME or elasticsearch+https://user:pass@host:9200/?ca_certs=FILE"
OPTIONS = {"prefix", "ca_certs"}
PREFIX = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""No hyphen: it parts the prefix from the name of an index, so one prefix never begins with another's."""


@dataclass(frozen=True, slots=True)
class Address:
    """``where``: the server's own URL, without secrets. ``login``: arguments of the client, secrets inside."""

    where: str
    prefix: str
    login: dict[str, Any] = field(repr=False)


def read_url(url: str) -> Address:
    """The address in a store URL; user, password and API key also from the environment. Raises StoreError."""
    # What precedes an @ is never shown: it holds the password.
    shown = url.rsplit("@", 1)[-1]
    try:
        parts = urlsplit(url)
        port = parts.port or 9200
    except ValueError as error:
        raise StoreError(f"{shown!r}: {error}; write {FORM}") from None
    options = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    _check(parts, options, shown)
    scheme = "https" if parts.scheme == "elasticsearch+https" else "http"
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    login = _login(parts.username, parts.password)
    if "ca_certs" in options:
        login["ca_certs"] = options["ca_certs"]
    return Address(f"{scheme}://{host}:{port}", options.get("prefix", "huiying"), login)


def _check(parts: SplitResult, options: dict[str, str], shown: str) -> None:
    prefix, certificates = options.get("prefix", "huiying"), options.get("ca_certs")
    wrong = None
    if not parts.hostname:
        wrong = "no host"
    elif parts.path not in ("", "/"):
        wrong = f"a path {parts.path!r} has no meaning here"
    elif options.keys() - OPTIONS:
        wrong = f"unknown option {min(options.keys() - OPTIONS)!r}"
    elif PREFIX.fullmatch(prefix) is None:
        wrong = f"prefix {prefix!r}: small letters, digits and _ only, a letter first, at most 60"
    elif certificates is not None and not Path(certificates).is_file():
        wrong = f"ca_certs {certificates!r}: no such file"
    if wrong:
        raise StoreError(f"{shown!r}: {wrong}; write {FORM}")


def _login(user: str | None, password: str | None) -> dict[str, Any]:
    """Log-in from the URL, else from the environment."""
    name = unquote(user) if user else os.environ.get("HUIYING_ES_USER")
    secret = unquote(password) if password else os.environ.get("HUIYING_ES_PASSWORD")
    if name:
        return {"basic_auth": (name, secret or "")}
    key = os.environ.get("HUIYING_ES_API_KEY")
    return {"api_key": key} if key else {}
