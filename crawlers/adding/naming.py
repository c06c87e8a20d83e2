"""Names for elements: short CSS selectors that are tried on the page before they are proposed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

_USABLE = re.compile(r"[A-Za-z_][\w-]{0,40}")
_STATES = frozenset(["active", "on", "cur", "current", "first", "last", "odd", "even", "hover", "selected", "clearfix"])
"""Classes that tell one entry from its neighbours, or say nothing of what it is."""
_SERIAL = re.compile(r"\d{3,}")


def own_name(node: Any) -> str | None:
    """``#id`` or ``tag.class`` of an element; None where it has neither that can be relied on."""
    key = (node.get("id") or "").strip()
    if _USABLE.fullmatch(key) and not _SERIAL.search(key):
        return f"#{key}"
    classes = _classes(node)
    return f"{node.tag}.{'.'.join(classes)}" if classes else None


def _classes(node: Any) -> list[str]:
    names = (node.get("class") or "").split()
    return [name for name in names if _USABLE.fullmatch(name) and name not in _STATES and not _SERIAL.search(name)][:2]


def kind_of(node: Any) -> str:
    """Tag and classes: what a repeated element shares with its neighbours."""
    return ".".join([str(node.tag), *_classes(node)])


def selectors_for(node: Any) -> Iterator[str]:
    """Selectors that find ``node``, the shortest and surest first: by its own name, below a named one, by its path."""
    own = own_name(node)
    if own:
        yield own
    path = [kind_of(node)]
    for above in node.iterancestors():
        name = own_name(above)
        if name:
            yield f"{name} {kind_of(node)}"
            yield f"{name} {node.tag}"
            yield " > ".join([name, *path])
            if len(path) > 2:
                return
        if above.tag in ("body", "html"):
            break
        path.insert(0, kind_of(above))
    yield " > ".join(path[-4:])


def best_selector(root: Any, wanted: Collection[Any], tried: Iterable[str]) -> tuple[str, float] | None:
    """The selector whose finds agree best with ``wanted`` (F1 of the two sets); the first of equals."""
    best: tuple[str, float] | None = None
    aim = set(wanted)
    for selector in dict.fromkeys(tried):
        found = set(root.cssselect(selector))
        share = 2 * len(found & aim) / (len(found) + len(aim)) if found or aim else 0.0
        if best is None or share > best[1] + 1e-9:
            best = (selector, share)
    return best if best and best[1] > 0 else None
