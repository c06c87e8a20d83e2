"""A group's robot of Feishu (飞书自定义机器人), signed.

Form, signature, 20 KB a request, 100 messages a minute and the codes 9499, 11232, 19021, 19022, 19024: 飞书开放平台
《自定义机器人使用指南》 (open.larkoffice.com/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from pydantic import Field, SecretStr

from alerting.channel import VARIABLE, Example, group_text, read_secret
from alerting.http import Verdict
from alerting.remote import Code, Line, RobotSettings, judged, secret_address
from alerting.text import fit_bytes
from casework.domain.notice import Delivery, Limits, Message

BYTES = 15_000
"""Of a text, below the service's 20 KB for a whole request."""
CODES = {
    "9499": Code(False, "the request is not as the service wants it, or longer than 20 KB"),
    "11232": Code(True, "too many at once; the service asks to keep off full and half hours", 60.0),
    "19001": Code(False, "no such robot; correct the variable of url_env"),
    "19002": Code(False, "the kind of message is not taken"),
    "19021": Code(False, "signature or clock refused; check secret_env and this machine's clock"),
    "19022": Code(False, "this machine's address is not on the robot's list"),
    "19024": Code(False, "the robot asks for a keyword; switch it to signatures"),
    "99991400": Code(True, "too many at once", 60.0),
}


class Settings(RobotSettings):
    """``url_env``: variable with the robot's address. ``secret_env``: variable with its signing secret (签名校验)."""

    secret_env: str = Field(pattern=VARIABLE)
    per_minute: int = Field(default=20, ge=1, le=100)


EXAMPLE = Example(
    settings={"url_env": "HUIYING_FEISHU_URL", "secret_env": "HUIYING_FEISHU_SECRET"},
    good='{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}',
    bad='{"code":19021,"data":{},"msg":"sign match fail or timestamp is not within one hour from current time"}',
)


class Channel:
    """Writes to the group. Mentions need ids that an office does not have, so the recipient stands in the text."""

    def __init__(self, name: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self.name = name
        self.limits = Limits(4_000, settings.per_minute, shared=True)
        self._url = secret_address(environ, settings.url_env)
        self._secret = read_secret(environ, settings.secret_env)
        self._line = Line(settings, self._secret)

    def send(self, message: Message) -> Delivery:
        """Post once, signed for this moment (an older signature than an hour is refused)."""
        seconds = int(time.time())
        value: dict[str, object] = {
            "timestamp": str(seconds),
            "sign": sign(self._secret, seconds),
            "msg_type": "text",
            # The service reads <at …> as a mention: nobody's words may call a whole group.
            "content": {"text": fit_bytes(group_text(message).replace("<at", "＜at"), BYTES)},
        }
        return self._line.send_json(self._url, value, _judge)


def sign(secret: SecretStr, seconds: int) -> str:
    """HMAC-SHA256 of nothing under moment, line end and secret as the key, in base64."""
    key = f"{seconds}\n{secret.get_secret_value()}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def _judge(answer: object) -> Verdict:
    return judged(answer, "code", "0", "msg", CODES)
