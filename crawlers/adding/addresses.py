"""Addresses of articles: their likeness, and the pattern that gives the id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

_HASH = r"(?<![0-9A-Za-z])(?=[A-Za-z]*\d+[A-Za-z]*\d)(?=\d*[A-Za-z])[0-9A-Za-z]{8,}"
_RUN = re.compile(rf"{_HASH}|\d+")
_NO_PAGE = re.compile(r"\.(?:js|css|json|xml|pdf|docx?|xlsx?|pptx?|wps|zip|rar|7z|jpe?g|png|gif|mp[34])$", re.I)
_COUNTER, _MOST_PARTS = 5, 4
_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?")
_FULL_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}\D{0,2}(?:0[1-9]|1[0-2])\D{0,2}(?:0[1-9]|[12]\d|3[01])(?!\d)")
_ID_KEYS = re.compile(r"(?:^|_)?(?:id|tid|aid|newsid|articleid|contentid|infoid)$", re.I)


def shape_of(url: str) -> str:
    """The last part of the path with its numbers taken out, and the names of the query: alike for alike articles."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rsplit("/", 1)[-1]
    query = ",".join(sorted(name for name, _ in parse_qsl(parts.query)))
    return f"{_RUN.sub('0', last)}?{query}"


def looks_like_article(url: str) -> bool:
    """True where the address carries a number or a hash as an article's does."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rsplit("/", 1)[-1]
    if re.match(r"(?:index|list|default)(?:_\d+)?\.", last) or _NO_PAGE.search(last):
        return False
    numbered = re.search(r"\d{3,}", f"{last}?{parts.query}") or re.search(_HASH, last)
    return bool(numbered or re.search(r"/\d{4}", parts.path))


def id_pattern(urls: Sequence[str]) -> str | None:
    """A regular expression whose group is the id: it finds one in every address, and another one in each.

    None where no part of the address is sure to be another one tomorrow (``/20261123/1.html`` and ``/20261124/1.html``
    are two articles): host and path together then are the id, which is always safe.
    """
    pattern = _by_query(urls[0])
    if pattern and _tells_apart(pattern, urls) and (_lasts(pattern, urls) or _only_query_differs(urls)):
        return pattern
    for parts in range(1, _MOST_PARTS + 1):
        pattern = _by_path(urls[0], parts)
        if pattern and _tells_apart(pattern, urls) and _lasts(pattern, urls):
            return pattern
    return None


def article_pattern(urls: Sequence[str]) -> str | None:
    """A regular expression that every address matches and that says what an article's last part looks like."""
    last = urlsplit(urls[0]).path.rstrip("/").rsplit("/", 1)[-1]
    pattern = "/" + _generalised(last) + (r"\?" if urlsplit(urls[0]).query else "$")
    return pattern if all(re.search(pattern, url) for url in urls) else None


def _tells_apart(pattern: str, urls: Sequence[str]) -> bool:
    found = [re.search(pattern, url) for url in urls]
    ids = {match.groups() for match in found if match}
    return all(found) and len(ids) == len(set(urls))


def _lasts(pattern: str, urls: Sequence[str]) -> bool:
    """Whether every id holds a number that counts the whole site's articles, a hash, or its full date."""
    return all(_is_lasting(found[1]) for url in urls if (found := re.search(pattern, url)))


def _is_lasting(native_id: str) -> bool:
    runs = _RUN.findall(native_id)
    counted = any(not run.isdigit() or (len(run) >= _COUNTER and not _DATE.fullmatch(run)) for run in runs)
    return counted or _FULL_DATE.search(native_id) is not None


def _only_query_differs(urls: Sequence[str]) -> bool:
    """Whether the addresses are one script's: a short number in its query is then its table's own."""
    if any(re.search(r"\d{4}", value) for url in urls for _, value in parse_qsl(urlsplit(url).query)):
        # A year or a day beside it: the number may begin anew with each.
        return False
    return len({urlsplit(url)._replace(query="").geturl() for url in urls}) == 1


def _by_query(url: str) -> str | None:
    for name, value in parse_qsl(urlsplit(url).query):
        if _ID_KEYS.search(name) and re.fullmatch(r"[\w-]+", value):
            return rf"[?&]{re.escape(name)}=([\w-]+)"
    return None


def _by_path(url: str, number: int) -> str | None:
    """By the last ``number`` parts of the path."""
    parts = urlsplit(url).path.strip("/").split("/")
    return _grouped("/" + "/".join(parts[-number:])) if len(parts) >= number else None


def _grouped(tail: str) -> str | None:
    """The tail as a pattern, from its first to its last number in one group."""
    runs = list(_RUN.finditer(tail))
    if not runs:
        return None
    begin, end = runs[0].start(), runs[-1].end()
    return f"{_escaped(tail[:begin])}({_generalised(tail[begin:end])}){_ending(tail[end:])}"


def _generalised(text: str) -> str:
    parts, place = [], 0
    for run in _RUN.finditer(text):
        parts.append(_escaped(text[place : run.start()]))
        parts.append(r"\d+" if run.group().isdigit() else "[0-9A-Za-z]+")
        place = run.end()
    return "".join(parts) + _ending(text[place:])


def _ending(text: str) -> str:
    # The same system writes .htm on some pages and .html on others.
    return re.sub(r"\\\.html?$", r"\\.html?", _escaped(text))


def _escaped(text: str) -> str:
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)
