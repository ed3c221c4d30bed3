"""Signed links by which a punchout session is started: who may start one is whoever holds a link that is good still.

A link is `/punchout/start/REQUEST?user=USER&token=EXPIRES.MAC`: EXPIRES in seconds since 1970, MAC the HMAC-SHA256 in
hexadecimal digits over the lines of `_signed`. Plain enough for Business Central to make one by itself
(`docs/punchout.md`). Nothing here reads settings or a clock.
"""

import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlencode

from punchout.model.keys import RequestKey

START_PATH = "/punchout/start"
SHORTEST_SECRET = 32
"""Characters of a secret that signs links: whoever finds it out by trying starts sessions at will."""
_VERSION = "punchout-start-1"
_TOKEN = re.compile(r"([0-9]{1,12})\.([0-9A-Fa-f]{64})", re.ASCII)
_LONGEST_USER = 100


class LinkRefused(Exception):  # noqa: N818 - it is an answer, not an error
    """A link is altered or made up, or (`is_expired`) was good once."""

    def __init__(self, *, is_expired: bool = False) -> None:
        super().__init__("expired" if is_expired else "not signed here")
        self.is_expired = is_expired


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: the request to shop for, until when it is good (seconds since 1970), and who shops."""

    key: RequestKey
    expires: int
    user: str | None = None


def link_path(link: Link, secret: str) -> str:
    """Return the address of a link below that of the gateway.

    Raises:
        ValueError: request or user hold a character that ends a line, or the user's name is too long.
    """
    token = f"{link.expires}.{_mac(link, secret)}"
    query = {"user": link.user, "token": token} if link.user else {"token": token}
    return f"{START_PATH}/{quote(link.key.request_no, safe='')}?{urlencode(query)}"


def checked(key: RequestKey, user: str | None, token: str | None, secrets: Collection[str], now: int) -> Link:
    """Return what a link says, if it was signed with one of the secrets and is good still.

    Raises:
        LinkRefused: it is not.
    """
    stated = _TOKEN.fullmatch(token or "")
    if stated is None:
        raise LinkRefused
    link = Link(key, int(stated[1]), user or None)
    try:
        expected = [_mac(link, secret) for secret in secrets]
    except ValueError:
        raise LinkRefused from None
    # All are compared, so that the time says nothing about which one it was.
    if not sum(hmac.compare_digest(one, stated[2].lower()) for one in expected):
        raise LinkRefused
    if now > link.expires:
        raise LinkRefused(is_expired=True)
    return link


def _mac(link: Link, secret: str) -> str:
    return hmac.new(secret.encode(), _signed(link).encode(), sha256).hexdigest()


def _signed(link: Link) -> str:
    """Return what is signed: six lines, none of which can be read as two."""
    key, user = link.key, link.user or ""
    lines = (_VERSION, key.company, key.supplier, key.request_no, str(link.expires), user)
    if len(user) > _LONGEST_USER or not "".join(lines).isprintable():
        raise ValueError("a request and a user are printable text, and a user's name is short")
    return "\n".join(lines)
