"""A group's robot of DingTalk (钉钉自定义机器人), signed.

Form, signature and 20 messages a minute (beyond that the robot is shut for ten minutes): 钉钉开放平台
《自定义机器人接入》 (open.dingtalk.com). The answers 310000 with ``sign not match``, ``invalid timestamp`` and
``keywords not in content`` are as people report them (github.com: jenkinsci/dingtalk-plugin 116,
timonwong/prometheus-webhook-dingtalk 197).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import quote

from pydantic import Field, SecretStr

from alerting.channel import VARIABLE, Example, group_text, read_secret
from alerting.http import Verdict
from alerting.remote import Code, Line, RobotSettings, judged, secret_address
from alerting.text import fit_bytes
from casework.domain.notice import Delivery, Limits, Message

BYTES = 15_000
"""Of a text, below the service's 20,000 for a whole message."""
SHUT = 600.0
"""Seconds for which a robot that wrote too much is shut."""
CODES = {
    "-1": Code(True, "busy"),
    "130101": Code(True, "more than 20 in a minute", SHUT),
    "410100": Code(True, "more than 20 in a minute", SHUT),
    "90030": Code(True, "more than the robot may write", SHUT),
    "300001": Code(False, "no such robot; correct the variable of url_env"),
    "300005": Code(False, "no such token; correct the variable of url_env"),
    "310000": Code(False, "signature, keyword, address or clock refused; check secret_env and this machine's clock"),
    "400101": Code(False, "no such token; correct the variable of url_env"),
    "400102": Code(False, "the robot is switched off"),
    "400105": Code(False, "the kind of message is not taken"),
    "400106": Code(False, "the robot is not in the group"),
}


class Settings(RobotSettings):
    """``url_env``: variable with the robot's address. ``secret_env``: variable with its signing secret (加签, SEC…)."""

    secret_env: str = Field(pattern=VARIABLE)


EXAMPLE = Example(
    settings={"url_env": "HUIYING_DINGTALK_URL", "secret_env": "HUIYING_DINGTALK_SECRET"},
    good='{"errcode":0,"errmsg":"ok"}',
    bad='{"errcode":310000,"errmsg":"sign not match"}',
)


class Channel:
    """Writes to the group, the recipient mentioned by mobile."""

    def __init__(self, name: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self.name = name
        self.limits = Limits(4_000, settings.per_minute, shared=True)
        self._url = secret_address(environ, settings.url_env)
        self._secret = read_secret(environ, settings.secret_env)
        self._line = Line(settings, self._secret)

    def send(self, message: Message) -> Delivery:
        """Post once, signed for this moment (an older signature than an hour is refused)."""
        value: dict[str, object] = {
            "msgtype": "text",
            "text": {"content": fit_bytes(group_text(message), BYTES)},
            "at": {"atMobiles": [message.recipient.phone] if message.recipient.phone else [], "isAtAll": False},
        }
        return self._line.send_json(signed(self._url, self._secret, int(time.time() * 1000)), value, _judge)


def signed(url: SecretStr, secret: SecretStr, milliseconds: int) -> SecretStr:
    """The address with moment and signature: HMAC-SHA256 over moment, line end and secret, in base64."""
    key = secret.get_secret_value()
    digest = hmac.new(key.encode(), f"{milliseconds}\n{key}".encode(), hashlib.sha256).digest()
    sign = quote(base64.b64encode(digest).decode(), safe="")
    plain = url.get_secret_value()
    return SecretStr(f"{plain}{'&' if '?' in plain else '?'}timestamp={milliseconds}&sign={sign}")


def _judge(answer: object) -> Verdict:
    return judged(answer, "errcode", "0", "errmsg", CODES)
