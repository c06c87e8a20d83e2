"""The words that decided, found again in the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.evidence import Span, pieces, spans

EVIDENCE = {"board_domain": ["物业", "小区"], "sentiment": ["物业公司", "ktv"]}


def test_words_are_found_with_their_labels_in_order() -> None:
    found = spans("小区物业不管,KTV太吵", EVIDENCE)
    assert found == [
        Span(0, 2, "小区", ("board_domain",)),
        Span(2, 4, "物业", ("board_domain",)),
        Span(7, 10, "ktv", ("sentiment",)),
    ]


def test_the_longer_of_two_words_at_one_place_wins() -> None:
    assert [span.word for span in spans("物业公司", EVIDENCE)] == ["物业公司"]


def test_without_evidence_there_is_one_piece_or_none() -> None:
    assert list(pieces("路灯不亮", {})) == [("路灯不亮", ())]
    assert list(pieces("", EVIDENCE)) == []


def test_a_letter_whose_small_form_is_longer_moves_no_offset() -> None:
    assert [span.start for span in spans("İİ物业", EVIDENCE)] == [2]


@given(st.text(alphabet="物业公司小区ktvKTVİß\U0001f600 a.*["), st.lists(st.text(max_size=3), max_size=4))
def test_the_pieces_are_the_text(text: str, words: list[str]) -> None:
    assert "".join(part for part, _ in pieces(text, {"x": words, **EVIDENCE})) == text
