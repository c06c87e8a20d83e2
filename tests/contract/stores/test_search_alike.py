"""Search over texts of every script: each store finds exactly what a look at every token finds."""

from __future__ import annotations

import random

import pytest

from casework.domain.search import LONGEST, joined_tokens, tokens
from casework.ports import Store
from casework.records import SearchFilter
from casework.stores.elastic_tokens import FEW, joined
from tests.contract.stores.things import post, put

SCRIPTS = (
    "路灯坏了三天没人修",
    "路灯坏了3a_b.Ａかﾊ🚗 -é",
    "ﷺ½①²ªßİıΣσςǅﬁ",
    "가각각",
    "e\u0301e\u0300a\u0300é",
    "𠮷𐌰𝐀𝟙🀄",
    "\u200d\u200b\ufeff\x00\x1c\x85\u2028\u3000",
    "กำอร่อยहिन्दी",
    "٠١٢०१",
    "〇々〆ヶ〻",
    "㐀䶵䶶䷀鿌鿍鿿豈﨎",
    "ⅠⅡ㍿㌀㈱ＡＢＣ１２３",
    ".-_'@#/\\\"*(){}[]:^~&|+",
)
LONG = (
    *("x" * size for size in (LONGEST, LONGEST + 1, 255, 256, 300)),
    *("ﷺ" * size for size in (17, 34, LONGEST)),
    *("𐌰" * size for size in (LONGEST, 127, 128, 200)),
)
"""Around the length at which a token is cut: by the letter, in their folded form, in units of UTF-16."""


def _texts() -> list[str]:
    chance = random.Random(5)
    made = {*LONG, ""}
    for _ in range(250):
        letters = "".join(chance.sample(SCRIPTS, chance.choice((1, 2, 3))))
        made.add("".join(chance.choices(letters, k=chance.choice((1, 2, 3, 5, 8, 14)))))
    for _ in range(120):
        codes = (chance.randrange(0x20, 0x30000) for _ in range(chance.randrange(1, 9)))
        made.add("".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000))
    return sorted(made)


def _queries(texts: list[str]) -> list[str]:
    chance = random.Random(6)
    asked = set(texts)
    for text in texts:
        start = chance.randrange(len(text)) if text else 0
        asked |= {text[start : start + size] for size in (1, 2, 3)}
    return sorted(query for query in asked if tokens(query))


def test_every_script_is_found_alike(store: Store) -> None:
    texts = _texts()
    put(store, *(post(number, text) for number, text in enumerate(texts)))
    kept = store.get_posts([f"board:{number}" for number in range(len(texts))])
    assert [kept[f"board:{number}"].post.text for number in range(len(texts))] == texts
    cut = {f"board:{number}": tokens(text) for number, text in enumerate(texts)}
    queries = _queries(texts)
    assert len(queries) > 500
    hits = 0
    for query in queries:
        wanted = tokens(query)
        spans = range(len(wanted))
        expected = {
            id_
            for id_, parts in cut.items()
            if any([parts[at + span] for span in spans] == wanted for at in range(len(parts) - len(wanted) + 1))
        }
        assert set(store.search(query, SearchFilter(), len(texts))) == expected, ascii(query)
        hits += len(expected)
    assert hits > 2 * len(queries)


def test_tokens_joined_at_once_are_the_tokens() -> None:
    texts = _texts()
    assert len(texts) > 300
    for text in texts:
        assert joined_tokens(text).split(" ") == (tokens(text) or [""]), ascii(text)
        assert all(len(token.encode("utf-16-le")) <= 2 * 255 for token in tokens(text))


def test_tokens_of_many_texts_are_those_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.stores.elastic_tokens.DEAR", 0)
    texts = [*_texts(), "a\nb", "\n", "路\n灯", "a" * LONGEST + "\n" + "b" * (LONGEST + 1)]
    assert len(texts) > 4 * FEW
    assert joined(texts) == [joined_tokens(text) for text in texts]
    assert joined(texts[: FEW - 1]) == [joined_tokens(text) for text in texts[: FEW - 1]]
    assert joined([""] * FEW) == [""] * FEW
    assert joined(["\U00010330"] * FEW) == ["\U00010330"] * FEW
    every = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    assert joined([f"路{letter}a{letter}{letter}灯" for letter in every]) == [
        joined_tokens(f"路{letter}a{letter}{letter}灯") for letter in every
    ]


def test_more_is_found_than_a_server_gives_at_once(store: Store) -> None:
    put(store, *(post(number, "路灯") for number in range(10_050)))
    found = store.search("路灯", SearchFilter(), 20_000)
    assert len(found) == len(set(found)) == 10_050
    assert found[:2] == ["board:10049", "board:10048"]
    assert [record.post.id for record in store.recent_posts(SearchFilter(), 10_020)] == found[:10_020]
    assert store.search("路灯", SearchFilter(), 0) == []
