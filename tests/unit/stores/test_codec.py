"""Documents and domain values: whatever is written is read back the same, through the JSON that the stores keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.domain import acts, audit
from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.event import Event
from casework.domain.happenings import verify
from casework.domain.post import COUNTS, KINDS, Post, Reply
from casework.records import AuditEntry, PostRecord, Revision, User
from casework.stores import codec
from tests.unit.domain.making import HOUR, START, WORKTIME, assigned, published

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAME = TEXT.filter(bool)
WORD = st.one_of(st.none(), TEXT)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
EARLY, LATE = (datetime(year, 1, 2, tzinfo=UTC).replace(tzinfo=None) for year in (1990, 2100))
MOMENT = st.datetimes(EARLY, LATE, timezones=OFFSETS)
REPLY = st.builds(Reply, WORD, WORD, st.one_of(st.none(), MOMENT), WORD)
NUMBER = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))
POST = st.builds(
    Post,
    source=NAME,
    native_id=NAME,
    kind=st.sampled_from(KINDS),
    text=TEXT,
    published_at=MOMENT,
    collected_at=MOMENT,
    url=WORD,
    title=WORD,
    author=WORD,
    place=WORD,
    labels=st.dictionaries(NAME, TEXT, max_size=3),
    counts=st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 2**53), max_size=4),
    reply=st.one_of(st.none(), REPLY),
    extra=st.dictionaries(st.sampled_from(("edition", "mid", "read")), st.one_of(TEXT, NUMBER), max_size=3),
    truncated=st.booleans(),
)
REVISION = st.builds(
    Revision, st.integers(1, 99), MOMENT, st.dictionaries(st.sampled_from(("title", "text", "place")), WORD, max_size=3)
)
ASSESSMENT = st.builds(
    Assessment,
    st.fixed_dictionaries(
        {"severity": st.fixed_dictionaries({"level": WORD, "category": WORD}), "units": st.lists(TEXT, max_size=2)}
    ),
    st.integers(1, 99),
)
RECORD = st.builds(
    PostRecord,
    POST,
    st.integers(1, 99),
    st.lists(REVISION, max_size=2).map(tuple),
    st.one_of(st.none(), ASSESSMENT),
    WORD,
    st.sampled_from((None, "opened", "joined", "none", "to_review")),
    WORD,
)
EVENT = st.builds(
    Event,
    NAME,
    TEXT,
    st.lists(NAME, min_size=1, max_size=4).map(tuple),
    MOMENT,
    MOMENT,
    st.floats(0, 1e9),
    WORD,
)
ENTRY = st.builds(AuditEntry, MOMENT, TEXT, TEXT, TEXT, st.dictionaries(NAME, TEXT, max_size=3), TEXT)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def kept(doc: Any) -> Any:
    """A document as it comes back from a store."""
    return orjson.loads(orjson.dumps(doc))


@FEW
@given(RECORD)
def test_posts(record: PostRecord) -> None:
    assert codec.record_from(kept(codec.record_doc(record))) == record


@FEW
@given(EVENT)
def test_events(event: Event) -> None:
    assert codec.event_from(kept(codec.event_doc(event))) == event


@FEW
@given(ENTRY, st.builds(User, NAME, NAME, TEXT, WORD, st.booleans()))
def test_accounts_and_entries_of_the_log(entry: AuditEntry, user: User) -> None:
    assert codec.audit_from(kept(codec.audit_doc(entry))) == entry
    read = codec.audit_from(kept(codec.audit_doc(entry)))
    assert audit.digest(audit.START, read.body()) == audit.digest(audit.START, entry.body())
    assert codec.user_from(kept(codec.user_doc(user))) == user


ACTS = st.lists(st.sampled_from(("sign", "handle", "remind", "note", "notified")), max_size=8)


def _acted(case: Case, what: str, number: int, note: str) -> Case:
    at = START + number * HOUR
    if what == "sign" and case.state == "assigned":
        return acts.sign(case, "zhang", at, WORKTIME)
    if what == "handle" and case.state == "signed":
        return acts.handle(case, "zhang", at)
    if what == "remind":
        return case.after("reminded", at, "huiying", note, {"clock": "case_sign", "step": f"s{number}"})
    if what == "notified" and case.waiting():
        data = {"key": case.waiting()[0].key, "channel": "console"}
        return case.after("notified", at, "huiying", note, data)
    return acts.join(case, f"board:{number + 10}", False, at, WORKTIME)


@FEW
@given(ACTS, TEXT)
def test_cases(whats: list[str], note: str) -> None:
    case = assigned()
    for number, what in enumerate(whats):
        case = _acted(case, what, number, note)
    doc = kept(codec.case_doc(case))
    read = codec.case_from(doc, "7")
    assert read == case
    assert read.token == "7"
    assert verify(read.history) == case.version == doc["version"]
    derived = (read.due, read.look_at, read.notify_at, read.waiting(), read.running())
    assert derived == (case.due, case.look_at, case.notify_at, case.waiting(), case.running())


def test_an_answered_case() -> None:
    case = published()
    assert codec.case_from(kept(codec.case_doc(case))) == case
    assert case.publications


LOOKS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("甲乙丙"), st.integers(0, 3)), min_size=1, max_size=8)


@FEW
@given(LOOKS)
def test_looks_taken_twice_in_their_order_change_nothing(looks: list[tuple[int, str, int]]) -> None:
    """Each file loaded again, in the order of the first time, is seen and leaves the record as it was."""
    seen = datetime(2026, 3, 2, tzinfo=UTC)
    posts = [
        Post("board", "1", "message", text, START, seen + timedelta(hours=hour), counts={"views": views})
        for hour, text, views in sorted(looks, key=lambda look: look[0])
    ]
    record = PostRecord(posts[0])
    for post in posts[1:]:
        record, _ = codec.taken_in(record, post)
    again = record
    for post in posts:
        again, outcome = codec.taken_in(again, post)
        assert outcome == "seen"
    assert again == record
