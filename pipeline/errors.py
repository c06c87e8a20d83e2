"""How errors leave the command line: a kind, a sentence, an exit code. A traceback is never a user's answer."""

from __future__ import annotations

import errno

DONE, FOUND, WRONG_CALL, UNAVAILABLE, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes of the contract."""


class CallError(Exception):
    """The call is wrong: a file, an argument. ``code`` is the exit code."""

    def __init__(self, message: str, code: int = WRONG_CALL, kind: str = "call") -> None:
        super().__init__(message)
        self.code, self.kind = code, kind


def explain(error: Exception) -> tuple[str, int] | None:
    """(kind, exit code) of an error that the program expects; None for one that it does not."""
    if isinstance(error, CallError):
        return error.kind, error.code
    for name, kind, code in _KNOWN:
        if any(parent.__name__ == name for parent in type(error).__mro__):
            return kind, code
    return None


def refusal(error: OSError, name: object = None) -> str:
    """What the system refused, in words with what to do; ``name`` where the error itself names no file."""
    where = name or error.filename or "standard output or a working file"
    return f"{where}: {_REFUSALS.get(error.errno or 0, error.strerror or str(error))}"


_REFUSALS = {
    errno.ENOSPC: "the disk is full; make room and run the same command again",
    errno.EDQUOT: "the disk's share for this account is used up; make room and run the same command again",
    errno.EFBIG: "may not grow further (a limit on the size of files); raise it or name another place",
    errno.EROFS: "lies on a disk that may only be read; name another place",
    errno.EACCES: "access is denied; check its permissions",
    errno.EPERM: "access is denied; check its permissions",
    errno.ENOENT: "is not there and cannot be made; check the path",
    errno.EEXIST: "a part of the path is no folder; check the path",
    errno.ENOTDIR: "a part of the path is no folder; check the path",
    errno.EISDIR: "is a folder; name a file",
    errno.ENAMETOOLONG: "the name is too long; write a shorter one",
    errno.EIO: "the disk reports an error; check it and run the same command again",
}

_KNOWN = (
    ("IllegalMove", "illegal_move", FOUND),
    ("Conflict", "conflict", FOUND),
    ("BrokenChain", "broken_chain", FOUND),
    ("NotFound", "not_found", WRONG_CALL),
    ("Unavailable", "unavailable", UNAVAILABLE),
    ("Unwritable", "unwritable", UNAVAILABLE),
    ("StoreError", "store", WRONG_CALL),
    ("ConfigError", "config", WRONG_CALL),
    ("ChannelConfigError", "config", WRONG_CALL),
    ("ModelError", "model", WRONG_CALL),
    ("DataError", "data", WRONG_CALL),
    ("SettingsError", "config", WRONG_CALL),
    ("DivisionsError", "config", WRONG_CALL),
    ("PaperError", "paper", WRONG_CALL),
    ("ImportError_", "import", WRONG_CALL),
    ("SiteError", "site", UNAVAILABLE),
    ("CollectError", "collect", WRONG_CALL),
    ("DomainError", "wrong_value", WRONG_CALL),
    ("PermissionError", "permission", UNAVAILABLE),
    ("OSError", "file", UNAVAILABLE),
)
"""By name, so that no heavy package is imported to name its errors; the first that fits counts."""
