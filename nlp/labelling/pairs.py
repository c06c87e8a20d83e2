"""Drawing pairs of letters for the question "one matter or not", from attach3, with a fixed seed.

Near neighbours by text, letters of one place on another matter, of one matter in other words, and chance pairs. The
grouping of events is not asked, so that the pairs can judge it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from random import Random

from nlp.dictionaries import word_list
from nlp.labelling.draw import Drawn
from nlp.labelling.source import Letter, letters

_PLACE = re.compile(
    r"(?<=[市县区街道镇乡路])[一-龥]{2,5}?(?:小区|花园|家园|公寓|新城|广场|学校|中学|小学|幼儿园|医院|大道"
    r"|街道|镇|乡|村|路|街|苑|府|城|园|湾)"
)
_COMMON_PLACE = 60
_TOPICS = word_list("sample_topics")
WANTED = {
    "repeat": 50,
    "near": 150,
    "likely": 120,
    "place_and_topic": 90,
    "place_only": 70,
    "text_only": 90,
    "chance": 60,
}
"""Stratum → pairs drawn. ``repeat``: cosine from 0.70; ``near``: 0.40–0.70; ``likely``: 0.20–0.40 and a place named in
both; ``text_only``: the same without; ``place_and_topic`` and ``place_only``: below 0.20, a place in both, with and
without a word of one topic; ``chance``: any two."""


def hot_pairs(folder: Path) -> list[Drawn]:
    """630 pairs of attach3; ``row`` is ``attach3/ID+attach3/ID``, the smaller id first."""
    found = sorted(letters(folder, ("attach3",)).values(), key=lambda letter: letter.id)
    places = [_places(letter) for letter in found]
    strata = _strata(found, places)
    drawn: list[Drawn] = []
    taken: set[tuple[int, int]] = set()
    for name, count in WANTED.items():
        pairs = [pair for pair in strata[name] if pair not in taken]
        chosen = Random(f"huiying/pairs/{name}").sample(pairs, min(count, len(pairs)))
        taken.update(chosen)
        size = len(found) * (len(found) - 1) // 2 if name == "chance" else len(strata[name])
        drawn += [Drawn(f"{found[a].id}+{found[b].id}", name, size) for a, b in chosen]
    Random("huiying/order").shuffle(drawn)
    return drawn


def _places(letter: Letter) -> frozenset[str]:
    return frozenset(_PLACE.findall(letter.whole))


def _strata(found: Sequence[Letter], places: Sequence[frozenset[str]]) -> Mapping[str, list[tuple[int, int]]]:
    strata: dict[str, list[tuple[int, int]]] = {name: [] for name in WANTED}
    together = _together(places)
    near: set[tuple[int, int]] = set()
    for a, b, cosine in _near(found, 0.20):
        near.add((a, b))
        if cosine >= 0.70:
            strata["repeat"].append((a, b))
        elif cosine >= 0.40:
            strata["near"].append((a, b))
        else:
            strata["likely" if (a, b) in together else "text_only"].append((a, b))
    topics = [frozenset(word for word in _TOPICS if word in letter.whole) for letter in found]
    for a, b in sorted(together - near):
        strata["place_and_topic" if topics[a] & topics[b] else "place_only"].append((a, b))
    strata["chance"] = _chance(len(found), 4 * WANTED["chance"])
    return strata


def _together(places: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """Pairs that name one place which is not on everybody's lips."""
    where: dict[str, list[int]] = defaultdict(list)
    for index, names in enumerate(places):
        for name in names:
            where[name].append(index)
    return {pair for rows in where.values() if len(rows) <= _COMMON_PLACE for pair in combinations(rows, 2)}


def _near(found: Sequence[Letter], least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs (a < b) whose tf-idf of character pairs has a cosine of at least ``least``."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), min_df=2, max_df=0.2, sublinear_tf=True)
    x = vectors.fit_transform([letter.whole for letter in found]).tocsr()
    for start in range(0, x.shape[0], 500):
        block = (x[start : start + 500] @ x.T).tocoo()
        order = sorted(zip(block.row.tolist(), block.col.tolist(), block.data.tolist(), strict=True))
        for row, column, cosine in order:
            if start + row < column and cosine >= least:
                yield start + row, column, cosine


def _chance(size: int, count: int) -> list[tuple[int, int]]:
    random = Random("huiying/pairs/any")
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < count:
        a, b = sorted(random.sample(range(size), 2))
        pairs.add((a, b))
    return sorted(pairs)
