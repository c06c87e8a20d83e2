"""Real pages and answers, damaged in 1,000 ways: no reader crashes, each is read right or put aside with its reason.

The variants are made here from ``shared`` and kept nowhere; all of them take half a minute.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from casework.domain.times import parse_time
from crawlers.text import parse_page
from tests.damaged import damage, judge, readers
from tests.damaged.readers import Outcome

pytestmark = pytest.mark.shared
ARTICLES, ANSWERS, LISTS, TABLES = 480, 350, 70, 100
LARGEST = 160_000
"""Bytes of a page: larger ones are no different, only slower."""
Read = Callable[[bytes], Outcome]
WEIBO = "weibo"


def articles(shared: Path) -> list[tuple[bytes, Outcome, str]]:
    """Pages, what is read of them undamaged, and everything that they say; those whose own time is read right."""
    found = []
    for page in json.loads((shared / "pages" / "news" / "gold.json").read_text(encoding="utf-8")):
        body = (shared / "pages" / page["file"]).read_bytes()
        outcome = readers.read_article(body) if len(body) < LARGEST else Outcome()
        if [post for post in outcome.posts if (page.get("date") or "")[:10] == post["published_at"][:10]]:
            root = parse_page(damage.text_of(body))
            values = (value for element in root.iter() for value in element.attrib.values())
            found.append((body, outcome, " ".join((*root.itertext(), *values))))
    return found


def test_damaged_articles(shared: Path) -> None:
    pages = articles(shared)
    assert len(pages) >= 25
    seen: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for number, (body, original, page) in enumerate(pages):
        each = ARTICLES // len(pages) + (number < ARTICLES % len(pages))
        for variant in damage.html_variants(number, body, each):
            outcome = readers.read_article(variant.body, variant.content_type)
            judge.judge_article(original, outcome, variant, page)
            seen[variant.kind] += 1
            outcomes["posts" if outcome.posts else "refused"] += 1
    assert seen.keys() == damage.HTML.keys()
    assert sum(seen.values()) == ARTICLES
    # Neither all put aside nor all let through.
    assert outcomes["posts"] > outcomes["refused"] > 0


def answers(shared: Path) -> Iterator[tuple[bytes, damage.Place, Read, list[str]]]:
    """Answers with rows of their own ids: body, where the rows lie, their reader, the ids."""
    weibo, board = shared / "pages" / "weibo", shared / "pages" / "liuyan" / "tid_list_item_2021.json"
    cards, statuses = ("data", "cards"), ("statuses",)
    for name in ("bison__weibo_ak_list_0", "bison__weibo_ys_list_0", "bison__weibo_ak_list_1"):
        yield _numbered((weibo / "m.weibo.cn" / f"{name}.json"), cards, readers.read_cards)
    yield _numbered(weibo / "json" / "m_gottaegbert_cards1.json", cards, readers.read_cards)
    yield _numbered(weibo / "api2" / "orange__timeline.json", statuses, readers.read_statuses)
    yield _numbered(weibo / "json" / "api2_Wcarbo_publicData.json", statuses, readers.read_statuses)
    yield _numbered(board, ("responseData",), readers.read_board, times=10)


def _numbered(
    path: Path, rows: damage.Place, read: Read, times: int = 1
) -> tuple[bytes, damage.Place, Read, list[str]]:
    """An answer whose rows have ids of their own, as a site's have (two samples repeat one)."""
    document = json.loads(path.read_bytes())
    held = damage.at(document, rows) * times
    held = json.loads(json.dumps(held))
    damage.put(document, rows, held)
    ids = []
    for number, card in enumerate(held):
        row = card.get("mblog", card)
        key = "tid" if "tid" in row else "id"
        moved = int(row[key]) + (number if read is not readers.read_cards else 0)
        for name in {key, "mid", "idstr"} & row.keys():
            row[name] = type(row[name])(moved)
        ids.append(str(moved))
    assert len(set(ids)) == len(ids)
    return json.dumps(document, ensure_ascii=False).encode(), rows, read, ids


def test_damaged_answers(shared: Path) -> None:
    seen: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for number, (body, rows, read, ids) in enumerate(answers(shared)):
        original = read(body)
        assert sorted(post["native_id"] for post in original.posts) == sorted(ids)
        for variant in damage.json_variants(number, body, rows, ANSWERS // 7):
            outcome = read(variant.body)
            judge.judge_rows(original, outcome, variant, rows, ids)
            seen[variant.kind] += 1
            ends["stopped" if outcome.stopped else "refused" if outcome.refused else "read"] += 1
    assert {"nulls", "wrong types", "keys left out", "rows replaced"} <= seen.keys()
    assert sum(seen.values()) == ANSWERS
    assert min(ends["stopped"], ends["refused"], ends["read"]) > 0


def test_damaged_lists(shared: Path) -> None:
    """No address is made up, and a list that gives none stops the source."""
    files = [path for path in sorted((shared / "pages" / "lists").glob("*.html")) if path.stat().st_size < 4 * LARGEST]
    checked = given = 0
    for number, path in enumerate(files):
        body, base = path.read_bytes(), "https://list.example/a/index.html"
        addresses = {
            urljoin(base, (link.get("href") or "").strip()) for link in parse_page(damage.text_of(body)).iter("a")
        }
        hosts = {host for host in map(_host, addresses) if host}
        for variant in damage.html_variants(number, body, LISTS // len(files) + 1):
            links, stopped = readers.read_list(variant.body, hosts, base)
            assert links or stopped
            if variant.kind not in (*judge.TORN, "control characters"):
                assert {url for url in links if url not in _plain(addresses)} == set(), (path.name, variant.kind)
            checked += 1
            given += bool(links)
    assert checked >= LISTS
    assert given


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _plain(addresses: set[str]) -> set[str]:
    """As a spider writes them: without the fragment."""
    return {re.sub(r"#.*$", "", address) for address in addresses}


def test_damaged_exports(shared: Path, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for number, (name, plan) in enumerate(
        (("taidi_c_attach3_messages", "taidi_messages"), ("ldly_hangzhou_small", "hangzhou_board"))
    ):
        table = _first_rows(shared / "data" / f"{name}.csv.gz", 30)
        original = readers.read_table(table, plan, tmp_path)
        assert len(original.posts) == 30
        for variant in damage.table_variants(number, table, TABLES // 2):
            judge.judge_table(original, readers.read_table(variant.body, plan, tmp_path), variant)
            seen[variant.kind] += 1
    assert len(seen) == 7
    assert sum(seen.values()) == TABLES


def _first_rows(path: Path, number: int) -> bytes:
    """The first rows of a table whose texts hold neither commas nor line ends, so that a line can be damaged."""
    text = io.StringIO()
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        rows = csv.reader(file)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(next(rows))
        for row in rows:
            if number and not re.search(r'[,\n\r"]', "".join(row)):
                writer.writerow(row)
                number -= 1
    return text.getvalue().encode()


def test_a_time_of_the_readers_is_after_all_pages() -> None:
    assert parse_time("2026-11-24T11:00:00+08:00") == readers.NOW
