"""Signing in: a signed cookie, a CSRF token in it, one-time links, and a stop after wrong passwords."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import Request
from itsdangerous import BadData, URLSafeTimedSerializer

from casework.ports import NotFound
from casework.records import User
from pipeline import accounts
from pipeline.wiring import Context

COOKIE = "huiying"
HOURS = 12
"""How long a session lasts."""
WRONG, STOPPED = 5, timedelta(minutes=15)
"""So many wrong passwords stop an account for so long."""
REMEMBERED = 10_000
"""Names whose wrong passwords are remembered; those that were not tried for longest are forgotten first."""
LONGEST = 64
"""Characters of a name; longer ones belong to nobody and are not remembered."""
AT_ONCE = 2
"""Passwords checked at the same time: each takes 64 MiB, so that strangers could otherwise fill the memory."""


class NotSignedIn(Exception):
    """Nobody is signed in: the person is sent to the sign-in page and back."""


class BadToken(Exception):
    """A form without the session's token: it was not made by our page."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and the token that his forms carry."""

    user: User
    csrf: str


@dataclass(slots=True)
class Guard:
    """Cookies, links and wrong passwords of one app. Wrong passwords are counted in memory: a restart forgets them."""

    context: Context
    wrong: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    hashing: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))

    def _signer(self, salt: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(accounts.secret_key(self.context.settings.var), salt=salt)

    def cookie(self, user: User) -> str:
        """The value of a new session's cookie."""
        return str(self._signer("session").dumps([user.name, secrets.token_urlsafe(16), _mark(user)]))

    def session(self, request: Request) -> Session:
        """The session of a request. Raises NotSignedIn; a changed password or a disabled account ends it."""
        try:
            given = request.cookies.get(COOKIE, "")
            name, csrf, mark = self._signer("session").loads(given, max_age=HOURS * 3600)
            user = self.context.store.get_user(name)
        except (BadData, NotFound, ValueError, TypeError):
            raise NotSignedIn from None
        if user.disabled or mark != _mark(user):
            raise NotSignedIn
        return Session(user, csrf)

    def by_password(self, name: str, password: str) -> User | None:
        """The account, when name and password are right and it is not stopped."""
        if len(name) > LONGEST or not self._may_try(name):
            return None
        user = self._account(name)
        with self.hashing:
            right = accounts.verify_password(user.password if user else None, password)
        if not right or user is None:
            return None
        with self.lock:
            self.wrong.pop(name, None)
        return user

    def _may_try(self, name: str) -> bool:
        """Whether the account is not stopped. A try counts as wrong before it is checked: of many sent at once
        no more get through than of many sent in turn."""
        now = self.context.now()
        with self.lock:
            recent = [moment for moment in self.wrong.get(name, []) if moment > now - STOPPED]
            if len(recent) >= WRONG:
                return False
            self.wrong[name] = [*recent, now]
            self.wrong.move_to_end(name)
            while len(self.wrong) > REMEMBERED:
                self.wrong.popitem(last=False)
        return True

    def _account(self, name: str) -> User | None:
        try:
            user = self.context.store.get_user(name)
        except NotFound:
            return None
        return None if user.disabled else user

    def by_link(self, token: str) -> User | None:
        """The account that a one-time link signs in; None where it is wrong, old or used."""
        try:
            name, nonce = self._signer(accounts.SALT).loads(token, max_age=accounts.LINK_SECONDS)
        except (BadData, ValueError, TypeError):
            return None
        user = self._account(name)
        if user is None or not re.fullmatch(r"[\w-]{1,40}", nonce) or not self._first_use(nonce):
            return None
        return user

    def _first_use(self, nonce: str) -> bool:
        folder = Path(self.context.settings.var) / "links"
        folder.mkdir(parents=True, exist_ok=True)
        for used in folder.iterdir():
            # A link this old is refused by its age, so that it was used need not be remembered.
            if used.stat().st_mtime < time.time() - 2 * accounts.LINK_SECONDS:
                used.unlink(missing_ok=True)
        try:
            # Made exclusively: of two requests with one link only one gets in.
            (folder / nonce).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def _mark(user: User) -> str:
    """Changes with the password, so that a new password ends the sessions of the old one."""
    return hashlib.sha256(user.password.encode()).hexdigest()[:16]


def check_token(session: Session, given: str) -> None:
    """Raise BadToken unless a form carries the session's token."""
    if not secrets.compare_digest(session.csrf.encode(), given.encode()):
        raise BadToken
