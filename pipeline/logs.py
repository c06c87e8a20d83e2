"""Logs: JSON lines on standard error, so that standard output stays what a command answers."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any


@cache
def _logger() -> Any:
    # structlog takes 0.3 s to import: a command that logs nothing does not pay for it.
    import logging

    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Looked up at each line: a program that redirects standard error gets what is logged from then on.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    return structlog.get_logger("huiying")


def info(event: str, **values: object) -> None:
    """Something that went as it should."""
    _logger().info(event, **values)


def warning(event: str, **values: object) -> None:
    """Something that a person should look at."""
    _logger().warning(event, **values)
