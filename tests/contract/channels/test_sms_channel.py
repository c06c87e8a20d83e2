"""The SMS gateway's replica: it checks the signature as the service does, and answers with the service's own bodies."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from alerting.channels.sms import Channel
from casework.domain.notice import Recipient
from tests.contract.channels.conftest import ready
from tests.contract.channels.servers import SECRET, Bench, message
from tests.contract.channels.test_channel_contract import clean

FIELDS = {
    "kind": "逾期",
    "title": "示例小区消防通道被占，电话13800000000，车辆长期停放已经半年无人过问",
    "due": "11月25日 09:00",
}
WHO = Recipient("示例市城管局/contact", "张三（示例）", None, "13800000000")
SENT = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


@pytest.fixture
def sms(certificate: Path, httpserver: HTTPServer) -> Bench:
    return ready("sms", httpserver, certificate)


def gateway(request: Request) -> Response:
    """Refuses what is not signed with the secret, as the service does; else takes it."""
    pairs = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True))
    signature = pairs.pop("Signature")
    form = "&".join(f"{quote(key, safe='~')}={quote(pairs[key], safe='~')}" for key in sorted(pairs))
    text = f"POST&%2F&{quote(form, safe='~')}"
    expected = base64.b64encode(hmac.new(f"{SECRET}&".encode(), text.encode(), hashlib.sha1).digest()).decode()
    if signature != expected:
        said = f"Specified signature is not matched with our calculation. server string to sign is:{text}"
        return Response(json.dumps({"Code": "SignatureDoesNotMatch", "Message": said}), status=400)
    return Response('{"Code":"OK","Message":"OK","BizId":"9006^0","RequestId":"F655"}')


def asked(bench: Bench, httpserver: HTTPServer) -> dict[str, str]:
    return dict(parse_qsl(bench.given(httpserver)[-1].get_data(as_text=True)))


def test_a_registered_text_with_short_masked_values(sms: Bench, httpserver: HTTPServer) -> None:
    httpserver.expect_request(sms.path).respond_with_handler(gateway)
    delivery = sms.build().send(message(kind="overdue", fields=FIELDS))
    assert (delivery.ok, delivery.receipt) == (True, "9006^0"), delivery.detail
    form = asked(sms, httpserver)
    assert (form["SignName"], form["TemplateCode"], form["PhoneNumbers"]) == (
        "示例市政府办",
        "SMS_100000002",
        WHO.phone,
    )
    values = json.loads(form["TemplateParam"])
    assert values["kind"] == "逾期"
    assert len(values["title"]) == 20
    assert "13800000000" not in form["TemplateParam"]
    assert values["due"] == "11月25日 09:00"
    assert "http" not in form["TemplateParam"]
    sms.build().send(message(kind="assigned", fields={}))
    assert asked(sms, httpserver)["TemplateCode"] == "SMS_100000001"
    assert json.loads(asked(sms, httpserver)["TemplateParam"])["title"] == "—"


def test_a_number_keeps_its_end(sms: Bench, httpserver: HTTPServer) -> None:
    httpserver.expect_request(sms.path).respond_with_handler(gateway)
    sms.build(fields={"case_id": 10}).send(message(fields={"case_id": "case:people_board:1234567"}))
    assert json.loads(asked(sms, httpserver)["TemplateParam"]) == {"case_id": "…d:1234567"}


def test_a_wrong_secret_is_final_and_not_shown(sms: Bench, httpserver: HTTPServer) -> None:
    httpserver.expect_request(sms.path).respond_with_handler(gateway)
    environ = {**sms.environ, "HUIYING_SMS_KEY_SECRET": "an0ther-wr0ng-secret"}
    delivery = sms.build(environ).send(message())
    assert (delivery.ok, delivery.retry) == (False, False)
    assert "SignatureDoesNotMatch" in delivery.detail
    assert "an0ther" not in delivery.detail
    clean(delivery.detail)


@pytest.mark.parametrize(
    ("code", "retry", "wait"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", True, 600),
        ("isp.SYSTEM_ERROR", True, None),
        ("isv.AMOUNT_NOT_ENOUGH", False, None),
        ("isv.SMS_SIGNATURE_ILLEGAL", False, None),
        ("isv.SMS_TEMPLATE_ILLEGAL", False, None),
        ("isv.NEVER_HEARD_OF", False, None),
    ],
)
def test_what_the_gateway_answers(
    sms: Bench, httpserver: HTTPServer, code: str, retry: bool, wait: float | None
) -> None:
    httpserver.expect_request(sms.path).respond_with_json({"Code": code, "Message": "触发流控", "RequestId": "F655"})
    delivery = sms.build().send(message())
    assert (delivery.ok, delivery.retry, delivery.retry_after, delivery.receipt) == (False, retry, wait, None)
    assert code in delivery.detail


@pytest.mark.parametrize("phone", [None, "", "12345", "0371-65500000", "138000000001"])
def test_a_number_that_is_no_mobile(sms: Bench, phone: str | None) -> None:
    delivery = sms.build().send(message(recipient=Recipient("甲局/contact", "甲", None, phone)))
    assert (delivery.ok, delivery.retry) == (False, False)
    assert "no mobile" in delivery.detail


def details(status: int, code: str) -> dict[str, Any]:
    row = {"SendStatus": status, "ErrCode": code, "PhoneNum": WHO.phone, "Content": "【示例市政府办】…"}
    return {"Code": "OK", "Message": "OK", "TotalCount": 1, "SmsSendDetailDTOs": {"SmsSendDetailDTO": [row]}}


@pytest.mark.parametrize(
    ("answer", "arrived"),
    [
        (details(3, "DELIVERED"), True),
        (details(2, "MOBILE_NOT_ON_SERVICE"), False),
        (details(1, ""), None),
        ({"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": []}}, None),
        ({"Code": "isp.SYSTEM_ERROR"}, None),
    ],
)
def test_a_receipt_tells_whether_it_arrived(
    sms: Bench, httpserver: HTTPServer, answer: dict[str, Any], arrived: bool | None
) -> None:
    httpserver.expect_request(sms.path).respond_with_json(answer)
    channel = sms.build()
    assert isinstance(channel, Channel)
    found = channel.receipt("9006^0", WHO, SENT)
    assert (None if found is None else found.ok) is arrived
    form = asked(sms, httpserver)
    # Half past one of the next day in China.
    assert (form["Action"], form["BizId"], form["SendDate"]) == ("QuerySendDetails", "9006^0", "20261125")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sign_name": "【示例市政府办】"}, "sign_name"),
        ({"sign_name": "示"}, "sign_name"),
        ({"templates": {"overdue": "SMS_1"}}, "write default"),
        ({"fields": {"link": 30}}, "unknown gap link"),
        ({"fields": {"title": 80}}, "write 1 to 35"),
        ({"url": "http://gateway.example.com"}, "write https"),
    ],
)
def test_settings_that_cannot_work(sms: Bench, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sms.build(**settings)
