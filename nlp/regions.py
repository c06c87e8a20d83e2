"""Places of a post, from province to street: from the place field, from forum names, from the text.

All names (config/divisions.tsv.gz) are found in one pass over the text's pairs of characters: a table of the first two
characters of names is four times as fast here as an Aho-Corasick automaton, whose root has thousands of children.
A name that several places share is
resolved by what stands before it, by the other places named, and by the office's own region; what stays open is left
out rather than guessed. Names that only look like places are not taken (nlp.named_places): roads, dishes, media.
The names of a path are those of the division lists as they stand there: 济源市/济源市轵城镇.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import add
from pathlib import Path
from typing import Any

from nlp.dictionaries import either, word_list
from nlp.divisions import Division, read_divisions
from nlp.named_places import only_named, seated
from nlp.settings import DEFAULT
from nlp.tagging import is_word, tagger
from nlp.zones import NEAR_ONLY, listed_zones, short_names

_SHORTENED = re.compile(
    rf"(?:(?:{either(word_list('peoples'))})+)?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|省|市|县|盟|旗|区)$"
)
_LEVELS = {2: "province", 4: "city", 6: "county", 9: "street"}
_LIMIT = 6
_LONG_STREET = 4
_SHORT = 2
_NAMES = ("ns", "nr", "nz", "nrt", "nrfg")
_VAGUE = frozenset("东西南北中上下大小新老城港口")
"""Signs in the names of districts of which any city may have one (东城, 海港)."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a place. ``full``: with its suffix; ``zone``: known in its city; ``near``: behind it."""

    code: str
    full: bool
    zone: bool = False
    near: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found at ``start``…``end`` with the places it may be."""

    start: int
    end: int
    forms: tuple[Form, ...]


class RegionFinder:
    """Finds places. ``home``: the office's own region, six digits (empty: none). ``folder``: of the configuration."""

    def __init__(self, home: str = "", folder: Path = DEFAULT) -> None:
        self.divisions: dict[str, Division] = {item.code: item for item in read_divisions(folder)}
        for code in [c for c in self.divisions if len(c) == 6 and c.endswith("00") and c[:4] in self.divisions]:
            del self.divisions[code]  # a city without counties (东莞市) is listed once more as its own county
        self._home = home
        forms: dict[str, list[Form]] = {}
        for item in sorted(self.divisions.values(), key=lambda item: len(item.name)):
            for name, full in self._names(item):
                forms.setdefault(name, []).append(Form(item.code, full))
            for name in set(self._zone_names(item)):
                forms.setdefault(name, []).append(Form(item.code, False, True, name in NEAR_ONLY))
        for zone, name, local in listed_zones():
            code = zone.removesuffix("00")
            if code in self.divisions:
                forms.setdefault(name, []).append(Form(code, not local, local, name in NEAR_ONLY))
        self._names_: dict[str, tuple[Form, ...]] = {name: tuple(found) for name, found in forms.items()}
        sizes: dict[str, set[int]] = {}
        for name in forms:
            sizes.setdefault(name[:2], set()).add(len(name))
        self._sizes = {start: tuple(sorted(found, reverse=True)) for start, found in sizes.items()}

    def find(self, place: str, text: str, words: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Places in the contract's form, those of ``place`` first. Both normalised; ``words``: ``text`` as cut."""
        taken: dict[str, str] = {}
        if place:
            self._resolve(self._hits(place), place, taken, "place", None)
        hits = self._hits(text)
        if hits:
            borders = _borders(words) if words else None
            self._resolve(hits, text, taken, "text", borders)
        deepest = [code for code in taken if not any(other != code and other.startswith(code) for other in taken)]
        return [self._show(code, taken[code]) for code in deepest[:_LIMIT]]

    def path(self, code: str) -> str:
        """Names from the province down, without 市辖区: 浙江省/杭州市/西湖区."""
        codes = [code[:size] for size in _LEVELS if size <= len(code)]
        return "/".join(self.divisions[part].name for part in codes if part in self.divisions)

    def _show(self, code: str, source: str) -> dict[str, Any]:
        item = self.divisions[code]
        return {"code": item.public, "name": item.name, "path": self.path(code), "from": source}

    def _names(self, item: Division) -> Iterable[tuple[str, bool]]:
        if len(item.code) == 9:
            county = self.divisions.get(item.code[:6])
            name = item.name.removeprefix(county.name) if county else item.name
            if name.endswith(("街道", "镇", "乡")) and len(name) >= 3:
                yield name, True
            return
        yield item.name, True
        short = _SHORTENED.sub("", item.name)
        if len(short) >= 2 and short != item.name:
            yield short, False

    def _zone_names(self, item: Division) -> Iterable[str]:
        if len(item.code) != len("410171"):
            return ()
        parents = [self.divisions[code].name for code in (item.code[:2], item.code[:4]) if code in self.divisions]
        short = [_SHORTENED.sub("", name) for name in parents]
        return short_names(item.name, short[0] if short else "", short[1] if len(short) > 1 else "")

    def _hits(self, text: str) -> list[Hit]:
        """Names in the order of the text; of names that overlap the one that begins first, then the longest."""
        sizes, names = self._sizes, self._names_
        hits: list[Hit] = []
        reach = 0
        for start in [at for at, pair in enumerate(map(add, text, text[1:])) if pair in sizes]:
            if start < reach:
                continue
            for size in sizes[text[start : start + 2]]:
                forms = names.get(text[start : start + size])
                if forms is not None and start + size <= len(text):
                    reach = start + size
                    hits.append(Hit(start, reach, forms))
                    break
        return hits

    def _resolve(
        self, hits: Sequence[Hit], text: str, taken: dict[str, str], source: str, borders: frozenset[int] | None
    ) -> None:
        """Add the codes of ``hits`` to ``taken``. Twice over: a place named later may explain an earlier name."""
        starts = {hit.start for hit in hits}
        usable = [h for h in hits if source == "place" or h.end in starts or not self._only_named(h, text)]
        clear = {hit.start for hit in usable if borders is None or _clear(hit, text, borders, starts)}
        for final in (False, True):
            before: str | None = None
            reach = -1
            for at, hit in enumerate(usable):
                near = before if hit.start - reach <= 1 else None
                after = usable[at + 1] if at + 1 < len(usable) and usable[at + 1].start == hit.end else None
                explained = self._explained(hit, after)
                code = explained or self._choose(hit, near, taken, final, source == "place", hit.start in clear)
                if code is not None:
                    taken.setdefault(code, source)
                    before, reach = code, hit.end

    def _only_named(self, hit: Hit, text: str) -> bool:
        """Whether a hit only gives its name to what follows; a bank tells a place near home alone."""
        if only_named(text, hit.end):
            return True
        home = [f for f in hit.forms if self._home and (self._home.startswith(f.code) or self._local(f.code))]
        return not home and seated(text, hit.end)

    def _local(self, code: str) -> bool:
        return code.startswith(self._home[:4])

    @staticmethod
    def _explained(hit: Hit, after: Hit | None) -> str | None:
        """The city of ``hit`` where a place of it follows at once (长春高新区, though 长春 is a word as well)."""
        if after is None:
            return None
        codes = [form.code for form in hit.forms if len(form.code) == len("4101")]
        below = [code for code in codes if any(form.code.startswith(code) for form in after.forms)]
        return below[0] if len(below) == 1 else None

    @staticmethod
    def _is_place(word: str, vague: frozenset[str] = frozenset()) -> bool:
        """Whether the tagger knows ``word`` as a place (比如, 合作, 资源 are counties too) without a ``vague`` sign."""
        if not vague.isdisjoint(word):
            return False
        return _told_place(word)

    def _plausible(self, word: str) -> bool:
        """Whether ``word`` is no ordinary word, so that near home it is the place."""
        return len(word) > _SHORT or not is_word(word) or tagger()(word)[0][1] in _NAMES or self._is_place(word)

    def _choose(
        self,
        hit: Hit,
        near: str | None,
        taken: Mapping[str, str],
        final: bool,
        trusted: bool,
        clear: bool,
    ) -> str | None:
        """The place of a hit, or None. ``near``: the place right before it; ``clear``: it is no part of another word.

        ``final``: the second pass, in which a name of one place alone need not be explained by another.
        """
        forms = [form for form in hit.forms if form.full] or list(hit.forms)
        if not clear and not forms[0].full:
            forms = [form for form in forms if near and form.code.startswith(near)]
        if near:
            below = [form.code for form in forms if form.code.startswith(near) and form.code != near]
            if below:
                return min(below, key=len)
            if len(near) == 6:
                forms = [form for form in forms if len(form.code) < 9]
        codes = [form.code for form in forms if self._stands_alone(form, trusted, taken)]
        top = [code for code in codes if len(code) <= 4]
        if top:
            return min(top, key=len)
        related = _related(codes, taken)
        if len(related) == 1:
            return related[0]
        at_home = [code for code in (related or codes) if self._home and code.startswith(self._home[:4])]
        if len(at_home) == 1:
            return at_home[0]
        return codes[0] if final and len(codes) == 1 and len(forms) == 1 else None

    def _stands_alone(self, form: Form, trusted: bool, taken: Mapping[str, str]) -> bool:
        """Whether a name may be taken without its parent before it.

        A county's short name (新密) must be a word of the dictionary; that of a district (涧西) and a street must be
        near home or under a place already named; otherwise any 和平 or 朝阳 would be one.
        """
        if form.zone:
            return not form.near and (
                (bool(self._home) and form.code.startswith(self._home[:4]))
                or any(len(code) >= 4 and form.code.startswith(code[:4]) for code in taken)
            )
        size = len(form.code)
        item = self.divisions[form.code]
        if trusted or (size <= 4 and (form.full or not _common(_SHORTENED.sub("", item.name)))):
            return True
        if size <= 4:
            return any(code.startswith(form.code[:2]) for code in taken)
        familiar = bool(self._home) and form.code.startswith(self._home[:4])
        familiar = familiar or any(len(code) >= 4 and form.code.startswith(code[:4]) for code in taken)
        if size == 9:
            return familiar or len(item.name) > _LONG_STREET
        if form.full:
            return len(item.name) > 2 or familiar
        short = _SHORTENED.sub("", item.name)
        if familiar and (item.name.endswith("区") or not _common(short)):
            return True
        if taken and not any(code.startswith(form.code[:2]) for code in taken):
            return False  # 郑东新区龙湖 is no district of another province
        if _common(short) or len(self._names_.get(short, ())) > 1:
            return False
        province = bool(self._home) and form.code.startswith(self._home[:2])
        if item.name.endswith("区"):
            return len(short) > _SHORT or (province and self._plausible(short)) or self._is_place(short, _VAGUE)
        return (province and self._plausible(short)) or self._is_place(short)


@cache
def _told_place(word: str) -> bool:
    return any((word, "ns") in [*tagger()(text)] for text in (word, f"在{word}的"))


def _related(codes: Sequence[str], taken: Mapping[str, str]) -> list[str]:
    """Those of ``codes`` under (or over) a place already named, the nearest kinship first."""
    for size in (6, 4, 2):
        found = [code for code in codes if any(len(t) >= size and code[:size] == t[:size] for t in taken)]
        if found:
            return found
    return []


def _clear(hit: Hit, text: str, borders: frozenset[int], starts: set[int]) -> bool:
    """Whether a name is no part of another word; what was only guessed across its end (涧|西有) does not count."""
    if hit.start not in borders:
        return False
    if hit.end in borders or hit.end in starts:
        return True
    start, end = hit.end - 1, hit.end + 1
    while start not in borders:
        start -= 1
    while end not in borders and end < len(text):
        end += 1
    return start > hit.start and not is_word(text[start:end])


def _borders(words: Sequence[str]) -> frozenset[int]:
    """Offsets at which a word begins or ends."""
    return frozenset(accumulate(map(len, words), initial=0))


_ORDINARY = frozenset(word_list("ordinary_places"))


def _common(name: str) -> bool:
    return name in _ORDINARY
