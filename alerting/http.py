"""One HTTP call of a channel: no redirects, bounded time and size, an answer read before it is believed."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr

from alerting.channel import safe_detail
from casework.domain.notice import Delivery

CONNECT_TIMEOUT = 5.0
ANSWER_LIMIT = 16_384
RETRY_STATUS = frozenset({408, 425, 429})
"""Client errors that pass by themselves: time-out, too early, too many (RFC 9110, 8470, 6585)."""
LONGEST_WAIT = 86_400.0
WEB_PAGE = "a web page instead of an answer"

# Its DEBUG lines carry the path and query, where the address itself is the secret.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Verdict(NamedTuple):
    """What an answer says: taken or not, whether another try can help, its words, and seconds to wait before it."""

    ok: bool
    retry: bool
    said: str
    wait: float | None = None


Judge = Callable[[object], Verdict]
"""From the parsed JSON answer (else its text) to what it says."""


def new_session(proxy: str | None = None) -> requests.Session:
    """A session that takes nothing from the environment: no proxy variables, no .netrc passwords."""
    session = requests.Session()
    session.trust_env = False
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    return session


def check_url(url: str) -> None:
    """Raise ValueError unless it is http(s) with a host and no password; the message never holds the address.

    Plain http is for this machine only: a notice names people's cases.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("not an address; write https://host/path") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise ValueError("not an address; write https://host/path")
    if parts.username or parts.password:
        raise ValueError("a user or password stands in the address; take it out")
    if parts.scheme == "http" and host not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("http would send notices in the clear; write https (http is for this machine only)")


def post(
    session: requests.Session,
    url: SecretStr,
    body: bytes,
    headers: Mapping[str, str],
    *,
    judge: Judge,
    timeout: float,
    secrets: tuple[SecretStr | None, ...] = (),
    verify: bool | str = True,
    method: str = "POST",
) -> Delivery:
    """Post ``body`` once and say what became of it. ``timeout``: seconds for the answer, first byte to last.

    4xx is final but for RETRY_STATUS and for what ``judge`` knows to pass by itself; 5xx, time-outs and broken
    connections are worth another try; a redirect is not followed; a 2xx counts only when ``judge`` finds no error.
    """
    host = urlsplit(url.get_secret_value()).hostname or "?"
    started = time.monotonic()
    try:
        with session.request(
            method,
            url.get_secret_value(),
            data=body,
            headers=dict(headers),
            timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
            allow_redirects=False,
            verify=verify,
            stream=True,
        ) as response:
            session.cookies.clear()
            delivery = _delivery(response, host, _read(response, started + timeout), judge)
    except requests.RequestException as error:
        delivery = _broken(error, host, timeout)
    return Delivery(
        delivery.ok,
        delivery.retry,
        safe_detail(delivery.detail, *_address_secrets(url), *secrets),
        delivery.retry_after,
    )


def _address_secrets(url: SecretStr) -> list[SecretStr]:
    """The parts of an address that may be the secret: servers repeat them in their error pages."""
    parts = urlsplit(url.get_secret_value())
    words = re.split(r"[/&=?;]", f"{parts.path}?{parts.query}")
    path, query = parts.path.rstrip("/"), parts.query
    whole = [url.get_secret_value(), f"{path}?{query}", path, query]
    return [SecretStr(text) for text in [*whole, *(word for word in words if len(word) >= 8)]]


def _read(response: requests.Response, until: float) -> bytes:
    content = b""
    # Byte by byte: a larger piece waits for bytes that a dripping server never sends.
    for chunk in response.iter_content(1):
        content += chunk
        if len(content) >= ANSWER_LIMIT:
            break
        if time.monotonic() > until:
            raise requests.ReadTimeout()
    return content[:ANSWER_LIMIT]


def _delivery(response: requests.Response, host: str, content: bytes, judge: Judge) -> Delivery:
    status = response.status_code
    said = content.decode("utf-8", "replace")
    if 200 <= status < 300:
        ok, retry, detail, wait = judge(_json(content))
        return Delivery(ok, retry and not ok, f"{host}: {status} {detail}".rstrip(), None if ok else wait)
    if 300 <= status < 400:
        return Delivery(False, detail=f"{host}: {status} redirect not followed; write the new address in the settings")
    retry, wait = status in RETRY_STATUS or status >= 500, None
    answer = _json(content)
    if isinstance(answer, dict):
        # Some vendors answer 400 with the code inside that tells a full quota from a wrong key.
        inside = judge(answer)
        retry, wait = retry or (inside.retry and not inside.ok), inside.wait
    asked = _retry_after(response) if retry else None
    return Delivery(False, retry, f"{host}: {status} {said}", wait if asked is None and retry else asked)


def _json(content: bytes) -> object:
    """The parsed answer, or its text where it is not JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")


def _retry_after(response: requests.Response) -> float | None:
    """Seconds that the other side asks for (RFC 9110 10.2.3: a number or a date)."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(value).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


def _broken(error: requests.RequestException, host: str, timeout: float) -> Delivery:
    # The text of these errors carries the address, so only their kind is told.
    if isinstance(error, requests.Timeout):
        return Delivery(False, retry=True, detail=f"{host}: no answer within {timeout:g} s")
    if isinstance(error, requests.exceptions.SSLError):
        return Delivery(False, detail=f"{host}: certificate not accepted; set ca_file if it is the office's own")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
        return Delivery(False, detail=f"{host}: {type(error).__name__}: correct the settings")
    return Delivery(False, retry=True, detail=f"{host}: {type(error).__name__}: connection failed or broke")


def error_inside(answer: object, retry_codes: frozenset[int]) -> Verdict:
    """Judge an answer by what services put in a 200: a web page (somebody's log-in stands in between),
    ``errcode``/``code`` other than 0 or 200, ``ok`` or ``success`` false, a filled ``error``. Gives (ok,
    retry, what it says); an answer without any of these is a success.
    """
    if isinstance(answer, str) and answer.lstrip().startswith("<"):
        return Verdict(False, True, WEB_PAGE)
    if not isinstance(answer, dict):
        return Verdict(True, False, "")
    said = next((str(answer[k]) for k in ("errmsg", "msg", "message", "error") if answer.get(k)), "")
    for key in ("errcode", "code"):
        if key in answer and not _is_success(answer[key]):
            retry = _passes(_number(answer[key]), retry_codes)
            return Verdict(False, retry, f"{key} {answer[key]}: {said}")
    for key in ("ok", "success"):
        if answer.get(key) is False:
            return Verdict(False, False, f"{key} false: {said}")
    if answer.get("error"):
        return Verdict(False, False, f"error: {said}")
    return Verdict(True, False, said)


def _passes(number: int | None, retry_codes: frozenset[int]) -> bool:
    return number is not None and (number in retry_codes | RETRY_STATUS or 500 <= number < 600)


def _is_success(value: Any) -> bool:
    return value is None or _number(value) in (0, 200) or str(value).lower() in ("ok", "success")


def _number(value: Any) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None
