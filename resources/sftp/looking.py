"""A look at an SFTP server: the key it proves itself by, and whether folders can be listed. Nothing there is changed.

How it is reached and trusted is `connection`; what is done in a folder is `folder`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from resources.sftp import packets
from resources.sftp.connection import SftpServer, proven, session_over
from resources.sftp.fetching import reason
from resources.sftp.packets import Kind, Request


@dataclass(frozen=True, slots=True)
class Seen:
    """A server that is trusted and lets us in.

    Attributes:
        algorithm: by which it signed, such as `ssh-ed25519` or `rsa-sha2-512`.
        bits: of its key.
        fingerprint: of its key, `SHA256:...` as OpenSSH shows it.
        unlisted: folders that cannot be listed, and why.
    """

    algorithm: str
    bits: int
    fingerprint: str
    unlisted: Mapping[str, str]


def look(server: SftpServer, folders: Iterable[str]) -> Seen:
    """Connect, and open each folder once.

    Raises:
        ConfigurationError: the server is not the one that is trusted, it does not let us in, or a secret is missing.
        MailboxUnavailable: it cannot be reached, or breaks off.
    """
    with proven(server) as transport:
        key, algorithm = transport.get_remote_server_key(), transport.host_key_type
        session = session_over(transport, server.timeout)
        unlisted: dict[str, str] = {}
        for folder in folders:
            answer = session.call(_opening(folder))
            if answer.kind == Kind.HANDLE:
                session.call(_closing(answer.handle))
            else:
                unlisted[folder] = reason(answer)
    return Seen(algorithm or key.get_name(), key.get_bits(), key.fingerprint, unlisted)


def _opening(folder: str) -> Callable[[int], bytes]:
    return lambda number: packets.named(Request.OPENDIR, number, folder)


def _closing(handle: bytes) -> Callable[[int], bytes]:
    return lambda number: packets.handled(Request.CLOSE, number, handle)
