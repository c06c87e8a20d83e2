"""值班台: the queue and its acts, what is due today, events, the stream, the hand-over; nobody sees what he may not."""

from __future__ import annotations

from datetime import timedelta

from casework.domain.assessment import Assessment
from casework.domain.event import Event
from casework.domain.post import Post
from casework.ports import Opened
from casework.services.opening import HIDDEN_TITLE
from casework.services.silences import silences
from tests.unit.dashboards.making import NOW, Desk, token
from tests.unit.dashboards.test_pages import Outline


def post_of(desk: Desk, number: int, event: str, text: str, case: str | None = None, **value: object) -> str:
    at = NOW - timedelta(minutes=number)
    post = Post("weibo", str(number), "weibo", text, at, at, author="网友小李")
    desk.context.store.put_posts([post], at)
    judged = {"severity": {"level": "none"}, "sentiment": {"label": "negative"}, **value}
    desk.context.store.put_assessments({post.id: (Assessment(judged, 1), "路灯")})
    desk.context.store.put_opened([Opened(post.id, event, "joined", case)])
    return post.id


def event_of(desk: Desk, number: int, title: str, *posts: str, case: str | None = None) -> Event:
    event = Event(f"event:weibo:{number}", title, posts, NOW - timedelta(hours=1), NOW, 3.0, case)
    desk.context.store.put_events([event])
    return event


def test_a_case_of_the_queue_is_accepted_and_one_comes_back_to_the_desk(desk: Desk) -> None:
    case = desk.case(1, to=None, state="to_review", title="夜间噪音")
    client = desk.signed_in("zhang")
    page = client.get("/office")
    assert page.status_code == 200
    assert "夜间噪音" in page.text
    assert 'data-key="a"' in page.text
    form = {"csrf": token(page.text), "version": str(case.version), "back": "/office"}
    answer = client.post(f"/cases/{case.id}/do/accept", data=form)
    assert answer.headers["location"] == "/office"
    assert desk.stored(case).state == "opened"
    assert "没有待研判的案件" in client.get("/office").text


def test_back_leads_to_no_other_site(desk: Desk) -> None:
    case = desk.case(1, to=None, state="to_review")
    client = desk.signed_in("zhang")
    form = {"csrf": token(client.get("/office").text), "version": str(case.version), "back": "//evil.example"}
    answer = client.post(f"/cases/{case.id}/do/accept", data=form)
    assert answer.headers["location"].startswith("/cases/")


def test_what_ends_today_stands_by_the_hour(desk: Desk) -> None:
    desk.case(1, title="路灯不亮", opened_at=NOW - timedelta(minutes=5))
    desk.clock[0] = NOW - timedelta(hours=14)
    page = desk.signed_in("zhang").get("/office").text
    assert "今天到期" in page
    desk.clock[0] = NOW + timedelta(days=20)
    assert "今天没有再到期的" in desk.signed_in("li").get("/office").text


def test_events_and_the_stream_are_masked_and_led_by_the_gravest(desk: Desk) -> None:
    calm = post_of(desk, 1, "event:weibo:1", "小区路灯不亮，电话 13912345678")
    grave = post_of(desk, 2, "event:weibo:2", "化工厂爆炸三人遇难", severity={"level": "serious"})
    event_of(desk, 1, "路灯不亮", calm)
    event_of(desk, 2, "化工厂爆炸", grave)
    page = desk.signed_in("zhang").get("/office/stream").text
    assert page.index("化工厂爆炸") < page.index("小区路灯不亮")
    assert "13912345678" not in page
    assert "较大" in page
    assert "路灯不亮" in desk.signed_in("li").get("/office").text


def test_a_report_that_names_the_desk_is_neither_in_its_stream_nor_among_its_events(desk: Desk) -> None:
    office = desk.context.office
    case = desk.case(7, to="discipline", excluded=(office.review_desk,), kind="检举控告", title="反映某科长")
    post = post_of(desk, 7, "event:weibo:7", "某科长收钱", case.id, petition_kind={"label": "检举控告"})
    event = event_of(desk, 7, HIDDEN_TITLE, post, case=case.id)
    client = desk.signed_in("zhang")
    page = client.get("/office").text
    assert "某科长" not in page
    assert HIDDEN_TITLE not in page
    assert client.get(f"/events/{event.id}").status_code == 404


def test_a_leader_sees_nothing_of_a_report_in_an_event(desk: Desk) -> None:
    plain = post_of(desk, 1, "event:weibo:1", "小区路灯不亮")
    report = post_of(desk, 2, "event:weibo:1", "某科长收钱办事", petition_kind={"label": "检举控告"})
    event = event_of(desk, 1, "路灯不亮", plain, report)
    page = desk.signed_in("wang", "leader").get(f"/events/{event.id}").text
    assert "小区路灯不亮" in page
    assert "某科长" not in page
    assert "另有 1 条没有列出" in page


def test_an_event_is_split_and_merged_again(desk: Desk) -> None:
    first, second = post_of(desk, 1, "event:weibo:1", "路灯不亮"), post_of(desk, 2, "event:weibo:1", "停车收费乱")
    event = event_of(desk, 1, "路灯不亮", first, second)
    client = desk.signed_in("zhang")
    page = client.get(f"/events/{event.id}").text
    answer = client.post(f"/events/{event.id}/split", data={"csrf": token(page), "post": second})
    assert answer.status_code == 303, answer.text
    fresh = answer.headers["location"].replace("%3A", ":").removeprefix("/events/")
    assert desk.context.store.get_events([fresh])[fresh].posts == (second,)
    answer = client.post(f"/events/{fresh}/merge", data={"csrf": token(page), "into": event.id})
    assert answer.headers["location"].replace("%3A", ":") == f"/events/{event.id}"
    assert client.post(f"/events/{event.id}/merge", data={"csrf": token(page), "into": "event:none"}).status_code == 400
    assert client.post(f"/events/{event.id}/split", data={"csrf": token(page), "post": first}).status_code == 400
    assert client.post(f"/events/{event.id}/split", data={"csrf": "x", "post": second}).status_code == 403


def test_a_spokesperson_reads_an_event_and_does_not_regroup_it(desk: Desk) -> None:
    event = event_of(desk, 1, "路灯不亮", post_of(desk, 1, "event:weibo:1", "路灯不亮"))
    client = desk.signed_in("zhao", "spokesperson")
    page = client.get(f"/events/{event.id}").text
    assert "合并</h2>" not in page
    assert client.post(f"/events/{event.id}/merge", data={"csrf": token(page), "into": "x"}).status_code == 403
    assert desk.signed_in("qian", "department", "water").get(f"/events/{event.id}").status_code == 403


def test_a_hand_over_note_is_kept_and_shown(desk: Desk) -> None:
    client = desk.signed_in("zhang")
    csrf = token(client.get("/office").text)
    assert client.post("/office/notes", data={"csrf": csrf, "text": "盯住化工厂"}).status_code == 303
    assert "盯住化工厂" in client.get("/office").text
    assert [entry.by for entry in desk.logged("shift_note_added")] == ["zhang"]
    failed = client.post("/office/notes", data={"csrf": "x", "text": "没交上的话"})
    assert failed.status_code == 403
    assert "没交上的话" in failed.text
    assert client.post("/office/notes", data={"csrf": csrf, "text": "x" * 5001}).status_code == 400


def test_a_case_is_silenced_for_some_hours_with_a_reason(desk: Desk) -> None:
    case = desk.case(1, to=None, state="to_review")
    client = desk.signed_in("zhang")
    csrf = token(client.get("/office").text)
    said = {"csrf": csrf, "hours": "2", "reason": "已在处理", "back": "/office"}
    assert client.post(f"/cases/{case.id}/silence", data=said).headers["location"] == "/office"
    [kept] = silences(desk.context.store, NOW)
    assert kept.cases == (case.id,)
    assert kept.until == NOW + timedelta(hours=2)
    for wrong in ({"hours": "0"}, {"hours": "73"}, {"hours": "٣"}, {"reason": " "}):
        assert client.post(f"/cases/{case.id}/silence", data=said | wrong).status_code == 400
    assert desk.signed_in("qian", "spokesperson").post(f"/cases/{case.id}/silence", data=said).status_code == 403


def test_the_desk_has_labels_and_no_ids_twice(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.case(number, to=None, state="to_review")
    outline = Outline(desk.signed_in("zhang").get("/office").text)
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    labelled = {attrs.get("for") for attrs in outline.named("label")}
    fields = [attrs for attrs in outline.named("input", "select", "textarea") if attrs.get("type") != "hidden"]
    assert fields
    assert all(attrs.get("id") in labelled for attrs in fields)
