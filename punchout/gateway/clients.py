"""Who is at the other end of a connection. A proxy is believed only where the settings name it."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from starlette.types import Scope

Network: TypeAlias = IPv4Network | IPv6Network

_KEY = "punchout.client"
_FORWARDED = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"})
_NOBODY = "unknown"


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Read the addresses and networks of the settings, which have checked them."""
    return tuple(ip_network(text) for text in texts)


def client_of(scope: Scope) -> str:
    """Return the address that `note_client` has found."""
    return str(scope.get(_KEY, _NOBODY))


def note_client(scope: Scope, trusted: Sequence[Network]) -> str:
    """Find out the address of the client, keep it with the request, and return it.

    From the right, the first address of X-Forwarded-For that is no trusted proxy's; what stands left of it was
    written by whoever it names.
    """
    peer = scope.get("client")
    address = str(peer[0]) if peer else _NOBODY
    if _is_trusted(address, trusted):
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        for hop in reversed(forwarded.decode("latin-1").split(",")):
            named = _address(hop)
            if named is None:
                break
            address = str(named)
            if not _is_trusted(address, trusted):
                break
    scope[_KEY] = address
    return address


def is_loopback(scope: Scope) -> bool:
    """Tell whether a request comes from this machine itself, and not through a proxy on it that hides who sent it."""
    if str((scope.get("client") or ("",))[0]) == client_of(scope) and any(n in _FORWARDED for n, _ in scope["headers"]):
        return False
    named = _address(client_of(scope))
    return named is not None and named.is_loopback


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    named = _address(address)
    return named is not None and any(named in network for network in trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
