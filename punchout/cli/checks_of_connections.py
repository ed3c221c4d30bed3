"""What `punchout doctor` finds out about the servers that are spoken to: who they prove to be, and until when.

Nothing is said to the supplier but a TLS handshake, and nothing on an SFTP server is changed.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from punchout.cli.check import Check, until
from punchout.cli.errors import understood

if TYPE_CHECKING:
    import ssl

    from resources.settings import Settings
    from resources.sftp.connection import SftpServer
    from resources.sftp.looking import Seen

_RENEW = "ask the supplier when it renews its certificate: nothing is sent to it after that"
_NOT_TRUSTED = (
    "check supplier.order_url and supplier.setup_url, and whether a proxy opens TLS: nothing is sent meanwhile"
)
_SHORT_RSA = 2048
_OLD_SIGNATURES = frozenset({"ssh-rsa", "ssh-dss"})


def of_connections(settings: "Settings") -> Iterator[Check]:
    """Look at each server once."""
    from resources.mailboxes import sftp_folders

    yield from of_supplier(settings)
    for server, folders in sftp_folders(settings).items():
        yield _sftp(server, folders)


def of_supplier(settings: "Settings", trust: "ssl.SSLContext | None" = None) -> Iterator[Check]:
    """Look at the servers of the supplier.

    Args:
        settings: name them.
        trust: which authorities vouch for them; by default those that orders are sent by.
    """
    supplier = settings.supplier
    named = {"order_url": supplier.order_url, "setup_url": supplier.setup_url}
    seen: set[str] = set()
    for name, url in named.items():
        place = urlsplit(url or "")
        if url is not None and place.netloc not in seen:
            seen.add(place.netloc)
            yield _tls(f"tls {name}", url, settings.orders.connect_timeout_seconds, trust)


def _tls(name: str, url: str, timeout: float, trust: "ssl.SSLContext | None") -> Check:
    from resources.certificates import shown_by
    from resources.supplier import trusted

    place = urlsplit(url)
    if place.scheme != "https":
        return Check.okay(name, f"{place.netloc} is this machine alone, and speaks no TLS")
    try:
        shown = shown_by(url, timeout, trust or trusted())
    except OSError as error:
        reason = "it does not answer" if isinstance(error, TimeoutError) else error.strerror or type(error).__name__
        return Check.warn(
            name, f"{place.netloc} cannot be reached: {reason}", "check the network: orders wait meanwhile"
        )
    if shown.problem is not None or shown.expires is None:
        ended = "" if shown.expires is None else f" (its certificate ends on {shown.expires.date().isoformat()})"
        return Check.fail(name, f"{place.netloc} is not trusted: {shown.problem}{ended}", _NOT_TRUSTED)
    return until(name, f"{place.netloc}, {shown.protocol}: its certificate", shown.expires, _RENEW)


def _sftp(server: "SftpServer", folders: list[str]) -> Check:
    from resources.sftp.looking import look

    name = f"sftp {server.host}:{server.port}"
    try:
        seen = look(server, sorted(set(folders)))
    except Exception as error:
        answer = understood(error)
        if answer is None:
            raise
        return Check.fail(name, answer[1], "correct its section in the settings, or ask whoever runs it")
    return _judged(name, server, seen, folders)


def _judged(name: str, server: "SftpServer", seen: "Seen", folders: list[str]) -> Check:
    if seen.unlisted:
        told = "; ".join(f"{folder} cannot be listed: {why}" for folder, why in seen.unlisted.items())
        return Check.fail(name, told, f"have {server.user} given its rights on the folders, or correct their paths")
    trusted_by = "its fingerprint" if server.fingerprint is not None else f"{server.known_hosts}"
    key = f"{seen.algorithm}, {seen.bits} bits, {seen.fingerprint}"
    is_short = "rsa" in seen.algorithm and seen.bits < _SHORT_RSA
    if seen.algorithm in _OLD_SIGNATURES or is_short:
        return Check.warn(name, f"proves itself by {key}", "ask whoever runs it for an Ed25519 key, and trust that one")
    return Check.okay(name, f"trusted by {trusted_by}: {key}; can list {', '.join(sorted(set(folders)))}")
