"""Posts: taken in once, revised with their past kept, found by what they say."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.domain.post import Reply
from casework.domain.search import tokens
from casework.domain.times import show_time
from casework.ports import Store
from casework.records import Opened, SearchFilter
from casework.stores.open import open_store
from tests.contract.stores.things import SEEN, assessment, post, put, retold

ANY = SearchFilter()


def test_a_post_is_new_once(store: Store) -> None:
    assert put(store, post(1), post(2)) == ["new", "new"]
    assert put(store, post(1), post(2), post(3)) == ["seen", "seen", "new"]
    assert store.count_posts() == {"posts": 3, "revisions": 3, "assessed": 0, "opened": 0}


def test_the_same_id_twice_in_one_call(store: Store) -> None:
    assert put(store, post(1), retold(post(1), text="已经修好"), retold(post(1), text="已经修好")) == [
        "new",
        "changed",
        "seen",
    ]
    assert store.get_posts(["board:1"])["board:1"].revision == 2


def test_a_changed_text_is_a_revision_and_the_old_one_is_kept(store: Store) -> None:
    put(store, post(1, "路灯坏了", title="求助"))
    assert put(
        store, retold(post(1), text="路灯修好了", title="求助", reply=Reply("城管局", "已修", SEEN, "已办理"))
    ) == ["changed"]
    record = store.get_posts(["board:1"])["board:1"]
    assert record.post.text == "路灯修好了"
    assert [dict(old.fields) for old in record.revisions] == [
        {"text": "路灯坏了", "reply": None, "collected_at": show_time(SEEN)}
    ]
    assert store.search("坏了", ANY, 10) == []
    assert store.search("修好了", ANY, 10) == ["board:1"]


def test_an_older_file_changes_nothing(store: Store) -> None:
    put(store, post(1))
    put(store, retold(post(1), text="新"))
    assert put(store, post(1)) == ["seen"]
    assert store.get_posts(["board:1"])["board:1"].post.text == "新"


def test_one_row_in_two_exports_of_one_moment_does_not_flip(store: Store) -> None:
    one, two = post(1, "甲文本"), post(1, "乙文本")
    assert [put(store, one), put(store, two)] == [["new"], ["changed"]]
    assert [put(store, one), put(store, two), put(store, one)] == [["seen"], ["seen"], ["seen"]]
    record = store.get_posts(["board:1"])["board:1"]
    assert (record.post.text, record.revision) == ("乙文本", 2)


def test_a_doubled_row_imported_again_changes_nothing(store: Store) -> None:
    first, second = post(1, "甲"), post(1, "乙")
    assert put(store, first) == ["new"]
    assert put(store, second) == ["changed"]
    for hours in (1, 2):
        at = SEEN + timedelta(hours=hours)
        outcomes = [put(store, retold(row, collected_at=at))[0] for row in (first, second)]
        assert outcomes == ["seen", "seen"]
    record = store.get_posts(["board:1"])["board:1"]
    assert (record.post.text, record.revision) == ("乙", 2)
    # What the source really took back is a change.
    third = retold(second, text="丙", collected_at=SEEN + timedelta(hours=3))
    back = retold(second, collected_at=SEEN + timedelta(hours=4))
    assert put(store, third) == ["changed"]
    assert put(store, back) == ["changed"]


def test_newer_counts_are_kept_without_a_revision(store: Store) -> None:
    put(store, post(1, counts={"views": 1}))
    assert put(store, retold(post(1), counts={"views": 9})) == ["seen"]
    record = store.get_posts(["board:1"])["board:1"]
    assert (record.post.counts, record.revision) == ({"views": 9}, 1)
    assert put(store, post(1, counts={"views": 5})) == ["seen"]
    assert store.get_posts(["board:1"])["board:1"].post.counts == {"views": 9}


def test_a_post_deleted_at_its_source_is_marked_and_keeps_what_it_said(store: Store) -> None:
    put(store, post(1, "路灯坏了", title="求助", url="https://a.example/1", counts={"views": 3}, extra={"by": "rules"}))
    mark = {"deleted_at": "2026-03-03T10:00:00+08:00", "deleted_as": "HTTP 404"}
    later = SEEN + timedelta(days=1)
    assert put(store, post(1, "", collected_at=later, extra=mark)) == ["seen"]
    record = store.get_posts(["board:1"])["board:1"]
    assert (record.post.deleted_at, record.revision) == (mark["deleted_at"], 1)
    assert (record.post.text, record.post.title, record.post.counts) == ("路灯坏了", "求助", {"views": 3})
    assert record.post.extra == {"by": "rules", **mark}
    assert store.search("路灯坏了", ANY, 10) == ["board:1"]

    assert put(store, post(1, "", collected_at=SEEN - timedelta(days=1), extra={})) == ["seen"]
    assert store.get_posts(["board:1"])["board:1"].post.deleted_at == mark["deleted_at"], "an older look says nothing"

    moved = "https://a.example/2"
    assert put(store, post(1, "路灯坏了", title="求助", url=moved, collected_at=later + timedelta(days=1))) == ["seen"]
    back = store.get_posts(["board:1"])["board:1"].post
    away = {"was_deleted": f"{mark['deleted_at']}/{show_time(later + timedelta(days=1))}"}
    assert (back.deleted_at, back.url, dict(back.extra)) == (None, moved, {"by": "rules", **away})


def test_a_post_that_comes_and_goes_keeps_each_time_it_was_away(store: Store) -> None:
    put(store, post(1, "路灯坏了", extra={"by": "rules"}))
    days = [SEEN + timedelta(days=day) for day in range(7)]
    gone = [{"deleted_at": show_time(day), "deleted_as": "不在列表中"} for day in days]
    assert put(store, post(1, "", collected_at=days[1], extra=gone[1])) == ["seen"]
    # It is missed again, before it was ever back: away since the first time.
    assert put(store, post(1, "", collected_at=days[2], extra=gone[2])) == ["seen"]
    assert store.get_posts(["board:1"])["board:1"].post.deleted_at == show_time(days[1])
    # It is back with another text: a new revision, and the mark is gone.
    assert put(store, post(1, "路灯又坏了", collected_at=days[3], extra={"by": "rules"})) == ["changed"]
    record = store.get_posts(["board:1"])["board:1"]
    spans = [f"{show_time(days[1])}/{show_time(days[3])}"]
    assert (record.revision, dict(record.post.extra)) == (2, {"by": "rules", "was_deleted": spans[0]})
    assert put(store, post(1, "", collected_at=days[4], extra=gone[4])) == ["seen"]
    assert put(store, post(1, "路灯又坏了", collected_at=days[5], extra={"by": "rules"})) == ["seen"]
    assert put(store, post(1, "路灯又坏了", collected_at=days[6], extra={"by": "rules"})) == ["seen"]
    spans.append(f"{show_time(days[4])}/{show_time(days[5])}")
    extra = store.get_posts(["board:1"])["board:1"].post.extra
    assert dict(extra) == {"by": "rules", "was_deleted": "; ".join(spans)}


def test_a_date_corrected_across_new_year_stays_one_post(store: Store) -> None:
    before, after = datetime(2025, 12, 31, 20, tzinfo=UTC), datetime(2024, 12, 30, tzinfo=UTC)
    put(store, post(1, "跨年的帖子", published_at=before))
    assert put(store, retold(post(1, "跨年的帖子"), published_at=after)) == ["changed"]
    assert put(store, retold(post(1, "跨年的帖子"), published_at=after)) == ["seen"]
    assert store.search("跨年", ANY, 10) == ["board:1"]
    assert store.count_posts()["posts"] == 1
    assert store.search("跨年", SearchFilter(until=datetime(2025, 1, 1, tzinfo=UTC)), 10) == ["board:1"]


def test_work_is_found_in_order_until_it_is_done(store: Store) -> None:
    put(store, *(post(number) for number in (5, 3, 9, 1, 7)))
    found = [record.post.native_id for batch in store.unassessed(2) for record in batch]
    assert found == ["1", "3", "5", "7", "9"]
    store.put_assessments({f"board:{number}": (assessment(), "路灯 坏") for number in (1, 3, 5)})
    store.refresh()
    assert [len(batch) for batch in store.unassessed(10)] == [2]
    assert [record.post.native_id for batch in store.unopened(10) for record in batch] == ["1", "3", "5"]
    store.put_opened([Opened("board:3", "event:board:3", "opened", "case:board:3")])
    store.refresh()
    assert [record.post.native_id for batch in store.unopened(10) for record in batch] == ["1", "5"]
    known = list(store.grouped(datetime(2026, 1, 1, tzinfo=UTC)))
    assert known == [("board:3", None, "路灯坏了", "event:board:3", None)]
    put(store, retold(post(3), text="又坏了"))
    assert "board:3" in [record.post.id for batch in store.unassessed(10) for record in batch]
    assert store.get_posts(["board:3"])["board:3"].event == "event:board:3"


def test_filters(store: Store) -> None:
    put(store, post(1, "甲路灯"), post(2, "乙路灯", kind="news"), post(3, "丙路灯"))
    store.put_assessments({"board:3": (assessment(regions=("410105", "4101")), "")})
    store.refresh()
    third = store.get_posts(["board:3"])["board:3"].post.published_at
    assert store.search("路灯", ANY, 10) == ["board:3", "board:2", "board:1"]
    assert store.search("路灯", ANY, 2) == ["board:3", "board:2"]
    assert store.search("路灯", SearchFilter(kind="news"), 10) == ["board:2"]
    assert store.search("路灯", SearchFilter(source="weibo"), 10) == []
    assert store.search("路灯", SearchFilter(region="4101"), 10) == ["board:3"]
    assert store.search("路灯", SearchFilter(region="41010"), 10) == ["board:3"]
    assert store.search("路灯", SearchFilter(region="0105"), 10) == []
    assert store.search("路灯", SearchFilter(since=third), 10) == ["board:3"]
    assert store.search("路灯", SearchFilter(until=third), 10) == ["board:2", "board:1"]
    assert [record.post.id for record in store.recent_posts(SearchFilter(kind="message"), 1)] == ["board:3"]


TEXTS = [
    "路灯坏了三天",
    "3号线到3.5公里处",
    "a_b 与 A-B",
    "ＡＢＣ１２３ 全角",
    "アイス と かな",
    "🚗堵车🚗 no way",
    "繁體字也要找得到",
    "x" * 300,
    "don't stop",
    "12345热线打不通",
    "电话400-800",
    "标题里的 路 灯",
    "",
    "﷽ 𠮷野家",
]
QUERIES = ["灯", "路灯", "3", "3.5", "a_b", "A", "abc123", "かな", "ア", "アイス", "🚗堵", "字", "體字", "x", "x" * 300]
QUERIES += ["no way", "123", "12345", "12345热线", "400", "路 灯", "don't", "𠮷", "灯坏了三", "ABC", "线到3"]


def naive(query: str, texts: dict[str, str]) -> set[str]:
    """Where the tokens of the query stand side by side, looked at one by one."""
    wanted = tokens(query)
    found = set()
    for id_, text in texts.items():
        parts = tokens(text)
        if any(parts[at : at + len(wanted)] == wanted for at in range(len(parts) - len(wanted) + 1)):
            found.add(id_)
    return found


def test_search_means_the_same_in_every_store(store: Store) -> None:
    texts = {f"board:{number}": text for number, text in enumerate(TEXTS)}
    put(store, *(post(number, text) for number, text in enumerate(TEXTS)))
    hits = 0
    for query in QUERIES:
        expected = naive(query, texts)
        assert set(store.search(query, ANY, 100)) == expected, query
        hits += len(expected)
    assert hits >= 25
    assert store.search("!!", ANY, 10) == []


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(st.sampled_from("路灯坏了3a_b.Ａかﾊ🚗 -é"), max_size=12), min_size=4, max_size=12, unique=True))
def test_random_texts_are_found_alike(store_url: str, texts: list[str]) -> None:
    store = open_store(store_url)
    named = {f"board:{abs(hash(text))}": text for text in texts}
    put(store, *(post(id_.removeprefix("board:"), text) for id_, text in named.items()))
    known = {id_: record.post.text for id_, record in store.get_posts(list(named)).items()}
    assert len(known) == len(named)
    for query in [text[:3] for text in texts] + ["路", "3", "a"]:
        if tokens(query):
            found = set(store.search(query, ANY, 1000)) & set(known)
            assert found == naive(query, known), (query, unicodedata.normalize("NFKC", query))
    store.close()


@pytest.mark.parametrize("size", [0, 1, 1500])
def test_many_posts_in_one_call(store: Store, size: int) -> None:
    outcomes = put(store, *(post(number) for number in range(size)))
    assert outcomes == ["new"] * size
    assert store.count_posts()["posts"] == size
    later = [retold(post(number), counts={"likes": 1}) for number in range(size)]
    assert put(store, *later) == ["seen"] * size


def test_times_are_kept_to_the_microsecond(store: Store) -> None:
    at = SEEN + timedelta(microseconds=123456)
    put(store, post("odd", published_at=at))
    assert store.get_posts(["board:odd"])["board:odd"].post.published_at == at
