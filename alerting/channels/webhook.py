"""A signed webhook: JSON posted to the office's own system, which can tell that we sent it and when.

The receiver computes HMAC-SHA256 over ``timestamp + "." + body`` with the shared secret and compares it with
``X-Huiying-Signature: sha256=HEX``; it refuses a ``X-Huiying-Timestamp`` (Unix seconds) more than five
minutes off its own clock and a ``X-Huiying-Delivery`` it has seen (both stand in the signed body too).
``key`` in the body is the same at every try of one notice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
import uuid
from collections.abc import Mapping

from pydantic import Field, SecretStr, field_validator, model_validator

from alerting.channel import VARIABLE, ChannelSettings, Example, read_secret
from alerting.http import check_url, error_inside, new_session, post
from casework.domain.notice import Delivery, Limits, Message


class Settings(ChannelSettings):
    """Where to post. ``url``, or ``url_env`` (the variable holding it) where the address itself is secret.

    ``secret_env`` names the variable with the signing secret. ``timeout``: seconds for the answer.
    ``retry_codes``: codes inside a 200 that pass by themselves. ``ca_file``: the office's own certificate
    authority (PEM). ``proxy``: the address of the office's own proxy.
    """

    url: str | None = None
    url_env: str | None = Field(default=None, pattern=VARIABLE)
    secret_env: str = Field(pattern=VARIABLE)
    timeout: float = Field(default=10.0, gt=0, le=120)
    retry_codes: tuple[int, ...] = (-1,)
    ca_file: str | None = None
    proxy: str | None = None

    @field_validator("url", "proxy")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            check_url(value)
        return value

    @model_validator(mode="after")
    def _one_address(self) -> Settings:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("write exactly one of url and url_env")
        return self


EXAMPLE = Example(
    settings={
        "url_env": "HUIYING_WEBHOOK_URL",
        "secret_env": "HUIYING_WEBHOOK_SECRET",
    },
    transport="http",
    good='{"code": 0, "msg": "ok"}',
    bad='{"code": 40001, "msg": "unknown sender"}',
)


class Channel:
    """Posts a notice as JSON, signed."""

    def __init__(self, name: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self.name = name
        self.limits = Limits()
        self._settings = settings
        self._secret = read_secret(environ, settings.secret_env)
        self._url = SecretStr(settings.url) if settings.url else read_secret(environ, settings.url_env or "")
        if settings.url_env:
            try:
                check_url(self._url.get_secret_value())
            except ValueError as error:
                raise ValueError(f"url_env: environment variable {settings.url_env}: {error}") from None
        if settings.ca_file and not os.path.isfile(settings.ca_file):
            raise ValueError(f"ca_file: {settings.ca_file} is not a file; write the path of a PEM file")
        self._session = new_session(settings.proxy)
        self._codes = frozenset(settings.retry_codes)

    def send(self, message: Message) -> Delivery:
        """Post once. E-mail and telephone stay here: the receiver knows its own people by ``id``."""
        timestamp, delivery = str(int(time.time())), uuid.uuid4().hex
        body = _body(message, timestamp, delivery)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "huiying",
            "X-Huiying-Timestamp": timestamp,
            "X-Huiying-Delivery": delivery,
            "X-Huiying-Signature": f"sha256={sign(self._secret, timestamp, body)}",
        }
        return post(
            self._session,
            self._url,
            body,
            headers,
            judge=lambda answer: error_inside(answer, self._codes),
            timeout=self._settings.timeout,
            secrets=(self._secret,),
            verify=self._settings.ca_file or True,
        )


def sign(secret: SecretStr, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) in hex over ``timestamp + "." + body``."""
    signed = timestamp.encode("ascii") + b"." + body
    return hmac.new(secret.get_secret_value().encode(), signed, hashlib.sha256).hexdigest()


def _body(message: Message, timestamp: str, delivery: str) -> bytes:
    fields = {
        "key": message.key,
        "delivery": delivery,
        "timestamp": int(timestamp),
        "recipient": {"id": message.recipient.id, "name": message.recipient.name},
        "subject": message.subject,
        "body": message.body,
        "link": message.link,
        "urgent": message.urgent,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
