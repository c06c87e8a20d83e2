"""A source in the process that crawls it says what the checked one says; and what that process does without."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from crawlers.frontier import _packed, _unpacked
from crawlers.plain import Plain, pack, unpack
from crawlers.source_base import Part
from crawlers.source_folder import load_sources
from pipeline.settings import ROOT

SOURCES = load_sources()


def _same(checked: Any, plain: Any) -> int:
    """Compare part by part as spiders read them; how many values were compared."""
    if isinstance(checked, Part):
        assert isinstance(plain, Plain)
        return sum(_same(getattr(checked, name), getattr(plain, name)) for name in type(checked).model_fields)
    if isinstance(checked, tuple):
        assert len(checked) == len(plain)
        return sum(_same(*pair) for pair in zip(checked, plain, strict=True))
    assert plain == (checked if isinstance(checked, str | int | float | None) else str(checked))
    return 1


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_plain_source_says_what_the_checked_one_says(name: str) -> None:
    source = SOURCES[name]
    plain = unpack(json.loads(json.dumps(pack(source))))
    assert _same(source, plain) > 20
    assert plain.all_starts() == source.all_starts()
    assert plain.secrets() == source.secrets()


def test_another_rule_gives_another_hash() -> None:
    source = SOURCES["henan_gov"]
    changed = source.model_copy(update={"title": source.title + "（新）"})
    assert pack(source)["rules"] == pack(SOURCES["henan_gov"])["rules"]
    assert pack(source)["rules"] != pack(changed)["rules"]


def test_nothing_of_a_plain_source_can_be_changed() -> None:
    plain = unpack(pack(SOURCES["henan_gov"]))
    with pytest.raises(AttributeError, match="walk"):
        plain.walk = None  # type: ignore[misc, assignment]
    with pytest.raises(AttributeError, match="usual"):
        plain.walk.usual = 9  # type: ignore[misc]


def test_a_board_waits_in_the_journal_and_comes_back() -> None:
    source: Any = SOURCES["people_board"]
    forum = unpack(pack(source)).forums[0]  # type: ignore[union-attr]
    for kept in (_packed(forum), _packed(source.forums[0])):
        back = _unpacked(json.loads(json.dumps(kept)))
        assert back == forum
        assert (back.fid, back.name) == (source.forums[0].fid, source.forums[0].name)


def test_the_crawling_process_loads_no_checker_and_no_reader_of_articles() -> None:
    code = (
        "import sys, crawlers.process; crawlers.process._load(); import crawlers.sources.henan_gov.spider,"
        " crawlers.frontier, crawlers.polite; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"scrapy.core.downloader.handlers.http11", "crawlers.base.article_list"} <= loaded
    assert not {name for name in loaded if name.split(".")[0] in ("pydantic", "trafilatura", "readability", "yaml")}
    assert "crawlers.extract" not in loaded
