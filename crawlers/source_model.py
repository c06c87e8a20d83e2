"""What a ``source.yml`` may say. Strict: a key that is not here is a mistake, not a note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, field_validator, model_validator
from typing_extensions import override

Text = Annotated[str, Field(min_length=1)]
Css = Annotated[str, Field(min_length=1)]
EXAMPLE_CONTACT = ".example"


class Part(BaseModel):
    """Base of every part: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Expected(Part):
    """How many rows a healthy walk reads. Below ``min`` the run has failed; above ``max`` it is noted."""

    min: int = Field(ge=0)
    max: int = Field(ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Expected:
        if self.min > self.max:
            raise ValueError("min is above max")
        return self


class Walk(Part):
    """How far a walk over pages goes.

    ``usual`` pages are always walked, so that edits and answers on them are noticed; the walk goes on while
    pages bring something new, at most to ``most``. Articles first seen within ``recheck_hours`` are fetched
    again where the list still shows them.
    """

    usual: int = Field(default=5, ge=1)
    most: int = Field(default=2000, ge=1)
    recheck_hours: int = Field(default=72, ge=0)


class Assessment(Part):
    """The written assessment of the effect on the service (网络数据安全管理条例 第十八条)."""

    by: Text
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    effect: Text
    """Requests a day, data a day, and why the service does not feel it."""
    personal_data: Text
    """What personal data the pages show and what is dropped at once (art. 24)."""


class SourceBase(Part):
    """What every source says of itself."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    title: Text
    kind: Literal["news", "weibo", "message", "hotline"]
    hosts: Annotated[tuple[str, ...], Field(min_length=1)]
    """The only hosts that are ever asked, robots.txt and redirects included."""
    rhythm_minutes: int = Field(ge=5)
    enabled: bool
    needs_permission: bool = False
    """True where the site's rules close the pages to programs: then ``permission`` must name who agreed."""
    permission: str | None = None
    contact: Annotated[str, Field(pattern=r"^\S+@\S+$|^https?://\S+$")]
    """Goes into the user agent. One that ends in ``.example`` is refused on the open network."""
    delay_seconds: float = Field(default=3, ge=1)
    assessment: Assessment
    expected: Expected
    walk: Walk = Walk()

    @field_validator("hosts")
    @classmethod
    def _public_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", host) or host.endswith(".localhost"):
                raise ValueError(f"{host!r} is no public host name: write it in lower case without scheme and port")
        return hosts

    @model_validator(mode="after")
    def _permitted(self) -> SourceBase:
        if self.enabled and self.needs_permission and not self.permission:
            raise ValueError("enabled without permission: write the number of the written permission")
        return self

    def all_starts(self) -> tuple[str, ...]:
        """Addresses that must lie on ``hosts``; shapes with fixed addresses have none."""
        return ()


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
    page n (from 1) of ``index.html`` is ``index_n.html``. ``link``: ``css`` selects the link to the next page.
    """

    by: Literal["none", "count", "link"] = "none"
    css: Css | None = None

    @model_validator(mode="after")
    def _css_where_needed(self) -> Paging:
        if (self.by == "none") == (self.css is not None):
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


class ArticleListSource(ArticlesSource):
    """Lists with paging, as pages or as JSON."""

    shape: Literal["article_list"]
    list: ListPage = ListPage()
    paging: Paging = Paging()


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


class Forum(Part):
    """One board of a leader or an office."""

    fid: int = Field(ge=1)
    name: Text
    """What the board's shown name has to contain; another name is noted in the log."""


class MessageBoardSource(SourceBase):
    """A board of messages with official answers, read through its form interface."""

    shape: Literal["message_board"]
    forums: Annotated[tuple[Forum, ...], Field(min_length=1)]


class Account(Part):
    """One account whose own time line is read."""

    uid: Annotated[str, Field(pattern=r"^\d{5,12}$")]
    name: Text


class JsonApiSource(SourceBase):
    """A time line given as JSON cards."""

    shape: Literal["json_api"]
    accounts: Annotated[tuple[Account, ...], Field(min_length=1)]


Source = Annotated[
    ArticleListSource | FeedSource | SitemapSource | MessageBoardSource | JsonApiSource, Field(discriminator="shape")
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
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
    return pattern
