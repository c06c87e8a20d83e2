"""A text that is cut anywhere, as sources cut them, is masked without an error, and nothing is found beyond its end."""

from __future__ import annotations

from nlp.masking import find
from nlp.proofs._letters import letters


def test_every_beginning_and_end_of_letters() -> None:
    made = letters(77, 25)
    found = 0
    for letter in made:
        for at in range(len(letter.text)):
            for part in (letter.text[:at], letter.text[at : at + 40]):
                pieces = find(part)
                assert all(0 <= piece.start < piece.end <= len(part) for piece in pieces), (part, pieces)
                found += len(pieces)
    assert found > 1000
