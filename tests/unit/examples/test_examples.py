"""The posts that ship for the demo: well formed, of every label and route, and naming nobody real."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.domain.post import parse_post

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "crawlers" / "examples"
FILES = {"people_board.jsonl": ("message", 40), "weibo.jsonl": ("weibo", 16), "news.jsonl": ("news", 16)}
FIRST = datetime.fromisoformat("2026-11-18T00:00:00+08:00")
LAST = datetime.fromisoformat("2026-11-24T10:00:00+08:00")


def names(spaced: str) -> set[str]:
    """The words of a list written with spaces."""
    return set(spaced.split())


LABELS: dict[str, set[Any]] = {
    "board_domain": names("城建 交通 企业 环保 治安 政务 教育 就业 医疗 旅游 三农 文娱 金融 其他"),
    "petition_topic": names("城乡建设 环境保护 交通运输 教育文体 劳动和社会保障 商贸旅游 卫生计生"),
    "message_type": names("投诉 求助 咨询 建言 感谢 举报"),
    "petition_kind": names("建议意见 申诉求决 检举控告"),
    "sentiment": names("negative neutral positive"),
    "emotion": names("angry sad fear surprise happy neutral"),
    "disposition": names("建设性意见 实际困难 重大问题 不了解情况 错误看法 虚假信息"),
    "severity": names("extraordinary major serious ordinary none") | {None},
    "category": names("自然灾害 事故灾难 公共卫生 社会安全") | {None},
    "opening": names("open to_review none"),
}
BASES = ("按指定转", "按属地转", "按类别转", "人工确定", "检举控告件转", "不立案")
HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
INVENTED_MOBILE = re.compile(r"1(?:38|99)0000\d{4}")


def read(name: str) -> list[dict[str, Any]]:
    """The posts of one file."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def post_id(post: dict[str, Any]) -> str:
    """The contract's id."""
    return f"{post['source']}:{post['native_id']}"


POSTS = [post for name in FILES for post in read(name)]
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "expected.yml").read_text(encoding="utf-8"))
BY_ID = {post_id(post): post for post in POSTS}


def words(post: dict[str, Any]) -> str:
    """Everything of a post that a reader sees."""
    reply = (post["reply"] or {}).get("text") or ""
    return "\n".join([post["title"] or "", post["text"], reply, *map(str, post["extra"].values())])


def shown(what: str) -> list[str]:
    """Ids of the posts that were written to show something."""
    return [key for key, labels in EXPECTED.items() if labels.get("shows") == what]


SHOWS = {labels["shows"] for labels in EXPECTED.values() if "shows" in labels}


def test_enough_posts_of_each_kind() -> None:
    assert len(POSTS) >= 72
    for name, (kind, least) in FILES.items():
        posts = read(name)
        assert len(posts) >= least, name
        assert {post["kind"] for post in posts} == {kind}


def test_ids_and_texts_are_unique_and_the_key_covers_every_post() -> None:
    assert len(BY_ID) == len(POSTS) > 0
    assert set(EXPECTED) == set(BY_ID)
    assert max(Counter(post["text"] for post in POSTS).values()) == 1


def test_form_of_every_post() -> None:
    posts = POSTS + read("people_board_edit.jsonl")
    assert len(posts) > len(POSTS)
    for post in posts:
        assert parse_post(post).to_json() == post, post_id(post)
        assert unicodedata.is_normalized("NFC", post["text"]), post_id(post)
        assert not re.search(r"<[a-zA-Z/]", post["text"]), post_id(post)
        published, collected = (datetime.fromisoformat(post[name]) for name in ("published_at", "collected_at"))
        assert published.utcoffset() == collected.utcoffset() == timedelta(hours=8), post_id(post)
        assert FIRST <= published <= LAST, post_id(post)
        assert published < collected, post_id(post)
        if post["reply"]:
            assert published < datetime.fromisoformat(post["reply"]["at"]) < collected


def test_native_ids_and_links_have_the_form_of_their_source() -> None:
    forms = {
        "people_board": (r"2624\d{4}", "https://liuyan.people.com.cn/threads/content?tid={}"),
        "weibo": (r"\d{16}", "https://m.weibo.cn/detail/{}"),
        "henan_gov": (r"\d{8}", "/{}.html"),
    }
    assert {post["source"] for post in POSTS} == set(forms)
    for post in POSTS:
        form, link = forms[post["source"]]
        assert re.fullmatch(form, post["native_id"])
        assert post["url"].endswith(link.format(post["native_id"]))


@pytest.mark.parametrize("name", LABELS)
def test_every_label_occurs_and_no_other(name: str) -> None:
    assert {labels[name] for labels in EXPECTED.values()} == LABELS[name]


def test_every_route_occurs() -> None:
    for basis in BASES:
        assert any(basis in labels["route"] for labels in EXPECTED.values()), basis
    departments = yaml.safe_load((ROOT / "config" / "departments.yml").read_text(encoding="utf-8"))["departments"]
    titles = {department["id"]: department["name"] for department in departments}
    routed = {key: labels for key, labels in EXPECTED.items() if labels["department"] is not None}
    assert len(routed) > 60
    for key, labels in routed.items():
        assert titles[labels["department"]] in labels["route"], key
    districts = {department["id"] for department in departments if department.get("regions")}
    assert districts <= {labels["department"] for labels in routed.values()}


def test_nothing_of_elsewhere_opens_a_case() -> None:
    elsewhere = [key for key, labels in EXPECTED.items() if labels["region"] and labels["region"][:4] != "4101"]
    assert len(elsewhere) >= 3
    assert {EXPECTED[key]["opening"] for key in elsewhere} == {"none"}


def test_only_invented_mobile_numbers() -> None:
    found = []
    for post in POSTS + read("people_board_edit.jsonl"):
        plain = unicodedata.normalize("NFKC", words(post)).translate(HAN_DIGITS)
        found += MOBILE.findall(plain)
    assert len(found) >= 3
    assert all(INVENTED_MOBILE.fullmatch(number) for number in found), found


def test_wrongdoing_is_told_only_of_bodies_of_a_city_that_does_not_exist() -> None:
    topics = yaml.safe_load((ROOT / "config" / "topics.yml").read_text(encoding="utf-8"))
    grave = topics["petition_kind"]["grave"]
    assert grave
    reports = {key for key, labels in EXPECTED.items() if labels["petition_kind"] == "检举控告"}
    assert len(reports) >= 3
    for post in POSTS:
        key, text = post_id(post), words(post)
        if key in reports:
            assert EXPECTED[key]["accused"], key
            assert all(body.startswith("示例市") for body in EXPECTED[key]["accused"]), key
            assert all(body in text for body in EXPECTED[key]["accused"]), key
            assert not re.search("郑州|河南", text), key
        else:
            assert "accused" not in EXPECTED[key], key
            assert not [word for word in grave if word in text], key


def test_the_special_posts() -> None:
    texts = {what: [BY_ID[key]["text"] for key in shown(what)] for what in SHOWS}
    assert len(texts["very_long"][0]) >= 2000
    assert texts["empty"] == [""]
    assert 0 < len(texts["near_empty"][0]) < 10
    assert "臺灣" in texts["traditional"][0]
    assert "演练" in texts["drill"][0]
    assert len(texts["personal_data"]) == 2
    replied = [key for key, post in BY_ID.items() if post["reply"]]
    assert sorted(replied) == sorted(shown("reply"))
    assert len(replied) == 2
    assert sum("retweet_text" in post["extra"] for post in POSTS) >= 3
    spared = set(shown("empty") + shown("near_empty"))
    assert not [key for key, post in BY_ID.items() if len(post["text"]) < 58 and key not in spared]


def test_groups_about_one_event() -> None:
    sizes = Counter(labels["event"] for labels in EXPECTED.values() if "event" in labels)
    assert sizes["zhongmu_crash"] == 3
    assert sizes["burst_pipe"] >= 6
    assert sizes["water_rumour"] >= 3
    rumour = [labels["disposition"] for labels in EXPECTED.values() if labels.get("event") == "water_rumour"]
    assert "虚假信息" in rumour


def test_the_edit_changes_the_text_of_a_post_and_nothing_that_names_it() -> None:
    (edit,) = read("people_board_edit.jsonl")
    (key,) = shown("edited")
    before = BY_ID[key]
    assert {name for name in before if edit[name] != before[name]} == {"text", "collected_at"}
    assert edit["collected_at"] > before["collected_at"]
