"""What is known of a matter, and the conditions by which rules pick matters.

One language of conditions serves opening, routing, deadlines and channels, so an official learns it once:
every key given must hold; inside a key any one value is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter

LEVELS = ("extraordinary", "major", "serious", "ordinary", "none")
"""特别重大 重大 较大 一般 of an emergency, and none: no emergency (突发事件应对法 第三条)."""
REPORT = "检举控告"
"""The petition kind of a report of wrongdoing (信访工作条例 第二十九条至第三十一条)."""
UNSURE = ("board_domain", "petition_topic", "message_type", "petition_kind", "sentiment", "emotion", "disposition")
"""Fields of an assessment that may be unsure."""
UNKNOWN = "unknown"
"""How a severity of null is written in a condition: the law sets no level or the text does not suffice."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a post or an event is known to be. Labels are those of the assessment; ``regions`` are codes."""

    kind: str
    source: str
    text: str = ""
    board_domain: str | None = None
    petition_topic: str | None = None
    message_type: str | None = None
    petition_kind: str | None = None
    sentiment: str | None = None
    disposition: str | None = None
    severity: str | None = "none"
    category: str | None = None
    regions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    accused: tuple[str, ...] = ()
    heat: float = 0.0
    posts: int = 1
    empty: bool = False
    no_content: bool = False
    """Whether title and text hold hardly a Chinese character (casework.domain.content)."""
    unsure: tuple[str, ...] = ()
    """Fields of the assessment that a person should look at."""


_DOUBTED = frozenset(("board_domain", "petition_topic", "message_type", "sentiment", "disposition"))
"""Labels that choose no department while they are unsure; of petition_kind see casework.domain.routing."""


def surely(facts: Facts) -> Facts:
    """Without the labels that are unsure: what a model does not know decides about nobody."""
    if _DOUBTED.isdisjoint(facts.unsure):
        return facts

    def sure(name: str) -> str | None:
        label: str | None = getattr(facts, name)
        return None if name in facts.unsure else label

    return replace(
        facts,
        board_domain=sure("board_domain"),
        petition_topic=sure("petition_topic"),
        message_type=sure("message_type"),
        sentiment=sure("sentiment"),
        disposition=sure("disposition"),
    )


@dataclass(frozen=True, slots=True)
class Conditions:
    """A conjunction over Facts; an empty Conditions holds for everything.

    ``regions`` are code prefixes (4101 = all of 郑州市); ``words`` are substrings of title and text;
    ``severity`` may name ``unknown``; ``heat_at_least`` and ``posts_at_least`` are inclusive; ``unsure`` names fields
    of the assessment.
    """

    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    board_domain: tuple[str, ...] = ()
    petition_topic: tuple[str, ...] = ()
    message_type: tuple[str, ...] = ()
    petition_kind: tuple[str, ...] = ()
    sentiment: tuple[str, ...] = ()
    disposition: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    heat_at_least: float | None = None
    posts_at_least: int | None = None
    empty: bool | None = None
    no_content: bool | None = None
    unsure: tuple[str, ...] = ()
    _given: tuple[_Given, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Worked out once: an office's 500 rules are asked for every matter.
        given = [(name, _label(name, getattr(self, name))) for name in _LABELS if getattr(self, name)]
        given += [(name, test) for name, test in _TESTS.items() if getattr(self, name) not in ((), None)]
        object.__setattr__(self, "_given", tuple(given))

    def failing(self, facts: Facts) -> str | None:
        """The name of the first condition that does not hold, or None when all hold."""
        for name, holds in self._given:
            if not holds(self, facts):
                return name
        return None

    def hold(self, facts: Facts) -> bool:
        """Whether every condition given holds."""
        return self.failing(facts) is None

    def names(self) -> tuple[str, ...]:
        """Names of the conditions that are given."""
        return tuple(item.name for item in fields(self) if item.init and getattr(self, item.name) not in ((), None))


_Test = Callable[[Conditions, Facts], bool]
_Given = tuple[str, _Test]
_LABELS = ("board_domain", "petition_topic", "message_type", "petition_kind", "sentiment", "disposition", "category")


def _label(name: str, wanted: tuple[str, ...]) -> _Test:
    value = attrgetter(name)
    return lambda _rule, facts: value(facts) in wanted


def _severity(rule: Conditions, facts: Facts) -> bool:
    return (facts.severity or UNKNOWN) in rule.severity


def _regions(rule: Conditions, facts: Facts) -> bool:
    return any(code.startswith(rule.regions) for code in facts.regions)


_TESTS: Mapping[str, _Test] = {
    "kinds": lambda rule, facts: facts.kind in rule.kinds,
    "sources": lambda rule, facts: facts.source in rule.sources,
    "severity": _severity,
    "regions": _regions,
    "units": lambda rule, facts: any(unit in rule.units for unit in facts.units),
    "words": lambda rule, facts: any(word in facts.text for word in rule.words),
    "heat_at_least": lambda rule, facts: facts.heat >= (rule.heat_at_least or 0),
    "posts_at_least": lambda rule, facts: facts.posts >= (rule.posts_at_least or 0),
    "empty": lambda rule, facts: facts.empty == rule.empty,
    "no_content": lambda rule, facts: facts.no_content == rule.no_content,
    "unsure": lambda rule, facts: any(name in rule.unsure for name in facts.unsure),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule tried, for ``--explain``: whether it matched, and if not, the condition that failed.

    ``note`` says in Chinese what the rule asked and what was found.
    """

    rule: str
    basis: str
    matched: bool
    failed: str | None = None
    note: str = field(default="")
