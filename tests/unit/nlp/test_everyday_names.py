"""Names and mail addresses as people drop them: behind an office, kin or a floor; bent addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlp.masking import find, mask
from nlp.proofs import masking as proof
from nlp.proofs._everyday import sentences

PROOFS = Path(proof.__file__).parent


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("村支书马云龙占了地", "村支书马某某占了地"),
        ("老党员赵铁柱反映,账没公布", "老党员赵某某反映,账没公布"),
        ("邻居刘大妈摔了一跤", "邻居刘大妈摔了一跤"),
        ("邻居刘桂香大妈摔了一跤", "邻居刘某某大妈摔了一跤"),
        ("一楼孙玉梅烧纸", "一楼孙某某烧纸"),
        ("社区民警张警官来过", "社区民警张警官来过"),
        ("请交警严肃查处", "请交警严肃查处"),
        ("梅溪湖街道的杨美公园", "梅溪湖街道的杨美公园"),
        ("才能缴社保,请问这是何道理?老人没有退休金", "才能缴社保,请问这是何道理?老人没有退休金"),
    ],
)
def test_names_as_people_drop_them(text: str, masked: str) -> None:
    assert mask(text)[0] == masked


def test_a_name_cut_short_at_one_place_is_as_long_as_elsewhere() -> None:
    assert "良" not in mask("村支书汪友良不守法。举报人已多次反映汪友良")[0]


@pytest.mark.parametrize("text", ["发到zhang_san#163.com就行", "邮箱wangfang_2020 @126.com"])
def test_mail_addresses_that_were_bent(text: str) -> None:
    assert [piece.kind for piece in find(text)] == ["email"]


def test_a_topic_is_no_mail_address() -> None:
    found = find("#郑州暴雨# 看这里 abc#话题# 2026#新年.好#")
    assert "email" not in [piece.kind for piece in found]


def test_the_everyday_sentences_are_marked_and_none_is_of_the_made_forms() -> None:
    made = {re.sub(r"\{[a-z_]+\*?\}", "", line) for line in (PROOFS / "letters.txt").read_text("utf-8").splitlines()}
    plain = sentences()
    assert len(plain) == 100
    assert sum(len(one.spans) for one in plain) == 75
    for one in plain:
        bare = one.text
        for _, start, end in sorted(one.spans, reverse=True, key=lambda span: span[1]):
            bare = bare[:start] + bare[end:]
        assert bare not in made
