"""How errors leave the command line: a kind, a sentence, an exit code. A traceback is never a user's answer."""

from __future__ import annotations

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
