"""保存期限: what is over its time goes, on every store; what an open case needs stays; what is gone stays gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.domain import acts
from casework.domain.post import Reply
from casework.domain.retention import Keep
from casework.ports import NotFound, Store
from casework.records import CaseFilter, Opened, SearchFilter
from casework.services.retention import erase, keep_house
from nlp.masking import Masker
from tests.contract.stores.things import SEEN, assessment, case, post, put, retold
from tests.unit.domain.making import START

ANY = SearchFilter()
NOW = SEEN + timedelta(days=400)
TEXT = "我叫张建国，电话13812345678，路灯坏了"
AUTHORS = Keep("authors", 180, "anonymise", "本单位规定")
ORIGINALS = Keep("originals", 365, "anonymise", "本单位规定")
POSTS = Keep("posts", 390, "delete", "本单位规定")
CASES = Keep("cases", 395, "delete", "本单位规定")
masker = Masker()


def decided(store: Store, *numbers: int, case_of: str | None = None) -> None:
    """Each post in an event of its own; all in one case where one is named."""
    ids = [f"board:{number}" for number in numbers]
    store.put_assessments({id_: (assessment(), "路灯 坏 了") for id_ in ids})
    kind = "opened" if case_of else "none"
    store.put_opened([Opened(id_, f"event:{id_}", kind, case_of) for id_ in ids])
    store.refresh()


def test_authors_go_and_do_not_come_back(store: Store) -> None:
    old, new = post(1, TEXT, author="张建国"), post(2, TEXT, author="李四", published_at=NOW)
    put(store, old, new)
    decided(store, 1, 2)
    assert keep_house(store, masker, [AUTHORS], NOW, dry=True).counts["authors"] == {"found": 1, "done": 0, "waits": 0}
    assert keep_house(store, masker, [AUTHORS], NOW).counts["authors"] == {"found": 1, "done": 1, "waits": 0}
    found = store.get_posts(["board:1", "board:2"])
    assert (found["board:1"].post.author, found["board:2"].post.author) == (None, "李四")
    assert found["board:1"].post.text == TEXT
    assert put(store, old) == ["seen"]
    assert put(store, retold(old, text="修好了", author="张建国")) == ["changed"]
    record = store.get_posts(["board:1"])["board:1"]
    assert (record.post.author, record.post.text) == (None, "修好了")
    assert keep_house(store, masker, [AUTHORS], NOW).counts["authors"]["found"] == 0


def test_of_an_original_the_masked_text_is_left_in_every_revision(store: Store) -> None:
    first = post(1, TEXT, author="张建国", title="张建国求助", url="https://example.gov.cn/1")
    put(store, first)
    put(
        store,
        retold(first, text=f"{TEXT}。追问：13812345678", reply=Reply("城管局", "已致电13812345678", SEEN, "已办理")),
    )
    decided(store, 1)
    assert keep_house(store, masker, [ORIGINALS], NOW).counts["originals"]["done"] == 1
    record = store.get_posts(["board:1"])["board:1"]
    assert "13812345678" not in str(record)
    assert "张建国" not in str(record)
    assert "路灯坏了" in record.post.text
    assert record.post.url is None
    assert record.revision == 2
    assert store.search("13812345678", ANY, 10) == []
    assert store.search("路灯坏了", ANY, 10) == ["board:1"]
    # The source still shows it, and somebody even edits it there.
    assert put(store, retold(first, text="我是张建国")) == ["seen"]
    assert "张建国" not in str(store.get_posts(["board:1"]))
    assert keep_house(store, masker, [AUTHORS, ORIGINALS], NOW).counts["originals"]["found"] == 0


def test_what_an_open_case_needs_waits_for_its_end(store: Store) -> None:
    open_case = case(1, to="housing")
    put(store, post(1, TEXT, author="张建国"))
    store.create_cases([open_case])
    decided(store, 1, case_of=open_case.id)
    everything = [AUTHORS, ORIGINALS, POSTS, CASES]
    counts = keep_house(store, masker, everything, NOW).counts
    assert {sort: held["done"] for sort, held in counts.items()} == dict.fromkeys(counts, 0)
    assert counts["posts"] == {"found": 1, "done": 0, "waits": 1}
    ended = acts.transfer(store.get_case(open_case.id), "信访局", "不属本级", "li", START + timedelta(days=1))
    store.save_case(ended)
    store.refresh()
    assert keep_house(store, masker, [CASES], NOW).counts["cases"] == {"found": 1, "done": 0, "waits": 1}
    assert store.get_posts(["board:1"])["board:1"].post.author == "张建国"
    done = keep_house(store, masker, everything, NOW).counts
    assert (done["posts"]["done"], done["cases"]["done"]) == (1, 1)
    assert store.get_posts(["board:1"]) == {}
    assert list(store.list_cases(CaseFilter())) == []
    with pytest.raises(NotFound):
        store.get_case(open_case.id)
    assert store.check() == []
    assert [entry.what for entry in store.audit_entries()] == ["kept_house"]


def test_an_event_goes_with_its_last_post(store: Store) -> None:
    from casework.domain.event import Event

    put(store, post(1), post(2), post(3, published_at=NOW))
    store.put_assessments({f"board:{number}": (assessment(), "") for number in (1, 2, 3)})
    pairs = {"board:1": "event:board:1", "board:2": "event:board:2", "board:3": "event:board:2"}
    store.put_opened([Opened(id_, event, "none", None) for id_, event in pairs.items()])
    store.put_events(
        [
            Event("event:board:1", "一", ("board:1",), START, START),
            Event("event:board:2", "二", ("board:2", "board:3"), START, START),
        ]
    )
    store.refresh()
    assert keep_house(store, masker, [POSTS], NOW).counts["posts"]["done"] == 2
    assert set(store.get_posts(list(pairs))) == {"board:3"}
    assert set(store.get_events(["event:board:1", "event:board:2"])) == {"event:board:2"}


def test_a_persons_request_takes_all_that_a_post_said(store: Store) -> None:
    one = post(1, TEXT, author="张建国", title="求助", place="郑州市", counts={"views": 3})
    put(store, one, post(2, "别的事"))
    put(store, retold(one, text=f"{TEXT}！"))
    value = {**assessment().value, "terms": ["张建国"], "evidence": {"board_domain": ["路灯"]}, "units": ["某公司"]}
    store.put_assessments({"board:1": (replace(assessment(2), value=value), "张建国 路灯")})
    store.refresh()
    assert erase(store, ["board:1", "board:9"], "本人来电", "li", NOW) == ["board:1"]
    record = store.get_posts(["board:1"])["board:1"]
    for gone in ("张建国", "13812345678", "路灯", "求助", "某公司"):
        assert gone not in str(record)
    assert (record.post.place, record.post.counts, record.assessment and record.assessment.label("board_domain")) == (
        "郑州市",
        {"views": 3},
        "城建",
    )
    assert store.search("路灯", ANY, 10) == []
    assert put(store, one) == ["seen"]
    assert "张建国" not in str(store.get_posts(["board:1"]))
    assert store.get_posts(["board:2"])["board:2"].post.text == "别的事"
    assert [(entry.what, entry.thing) for entry in store.audit_entries()] == [("erased", "board:1")]
