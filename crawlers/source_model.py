"""What a ``source.yml`` may say. Strict: a key that is not here is a mistake, not a note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, HttpUrl, TypeAdapter, field_validator, model_validator
from typing_extensions import override

from crawlers.source_base import Css, Part, SourceBase, Text, compiled
from crawlers.source_interfaces import DiscuzSource, HotListSource, JsonApiSource, MessageBoardSource, OpenApiSource


class Links(Part):
    """Which addresses of a list are articles."""

    article: str | None = None
    """A regular expression that an article's address has to match; others on the list are passed over."""

    @field_validator("article")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        return _regex(pattern)


class JsonList(Part):
    """A list given as JSON: paths of keys (``data.list``) to the rows, and in a row to address and time."""

    rows: str
    url: Text
    date: Text | None = None


class LeadsTo(Part):
    """A start page that only names its lists: the group of ``pattern`` takes the place of ``{}`` in ``url``."""

    pattern: Text
    url: Annotated[str, Field(pattern=r"\{\}")]

    @field_validator("pattern")
    @classmethod
    def _has_group(cls, pattern: str) -> str:
        return _with_group(pattern)


class ListPage(Links):
    """Where a list page keeps its links. Without ``entry`` every link that looks like an article is taken."""

    entry: Css | None = None
    link: Css = "a"
    date: Css | None = None
    json_rows: JsonList | None = None
    leads_to: LeadsTo | None = None


class Paging(Part):
    """How the next list page is found.

    ``count``: the element ``css`` carries the attributes ``pagesize`` and ``pagecount`` (number of entries);
    page n (from 1) of ``index.html`` is ``index_n.html``. ``script``: the page calls ``createPageHTML(number of pages,
    0, "index", "html")``, and page n is ``index_n.html``. ``link``: ``css`` selects the link to the next page.
    """

    by: Literal["none", "count", "script", "link"] = "none"
    css: Css | None = None

    @model_validator(mode="after")
    def _css_where_needed(self) -> Paging:
        if (self.by in ("none", "script")) == (self.css is not None):
            raise ValueError("css belongs to by: count and by: link, and they need it")
        return self


class Article(Part):
    """The site's own places in an article page, tried before anything general."""

    body: tuple[Css, ...] = ()
    drop: tuple[Css, ...] = ()
    title: tuple[Css, ...] = ()
    date: tuple[Css, ...] = ()
    source: tuple[Css, ...] = ()
    author: tuple[Css, ...] = ()


class ArticlesSource(SourceBase):
    """What the shapes that lead to article pages share."""

    start: Annotated[tuple[HttpUrl, ...], Field(min_length=1)]
    native_id: str | None = None
    """A regular expression over the address; its groups joined by ``-`` are the id. Without: host and path."""
    list: Links = Links()
    article: Article = Article()

    @field_validator("native_id")
    @classmethod
    def _has_group(cls, pattern: str | None) -> str | None:
        return _with_group(pattern) if pattern is not None else None

    @override
    def all_starts(self) -> tuple[str, ...]:
        return tuple(str(url) for url in self.start)

    @override
    def usual_requests(self) -> int:
        return len(self.start)


class ArticleListSource(ArticlesSource):
    """Lists with paging, as pages or as JSON."""

    shape: Literal["article_list"]
    list: ListPage = ListPage()
    paging: Paging = Paging()

    @override
    def usual_requests(self) -> int:
        return len(self.start) * (self.walk.usual if self.paging.by != "none" else 1)


class FeedSource(ArticlesSource):
    """RSS or Atom feeds that lead to article pages."""

    shape: Literal["feed"]


class SitemapLinks(Links):
    """Which maps of an index are read, and which of their addresses are articles."""

    maps: str | None = None
    """A regular expression that the address of a map in an index has to match."""
    newest_days: int = Field(default=7, ge=1)
    """Entries whose own time lies further back are passed over; maps hold years."""

    @field_validator("maps")
    @classmethod
    def _maps_compile(cls, pattern: str | None) -> str | None:
        return _regex(pattern)


class SitemapSource(ArticlesSource):
    """Sitemaps, news sitemaps and their indexes."""

    shape: Literal["sitemap"]
    list: SitemapLinks = SitemapLinks()


Source = Annotated[
    ArticleListSource
    | FeedSource
    | SitemapSource
    | MessageBoardSource
    | DiscuzSource
    | JsonApiSource
    | OpenApiSource
    | HotListSource,
    Field(discriminator="shape"),
]
_ADAPTER: TypeAdapter[Source] = TypeAdapter(Source)
_MODELS: dict[str, type[Part]] = {
    get_args(model.model_fields["shape"].annotation)[0]: model for model in get_args(get_args(Source)[0])
}
SHAPES = tuple(_MODELS)
"""Every shape of source."""


def keys_at(place: Sequence[str | int]) -> list[str]:
    """The keys that may stand where ``place`` (a shape, then keys and positions) ends; for the hint at a typo."""
    model: type[Part] | None = _MODELS.get(str(place[0])) if place else None
    for part in place[1:-1]:
        held = model.model_fields.get(str(part)) if model is not None and isinstance(part, str) else None
        model = _part_in(held.annotation) if held is not None else model
    return list(model.model_fields) if model is not None else []


def _part_in(annotation: Any) -> type[Part] | None:
    """The part that a field holds, alone, optional or in a list; None where it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _part_in(inner)) is not None), None)


def source_from(value: Any) -> Source:
    """A checked source. Raises pydantic's ValidationError."""
    return _ADAPTER.validate_python(value)


def _with_group(pattern: str) -> str:
    if re.compile(_regex(pattern) or "").groups < 1:
        raise ValueError("no group in it: put ( ) round the part that is the id")
    return pattern


def _regex(pattern: str | None) -> str | None:
    return compiled(pattern) if pattern is not None else None
