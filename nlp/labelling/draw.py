"""Drawing samples of letters by strata, with a fixed seed: the same data give the same rows.

Every drawn row carries its stratum and how many rows that stratum holds, so that a rate over the sample can be
weighted back to the data set (weight of a row: ``of`` / rows drawn from its stratum). The cues below only choose what
people read; they are not a classifier and none was asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from nlp.dictionaries import word_list
from nlp.labelling.source import Letter, letters, without_repeats

_BODY = re.compile(
    r"政府|[市县区镇乡]委|村委|居委|支书|书记|村长|主任|干部|局长|镇长|乡长|县长|科长|所长|派出所|民警"
    r"|交警|城管|法院|法官"
    r"|检察|公务员|[一-龥]局(?!面|部)|国土所|村组长|校长|执法|公安|村官|队长|部门|办事处|街道办|公职|领导"
)
_WRONG = word_list("sample_wrongs")
_ACCUSES = re.compile("举报|检举|控告|揭发|实名")
_KIND_CUES = {
    "thanks": re.compile("感谢|表扬|点赞|致谢|鸣谢"),
    "report": re.compile("举报|揭发|检举|控告"),
    "asks": re.compile("咨询|请问|询问|[吗呢?？]|如何|怎么|是否|何时|什么时候"),
    "advises": re.compile("建议|希望|呼吁|建言|倡议|意见"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row of a sample: its id, the stratum it was drawn from and how many rows that stratum holds."""

    row: str
    stratum: str
    of: int


def petition_stratum(letter: Letter) -> str:
    """Stratum of ``petition`` that a letter belongs to."""
    signs = sum(word in letter.whole for word in _WRONG) + bool(_ACCUSES.search(letter.title))
    if not signs or not _BODY.search(letter.whole):
        return "rest"
    return "core" if signs > 1 else "one"


def _kind_stratum(letter: Letter) -> str:
    for name, cue in _KIND_CUES.items():
        if cue.search(letter.title):
            return name
    return "plain"


def by_strata(found: Iterable[Letter], stratum: Callable[[Letter], str], wanted: Mapping[str, int]) -> list[Drawn]:
    """``wanted[s]`` rows of each stratum s (all, where it has fewer), in an order that tells nothing of the strata."""
    parts: dict[str, list[str]] = {name: [] for name in wanted}
    for letter in found:
        parts[stratum(letter)].append(letter.id)
    drawn = []
    for name, count in wanted.items():
        ids = sorted(parts[name])
        chosen = Random(f"huiying/{name}/{count}").sample(ids, min(count, len(ids)))
        drawn += [Drawn(row, name, len(ids)) for row in chosen]
    Random("huiying/order").shuffle(drawn)
    return drawn


def petition(folder: Path) -> list[Drawn]:
    """340 letters for petition_kind and disposition: many that may be 检举控告, and ordinary ones.

    ``core``: an official body or office holder is named and two or more signs of wrongdoing; ``one``: one sign;
    ``rest``: everything else. From attach2, attach3 and attach4 together, repeats taken out.
    """
    found = without_repeats(letters(folder, ("attach2", "attach3", "attach4")).values())
    return by_strata(found, petition_stratum, {"core": 150, "one": 60, "rest": 130})


def petition_train(folder: Path) -> list[Drawn]:
    """320 more letters, for training alone: none of a writer of whom ``petition`` holds a letter."""
    found = without_repeats(letters(folder, ("attach2", "attach3", "attach4")).values())
    judged = {drawn.row for drawn in petition(folder)}
    writers = {letter.user for letter in found if letter.id in judged}
    others = [letter for letter in found if letter.user not in writers]
    return by_strata(others, petition_stratum, {"core": 260, "one": 60, "rest": 0})


def message(folder: Path) -> list[Drawn]:
    """434 letters of attach2 for the kind of message; strata by words of the title, so that rare kinds are met."""
    found = without_repeats(letters(folder, ("attach2",)).values())
    return by_strata(found, _kind_stratum, {"thanks": 20, "report": 60, "asks": 100, "advises": 80, "plain": 190})


def sentiment_message(folder: Path) -> list[Drawn]:
    """284 letters for their sentiment; strata by words of the title as those of ``message``; of thanks all 14."""
    found = without_repeats(letters(folder, ("attach2", "attach3", "attach4")).values())
    return by_strata(found, _kind_stratum, {"thanks": 30, "report": 25, "asks": 80, "advises": 75, "plain": 90})
