"""What the files about judgement may say: topics, severity, nlp. Read by ``nlp``; here they are only checked."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from casework.config.fields import Id, Strict, Text

Words = Annotated[list[Text], Field(min_length=1)]


class BoardDomain(Strict):
    """Domains of the board with words that hint at each."""

    other: Text = Field(description="the domain of what fits no other")
    least: float = Field(description="score below which news and Weibo are of that domain", ge=0, le=1)
    labels: dict[Text, Words] = Field(description="domain → words", min_length=1)


class Labels(Strict):
    """A list of labels, with words that hint at some of them."""

    labels: Words = Field(description="the labels")
    cues: dict[Text, Words] = Field(default={}, description="label → words")

    @model_validator(mode="after")
    def _cues_of_labels(self) -> Labels:
        for name in self.cues:
            if name not in self.labels:
                raise ValueError(f"cues for {name!r}|write one of {', '.join(self.labels)}")
        return self


class WordLists(Strict):
    """Word lists by name."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, Words]


class TopicsFile(Strict):
    """``topics.yml``: labels and the words that hint at them."""

    board_domain: BoardDomain = Field(description="领域 of the board")
    petition_topic: Labels = Field(description="first-level classes of petitions")
    message_type: Labels = Field(description="what the writer wants")
    petition_kind: WordLists = Field(description="words by which a 检举控告 is told")
    disposition: WordLists = Field(description="labels, and words for them")


class LevelEntry(Strict):
    """From how many deaths, injured or ten thousand yuan of loss on an event is of a level."""

    level: Id = Field(description="extraordinary, major or serious")
    deaths: int = Field(description="deaths, inclusive", ge=1)
    injured: int = Field(description="seriously injured, inclusive", ge=1)
    loss: int = Field(description="direct loss in 万元, inclusive", ge=1)


class OtherLevel(Strict):
    """One limit of another standard: all the numbers it gives must be reached."""

    level: Id = Field(description="extraordinary, major or serious")
    deaths: int | None = Field(default=None, description="deaths, inclusive", ge=1)
    injured: int | None = Field(default=None, description="ill or injured, inclusive", ge=1)

    @model_validator(mode="after")
    def _some_number(self) -> OtherLevel:
        if self.deaths is None and self.injured is None:
            raise ValueError(f"level {self.level} without deaths and injured|write at least one of them")
        return self


class OtherLevels(Strict):
    """Limits that hold instead of ``levels`` for one kind of emergency where one of ``words`` stands in the text."""

    category: Text = Field(description="kind of emergency")
    words: Words = Field(description="words of which one must stand in the text")
    reference: Text = Field(description="the rule that sets the limits")
    levels: list[OtherLevel] = Field(description="limits, the highest level first", min_length=1)


class SeverityFile(WordLists):
    """``severity.yml``: levels of an emergency and the words by which one is told."""

    levels: list[LevelEntry] = Field(description="levels, the highest first", min_length=1)
    lowest: Id = Field(description="the level below them")
    unlevelled: Words = Field(description="kinds of emergency that the law does not level")
    other_levels: list[OtherLevels] = Field(default_factory=list, description="kinds with limits of their own")
    categories: dict[Text, Words] = Field(description="kind of emergency → words", min_length=1)
    spread: int = Field(default=1000, description="reposts and comments from which the spread is shown", ge=1)


class Grouping(Strict):
    """How posts become one event."""

    permutations: int = Field(description="hash functions of the sketch", ge=8)
    bands: int = Field(description="bands of the sketch", ge=1)
    jaccard: float = Field(description="likeness from which two posts are one event", gt=0, le=1)
    reprint: float = Field(default=0.8, description="likeness from which two posts are one text", gt=0, le=1)
    shortest: int = Field(description="characters below which a post stands alone", ge=1)
    matter: float = Field(default=0.0, description="cosine from which other words are one matter; 0: never", ge=0, le=1)
    untitled: float = Field(default=0.45, description="the same for a post without a title", gt=0, le=1)

    @model_validator(mode="after")
    def _whole_bands(self) -> Grouping:
        if self.permutations % self.bands:
            raise ValueError(f"{self.permutations} permutations in {self.bands} bands|write a multiple of bands")
        if self.reprint < self.jaccard:
            raise ValueError(f"reprint {self.reprint} below jaccard {self.jaccard}|a reprint is of the same event")
        return self


class NlpFile(Strict):
    """``nlp.yml``: classifiers and their settings."""

    segmenter: Id = Field(description="the word segmenter")
    classifiers: list[Id] = Field(description="files of nlp/classifiers that are used", min_length=1)
    batch: int = Field(description="posts judged at a time", ge=1)
    terms: int = Field(description="terms shown for a post", ge=0)
    evidence: int = Field(description="words shown as evidence for a label", ge=0)
    grouping: Grouping = Field(description="how posts become one event")


JUDGEMENT: dict[str, Any] = {"topics.yml": TopicsFile, "severity.yml": SeverityFile, "nlp.yml": NlpFile}
"""File → model."""
