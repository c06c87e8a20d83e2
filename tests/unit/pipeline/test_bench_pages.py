"""The made pages that stand in where the real ones are absent: readable, and the same each time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.extract import NO_RULES, extract_page
from crawlers.page_quality import f1
from pipeline.bench._pages import made_pages

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(("with_rules", "ways"), [(True, {"rules"}), (False, {"readability", "trafilatura"})])
def test_made_pages_are_read_by_rules_and_without(with_rules: bool, ways: set[str]) -> None:
    pages = made_pages(6)
    assert pages == made_pages(6)
    for page in pages:
        url, without = (page.url, None) if with_rules else (None, page.site)
        found = extract_page(page.body, url, None, NO_RULES, NOW, without)
        assert found.by in ways
        assert found.source == "示例日报"
        assert f1(found.text, page.text) >= 0.9
