"""``huiying source new``: look at a site politely, propose the rules, write the files."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawlers.adding.article import propose_article
from crawlers.adding.forms import feeds_of, propose
from crawlers.adding.probe import NO_LIST
from crawlers.adding.proposal import FEWEST
from crawlers.adding.worker import look
from crawlers.adding.writing import RECORDED, NewSource, free, recording, write_source
from crawlers.addresses import is_address
from crawlers.encoding import decode
from crawlers.errors import CollectError
from crawlers.run import check_allowed
from crawlers.source_blanks import WHAT
from crawlers.source_folder import FOLDER, read_sources
from crawlers.source_model import Source, source_from
from crawlers.text import clean, parse_page

_LEAST_DELAY = 3.0
_EXAMPLE = "huiying@office.example"


class SiteError(CollectError):
    """The site cannot be looked at: it is away, refuses, or shows something else than a list of articles."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was found and written.

    ``blanks``: paths in source.yml that a person must fill. ``beside``: sources that ask the same hosts already: each
    keeps its own delay, so together they ask twice as often.
    """

    source: NewSource
    files: tuple[Path, ...]
    blanks: tuple[str, ...]
    beside: tuple[str, ...] = ()


def new_source(
    name: str,
    url: str,
    now: datetime,
    base_url: str | None = None,
    contact: str | None = None,
    folder: Path = FOLDER,
    recorded: Path = RECORDED,
) -> Made:
    """Fetch robots.txt, the list and one article; write the source's files.

    Raises CollectError where the call is wrong or a file is in the way, SiteError where the site gives no list.
    """
    free(name, folder, recorded)
    draft = _draft(name, url, contact)
    try:
        check_allowed(draft, base_url)
    except CollectError as error:
        if error.place == "contact":
            do = "give the office's own mail or web address: the site must know whom to call"
            raise CollectError("--contact", "", "none" if contact is None else f"found {contact!r}", do) from None
        raise
    job = {"source": draft.model_dump(mode="json"), "now": now.isoformat(), "base_url": base_url, "most": 0}
    answer = look(job)
    exchanges = answer["exchanges"]
    _check(url, answer)
    bodies = [base64.b64decode(exchange["body"]) for exchange in exchanges]
    source = _understood(name, contact, answer, bodies, now)
    files = write_source(source, folder, recorded, recording(source, exchanges, bodies), now)
    blanks = tuple(path for path in WHAT if path != "contact" or contact is None)
    known, _ = read_sources(folder)
    beside = tuple(other for other, held in known.items() if other != name and set(held.hosts) & set(source.hosts))
    return Made(source, tuple(files), blanks, beside)


def _draft(name: str, url: str, contact: str | None) -> Source:
    """A source that knows no more than the address. Raises CollectError for an address that is none."""
    parts = urlsplit(url)
    value = {
        "id": name,
        "title": name,
        "kind": "news",
        "shape": "article_list",
        "hosts": [(parts.hostname or "").lower()],
        "start": [url],
        "rhythm_minutes": 15,
        "enabled": False,
        "contact": contact or _EXAMPLE,
        "assessment": {"by": "-", "date": "2000-01-01", "effect": "-", "personal_data": "-"},
        "expected": {"min": 0, "max": 1},
    }
    try:
        return source_from(value)
    except ValueError as error:
        if contact and "contact" in str(error):
            raise CollectError("--contact", "", f"found {contact!r}", "write a mail or a web address") from None
        do = "write the address of a list page as the browser shows it: https://HOST/PATH"
        if is_address(parts.hostname) or parts.hostname == "localhost":
            do = "write the site's name, not an address; to practise on a site of your own add --base-url http://HOST:PORT"
        raise CollectError("--url", "", f"found {url!r}", do) from None


def _check(url: str, answer: dict[str, Any]) -> None:
    """Raises SiteError where list and article did not both come."""
    reason = answer["stopped"]
    if reason == NO_LIST:
        do = (
            f"give the address of a page that lists articles, at least {FEWEST} whose addresses are alike;"
            " a page that a script fills shows none"
        )
        raise SiteError(url, "", NO_LIST, do)
    if reason is not None or len(answer["exchanges"]) < 2:
        do = "nothing was written; correct what is named, then call again"
        raise SiteError(url, "", reason or "the site did not answer", do)


def _understood(
    name: str, contact: str | None, answer: dict[str, Any], bodies: list[bytes], now: datetime
) -> NewSource:
    first, shown, article = answer["exchanges"][0], answer["exchanges"][-2], answer["exchanges"][-1]
    listing = propose(bodies[-2], shown["content_type"], shown["url"], now)
    assert listing is not None, "the probe asked for an article of it"
    listed = next((link.text for link in listing.links if link.url == article["url"]), "")
    delay = answer["delay"]
    robots = f"robots.txt 要求 {delay:g} 秒" if delay else "robots.txt 没有要求，不少于 3 秒"
    page = decode(bodies[0], first["content_type"])[0]
    return NewSource(
        name=name,
        title=clean(parse_page(page).findtext(".//title") or "").replace("\n", " ")[:60] or name,
        start=first["url"],
        hosts=tuple(dict.fromkeys((*answer["hosts"], *listing.hosts[:1]))),
        delay_seconds=max(_LEAST_DELAY, delay or 0.0),
        contact=contact,
        listing=listing,
        article=propose_article(bodies[-1], article["content_type"], article["url"], listed, now),
        robots=robots,
        feeds=tuple(feeds_of(page, first["url"])) if listing.shape == "article_list" else (),
    )
