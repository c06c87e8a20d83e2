"""The robots of WeCom, DingTalk and Feishu and WeCom's application, as replicas of their services see them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from alerting.load import kind
from casework.domain.notice import Recipient
from tests.contract.channels.conftest import ready
from tests.contract.channels.servers import SECRET, Bench, message
from tests.contract.channels.test_channel_contract import clean

ROBOTS = ("dingtalk", "feishu", "wecom_robot")
LONG = message(body="长" * 30_000)


def value(bench: Bench, httpserver: HTTPServer, number: int = -1) -> dict[str, Any]:
    """The document that was given."""
    given = bench.given(httpserver)
    assert given
    found = json.loads(given[number].get_data())
    assert isinstance(found, dict)
    return found


def text_of(found: dict[str, Any]) -> str:
    text = found.get("text") or found["content"]
    return str(text.get("content") or text["text"])


@pytest.mark.parametrize("name", ROBOTS)
def test_a_group_reads_who_is_meant_and_what(name: str, httpserver: HTTPServer, certificate: Path) -> None:
    bench = ready(name, httpserver, certificate)
    httpserver.expect_request(bench.path).respond_with_data(bench.kind.example.good)
    assert bench.build().send(message()).ok
    found = value(bench, httpserver)
    text = text_of(found)
    assert text.startswith("【紧急】张三（示例）：\n")
    assert message().body in text
    assert text.endswith("http://127.0.0.1/cases/case-1")
    assert "13800000000" not in text, "a whole telephone number in a group"
    assert bench.build().limits.shared


@pytest.mark.parametrize(("name", "most"), [("dingtalk", 20_000), ("feishu", 20_480), ("wecom_robot", 2_048 + 400)])
def test_the_longest_text_fits(name: str, most: int, httpserver: HTTPServer, certificate: Path) -> None:
    bench = ready(name, httpserver, certificate)
    httpserver.expect_request(bench.path).respond_with_data(bench.kind.example.good)
    assert bench.build().send(LONG).ok
    assert len(bench.given(httpserver)[-1].get_data()) <= most
    assert text_of(value(bench, httpserver)).endswith("…")


def test_the_person_is_mentioned_by_mobile(httpserver: HTTPServer, certificate: Path) -> None:
    wecom = ready("wecom_robot", httpserver, certificate)
    httpserver.expect_request(wecom.path).respond_with_data(wecom.kind.example.good)
    wecom.build().send(message())
    assert value(wecom, httpserver)["text"]["mentioned_mobile_list"] == ["13800000000"]
    wecom.build(mention=False).send(message())
    assert "mentioned_mobile_list" not in value(wecom, httpserver)["text"]
    ready("dingtalk", httpserver, certificate).build().send(message())
    assert value(wecom, httpserver)["at"] == {"atMobiles": ["13800000000"], "isAtAll": False}


def test_dingtalk_is_signed_as_it_asks(httpserver: HTTPServer, certificate: Path) -> None:
    bench = ready("dingtalk", httpserver, certificate)
    httpserver.expect_request(bench.path).respond_with_data(bench.kind.example.good)
    bench.build().send(message())
    query = parse_qs(urlsplit(bench.given(httpserver)[0].url).query)
    (stamp,), (signed,) = query["timestamp"], query["sign"]
    digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert signed == base64.b64encode(digest).decode()
    assert len(stamp) == 13


def test_feishu_is_signed_as_it_asks_and_calls_nobody(httpserver: HTTPServer, certificate: Path) -> None:
    bench = ready("feishu", httpserver, certificate)
    httpserver.expect_request(bench.path).respond_with_data(bench.kind.example.good)
    bench.build().send(message(body='<at user_id="all">所有人</at>'))
    found = value(bench, httpserver)
    key = f"{found['timestamp']}\n{SECRET}".encode()
    assert found["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert "<at" not in text_of(found)


@pytest.mark.parametrize(
    ("name", "status", "answer", "retry", "wait"),
    [
        ("dingtalk", 200, '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', True, 600),
        ("dingtalk", 200, '{"errcode":310000,"errmsg":"invalid timestamp"}', False, None),
        ("dingtalk", 200, '{"errcode":310000,"errmsg":"keywords not in content"}', False, None),
        ("dingtalk", 200, '{"errcode":-1,"errmsg":"系统繁忙"}', True, None),
        ("feishu", 200, '{"code":11232,"data":{},"msg":"frequency limited"}', True, 60),
        ("feishu", 400, '{"code":11232,"data":{},"msg":"frequency limited"}', True, 60),
        ("feishu", 200, '{"code":9499,"msg":"Bad Request","data":{}}', False, None),
        ("feishu", 400, '{"code":19024,"msg":"Key Words Not Found"}', False, None),
        ("wecom_robot", 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', True, 60),
        ("wecom_robot", 200, '{"errcode":-1,"errmsg":"system busy"}', True, None),
        ("wecom_robot", 200, '{"errcode":99999,"errmsg":"never heard of"}', False, None),
        ("wecom_robot", 200, "{}", True, None),
        ("wecom_robot", 200, "ok", True, None),
        ("wecom_app", 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', True, 60),
        ("wecom_app", 200, '{"errcode":60020,"errmsg":"not allow to access from your ip"}', False, None),
        ("wecom_app", 200, '{"errcode":0,"errmsg":"ok","invaliduser":"zhangsan"}', False, None),
    ],
)
def test_what_the_services_answer(
    name: str, status: int, answer: str, retry: bool, wait: float | None, httpserver: HTTPServer, certificate: Path
) -> None:
    bench = ready(name, httpserver, certificate)
    httpserver.expect_request(bench.path).respond_with_data(answer, status=status)
    delivery = bench.build().send(message())
    assert (delivery.ok, delivery.retry, delivery.retry_after) == (False, retry, wait), delivery.detail
    clean(delivery.detail)


def test_the_application_fetches_its_token_once_and_finds_the_person(httpserver: HTTPServer, certificate: Path) -> None:
    bench = ready("wecom_app", httpserver, certificate)
    httpserver.expect_request(bench.path).respond_with_data(bench.kind.example.good)
    channel = bench.build()
    assert channel.send(message()).ok
    assert channel.send(message()).ok
    asked = [request.path.rsplit("/", 1)[-1] for request, _ in httpserver.log]
    assert asked == ["gettoken", "getuserid", "send", "send"]
    assert httpserver.log[0][0].args["corpsecret"] == SECRET
    assert json.loads(httpserver.log[1][0].get_data()) == {"mobile": "13800000000"}
    assert bench.given(httpserver)[0].args["access_token"] == "t0ken-never-shown"
    found = value(bench, httpserver)
    assert (found["touser"], found["agentid"], found["msgtype"]) == ("zhangsan", 1000002, "text")
    assert len(found["text"]["content"].encode()) <= 2_048
    assert found["enable_duplicate_check"] == 1


@pytest.mark.parametrize("code", [42001, 40014, 41001])
def test_a_token_that_is_over_is_fetched_again_once(code: int, httpserver: HTTPServer, certificate: Path) -> None:
    bench = make_replica(httpserver, certificate, over=1, code=code)
    assert bench.build().send(message()).ok
    assert len(bench.given(httpserver)) == 2
    assert [request.path for request, _ in httpserver.log].count(f"{bench.hook}/gettoken") == 2


def test_a_token_that_is_never_taken_is_tried_later(httpserver: HTTPServer, certificate: Path) -> None:
    bench = make_replica(httpserver, certificate, over=99, code=42001)
    delivery = bench.build().send(message())
    assert (delivery.ok, delivery.retry) == (False, True)
    assert len(bench.given(httpserver)) == 2, "one refetch a try, not a loop"
    clean(delivery.detail)


def make_replica(httpserver: HTTPServer, certificate: Path, over: int, code: int) -> Bench:
    """The service with a token that is over for the first ``over`` messages."""
    bench = ready("wecom_app", httpserver, certificate)
    left = [over]

    def answer(request: Request) -> Response:
        left[0] -= 1
        bad = json.dumps({"errcode": code, "errmsg": f"access_token expired: {request.args['access_token']}"})
        return Response(bad if left[0] >= 0 else bench.kind.example.good)

    httpserver.expect_request(bench.path).respond_with_handler(answer)
    return bench


def test_a_wrong_secret_is_final_and_not_shown(httpserver: HTTPServer, certificate: Path) -> None:
    bench = ready("wecom_app", httpserver, certificate)
    httpserver.clear()
    said = json.dumps({"errcode": 40001, "errmsg": f"invalid credential {SECRET}"})
    httpserver.expect_request(f"{bench.hook}/gettoken").respond_with_data(said)
    delivery = bench.build().send(message())
    assert (delivery.ok, delivery.retry) == (False, False)
    assert "check secret_env" in delivery.detail
    clean(delivery.detail)


def test_a_person_without_mobile_or_unknown_to_the_company(httpserver: HTTPServer, certificate: Path) -> None:
    bench = ready("wecom_app", httpserver, certificate)
    delivery = bench.build().send(message(recipient=Recipient("甲局/contact", "甲")))
    assert (delivery.ok, delivery.retry) == (False, False)
    assert "no mobile" in delivery.detail
    httpserver.clear()
    for path, answer in kind("wecom_app").example.before.items():
        said = answer if "token" in path else '{"errcode":46004,"errmsg":"user not exist"}'
        httpserver.expect_request(bench.hook + path).respond_with_data(said)
    delivery = bench.build().send(message())
    assert (delivery.ok, delivery.retry) == (False, False)
    assert "nobody in the company has this mobile" in delivery.detail
