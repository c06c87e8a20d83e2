"""One classifier a file; the folder is scanned by name and a module is imported when ``config/nlp.yml`` names it.

A classifier is a module with

* ``NEEDS``: fields that must be judged before it;
* ``HEADS``: the recipes of its linear heads (none for a classifier by rules);
* ``judge(batch) -> list``: the field's value of each post, in the contract's form; it may add to ``batch.evidence``.

The module's name is the field it fills.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from nlp.batch import Batch
from nlp.datasets import Recipe
from nlp.settings import SettingsError


class Classifier(Protocol):
    """The form of a module of this folder."""

    __name__: str
    NEEDS: tuple[str, ...]
    HEADS: tuple[Recipe, ...]

    def judge(self, batch: Batch) -> list[Any]:
        """The field's value of each post."""
        ...


def names() -> tuple[str, ...]:
    """Names of all classifiers in the folder, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def load(name: str) -> Classifier:
    """The classifier ``name``. SettingsError: there is no such file; the known ones are named."""
    if name not in names():
        raise SettingsError(f"config/nlp.yml: classifiers: no classifier {name!r}; known: {', '.join(names())}")
    return cast(Classifier, import_module(f"{__name__}.{name}"))


def in_order(wanted: Iterable[str]) -> Sequence[tuple[str, Classifier]]:
    """The ``wanted`` classifiers, each after those it needs. SettingsError: one is missing or they need each other."""
    left = {name: load(name) for name in wanted}
    done: list[tuple[str, Classifier]] = []
    while left:
        met = {name for name, _ in done}
        ready = [name for name, module in left.items() if met.issuperset(module.NEEDS)]
        if not ready:
            needs = "; ".join(f"{name} needs {', '.join(module.NEEDS)}" for name, module in sorted(left.items()))
            raise SettingsError(
                f"config/nlp.yml: classifiers: they cannot be put in order: {needs}; add what is needed"
            )
        done += [(name, left.pop(name)) for name in ready]
    return done
