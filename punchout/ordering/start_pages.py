"""Which address a user's browser may be sent to: the StartPage of an answer is text that came over the network."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_LONGEST: Final = 4096
# What RFC 3986 allows in an address. Nothing that ends a header line, and no backslash, which browsers read as a slash.
_ADDRESS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)
# Amazon answers a setup at one host (abintegrations.amazon.com) with a page of another (www.amazon.com).
_AMAZON: Final = tuple(
    f"amazon.{ending}"
    for ending in ("com", "ca", "com.au", "co.jp", "co.uk", "de", "es", "fr", "in", "it", "com.mx", "com.br")
)


def start_page_hosts(setup_url: str, stated: Collection[str]) -> tuple[str, ...]:
    """Return the hosts that a StartPage may be on, each with its subdomains.

    Args:
        setup_url: where the setup is posted.
        stated: the hosts of the settings; none take the setup's own host, and of one of Amazon's the whole domain.
    """
    if stated:
        return tuple(host.lower().rstrip(".") for host in stated)
    own = (urlsplit(setup_url).hostname or "").rstrip(".")
    return (own, *(domain for domain in _AMAZON if _is_within(own, domain)))


def start_page_problem(url: str, hosts: Collection[str]) -> str | None:
    """Return why a browser is not sent to an address; None where it may be."""
    if len(url) > _LONGEST or _ADDRESS.fullmatch(url) is None:
        return "it is not a plain address"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        has_user = parts.username is not None or parts.password is not None
        parts.port  # noqa: B018 - raises where it is no port
    except ValueError:
        return "it is not a plain address"
    if has_user or not host:
        return "it is not a plain address"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        return "it is not an https address"
    if not any(_is_within(host, allowed) for allowed in hosts):
        return f"its host {host} is not among supplier.start_page_hosts"
    return None


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
