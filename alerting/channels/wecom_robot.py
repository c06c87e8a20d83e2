"""A group's robot of WeCom (企业微信群机器人): text with the recipient's mobile mentioned.

Form, 2,048 bytes a text and 20 messages a minute: 企业微信开发者中心《群机器人配置说明》 (developer.work.weixin.qq.com,
path 91770). Codes: its 《全局错误码》 (path 90313).
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from alerting.channel import Example, group_text
from alerting.http import Verdict
from alerting.remote import Code, Line, RobotSettings, judged, secret_address
from alerting.text import fit_bytes
from casework.domain.notice import Delivery, Limits, Message

BYTES = 2_048
CODES = {
    "-1": Code(True, "busy"),
    "40008": Code(False, "the kind of message is not taken"),
    "40058": Code(False, "a parameter is wrong"),
    "44004": Code(False, "an empty text"),
    "45002": Code(False, "too long"),
    "45009": Code(True, "more than the robot takes in a minute", 60.0),
    "45033": Code(True, "too many at once", 5.0),
    "93000": Code(False, "no such robot: was it taken out of the group? correct the variable of url_env"),
    "93008": Code(False, "the robot is not in the group any more"),
}


class Settings(RobotSettings):
    """``url_env``: variable with the robot's address. ``mention``: whether the recipient is mentioned by mobile."""

    mention: bool = Field(default=True)


EXAMPLE = Example(
    settings={"url_env": "HUIYING_WECOM_ROBOT_URL"},
    good='{"errcode":0,"errmsg":"ok"}',
    bad='{"errcode":93000,"errmsg":"invalid webhook url, hint: [1732442400000_1], from ip: 127.0.0.1"}',
)


class Channel:
    """Writes to the group. A robot cannot tell who read it: it stands beside a channel to the person."""

    def __init__(self, name: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self.name = name
        self.limits = Limits(600, settings.per_minute, shared=True)
        self._mention = settings.mention
        self._url = secret_address(environ, settings.url_env)
        self._line = Line(settings)

    def send(self, message: Message) -> Delivery:
        """Post once."""
        text: dict[str, object] = {"content": fit_bytes(group_text(message), BYTES)}
        if self._mention and message.recipient.phone:
            text["mentioned_mobile_list"] = [message.recipient.phone]
        return self._line.send_json(self._url, {"msgtype": "text", "text": text}, _judge)


def _judge(answer: object) -> Verdict:
    return judged(answer, "errcode", "0", "errmsg", CODES)
