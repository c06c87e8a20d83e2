"""Names are only resolved to public addresses: what a site's DNS says must not lead a crawl into our own network."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from typing_extensions import override

PRIVATE = "resolves to the private address"


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver, which fails for a name whose address is loopback, private, link-local or reserved.

    The check stands where the address is taken, so that a second look-up cannot give another one.
    """

    @override
    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(_public, name)


def is_address(host: str | None) -> bool:
    """True for an IP address; a site is named by its name."""
    try:
        ip_address(host or "")
    except ValueError:
        return False
    return True


def _public(address: str, name: str) -> str:
    found = ip_address(address)
    if not found.is_global or found.is_multicast:
        raise DNSLookupError(f"{name} {PRIVATE} {address}: refused; a source has to lie on the open network")
    return address
