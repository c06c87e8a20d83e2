"""The assessor: posts in, assessments in the contract's form out. One bad post never stops a batch."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from casework.domain.content import says_something
from nlp import classifiers, units
from nlp.batch import Batch, batch_content, batch_words
from nlp.features import Extractor, Features
from nlp.linear import MODELS, Bank, load_head, load_idf, read_card
from nlp.long_texts import is_cut, rest
from nlp.person_units import with_persons
from nlp.regions import RegionFinder
from nlp.settings import DEFAULT, SettingsError, read_settings
from nlp.text import FACE, LONGEST, normalise, simplify
from nlp.units import UnitFinder
from nlp.unread import LABELLED, unread
from nlp.words import OfficeWords, segmenter

RULES_VERSION = "2026.11.5"
"""Version of the classifiers by rules; raised whenever a rule or its words change what is judged."""

ACCUSING = "检举控告"
"""The label of petition_kind whose letters name persons for their units."""
_LOG = logging.getLogger(__name__)
_FIELDS = ("id", "title", "text", "place")
_PEEK = 2000
"""Characters of a post without content in which a picture is looked for."""
_SEARCH_WORD = re.compile(r"\w")


class BadPost(ValueError):
    """A post that cannot be judged: not an object, no text, a field of another type."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer. ``value``: the contract's object (or ``{"id", "error"}``); ``words``: blank-separated, for search."""

    value: dict[str, Any]
    words: str


class Assessor:
    """Judges posts.

    ``departments``: name or alias → department id. ``region``: the office's six-digit code. ``config``: folder of
    nlp.yml, topics.yml, severity.yml. ``user_words``: the office's own words, kept whole by the segmenter, beside
    those of ``config``/words.txt, which is read again whenever it changes.
    ModelError where a model is missing, damaged or of another version; SettingsError for the settings.
    """

    def __init__(
        self,
        departments: Mapping[str, str] | None = None,
        region: str = "",
        config: Path | None = None,
        user_words: Iterable[str] = (),
        models: Path = MODELS,
    ) -> None:
        folder = config or DEFAULT
        self.settings = read_settings(folder)
        nlp = self.settings["nlp"]
        self._classifiers = classifiers.in_order(nlp["classifiers"])
        name = str(nlp["segmenter"])
        self._segmenter, self._user_words = name, tuple(user_words)
        self._office_words = OfficeWords(folder)
        cutter = segmenter(name, (*self._user_words, *self._office_words.read()))
        idf = load_idf(models)
        recipes = [(task, recipe) for task, module in self._classifiers for recipe in module.HEADS]
        cards = {task: read_card(models, task) for task, _ in recipes}
        self.bank = Bank((load_head(models, task, recipe.name, name) for task, recipe in recipes), cards)
        self._least: dict[tuple[str, str], float] = {}
        for (task, _), head in self.bank.heads.items():
            for label, least in zip(head.labels, head.abstain, strict=False):
                self._least[task, label] = max(least, self._least.get((task, label), 0.0))
        self.extractor = Extractor(cutter, idf)
        self._regions = RegionFinder(region, folder)
        towns = frozenset(
            item.name for item in self._regions.divisions.values() if item.name.endswith(("镇", "乡", "街道"))
        )
        self._units = UnitFinder(departments or {}, towns)
        self._size = int(nlp["batch"])
        self.versions = {
            task: str(cards[task]["version"]) if module.HEADS else RULES_VERSION for task, module in self._classifiers
        }

    def assess(self, posts: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """One object per post, in order: the contract's, or ``{"id", "error": {"kind", "detail"}}``."""
        for judged in self.judge(posts):
            yield judged.value

    def judge(self, posts: Iterable[Mapping[str, Any]]) -> Iterator[Judged]:
        """As assess, with the words for the field ``words`` of the store."""
        stream = iter(posts)
        while chunk := list(islice(stream, self._size)):
            self._take_new_words()
            yield from self._chunk(chunk)

    def _take_new_words(self) -> None:
        """Cut by the words of words.txt as it is now; while that file is wrong, by those before."""
        if self._office_words.changed():
            try:
                words = self._office_words.read()
            except SettingsError as error:
                _LOG.warning("%s; the words before stay in force", error)
                return
            self.extractor.segmenter = segmenter(self._segmenter, (*self._user_words, *words))

    def explain(self, post: Mapping[str, Any]) -> dict[str, Any]:
        """The assessment of a post with the spans of its evidence.

        ``spans``: [{"field": "title" | "text", "start", "end", "word", "for": [fields of the assessment]}], offsets
        in code points of the strings as given, in order. BadPost: the post cannot be judged.
        """
        value = next(self.assess([post]))
        if "error" in value:
            raise BadPost(value["error"]["detail"])
        reasons: dict[str, list[str]] = {}
        for name, words in value["evidence"].items():
            for word in words:
                reasons.setdefault(word, []).append(name)
        spans = []
        for field_ in ("title", "text"):
            given = simplify((post.get(field_) or "").lower())
            for word, names in reasons.items():
                for match in re.finditer(re.escape(word), given):
                    spans.append(
                        {"field": field_, "start": match.start(), "end": match.end(), "word": word, "for": names}
                    )
        spans.sort(key=lambda span: (span["field"] != "title", span["start"], span["end"]))
        return {"assessment": value, "spans": spans}

    def _chunk(self, chunk: Sequence[Any]) -> Iterator[Judged]:
        answers: list[Judged | None] = []
        good: list[Mapping[str, Any]] = []
        for post in chunk:
            try:
                good.append(_checked(post))
                answers.append(None)
            except BadPost as error:
                id_ = post.get("id") if isinstance(post, Mapping) else None
                detail = {"kind": "invalid_post", "detail": str(error)}
                answers.append(Judged({"id": id_ if isinstance(id_, str) else None, "error": detail}, ""))
        judged = iter(self._batch(good)) if good else iter(())
        for answer in answers:
            yield answer if answer is not None else next(judged)

    def _batch(self, posts: Sequence[Mapping[str, Any]]) -> Iterator[Judged]:
        pairs = [(post.get("title") or "", post.get("text") or "") for post in posts]
        features = self.extractor.extract(pairs, self.bank.views)
        batch = Batch(posts, features, self.bank, self.settings, self.extractor.idf.word, self.bank.decisions(features))
        for name, module in self._classifiers:
            batch.values[name] = module.judge(batch)
        terms = self._terms(batch)
        for at, post in enumerate(posts):
            value = self._value(batch, at, post, terms[at])
            yield Judged(value, _search_words(features, at))

    def _value(self, batch: Batch, at: int, post: Mapping[str, Any], terms: list[str]) -> dict[str, Any]:
        text = batch.raw(at)
        found = self._units.find(text)
        value: dict[str, Any] = {"id": _id(post)}
        value |= {name: batch.values[name][at] for name, _ in self._classifiers}
        value["unsure"] = [name for name, _ in self._classifiers if self._unsure(name, value[name], batch, at)]
        value |= self._without_content(value, batch, at)
        value |= self._of_cut(value, batch, at)
        if "petition_kind" in value["unsure"] or value.get("petition_kind", {}).get("label") == ACCUSING:
            found = with_persons(text, found, self._units.ids)
        found += [unit for piece in rest(post) for unit in self._units.find(piece)]
        value["units"] = units.values(found)
        value["accused"] = self._accused(batch, at, found)
        place = normalise(post.get("place") or "")
        value["regions"] = self._regions.find(place, text, _words_of(batch.features, at))
        value["terms"] = terms
        value["evidence"] = batch.evidence[at]
        value["models"] = self.versions
        return value

    def _without_content(self, value: Mapping[str, Any], batch: Batch, at: int) -> dict[str, Any]:
        """The labels, none of them sure, of a post that says nothing; nothing for others."""
        text = batch.raw(at)
        if says_something(text):
            return {}
        batch.evidence[at].clear()
        pictures = FACE.search(text) is not None or any(unicodedata.category(one) == "So" for one in text[:_PEEK])
        new = unread(value, pictures, self.settings["topics"]["board_domain"]["other"])
        return new | {"unsure": [name for name, _ in self._classifiers if name in LABELLED]}

    @staticmethod
    def _of_cut(value: Mapping[str, Any], batch: Batch, at: int) -> dict[str, Any]:
        """``cut`` of a text of which the labels saw a part. Whether the rest of a letter accuses an official is not
        known then, so a person looks first (信访 第三十条)."""
        if not is_cut(batch.posts[at]):
            return {}
        letter = batch.kinds[at] in ("message", "hotline") and "petition_kind" in value
        more = ["petition_kind"] if letter and value["petition_kind"]["label"] != "检举控告" else []
        return {"cut": LONGEST, "unsure": list(dict.fromkeys([*value["unsure"], *more]))}

    def _unsure(self, name: str, value: Mapping[str, Any], batch: Batch, at: int) -> bool:
        """Whether a person should look at a field: its classifier says so (``_unsure_NAME`` of the batch's values), or
        its score is below what its label must have."""
        told = batch.values.get(f"_unsure_{name}")
        if told is not None:
            return bool(told[at])
        least = self._least.get((name, value.get("label") or ""))
        return least is not None and value["score"] < least

    @staticmethod
    def _accused(batch: Batch, at: int, found: list[units.Found]) -> list[str]:
        """Units in the sentences that accuse; where those name none, every official body named (信访 第三十条:
        rather one unit too many is kept from the case than one too few). Who is asked to inquire is not accused."""
        spans = batch.values.get("_accusing", [[]] * len(batch))[at]
        if not spans:
            return []
        text = batch.raw(at)
        bodies = _bodies(text, found)
        inside = [unit for unit in bodies if any(start <= unit.start < end for start, end in spans)]
        return units.values(inside or bodies)

    def bodies(self, post: Mapping[str, Any]) -> list[str]:
        """Official bodies that ``post`` names or whose people it names, none of those that are asked to inquire.

        Whom a letter accuses that a person calls a 检举控告; firms and private persons are none (see ``accused``).
        """
        text = "\n".join(normalise(post.get(name) or "") for name in ("title", "text")).strip("\n")
        return units.values(_bodies(text, with_persons(text, self._units.find(text), self._units.ids)))

    def _terms(self, batch: Batch) -> list[list[str]]:
        """Per post the content words of the greatest tf-idf, greatest first."""
        limit = int(self.settings["nlp"]["terms"])
        features = batch.features
        usable = np.flatnonzero(batch_content(batch))
        post, bucket = features.word_post[usable], features.word_bucket[usable]
        order = np.lexsort((usable, -batch.idf[bucket], post))
        flat = batch_words(batch)
        out: list[list[str]] = [[] for _ in range(len(batch))]
        for at, row in zip(usable[order].tolist(), post[order].tolist(), strict=True):
            words = out[row]
            if len(words) < limit and flat[at] not in words:
                words.append(flat[at])
        return out


def _checked(post: Any) -> Mapping[str, Any]:
    if not isinstance(post, Mapping):
        raise BadPost(f"a post must be a JSON object, found {type(post).__name__}")
    if "text" not in post:
        raise BadPost("text is missing")
    for name in _FIELDS:
        if post.get(name) is not None and not isinstance(post[name], str):
            raise BadPost(f"{name} must be a string, found {type(post[name]).__name__}")
    return post


def _id(post: Mapping[str, Any]) -> str | None:
    if post.get("id"):
        return str(post["id"])
    if post.get("source") and post.get("native_id"):
        return f"{post['source']}:{post['native_id']}"
    return None


def _words_of(features: Features, at: int) -> list[str]:
    """The words laid end to end as in ``Batch.raw``: title, line break, text."""
    words = features.words[at]
    if not features.titles[at]:
        return words
    size, total = 0, len(features.titles[at])
    for index, word in enumerate(words):
        if size >= total:
            return [*words[:index], "\n", *words[index:]]
        size += len(word)
    return [*words, "\n"]


def _bodies(text: str, found: Sequence[units.Found]) -> list[units.Found]:
    bodies = [unit for unit in found if unit.body]
    return [unit for unit in bodies if not units.asked_to_act(text, unit)] or bodies


def _search_words(features: Features, at: int) -> str:
    return " ".join(word for word in features.words[at] if _SEARCH_WORD.search(word))
