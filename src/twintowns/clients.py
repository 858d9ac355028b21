"""Who asks: the address of a connection, or whom the proxies that are trusted name.

Each proxy writes behind the others whom it was asked by. Only what a trusted one wrote counts: the rightmost
address that is not itself a trusted proxy's.
Source: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Network = IPv4Network | IPv6Network

_FORWARDED: Final = b"x-forwarded-for"
_MOST_HOPS: Final = 32
_REMEMBERED: Final = 1024
"""Of how many clients it is remembered how they are counted."""


def client_of(peer: str, headers: Iterable[tuple[bytes, bytes]], trusted: Sequence[Network]) -> str:
    """Return the address of the client.

    Args:
        peer: The address at the other end of the connection.
        headers: The headers of the request.
        trusted: The networks of the proxies that are believed.
    """
    if not _is_trusted(found := address(peer), trusted):
        return peer
    told = b",".join(value for name, value in headers if name == _FORWARDED).decode("latin-1")
    for one in reversed(told.rsplit(",", _MOST_HOPS)):
        hop = address(one.strip())
        if hop is None:
            break
        found = hop
        if not _is_trusted(found, trusted):
            break
    return str(found)


@lru_cache(_REMEMBERED)
def network_of(client: str) -> str:
    """Return a client as it is counted: an address, or the network that one customer has of the newer kind.

    >>> network_of("2001:db8::1:2:3")
    '2001:db8::/64'
    """
    found = address(client)
    return (
        str(IPv6Network((found, 64), strict=False))
        if isinstance(found, IPv6Address)
        else str(found or client)
    )


def _is_trusted(found: IPv4Address | IPv6Address | None, trusted: Sequence[Network]) -> bool:
    return found is not None and any(found in network for network in trusted)


def address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, one of the older kind as such; None where a text is none.

    >>> address("::ffff:192.0.2.1")
    IPv4Address('192.0.2.1')
    """
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
