"""What rules may ask of a matter, and a matter made up for an example: the one language of all files of rules."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from casework.config.fields import Id, Place, Strict, Text

Kind = Literal["news", "weibo", "message", "hotline"]


class When(Strict):
    """Conditions: every key given must hold; inside a key any one value is enough."""

    kinds: list[str] = Field(default=[], description="kinds of post", min_length=1)
    sources: list[Id] = Field(default=[], description="ids of sources", min_length=1)
    board_domain: list[str] = Field(default=[], description="领域 of the board", min_length=1)
    petition_topic: list[str] = Field(default=[], description="first-level class of petitions", min_length=1)
    message_type: list[str] = Field(default=[], description="what the writer wants", min_length=1)
    petition_kind: list[str] = Field(default=[], description="建议意见 申诉求决 检举控告", min_length=1)
    sentiment: list[str] = Field(default=[], description="tone", min_length=1)
    disposition: list[str] = Field(default=[], description="disposition of 国办发〔2016〕80号", min_length=1)
    severity: list[str] = Field(default=[], description="level of an emergency, none, unknown", min_length=1)
    category: list[str] = Field(default=[], description="kind of emergency", min_length=1)
    regions: list[Place] = Field(default=[], description="beginnings of division codes, or @office", min_length=1)
    units: list[Text] = Field(default=[], description="departments named in the text", min_length=1)
    words: list[Text] = Field(default=[], description="words in title or text", min_length=1)
    heat_at_least: float | None = Field(default=None, description="heat of the event, inclusive", ge=0)
    posts_at_least: int | None = Field(default=None, description="posts of the event, inclusive", ge=1)
    empty: bool | None = Field(default=None, description="whether title and text are empty")
    no_content: bool | None = Field(default=None, description="whether there is hardly a Chinese character")
    unsure: list[str] = Field(default=[], description="fields of the assessment that are unsure", min_length=1)


class FactsEntry(Strict):
    """A matter made up for an example: what is known of it."""

    kind: str = Field(default="message", description="kind of post")
    source: Id = Field(default="people_board", description="id of the source")
    text: str = Field(default="", description="its text")
    board_domain: str | None = Field(default=None, description="领域 of the board")
    petition_topic: str | None = Field(default=None, description="first-level class of petitions")
    message_type: str | None = Field(default=None, description="what the writer wants")
    petition_kind: str | None = Field(default=None, description="建议意见 申诉求决 检举控告")
    sentiment: str | None = Field(default=None, description="tone")
    disposition: str | None = Field(default=None, description="disposition")
    severity: str = Field(default="none", description="level of an emergency, none, unknown")
    category: str | None = Field(default=None, description="kind of emergency")
    regions: list[Place] = Field(default=[], description="division codes, the most telling first")
    units: list[Text] = Field(default=[], description="departments named in the text")
    accused: list[Id] = Field(default=[], description="departments reported, in 检举控告 only")
    heat: float = Field(default=0.0, description="heat of the event", ge=0)
    posts: int = Field(default=1, description="posts of the event", ge=1)
    empty: bool = Field(default=False, description="whether title and text are empty")
    no_content: bool = Field(default=False, description="whether there is hardly a Chinese character")
    unsure: list[str] = Field(default=[], description="fields of the assessment that are unsure")
