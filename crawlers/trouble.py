"""What went wrong with a request or an answer, in words for a person, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from scrapy import exceptions as scrapy_errors
from scrapy.spidermiddlewares.httperror import HttpError

from crawlers.addresses import PRIVATE

if TYPE_CHECKING:
    from crawlers.source_model import ArticlesSource, ListPage

_KINDS = (
    (scrapy_errors.CannotResolveHostError, "not reachable: no such host; check its spelling, and this machine's DNS"),
    (scrapy_errors.DownloadConnectionRefusedError, "not reachable: connection refused; asked again at the next run"),
    (scrapy_errors.DownloadTimeoutError, "not reachable: no answer in time; asked again at the next run"),
    (scrapy_errors.DownloadCancelledError, "the answer is larger than 20 MB, or has no end: refused"),
    (scrapy_errors.ResponseDataLossError, "the answer was cut off; asked again at the next run"),
)
_CERTIFICATE = (
    "not reachable: its certificate is not valid (self-signed, expired or made for another name); only the site can"
    " put that right, and nothing is taken from it before"
)
_MAGIC = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\xd0\xcf\x11\xe0", "an Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"Rar!", "a RAR file"),
    (b"7z\xbc\xaf", "a 7z file"),
)
_LARGEST_JSON = 200


class EndsRunsError(scrapy_errors.IgnoreRequest):
    """A page was not asked for, since reading it has ended the run before."""


def in_words(error: BaseException | None) -> str:
    """A failed request. A class of Scrapy is named by what it means, any other by its name and text."""
    if any("certificate" in str(part).lower() for part in _causes(error)):
        return _CERTIFICATE
    if PRIVATE in str(error):
        return f"not reachable: {str(error)[:300]}"
    if isinstance(error, scrapy_errors.IgnoreRequest):
        # Ours say what is meant; of Scrapy's own only the one of a body that unpacks to more than it may is met.
        return "the answer unpacks to more than 20 MB: refused" if "DOWNLOAD_MAXSIZE" in str(error) else str(error)
    for kind, words in _KINDS:
        if isinstance(error, kind):
            return words
    return f"{type(error).__name__}: {str(error)[:200]}".rstrip(": ")


def may_pass(error: BaseException | None) -> bool:
    """Whether the site or the way to it failed, not the address itself: then asking again later may bring the page."""
    if isinstance(error, HttpError):
        return error.response.status >= 400
    return error is not None and not isinstance(
        error, scrapy_errors.IgnoreRequest | scrapy_errors.DownloadCancelledError
    )


def _causes(error: BaseException | None) -> Iterator[BaseException | str]:
    """The error, what caused it, and the reasons that Twisted collects."""
    held = error
    while held is not None:
        yield str(held) if type(held).__module__.startswith(("OpenSSL", "service_identity")) else ""
        for reason in getattr(held, "reasons", None) or ():
            yield str(getattr(reason, "value", reason))
        held = held.__cause__


def no_page(body: bytes) -> str | None:
    """What an answer is that is no page, by its bytes: the header's content type may lie. None for a page."""
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return name
    start = body[:_LARGEST_JSON].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")) and b"<html" not in body[:4096].lower():
        return "JSON"
    return None


def why_no_links(root: Any, source: ArticlesSource, body: bytes) -> str:
    """Why a list page gave no article: which rule of which file finds nothing."""
    kind = no_page(body)
    if kind == "JSON":
        return f"no article link: the answer is JSON, not a page; write list.json_rows in {source.id}/source.yml"
    if kind is not None:
        return f"no article link: the answer is {kind}, not a page"
    # Lists that are pages have these rules; feeds and maps have none.
    rules = cast("ListPage", source.list)
    if getattr(rules, "entry", None) is None:
        return "no article link"
    assert rules.entry is not None
    found = len(root.cssselect(rules.entry))
    where = f"list.entry {rules.entry!r} in {source.id}/source.yml finds {found} elements"
    if found:
        article = f" that list.article {rules.article!r} matches" if rules.article else ""
        where += f", in none of them list.link {rules.link!r} finds a link to a host of the source{article}"
    return f"no article link: {where}; correct it with huiying source try {source.id}"


def why_no_text(source: ArticlesSource, body: bytes) -> str:
    """Why an article page gave no text."""
    kind = no_page(body)
    if kind is not None:
        return f"text: the answer is {kind}, not a page"
    if not source.article.body:
        return "text: no article text on the page"
    selectors = ", ".join(repr(selector) for selector in source.article.body)
    return f"text: no article text on the page; article.body {selectors} in {source.id}/source.yml finds none either"
