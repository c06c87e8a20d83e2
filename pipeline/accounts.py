"""Accounts: passwords hashed with argon2, the first administrator, one-time sign-in links."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from casework.ports import NotFound
from casework.records import User
from pipeline.errors import CallError

if TYPE_CHECKING:
    from pipeline.wiring import Context

ROLES = ("admin", "office", "department", "spokesperson", "leader", "principal")
SHORTEST = 10
"""Characters of a password."""
SHORTEST_KEY = 32
"""Characters of the key that signs sessions and links."""
LINK_SECONDS = 600
"""How long a one-time link may be used."""
SALT = "one-time link"


def hash_password(password: str) -> str:
    """An argon2id hash with the library's current parameters."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether ``password`` is the one that was hashed; for None (no such account) False, after the same work."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    hasher = PasswordHasher()
    if hashed is None:
        hasher.hash(password)
        return False
    try:
        return hasher.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def add_user(joined: Context, name: str, role: str, department: str | None, password: str) -> User:
    """Create or replace an account. Raises CallError for an unknown role or department or a short password."""
    if role not in ROLES:
        raise CallError(f"--role: {role!r} is none of {', '.join(ROLES)}")
    departments = joined.office.routing.departments
    if role == "department" and department not in departments:
        raise CallError(f"--department: {department!r} is not on the list; see huiying config show departments")
    if len(password) < SHORTEST:
        raise CallError(f"the password must have at least {SHORTEST} characters")
    if not name.strip() or len(name) > 64:
        raise CallError("NAME must have 1 to 64 characters")
    user = User(name.strip(), role, hash_password(password), department if role == "department" else None)
    joined.store.put_user(user)
    return user


def ask_password(variable: str | None) -> str:
    """The password from an environment variable, else asked for twice. Raises CallError."""
    if variable is not None:
        if not os.environ.get(variable):
            raise CallError(f"--password-env: {variable} is not set")
        return os.environ[variable]
    from getpass import getpass

    first, second = getpass("password: "), getpass("again: ")
    if first != second:
        raise CallError("the two passwords differ")
    return first


def secret_key(var: Path) -> str:
    """The key that signs sessions and links: HUIYING_SECRET, else ``var/secret``, made once and readable by us only.

    Raises CallError where it is too short or cannot be kept.
    """
    given = os.environ.get("HUIYING_SECRET")
    if given:
        if len(given) < SHORTEST_KEY:
            raise CallError(f"HUIYING_SECRET must have at least {SHORTEST_KEY} characters")
        return given
    file = var / "secret"
    try:
        if not file.exists():
            _make_secret(file)
        key = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CallError(f"{file}: {error.strerror}; make the folder writable or set HUIYING_SECRET") from None
    if len(key) < SHORTEST_KEY:
        raise CallError(f"{file}: holds no key of {SHORTEST_KEY} or more characters; remove it and a new one is made")
    return key


def _make_secret(file: Path) -> None:
    """Write a new key beside ``file`` and give it that name: nobody ever reads half a key, and the first one stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"secret.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as made:
        made.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def one_time_link(joined: Context, base_url: str, name: str = "demo") -> str:
    """A link that signs ``name`` in once, within LINK_SECONDS; the account is made an administrator where it is new.

    The new account's password is random and never shown: it can be entered by such links only.
    """
    from itsdangerous import URLSafeTimedSerializer

    try:
        joined.store.get_user(name)
    except NotFound:
        add_user(joined, name, "admin", None, secrets.token_urlsafe(32))
    signer = URLSafeTimedSerializer(secret_key(joined.settings.var), salt=SALT)
    return f"{base_url}/enter?token={signer.dumps([name, secrets.token_urlsafe(12)])}"
