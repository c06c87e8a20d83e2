"""Places of a post, from province to street: from the place field, from forum names, from the text.

All names (config/divisions.tsv.gz) are found in one pass over the text's pairs of characters: a table of the first two
characters of names is four times as fast here as an Aho-Corasick automaton, whose root has thousands of children.
A name that several places share is
resolved by what stands before it, by the other places named, and by the office's own region; what stays open is left
out rather than guessed. Names that only look like places are not taken: roads (北京路), dishes (兰州拉面), firms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.dictionaries import either, word_list
from nlp.divisions import Division, read_divisions
from nlp.settings import DEFAULT

_SHORTENED = re.compile(
    rf"(?:(?:{either(word_list('peoples'))})+)?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|省|市|县|盟|旗|区)$"
)
_ROAD = re.compile(
    r"(?:[东西南北中一二三四五六七八九十]{0,2}(?:路|大街|街(?!道)|大道|巷|弄|胡同|立交|高架|大桥|隧道))|烤鸭|火锅|拉面|小吃|小面|热干面|米粉|米线|"
    r"牛肉面|烩面|板鸭|白药|啤酒|银行|证券|大厦|大酒店|宾馆|饭店|饭庄|菜|话|方言|时间|牌|汽车|保险|基金|路店|味|龙井|牛奶|特产|电影|公报|条约|宣言|共识"
)
_LEVELS = {2: "province", 4: "city", 6: "county", 9: "street"}
_LIMIT = 6
_LONG_STREET = 4


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a place. ``full``: with its suffix."""

    code: str
    full: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found at ``start``…``end`` with the places it may be."""

    start: int
    end: int
    forms: tuple[Form, ...]


class RegionFinder:
    """Finds places. ``home``: the office's own region, six digits (empty: none). ``folder``: of the configuration."""

    def __init__(self, home: str = "", folder: Path = DEFAULT) -> None:
        import rjieba

        self.divisions: dict[str, Division] = {item.code: item for item in read_divisions(folder)}
        for code in [c for c in self.divisions if len(c) == 6 and c.endswith("00") and c[:4] in self.divisions]:
            del self.divisions[code]  # a city without counties (东莞市) is listed once more as its own county
        self._home = home
        self._tag = rjieba.Jieba().tag
        forms: dict[str, list[Form]] = {}
        for item in self.divisions.values():
            for name, full in self._names(item):
                forms.setdefault(name, []).append(Form(item.code, full))
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

    def _hits(self, text: str) -> list[Hit]:
        """Names in the order of the text; of names that overlap the one that begins first, then the longest."""
        sizes, names = self._sizes, self._names_
        hits: list[Hit] = []
        reach = 0
        for start in [at for at in range(len(text) - 1) if text[at : at + 2] in sizes]:
            if start < reach:
                continue
            for size in sizes[text[start : start + 2]]:
                forms = names.get(text[start : start + size])
                if forms is not None:
                    reach = start + size
                    hits.append(Hit(start, reach, forms))
                    break
        return hits

    def _resolve(
        self, hits: Sequence[Hit], text: str, taken: dict[str, str], source: str, borders: frozenset[int] | None
    ) -> None:
        """Add the codes of ``hits`` to ``taken``. Twice over: a place named later may explain an earlier name."""
        usable = [hit for hit in hits if source == "place" or not _ROAD.match(text, hit.end)]
        starts = {hit.start for hit in usable}
        clear = {
            hit.start
            for hit in usable
            if borders is None or (hit.start in borders and (hit.end in borders or hit.end in starts))
        }
        for final in (False, True):
            before: str | None = None
            reach = -1
            for hit in usable:
                near = before if hit.start - reach <= 1 else None
                code = self._choose(hit, near, taken, final, source == "place", hit.start in clear)
                if code is not None:
                    taken.setdefault(code, source)
                    before, reach = code, hit.end

    def _is_place(self, word: str) -> bool:
        """Whether the dictionary knows ``word`` as the name of a place (比如, 合作, 资源 are counties too)."""
        tags = self._tag(word)
        return len(tags) == 1 and tags[0][1] == "ns"

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
        if item.name.endswith("区"):
            return familiar
        return not _common(short) and (familiar or self._is_place(short))


def _related(codes: Sequence[str], taken: Mapping[str, str]) -> list[str]:
    """Those of ``codes`` under (or over) a place already named, the nearest kinship first."""
    for size in (6, 4, 2):
        found = [code for code in codes if any(len(t) >= size and code[:size] == t[:size] for t in taken)]
        if found:
            return found
    return []


def _borders(words: Sequence[str]) -> frozenset[int]:
    """Offsets at which a word begins or ends."""
    at, borders = 0, {0}
    for word in words:
        at += len(word)
        borders.add(at)
    return frozenset(borders)


_ORDINARY = frozenset(word_list("ordinary_places"))


def _common(name: str) -> bool:
    return name in _ORDINARY
