"""A sign of life to a watchman outside (a dead man's switch): he calls when it stops coming."""

from __future__ import annotations

import json
from datetime import datetime

from pydantic import SecretStr

from alerting.http import Verdict, check_url, new_session, post
from casework.domain.notice import Delivery
from casework.domain.times import show_time

TIMEOUT = 10.0


def beat(url: SecretStr, at: datetime) -> Delivery:
    """Post ``{"system", "at"}`` once. ValueError where the address is none (never with the address: it is the secret).

    Any 2xx is a success; what the watchman answers otherwise is not read.
    """
    check_url(url.get_secret_value())
    body = json.dumps({"system": "huiying", "at": show_time(at)}).encode()
    headers = {"Content-Type": "application/json"}
    return post(new_session(), url, body, headers, judge=lambda _: Verdict(True, False, ""), timeout=TIMEOUT)
