"""SMS over a gateway that takes registered templates (短信): signature, a template's code, short values for its gaps.

Form, signature (HMAC-SHA1 over the sorted parameters), answers and receipts as 阿里云短信服务 documents them:
SendSms and QuerySendDetails of version 2017-05-25 (help.aliyun.com, documents 55284 and 419277), 《API错误码》.
Others speak the same form; ``url`` says where. A text is the template's own, so that no free words of a citizen reach
a telephone: its gaps take the facts named in ``fields``, each cut to its length (a gateway refuses longer ones), never
an address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from pydantic import Field, SecretStr, field_validator

from alerting.channel import VARIABLE, Example, read_secret
from alerting.http import Verdict, check_url
from alerting.remote import Code, Line, RemoteSettings, judged
from alerting.text import mask_numbers, one_line
from casework.domain.notice import Delivery, Limits, Message, Recipient
from casework.domain.times import SHANGHAI

FACTS = ("kind", "case_id", "title", "department", "severity_label", "due", "rule_title", "time_left", "count")
"""What a gap may take."""
LONGEST = 35
"""Characters of one value that the gateways take."""
_PHONE = re.compile(r"^1\d{10}$")
CODES = {
    "isp.SYSTEM_ERROR": Code(True, "busy"),
    "isp.GATEWAY_ERROR": Code(True, "busy"),
    "Throttling.User": Code(True, "too many at once", 5.0),
    "ServiceUnavailable": Code(True, "busy"),
    "SignatureNonceUsed": Code(True, "a repeat was refused"),
    "isv.BUSINESS_LIMIT_CONTROL": Code(True, "more than one telephone may get", 600.0),
    "isv.OUT_OF_SERVICE": Code(False, "the account is stopped"),
    "isv.AMOUNT_NOT_ENOUGH": Code(False, "the account is empty"),
    "isv.SMS_SIGNATURE_ILLEGAL": Code(False, "sign_name is not registered"),
    "isv.SMS_TEMPLATE_ILLEGAL": Code(False, "the template is not registered"),
    "isv.TEMPLATE_MISSING_PARAMETERS": Code(False, "the template has gaps that fields does not fill"),
    "isv.PARAM_LENGTH_LIMIT": Code(False, "a value is too long; lower its length in fields"),
    "isv.PARAM_NOT_SUPPORT_URL": Code(False, "a value holds an address"),
    "isv.BLACK_KEY_CONTROL_LIMIT": Code(False, "a value holds a word that the gateway refuses"),
    "isv.MOBILE_NUMBER_ILLEGAL": Code(False, "the number is no mobile"),
    "isp.RAM_PERMISSION_DENY": Code(False, "the key may not send"),
    "SignatureDoesNotMatch": Code(False, "signature refused; check key_secret_env"),
    "InvalidAccessKeyId.NotFound": Code(False, "no such key; check key_id_env"),
    "InvalidTimeStamp.Expired": Code(False, "this machine's clock is wrong"),
}
ARRIVED, REFUSED = 3, 2
"""``SendStatus`` of a receipt; 1 is: not known yet."""


class Settings(RemoteSettings):
    """``sign_name`` and ``templates`` (kind of notice → code; ``default`` for the others) as registered.

    ``fields``: gap of the templates → most characters. ``key_id_env``, ``key_secret_env``: variables with the key.
    """

    url: str = "https://dysmsapi.aliyuncs.com/"
    key_id_env: str = Field(pattern=VARIABLE)
    key_secret_env: str = Field(pattern=VARIABLE)
    sign_name: str = Field(pattern=r"^[^\s【】\[\]]{2,20}$")
    templates: dict[str, str] = Field(min_length=1)
    fields: dict[str, int] = Field(default_factory=lambda: {"kind": 8, "title": 20, "due": 12})
    per_minute: int = Field(default=200, ge=1)

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        check_url(value)
        return value

    @field_validator("templates")
    @classmethod
    def _default(cls, value: dict[str, str]) -> dict[str, str]:
        if "default" not in value:
            raise ValueError("no default among them; write default: CODE, for kinds without their own")
        return value

    @field_validator("fields")
    @classmethod
    def _known(cls, value: dict[str, int]) -> dict[str, int]:
        for name, most in value.items():
            if name not in FACTS:
                raise ValueError(f"unknown gap {name}; write one of {', '.join(FACTS)}")
            if not 1 <= most <= LONGEST:
                raise ValueError(f"{name}: {most} characters; write 1 to {LONGEST}")
        return value


EXAMPLE = Example(
    settings={
        "url": "https://dysmsapi.aliyuncs.com/",
        "key_id_env": "HUIYING_SMS_KEY_ID",
        "key_secret_env": "HUIYING_SMS_KEY_SECRET",
        "sign_name": "示例市政府办",
        "templates": {"default": "SMS_100000001", "overdue": "SMS_100000002"},
    },
    good='{"Code":"OK","Message":"OK","BizId":"900619746936498440^0","RequestId":"F655A8D5-B967"}',
    bad='{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发分钟级流控Permits:1","RequestId":"F655A8D5-B967"}',
)


class Channel:
    """Sends one message to one mobile, and asks later whether it arrived."""

    def __init__(self, name: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self.name = name
        self.limits = Limits(None, settings.per_minute)
        self._settings = settings
        self._id = read_secret(environ, settings.key_id_env)
        self._secret = read_secret(environ, settings.key_secret_env)
        self._line = Line(settings, self._id, self._secret)

    def send(self, message: Message) -> Delivery:
        """Send once. The gateway takes repeats as new messages: a lost answer may cost one message twice."""
        phone = message.recipient.phone or ""
        if not _PHONE.match(phone):
            write = "no mobile of 11 digits; write one beside this contact in departments.yml"
            return Delivery(False, detail=f"{message.recipient.id}: {write}")
        settings = self._settings
        values = {name: self._value(message, name, most) for name, most in settings.fields.items()}
        asked = {
            "Action": "SendSms",
            "PhoneNumbers": phone,
            "SignName": settings.sign_name,
            "TemplateCode": settings.templates.get(message.kind, settings.templates["default"]),
            "TemplateParam": json.dumps(values, ensure_ascii=False, separators=(",", ":")),
            "OutId": hashlib.sha256(message.key.encode()).hexdigest()[:32],
        }
        found: dict[str, object] = {}
        delivery = self._ask(asked, found)
        receipt = str(found.get("BizId") or "") or None
        return Delivery(True, detail=delivery.detail, receipt=receipt) if delivery.ok else delivery

    def receipt(self, receipt: str, recipient: Recipient, sent_at: datetime) -> Delivery | None:
        """Whether what was sent arrived: ok, not ok (the telephone's network refused it), None: not known yet."""
        asked = {
            "Action": "QuerySendDetails",
            "PhoneNumber": recipient.phone or "",
            "BizId": receipt,
            "SendDate": sent_at.astimezone(SHANGHAI).strftime("%Y%m%d"),
            "PageSize": "10",
            "CurrentPage": "1",
        }
        found: dict[str, object] = {}
        if not self._ask(asked, found).ok:
            return None
        details = found.get("SmsSendDetailDTOs")
        rows = details.get("SmsSendDetailDTO") if isinstance(details, dict) else None
        row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
        if row.get("SendStatus") == ARRIVED:
            return Delivery(True, detail="arrived")
        if row.get("SendStatus") == REFUSED:
            return Delivery(False, detail=f"not delivered: {one_line(str(row.get('ErrCode') or ''))[:40]}")
        return None

    def _ask(self, asked: Mapping[str, str], found: dict[str, object]) -> Delivery:
        def judge(answer: object) -> Verdict:
            if isinstance(answer, dict):
                found.update(answer)
            return judged(answer, "Code", "OK", "Message", CODES)

        now, nonce = datetime.now(UTC), uuid.uuid4().hex
        body = signed_form(asked, self._id, self._secret, now.strftime("%Y-%m-%dT%H:%M:%SZ"), nonce)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._line.call("POST", SecretStr(self._settings.url), body, form, judge)

    @staticmethod
    def _value(message: Message, name: str, most: int) -> str:
        text = mask_numbers(one_line(message.fields.get(name, ""))) or "—"
        if len(text) <= most:
            return text
        # Of a number the end tells one from another; of words the beginning.
        return "…" + text[len(text) - most + 1 :] if name == "case_id" else text[: most - 1] + "…"


def signed_form(asked: Mapping[str, str], id_: SecretStr, secret: SecretStr, moment: str, nonce: str) -> bytes:
    """The form with its signature: HMAC-SHA1 over ``POST&%2F&`` and the sorted, percent-encoded parameters."""
    values = {
        **asked,
        "AccessKeyId": id_.get_secret_value(),
        "Format": "JSON",
        "RegionId": "cn-hangzhou",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": nonce,
        "SignatureVersion": "1.0",
        "Timestamp": moment,
        "Version": "2017-05-25",
    }
    pairs = ((quote(key, safe="~"), quote(values[key], safe="~", errors="replace")) for key in sorted(values))
    form = "&".join(f"{key}={value}" for key, value in pairs)
    text = f"POST&%2F&{quote(form, safe='~')}"
    digest = hmac.new(f"{secret.get_secret_value()}&".encode(), text.encode(), hashlib.sha1).digest()
    return f"Signature={quote(base64.b64encode(digest).decode(), safe='~')}&{form}".encode()
