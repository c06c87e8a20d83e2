"""One reading of a text finds the same words as asking for each of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.words_index import WordsIndex

TEXT = st.text(alphabet="路灯漏水a", max_size=12)


@given(st.lists(st.text(alphabet="路灯漏水a", min_size=1, max_size=4)), TEXT)
def test_the_words_found_are_those_that_stand_in_the_text(words: list[str], text: str) -> None:
    assert WordsIndex(words).found(text) == {word for word in words if word in text}
