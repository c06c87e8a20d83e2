from __future__ import annotations

from itertools import combinations

from nlp.near_duplicates import NearDuplicates, codes_of, key_of, likeness
from pipeline.bench import _reprints


def test_what_is_found_is_right_and_hardly_anything_is_missed() -> None:
    keys = list(dict.fromkeys(key_of(None, text) for text in _reprints.made_texts(1500, seed=3)))
    known = NearDuplicates(0.5)
    found = set()
    for key in keys:
        shingles = known.shingles(key)
        near = known.alike(shingles)
        place = known.take(shingles)
        found |= {(place, other) for other, _ in near}
    exact = _reprints.exact_pairs(keys, 0.5)
    assert len(exact) > 500
    assert found <= exact
    assert len(found) >= 0.98 * len(exact)


def test_the_exact_pairs_are_those_of_sets_compared_one_by_one() -> None:
    keys = [key_of(None, text) for text in _reprints.made_texts(120, seed=5)]
    sets = [{key[at : at + 2] for at in range(len(key) - 1)} for key in keys]
    slow = {
        (later, earlier)
        for earlier, later in combinations(range(len(keys)), 2)
        if 2 * len(sets[earlier] & sets[later]) >= len(sets[earlier] | sets[later])
    }
    assert slow
    assert _reprints.exact_pairs(keys, 0.5) == slow


def test_likeness_is_the_jaccard_index_of_sets_of_pairs() -> None:
    assert likeness(codes_of("路灯坏了路灯"), codes_of("路灯坏了")) == 3 / 4
    assert likeness(codes_of("路灯"), codes_of("水管")) == 0
    assert likeness(codes_of("𠀀𠀁"), codes_of("𠀀𠀁")) == 1


def test_only_letters_and_digits_are_compared() -> None:
    assert key_of("灯_坏", "灯 坏!了,\n2 天…😀") == "灯坏灯坏了2天"
    assert key_of("路灯", "路灯坏了") == "路灯坏了"
