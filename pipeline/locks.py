"""Who works alone on a store, on this machine; and what a worker keeps of one opening for its next."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from uuid import uuid4

from casework.services.opening import Opener
from pipeline.settings import state_folder
from pipeline.wiring import Context


@contextmanager
def alone(context: Context, work: str) -> Iterator[IO[str]]:
    """Wait until nobody else on this machine does ``work`` on this store; the lock ends with its process.

    Gives the lock's file, in which whoever holds it may leave a word for the next.
    """
    path = state_folder(context.settings.store, context.settings.var).parent / f"{work}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


@dataclass(slots=True)
class KeptOpener:
    """An opener whose grouper knows the posts grouped so far (``seeded``), kept from round to round."""

    opener: Opener | None = None
    seeded: bool = False
    mark: str = field(default_factory=lambda: uuid4().hex)


@dataclass(slots=True)
class HeldOpener:
    """The opener of one round. Whoever used it says whether it knows the store's posts now."""

    opener: Opener
    seeded: bool


@contextmanager
def opener_of(context: Context, kept: KeptOpener) -> Iterator[HeldOpener]:
    """The kept opener where nobody else opened cases or moved posts since, else a fresh one.

    What failed halfway is not kept: its grouper may know posts that were not written.
    """
    with alone(context, "open") as file:
        file.seek(0)
        same = kept.opener is not None and kept.seeded and file.read() == kept.mark
        held = HeldOpener(kept.opener if same and kept.opener else context.opener(), same)
        kept.opener, kept.seeded = None, False
        _leave(file, kept.mark)
        yield held
        kept.opener, kept.seeded = held.opener, held.seeded


@contextmanager
def regrouping(context: Context) -> Iterator[None]:
    """A person moves posts between events: nobody opens meanwhile, and who kept an opener begins anew."""
    with alone(context, "open") as file:
        _leave(file, "")
        yield


def _leave(file: IO[str], word: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(word)
    file.flush()
