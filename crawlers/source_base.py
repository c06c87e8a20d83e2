"""What every source says of itself, whatever its shape. Strict: a key that is not here is a mistake, not a note."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from lxml.cssselect import CSSSelector, SelectorError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

Text = Annotated[str, Field(min_length=1)]


def _selector(text: str) -> str:
    try:
        CSSSelector(text, translator="html")
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from None
    return text


Css = Annotated[str, Field(min_length=1), AfterValidator(_selector)]
EXAMPLE_CONTACT = ".example"


class Part(BaseModel):
    """Base of every part: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Expected(Part):
    """How many rows a healthy walk reads. Below ``min`` the run has failed; above ``max`` it is noted.

    ``silence_hours``: how long the source may bring nothing new, until its own history says it better.
    """

    min: int = Field(ge=0)
    max: int = Field(ge=1)
    silence_hours: float = Field(default=72, ge=1, le=2160)

    @model_validator(mode="after")
    def _in_order(self) -> Expected:
        if self.min > self.max:
            raise ValueError("min is above max")
        return self


class Deep(Part):
    """Every so many ``minutes`` a walk reads so many ``pages`` of every list, for what changes far down in it."""

    pages: int = Field(ge=2)
    minutes: int = Field(ge=15)


class Walk(Part):
    """How far a walk over pages goes.

    ``usual`` pages are always walked, so that edits and answers on them are noticed; the walk goes on while
    pages bring something new, at most to ``most``. Articles first seen within ``recheck_hours`` are fetched
    again where the list still shows them.
    """

    usual: int = Field(default=5, ge=1)
    most: int = Field(default=2000, ge=1)
    recheck_hours: int = Field(default=72, ge=0)
    deep: Deep | None = None


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
    rhythm_reason: Text | None = None
    """Why the source is asked more seldom than every five minutes, where no Crawl-delay is the reason."""
    enabled: bool
    needs_permission: bool = False
    """True where the site's rules close the pages to programs: then ``permission`` must name who agreed."""
    permission: str | None = None
    contact: Annotated[str, Field(pattern=r"^\S+@\S+$|^https?://\S+$")]
    """Goes into the user agent. One that ends in ``.example`` is refused on the open network."""
    delay_seconds: float = Field(default=3, ge=1)
    robots_delay_seconds: float | None = Field(default=None, gt=0, le=86400)
    """The Crawl-delay that the site's robots.txt was found to ask for. It is obeyed as served, whatever stands here;
    written here, a rhythm that it cannot keep is refused before anything is asked."""
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
        if self.permission is not None and not re.search(r"\d", self.permission):
            raise ValueError("permission has no number in it: write that of the written permission, as 函〔2026〕12号")
        return self

    def all_starts(self) -> tuple[str, ...]:
        """Addresses that must lie on ``hosts``; shapes with fixed addresses have none."""
        return ()

    def usual_requests(self) -> int:
        """How many list pages every run asks for; articles come on top."""
        return max(1, len(self.all_starts())) * self.walk.usual

    def secrets(self) -> tuple[str, ...]:
        """Names of the environment variables without which the source cannot be asked."""
        return ()


def compiled(pattern: str) -> str:
    """``pattern``, which has to be a regular expression. Raises ValueError."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern
