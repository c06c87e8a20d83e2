"""An application of WeCom (企业微信应用消息): to the person, found by mobile, with a token that is fetched when needed.

Form, 2,048 bytes a text, 30 messages a minute to one member, the duplicate check and the codes: 企业微信开发者中心
《获取access_token》 (developer.work.weixin.qq.com, path 91039), 《手机号获取userid》 (95402), 《发送应用消息》
(90236) and 《全局错误码》 (90313).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import quote

from pydantic import Field, SecretStr, field_validator

from alerting.channel import VARIABLE, Example, read_secret, with_link
from alerting.http import Verdict, check_url
from alerting.remote import Code, Line, RemoteSettings, judged
from alerting.text import fit_bytes, plain_lines
from casework.domain.notice import Delivery, Limits, Message

BYTES = 2_048
STALE = frozenset(("40014", "41001", "42001"))
"""Codes that say the token is wrong, missing or over: it is fetched anew, once."""
CODES = {
    "-1": Code(True, "busy"),
    "40001": Code(False, "secret refused; check secret_env and corp_id"),
    "40013": Code(False, "no such corp_id"),
    "40056": Code(False, "no such agent_id"),
    "45009": Code(True, "more than the application may send", 60.0),
    "45033": Code(True, "too many at once", 5.0),
    "46004": Code(False, "nobody in the company has this mobile"),
    "60011": Code(False, "the application may not look up members"),
    "60020": Code(False, "this machine's address is not on the application's list"),
    "60111": Code(False, "no such member"),
    "81013": Code(False, "the member does not see the application"),
    **{code: Code(True, "the token was refused twice") for code in sorted(STALE)},
}


class Settings(RemoteSettings):
    """``corp_id`` of the company, ``agent_id`` of the application, ``secret_env``: variable with its secret.

    ``url``: where the service is (a company's own instance has another). ``per_minute``: messages in a minute.
    """

    url: str = "https://qyapi.weixin.qq.com/cgi-bin"
    corp_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    agent_id: int = Field(ge=1)
    secret_env: str = Field(pattern=VARIABLE)
    per_minute: int = Field(default=30, ge=1, le=1000)

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        check_url(value)
        return value.rstrip("/")


EXAMPLE = Example(
    settings={
        "url": "https://qyapi.weixin.qq.com/cgi-bin",
        "corp_id": "ww0123456789abcdef",
        "agent_id": 1000002,
        "secret_env": "HUIYING_WECOM_SECRET",
    },
    good='{"errcode":0,"errmsg":"ok","msgid":"m-1"}',
    bad='{"errcode":81013,"errmsg":"user & party & tag all invalid"}',
    path="/message/send",
    before={
        "/gettoken": '{"errcode":0,"errmsg":"ok","access_token":"t0ken-never-shown","expires_in":7200}',
        "/user/getuserid": '{"errcode":0,"errmsg":"ok","userid":"zhangsan"}',
    },
)


class Channel:
    """Sends to one member. Token and members' ids are kept in memory: the service asks not to fetch them each time."""

    def __init__(self, name: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self.name = name
        self.limits = Limits(600, settings.per_minute)
        self._settings = settings
        self._secret = read_secret(environ, settings.secret_env)
        self._line = Line(settings, self._secret)
        self._token = SecretStr("")
        self._until = 0.0
        self._members: dict[str, str] = {}

    def send(self, message: Message) -> Delivery:
        """Send once; where the token was over, once more with a new one."""
        phone = message.recipient.phone
        if not phone:
            write = "no mobile; write one beside this contact in departments.yml"
            return Delivery(False, detail=f"{message.recipient.id}: {write}")
        delivery = Delivery(False, retry=True)
        for _ in range(2):
            delivery, code = self._try(message, phone)
            if code not in STALE:
                break
            self._until = 0.0
        return delivery

    def _try(self, message: Message, phone: str) -> tuple[Delivery, str]:
        delivery = Delivery(True)
        if time.monotonic() >= self._until:
            delivery = self._fetch()
        code = "0"
        if delivery.ok and phone not in self._members:
            delivery, code, answer = self._ask("/user/getuserid", {"mobile": phone})
            if delivery.ok:
                self._members[phone] = str(answer.get("userid") or "")
        if not delivery.ok:
            return delivery, code
        member = self._members[phone]
        delivery, code, answer = self._ask("/message/send", self._message(message, member))
        if delivery.ok and member in str(answer.get("invaliduser") or "").split("|"):
            # The service says errcode 0 although nobody gets the message.
            self._members.pop(phone)
            return Delivery(False, detail=f"{message.recipient.id}: the member does not see the application"), code
        return delivery, code

    def _fetch(self) -> Delivery:
        query = f"corpid={quote(self._settings.corp_id)}&corpsecret={quote(self._secret.get_secret_value(), safe='')}"
        found: dict[str, object] = {}
        url = SecretStr(f"{self._settings.url}/gettoken?{query}")
        delivery = self._line.call("GET", url, b"", {}, lambda answer: _judge(answer, found))
        token = str(found.get("access_token") or "")
        if delivery.ok and not token:
            return Delivery(False, retry=True, detail="an answer without access_token")
        if delivery.ok:
            self._token = SecretStr(token)
            # A minute early: it must not run out between here and there.
            self._until = time.monotonic() + max(0.0, float(str(found.get("expires_in") or 7200)) - 60)
        return delivery

    def _ask(self, path: str, value: object) -> tuple[Delivery, str, dict[str, object]]:
        """Post to ``path``; the code of the answer and the answer itself."""
        found: dict[str, object] = {}
        token = quote(self._token.get_secret_value(), safe="")
        url = SecretStr(f"{self._settings.url}{path}?access_token={token}")
        delivery = self._line.send_json(url, value, lambda answer: _judge(answer, found))
        return delivery, str(found.get("errcode", "")), found

    def _message(self, message: Message, member: str) -> dict[str, object]:
        mark = "【紧急】" if message.urgent else ""
        return {
            "touser": member,
            "msgtype": "text",
            "agentid": self._settings.agent_id,
            "text": {"content": fit_bytes(plain_lines(mark + with_link(message)), BYTES)},
            # What a lost answer made us send twice is shown once.
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 1800,
        }


def _judge(answer: object, found: dict[str, object]) -> Verdict:
    if isinstance(answer, dict):
        found.update(answer)
    return judged(answer, "errcode", "0", "errmsg", CODES)
