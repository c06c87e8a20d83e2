"""The dead-man signal: told to the watchman of ``HUIYING_HEARTBEAT_URL`` after each round that came to its end."""

from __future__ import annotations

import os
from datetime import datetime

from pipeline import logs
from pipeline.errors import CallError

VARIABLE = "HUIYING_HEARTBEAT_URL"


def beat(now: datetime) -> bool:
    """Whether a watchman is named and took the sign. What he answers stops nothing: he calls when signs stay away.

    CallError where the variable holds no address that may be used.
    """
    from pydantic import SecretStr

    from alerting.heartbeat import beat as send

    url = os.environ.get(VARIABLE, "").strip()
    if not url:
        return False
    try:
        answer = send(SecretStr(url), now)
    except ValueError as error:
        raise CallError(f"{VARIABLE}: {error}", kind="config") from None
    if not answer.ok:
        logs.warning("heartbeat not taken", detail=answer.detail)
    return answer.ok
