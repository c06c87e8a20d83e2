"""Acts at the page of a case: done once, by whom they may, and no text is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from casework.domain.moves import FROM
from dashboards import forms, words
from tests.unit.dashboards.making import NOW, Desk, press, token

DRAFT = "经核查，3 号楼前路灯线路老化，已于 3 月 4 日更换。"


def test_the_whole_way_of_an_answer(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    steps: list[tuple[str, dict[str, str], str]] = [
        ("sign", {}, "signed"),
        ("draft", {"text": DRAFT}, "drafted"),
        *[("review", {"gate": gate, "ok": "yes"}, "in_review") for gate in ("first", "second", "third")],
        ("review", {"gate": "secrecy", "ok": "yes"}, "approved"),
        ("publish", {"url": "https://gov.example/1", "at": "2026-03-04T22:50"}, "published"),
        ("close", {}, "closed"),
        ("archive", {}, "archived"),
    ]
    for verb, entered, state in steps:
        answer = press(client, desk.stored(case), verb, **entered)
        assert answer.status_code == 303, answer.text
        assert desk.stored(case).state == state
        page = client.get(answer.headers["location"])
        assert f"已完成：{words.VERBS[verb]}" in page.text
    done = desk.stored(case)
    assert done.publications == (("https://gov.example/1", NOW - timedelta(minutes=10)),)
    assert {entry.by for entry in done.history if entry.what not in ("opened", "assigned")} == {"zhang"}
    assert [entry.detail["verb"] for entry in desk.logged("acted")] == [verb for verb, _, _ in steps]


@pytest.mark.parametrize("given", [{}, {"csrf": ""}, {"csrf": "wrong"}])
def test_a_form_without_the_token_does_nothing_and_keeps_the_text(desk: Desk, given: dict[str, str]) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    press(client, case, "sign")
    case = desk.stored(case)
    answer = client.post(f"/cases/{case.id}/do/draft", data={"text": DRAFT, **given})
    assert answer.status_code == 403
    assert DRAFT in answer.text
    assert "没有提交" in answer.text
    assert desk.stored(case).version == case.version


def test_the_token_of_another_session_is_refused(desk: Desk) -> None:
    case = desk.case()
    li = desk.signed_in("li", "admin")
    zhang = desk.signed_in("zhang", "admin")
    foreign = token(li.get("/").text)
    assert zhang.post(f"/cases/{case.id}/do/sign", data={"csrf": foreign}).status_code == 403
    assert desk.stored(case).version == case.version


def test_a_form_of_another_site_is_refused(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    form = {"csrf": token(client.get("/").text)}
    for site in ("cross-site", "same-site"):
        answer = client.post(f"/cases/{case.id}/do/sign", data=form, headers={"sec-fetch-site": site})
        assert answer.status_code == 403
        assert client.post("/enter", data=form, headers={"sec-fetch-site": site}).status_code == 403
    assert desk.stored(case).version == case.version
    same = {"sec-fetch-site": "same-origin"}
    assert client.post(f"/cases/{case.id}/do/sign", data=form, headers=same).status_code == 303


def test_of_two_people_the_second_sees_the_conflict_and_keeps_his_text(desk: Desk) -> None:
    case = desk.case()
    li, zhang = desk.signed_in("li", "admin"), desk.signed_in("zhang", "admin")
    press(li, case, "sign")
    case = desk.stored(case)
    assert press(li, case, "draft", text="先到的稿子").status_code == 303
    answer = press(zhang, case, "draft", text=DRAFT)
    assert answer.status_code == 409
    assert "他人已先处理" in answer.text
    assert DRAFT in answer.text
    assert "先到的稿子" in answer.text
    newer = desk.stored(case)
    assert newer.draft == "先到的稿子"
    assert press(zhang, newer, "draft", text=DRAFT).status_code == 303
    assert desk.stored(case).draft == DRAFT


def test_text_is_kept_where_the_state_has_moved_on(desk: Desk) -> None:
    case = desk.case()
    li, zhang = desk.signed_in("li", "admin"), desk.signed_in("zhang", "admin")
    press(li, case, "sign")
    case = desk.stored(case)
    press(li, case, "transfer", to="市公安局", reason="属公安职责")
    answer = press(zhang, case, "draft", text=DRAFT)
    assert answer.status_code == 409
    assert DRAFT in answer.text
    page = zhang.post(f"/cases/{case.id}/do/draft", data={"csrf": token(zhang.get("/").text), "text": DRAFT})
    assert page.status_code == 409
    assert "现在不能拟稿" in page.text
    assert DRAFT in page.text


def test_what_the_system_adds_meanwhile_is_no_conflict(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    reminded = case.after("reminded", NOW, "huiying", None, {"clock": "case_sign", "step": "half"})
    desk.context.store.save_case(reminded)
    assert press(client, case, "sign").status_code == 303
    assert desk.stored(case).state == "signed"


def test_another_post_meanwhile_is_a_conflict(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    joined = case.after("joined", NOW, "huiying", None, {"posts": ["board:9"], "owed": False, "clocks": []})
    desk.context.store.save_case(joined)
    assert press(client, case, "sign").status_code == 409


def test_text_is_shown_for_copying_where_the_session_has_ended(desk: Desk) -> None:
    case = desk.case()
    answer = desk.client().post(f"/cases/{case.id}/do/draft", data={"text": DRAFT})
    assert answer.status_code == 401
    assert DRAFT in answer.text
    assert case.title not in answer.text


@pytest.mark.parametrize(
    ("verb", "entered", "said"),
    [
        ("return", {}, "“理由”还没有填"),
        ("return", {"reason": "  "}, "“理由”还没有填"),
        ("assign", {"to": ""}, "“承办单位”还没有填"),
        ("assign", {"to": "nowhere"}, "没有这个承办单位"),
        ("extend", {"rule": "case_finish", "to_time": "明天", "reason": "忙"}, "不是时间"),
        ("extend", {"rule": "case_finish", "to_time": "2026-03-04T23:30", "reason": "忙"}, "要晚于现在的期限"),
        ("extend", {"rule": "nothing", "to_time": "2026-09-04T23:30", "reason": "忙"}, "不在计时"),
        ("fulfil", {"rule": "nothing", "at": "2026-03-04T22:30"}, "不在计时"),
        ("fulfil", {"rule": "case_finish", "at": "2026-03-05T00:30"}, "不能晚于现在"),
        ("merge", {"into": "case:none"}, "没有这个编号的案件"),
        ("merge", {"into": "case:board:1"}, "不能并入自己"),
        ("transfer", {"to": "市公安局"}, "“理由”还没有填"),
    ],
)
def test_a_wrong_form_says_what_to_write_and_keeps_the_rest(
    desk: Desk, verb: str, entered: dict[str, str], said: str
) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    answer = press(client, case, verb, **entered)
    assert answer.status_code == 400
    assert said in answer.text
    assert all(value in answer.text for name, value in entered.items() if name == "reason" and value.strip())
    assert desk.stored(case).version == case.version


@pytest.mark.parametrize(
    ("url", "at", "said"),
    [
        ("javascript:alert(1)", "2026-03-04T22:50", "要以 http"),
        ("", "2026-03-04T22:50", "“发布网址”还没有填"),
        ("https://gov.example/1", "2026-03-04T23:50", "不能晚于现在"),
        ("https://gov.example/1", "2016-03-04T22:50", "不能早于知悉的时间（3月3日 17:00）"),
        ("https://", "2026-03-04T22:50", "要以 http"),
        ("https:///无主机", "2026-03-04T22:50", "要以 http"),
        ("https://gov.example/1", "昨天", "不是时间"),
    ],
)
def test_a_wrong_publication(desk: Desk, url: str, at: str, said: str) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    press(client, case, "sign")
    press(client, desk.stored(case), "draft", text=DRAFT)
    for gate in words.GATE_NAMES:
        press(client, desk.stored(case), "review", gate=gate, ok="yes")
    answer = press(client, desk.stored(case), "publish", url=url, at=at)
    assert answer.status_code == 400
    assert said in answer.text


def test_an_extension_beyond_the_rule_is_refused_with_its_end(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    answer = press(client, case, "extend", rule="case_finish", to_time="2026-12-04T23:30", reason="需鉴定")
    assert answer.status_code == 409
    assert "这项期限最多延到 2026-04-" in answer.text
    assert desk.stored(case).version == case.version


def test_the_minute_in_which_it_became_known_is_not_before_it(desk: Desk) -> None:
    case = desk.case(severity="major", opened_at=NOW - timedelta(seconds=20))
    desk.clock[0] = NOW + timedelta(minutes=5)
    client = desk.signed_in("zhang", "admin")
    answer = press(client, case, "fulfil", rule="report_phone_major", at="2026-03-04T22:59")
    assert answer.status_code == 303, answer.text
    assert any(clock.met_at == clock.start for clock in desk.stored(case).clocks)


def test_what_the_state_does_not_allow_names_what_it_does(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    answer = press(client, case, "close")
    assert answer.status_code == 409
    assert "现在不能办结" in answer.text
    assert "签收" in answer.text
    press(client, case, "sign")
    press(client, desk.stored(case), "draft", text=DRAFT)
    answer = press(client, desk.stored(case), "review", gate="secrecy", ok="yes")
    assert answer.status_code == 409
    assert "要先过一审" in answer.text


def test_a_case_to_which_a_message_came_cannot_be_closed(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    press(client, case, "sign")
    press(client, desk.stored(case), "draft", text=DRAFT)
    for gate in words.GATE_NAMES:
        press(client, desk.stored(case), "review", gate=gate, ok="yes")
    press(client, desk.stored(case), "publish", url="https://gov.example/1", at="2026-03-04T22:50")
    published = desk.stored(case)
    data = {"posts": ["board:9"], "owed": True, "clocks": []}
    desk.context.store.save_case(published.after("joined", NOW, "huiying", None, data))
    answer = press(client, desk.stored(case), "close")
    assert answer.status_code == 409
    assert "还有 1 条留言没有答复" in answer.text


def test_pause_and_resume_take_each_others_place(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    assert "/do/resume" not in client.get(f"/cases/{case.id}").text
    assert press(client, case, "pause", reason="等待鉴定").status_code == 303
    page = client.get(f"/cases/{case.id}").text
    assert "/do/pause" not in page
    assert "起中止" in page
    assert press(client, desk.stored(case), "resume", reason="鉴定已出").status_code == 303


def test_an_unknown_verb_and_an_unknown_case(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    form = {"csrf": token(client.get("/").text)}
    assert client.post(f"/cases/{case.id}/do/delete", data=form).status_code == 404
    assert client.post("/cases/case:none/do/sign", data=form).status_code == 404


def test_every_verb_has_its_words_and_its_form(desk: Desk) -> None:
    assert set(words.VERBS) == set(FROM)
    assert set(forms.NEEDED) <= set(FROM)
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    page = client.get(f"/cases/{case.id}").text
    offered = set(re.findall(r"/do/(\w+)", page))
    assert offered == {verb for verb, states in FROM.items() if "assigned" in states} - {"resume", "lift", "unmark"}


def test_line_ends_and_control_characters(desk: Desk) -> None:
    case = desk.case()
    client = desk.signed_in("zhang", "admin")
    press(client, case, "sign")
    press(client, desk.stored(case), "draft", text="第一行\r\n第二行\x00\x1b[31m")
    assert desk.stored(case).draft == "第一行\n第二行[31m"
