"""Which page needs what: a route says it where it is made, the table of roles answers, ``access matrix`` reads both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from casework.domain.office import Office
from casework.records import User
from dashboards import access
from dashboards.pages import context_of, guard_of
from dashboards.sessions import Session


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of the menu: its name in ``roles.yml`` (``pages``), its address, its title. A view module names its own
    as ``DESK``; the menu shows those that the role opens, in the order of the role's list."""

    page: str
    path: str
    title: str


class Opens:
    """Dependency of a route: the session of a person whose role opens one of ``pages``; 403 for others, 303 for
    strangers. ``whole``: only where the role sees more than the cases of its own department."""

    def __init__(self, *pages: str, whole: bool = False) -> None:
        self.pages, self.whole = pages, whole

    def lets(self, user: User, office: Office) -> bool:
        """Whether ``user`` may."""
        opened = set(self.pages) & set(access.pages_of(user, office))
        return bool(opened) and (not self.whole or access.sees_all(user, office))

    def __call__(self, request: Request) -> Session:
        """The session of who asks."""
        session = guard_of(request).session(request)
        if not self.lets(session.user, context_of(request).office):
            raise HTTPException(403)
        return session


def opens(*pages: str, whole: bool = False) -> Any:
    """``Annotated[Session, opens("figures")]``: the argument of a view that only roles with one of ``pages`` reach."""
    dependency: Callable[[Request], Session] = Opens(*pages, whole=whole)
    return Depends(dependency)
