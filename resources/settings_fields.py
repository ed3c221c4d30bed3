"""Kinds of value that settings are made of: zones, currencies, exact amounts, shares, addresses of servers.

A value that is wrong is refused here, when settings are read, and not in the middle of a run.
"""

from decimal import Decimal
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _exact(value: object) -> object:
    """Refuse a binary fraction: 0.1 has no exact one, and a cap compares money."""
    if isinstance(value, float):
        message = 'write it in quotes, as in "1000.50", so that it stays exact'
        raise ValueError(message)  # noqa: TRY004 - pydantic reports a ValueError and lets a TypeError through
    return value


def _number(value: object) -> object:
    """Refuse true and false, which would pass for 1 and 0: a switch is not what is meant here."""
    if isinstance(value, bool):
        message = "a number is needed"
        raise ValueError(message)  # noqa: TRY004 - pydantic reports a ValueError and lets a TypeError through
    return value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"there is no time zone {name!r}; use an IANA name such as America/Los_Angeles"
        raise ValueError(message) from None
    return name


def _safe_server(url: str) -> str:
    """Orders carry the shared secret: they leave encrypted, or stay on this machine."""
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        message = "a user or password does not belong into an address"
        raise ValueError(message)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return url
    message = "an https address is needed; plain http only on this machine itself"
    raise ValueError(message)


def _known_database(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"sqlite", "postgresql+psycopg"}:
        message = "a database is sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"
        raise ValueError(message)
    if parts.password is not None or "password=" in parts.query:
        message = "the password does not belong into the address; put its reference into database.password"
        raise ValueError(message)
    return url


def _known_network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError:
        message = "an address such as 10.0.0.5, or a network such as 10.0.0.0/24, is needed"
        raise ValueError(message) from None
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Amount = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, max_digits=18, decimal_places=6)]
# A binary fraction is read as it was written, so that one decimal place is exact.
Percent = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=1000, max_digits=18, decimal_places=1)]
Confidence = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=100, max_digits=18, decimal_places=1)]
# No deadline of years is meant, and the moment it ends at must be one that a database can hold.
Days = Annotated[int, BeforeValidator(_number), Field(ge=0, le=3650)]
ServerUrl = Annotated[str, AfterValidator(_safe_server)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^SHA256:[A-Za-z0-9+/]{43}=?$")]
Network = Annotated[str, AfterValidator(_known_network)]
DatabaseUrl = Annotated[str, AfterValidator(_known_database)]
