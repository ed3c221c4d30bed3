"""Until when certificates hold: the one that a server shows in a TLS handshake, and those in a file.

Nothing is sent to a server but the handshake. Who is told of what is found is the caller's business.
"""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_HTTPS = 443


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server showed.

    Attributes:
        expires: when its certificate ends, in UTC; None where it showed none.
        protocol: the version of TLS that was agreed on; None where none was.
        problem: why it is not to be trusted, in a few words; None where it is.
    """

    expires: datetime | None
    protocol: str | None
    problem: str | None


def shown_by(url: str, timeout: float, trust: ssl.SSLContext) -> Shown:
    """Shake hands with the server of an https address.

    Args:
        url: the address.
        timeout: seconds for the connection, and again for each step of the handshake.
        trust: which authorities vouch for servers.

    Raises:
        OSError: it cannot be reached, or breaks off.
    """
    parts = urlsplit(url)
    place = parts.hostname or "", parts.port or _HTTPS
    try:
        with (
            socket.create_connection(place, timeout) as plain,
            trust.wrap_socket(plain, server_hostname=place[0]) as secured,
        ):
            return Shown(_stated_end(secured.getpeercert()), secured.version(), None)
    except ssl.SSLCertVerificationError as error:
        return Shown(_unverified(place, timeout), None, error.verify_message)
    except ssl.SSLEOFError:
        raise
    except ssl.SSLError as error:
        return Shown(None, None, f"no TLS that can be used: {(error.reason or type(error).__name__).lower()}")


def ends_of(path: Path) -> list[datetime]:
    """Return when the certificates of a PEM file end, in UTC, in the order of the file.

    Raises:
        OSError: it cannot be read.
        ValueError: it holds none.
    """
    from cryptography import x509

    return [one.not_valid_after_utc for one in x509.load_pem_x509_certificates(path.read_bytes())]


def _unverified(place: tuple[str, int], timeout: float) -> datetime | None:
    """Ask once more, only to say until when the certificate that is not trusted holds."""
    from cryptography import x509

    try:
        shown = ssl.get_server_certificate(place, timeout=timeout)
        return x509.load_pem_x509_certificate(shown.encode()).not_valid_after_utc
    except (OSError, ValueError):
        return None


def _stated_end(certificate: Mapping[str, Any] | None) -> datetime | None:
    ends = None if certificate is None else certificate.get("notAfter")
    return None if ends is None else datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
