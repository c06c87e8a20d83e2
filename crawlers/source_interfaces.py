"""What a ``source.yml`` may say of boards, JSON time lines and official interfaces."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, HttpUrl, field_validator, model_validator
from typing_extensions import override

from crawlers.source_base import Css, Part, SourceBase, Text, compiled


class Forum(Part):
    """One board of a leader or an office."""

    fid: int = Field(ge=1)
    name: Text
    """What the board's shown name has to contain: a place, or better the whole name (河南省委书记). Of a board that is
    surely another's nothing is taken (``board_names``); where that is not sure, the run carries a remark."""
    with_children: bool = False
    """The boards below it too, as a dictionary names them."""


class MessageBoardSource(SourceBase):
    """A board of messages with official answers, read through its form interface."""

    shape: Literal["message_board"]
    forums: Annotated[tuple[Forum, ...], Field(min_length=1)]
    dictionaries: tuple[HttpUrl, ...] = ()
    """Where the site lists its boards by number: names are checked there, and boards below found."""
    details: bool = True
    """Whether the page of a message is asked for where the list cut its text."""

    @model_validator(mode="after")
    def _children_are_named(self) -> MessageBoardSource:
        if not self.dictionaries and any(forum.with_children for forum in self.forums):
            raise ValueError("with_children needs dictionaries: write where the site lists its boards")
        return self

    @override
    def all_starts(self) -> tuple[str, ...]:
        return tuple(str(url) for url in self.dictionaries)

    @override
    def usual_requests(self) -> int:
        return len(self.forums) * self.walk.usual


class Account(Part):
    """One account whose own time line is read."""

    uid: Annotated[str, Field(pattern=r"^\d{5,12}$")]
    name: Text


class JsonApiSource(SourceBase):
    """A time line given as JSON cards."""

    shape: Literal["json_api"]
    accounts: Annotated[tuple[Account, ...], Field(min_length=1)]


class OpenApiSource(SourceBase):
    """A platform's official interface, asked with the office's own key."""

    shape: Literal["open_api"]
    key_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{2,60}$")]
    """Name of the environment variable that holds the key; the key itself stands in no file."""
    reads: Annotated[tuple[Literal["own", "mentions", "home"], ...], Field(min_length=1)]
    """``own``: the office's posts; ``mentions``: posts that name its account; ``home``: accounts it follows."""
    search: tuple[Text, ...] = ()
    """Words to search for, where the platform has granted the office's application its search."""
    comment_days: int = Field(default=7, ge=0, le=90)
    """Comments are read under the office's own posts of so many days; 0: under none."""
    keep_hits: int = Field(default=10, ge=0)
    """Calls of every hour that are left to the office's other programs."""

    @override
    def secrets(self) -> tuple[str, ...]:
        return (self.key_env,)


class Rise(Part):
    """When a topic counts as rising: within ``minutes`` so many ``ranks`` up, or ``times`` as hot as it was.

    ``straight_to``: a topic that was not there before and stands among the first so many.
    """

    minutes: int = Field(default=60, ge=1)
    ranks: int = Field(default=10, ge=1)
    times: float = Field(default=2.0, gt=1)
    straight_to: int = Field(default=10, ge=0)


class HotListSource(SourceBase):
    """A list of what is talked about most, in order."""

    shape: Literal["hot_list"]
    rise: Rise = Rise()


_STATES = "待处理|待回复|待办理|未办理|处理中|办理中|已受理|已回复|已处理|已办理|已办结|已解决"


class DiscuzSource(SourceBase):
    """A board on Discuz: lists of threads, threads with their posts."""

    shape: Literal["discuz"]
    start: Annotated[tuple[HttpUrl, ...], Field(min_length=1)]
    list_link: Css = "div.bm_c tr th a"
    """The links of a list page; those that lead to no thread are passed over."""
    unit: str = r"(?:责任|受理|办理|回复|所属|处理)?单位\s*[:：]\s*(\S{2,30})"
    state: str = rf"(?m)状态\s*[:：]?\s*({_STATES})|^({_STATES})$"
    """Regular expressions over a thread's page without its posts: who has to answer, and how far it is."""
    answers_by: str = "$^"
    """A regular expression that the name of an account of a unit matches."""

    @field_validator("unit", "state", "answers_by")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        return compiled(pattern)

    @override
    def all_starts(self) -> tuple[str, ...]:
        return tuple(str(url) for url in self.start)
