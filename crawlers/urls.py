"""Addresses as pages write them."""

from __future__ import annotations

from urllib.parse import urljoin


def absolute(base: str, address: str) -> str:
    """``address`` as a link on the page ``base`` means it; one that is no address stays as it is, so on no host."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address
