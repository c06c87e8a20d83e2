"""A Merkle tree over the heads of chains: one hash that stands for all of them (the tree of RFC 6962, section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple


class Head(NamedTuple):
    """The end of one chain: how many entries it has and the hash of the last (``START`` for none)."""

    entries: int
    hash: str


def root(heads: Mapping[str, Head]) -> str:
    """The root over all chains in the order of their names. Leaves and nodes are hashed with different first bytes, so
    that no node can pass for a leaf."""
    level = [_leaf(name, heads[name]) for name in sorted(heads)]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    return _tree(level).hex()


def _leaf(name: str, head: Head) -> bytes:
    return hashlib.sha256(f"\x00{name}\n{head.entries}\n{head.hash}".encode()).digest()


def _tree(level: list[bytes]) -> bytes:
    if len(level) == 1:
        return level[0]
    half = 1
    while half * 2 < len(level):
        half *= 2
    return hashlib.sha256(b"\x01" + _tree(level[:half]) + _tree(level[half:])).digest()
