"""What the channels of the chat and SMS services share: an address that is a secret, the codes in their answers."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import Field, SecretStr

from alerting.channel import VARIABLE, ChannelSettings, read_secret
from alerting.http import WEB_PAGE, Judge, Verdict, check_url, new_session, post
from casework.domain.notice import Delivery


class RemoteSettings(ChannelSettings):
    """``timeout``: seconds for the answer. ``ca_file``: the office's own authority (PEM). ``proxy``: its own proxy."""

    timeout: float = Field(default=10.0, gt=0, le=120)
    ca_file: str | None = None
    proxy: str | None = None


class RobotSettings(RemoteSettings):
    """A group's robot. ``url_env`` names the variable with its whole address: whoever has it can write to the group.

    ``per_minute``: messages the group takes in a minute, kept over all processes of one store.
    """

    url_env: str = Field(pattern=VARIABLE)
    per_minute: int = Field(default=20, ge=1, le=20)


class Code(NamedTuple):
    """What a code in an answer means: whether it passes by itself, after how many seconds, what to do about it."""

    retry: bool
    hint: str
    wait: float | None = None


Codes = Mapping[str, Code]


class Line:
    """The way to one service: bounded time, no redirects, nothing from the environment, secrets taken out."""

    def __init__(self, settings: RemoteSettings, *secrets: SecretStr | None) -> None:
        if settings.ca_file and not os.path.isfile(settings.ca_file):
            raise ValueError(f"ca_file: {settings.ca_file} is not a file; write the path of a PEM file")
        if settings.proxy is not None:
            check_proxy(settings.proxy)
        self._session = new_session(settings.proxy)
        self._timeout = settings.timeout
        self._verify: bool | str = settings.ca_file or True
        self._secrets = secrets

    def send_json(self, url: SecretStr, value: object, judge: Judge) -> Delivery:
        """Post a JSON document once."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return self.call("POST", url, body, {"Content-Type": "application/json; charset=utf-8"}, judge)

    def call(self, method: str, url: SecretStr, body: bytes, headers: Mapping[str, str], judge: Judge) -> Delivery:
        """One call; see ``alerting.http.post``."""
        agent = {"User-Agent": "huiying", **headers}
        return post(
            self._session,
            url,
            body,
            agent,
            judge=judge,
            timeout=self._timeout,
            secrets=self._secrets,
            verify=self._verify,
            method=method,
        )


def check_proxy(proxy: str) -> None:
    """Raise ValueError, naming the key, for a proxy that is no address."""
    try:
        check_url(proxy)
    except ValueError as error:
        raise ValueError(f"proxy: {error}") from None


def secret_address(environ: Mapping[str, str], variable: str, key: str = "url_env") -> SecretStr:
    """The address held by a variable. Raises SecretMissing, or ValueError that never repeats it."""
    url = read_secret(environ, variable)
    try:
        check_url(url.get_secret_value())
    except ValueError as error:
        raise ValueError(f"{key}: environment variable {variable}: {error}") from None
    return url


def judged(answer: object, key: str, fine: str, words: str, codes: Codes) -> Verdict:
    """Read a service's answer: only ``key`` with the value ``fine`` is a success, whatever the HTTP status said.

    ``words``: the key of its own message. A code that is not in ``codes`` is final: the second channel takes over at
    once, rather than an alarm waiting for an account that nobody unlocks. An answer without the code is worth a try.
    """
    if not isinstance(answer, dict) or key not in answer:
        page = isinstance(answer, str) and answer.lstrip().startswith("<")
        return Verdict(False, True, WEB_PAGE if page else f"an answer without {key}")
    code = str(answer[key])
    said = str(answer.get(words) or "")
    if code == fine:
        return Verdict(True, False, said)
    known = codes.get(code, Code(False, ""))
    hint = f" ({known.hint})" if known.hint else ""
    return Verdict(False, known.retry, f"{key} {code}: {said}{hint}", known.wait)
