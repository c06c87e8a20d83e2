from __future__ import annotations

import numpy as np

from nlp.features import BUCKETS, STYLE_WEIGHT, STYLES, Extractor, char_bucket, word_bucket, word_hash
from nlp.words import RustSegmenter

POSTS = [("投诉物业", "小区物业不作为,电梯坏了"), ("", "今天天气很好[哈哈]"), ("", ""), ("咨询", "a")]


def test_columns_are_those_of_every_other_machine() -> None:
    """Pinned: where one of these changes, every stored model is worthless and VERSION must be raised."""
    assert [
        word_bucket("物业"),
        word_bucket("police"),
        char_bucket("物"),
        char_bucket("物业"),
        char_bucket("业主委"),
    ] == PINNED
    assert word_hash("物业") == PINNED_HASH


PINNED = [279831, 471318, 404389, 277421, 337646]
PINNED_HASH = 11834096852786553693


def test_a_batch_is_the_same_as_its_posts_alone() -> None:
    extractor = Extractor(RustSegmenter())
    together = extractor.extract(POSTS)
    for at, post in enumerate(POSTS):
        alone = extractor.extract([post])
        assert together.views
        for view, matrix in together.views.items():
            difference = abs(matrix[at] - alone.views[view][0])
            assert difference.nnz == 0 or difference.max() < 1e-6


def test_rows_have_length_one_or_are_empty() -> None:
    features = Extractor(RustSegmenter()).extract(POSTS)
    for view in ("char", "word", "title"):
        matrix = features.views[view]
        assert matrix.shape == (len(POSTS), BUCKETS)
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        filled = np.diff(matrix.indptr) > 0
        assert np.allclose(lengths[filled], 1, atol=1e-5)
    assert features.views["title"][1].nnz == 0
    assert features.views["char"][2].nnz == 0


def test_no_gram_crosses_the_border_of_title_and_text() -> None:
    features = Extractor(RustSegmenter()).extract([("物", "业")])
    assert char_bucket("物业") not in features.views["char"].indices
    assert char_bucket("物") in features.views["char"].indices


def test_words_are_aligned_with_their_columns() -> None:
    features = Extractor(RustSegmenter()).extract(POSTS)
    flat = [word for row in features.words for word in row]
    assert len(flat) == len(features.word_bucket) == len(features.word_post) > 0
    assert features.word_bucket.tolist() == [word_bucket(word) for word in flat]


def test_strange_characters_do_not_stop_a_batch() -> None:
    features = Extractor(RustSegmenter()).extract([("", "\ud800坏"), ("", "\x00\x00"), ("", "👨‍👩‍👧")])
    assert len(features) == 3


def test_style_tells_how_many_marks_and_how_long() -> None:
    texts = ["坏了", "坏了!", "坏了!!", "坏了" * 40, "见http://t.cn/abc", "见"]
    style = Extractor(RustSegmenter()).extract([("", text) for text in texts]).views["style"]
    assert style.shape == (len(texts), STYLES)
    assert len(set(np.diff(style.indptr).tolist())) == 1
    assert np.allclose(style.data, STYLE_WEIGHT)
    rows = [tuple(sorted(style[at].indices.tolist())) for at in range(len(texts))]
    assert len(set(rows)) == 5, "only 坏了 and 见 have the same marks and length"
    assert rows[0] == rows[5]
    plain, one, two = map(set, rows[:3])
    assert len(plain ^ one) == len(one ^ two) == 2
