"""News texts that samples are drawn from, by id ``stream|thucnews|tnews/ROW`` or ``page/FILE``; never kept.

Pages have title and body, the stream a headline or a first paragraph, the other two headlines alone: what a news
office's sources give. Of the headline sets only the subjects that a government's news office is asked about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from nlp.datasets import DataError, find, rows
from nlp.labelling.draw import Drawn, by_strata
from nlp.labelling.source import Letter, without_repeats

_SETS = {
    "stream": ("news_stream_4topics_1500", ()),
    "thucnews": ("thucnews_titles_10_train", ("society", "politics", "education", "realty")),
    "tnews": ("tnews_train", ("news_agriculture", "news_edu", "news_house", "news_travel", "news_world", "news_car")),
}
"""Short name → its file and the subjects taken (all, where none is named)."""

_WANTED = {"page": 60, "stream": 80, "thucnews": 85, "tnews": 80}


def news(folder: Path) -> dict[str, Letter]:
    """All news texts by id. DataError: a file is missing or strange."""
    found = {one.id: one for one in _pages(folder.parent / "pages" / "news" / "gold.json")}
    for name, (file, subjects) in _SETS.items():
        for number, row in enumerate(rows(find(folder, file), ("label", "text"))):
            if not subjects or row["label"] in subjects:
                found[f"{name}/{number}"] = Letter(f"{name}/{number}", "", row["text"])
    return found


def _pages(path: Path) -> list[Letter]:
    try:
        pages: list[Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        return [Letter(f"page/{Path(page['file']).stem}", page["title"], page["body"]) for page in pages]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: not the list of news pages with file, title and body ({error})") from None


def sentiment_news(folder: Path) -> list[Drawn]:
    """303 news texts for their sentiment: every page whose body is known, and some of each other set."""
    return by_strata(without_repeats(news(folder).values()), lambda one: one.id.partition("/")[0], _WANTED)
