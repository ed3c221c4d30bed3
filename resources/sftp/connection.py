"""The way to an SFTP server: TCP, SSH, the server's proof of who it is, ours, and a session.

A server is trusted by a known_hosts file or by the fingerprint of its key, and by nothing else; there is no setting
that takes any key. No agent, no key of the user's own, and no SSH configuration of the machine is looked at.
"""

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paramiko

from resources.errors import ConfigurationError
from resources.mailbox import MailboxUnavailable
from resources.secrets import SecretReference
from resources.sftp.session import Session

_KEEP_ALIVE_SECONDS = 15
_WIRE_CHUNK = 64 * 1024
_KEYS: tuple[type[paramiko.PKey], ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
# The quickest of those that both sides have; the others stay behind it as they were.
_PREFERRED_CIPHER = "aes128-gcm@openssh.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpServer:
    """An SFTP server, how it proves itself, and who we are there.

    Attributes:
        known_hosts: file with the server's key, as OpenSSH writes it.
        fingerprint: `SHA256:...` of the server's key; either this or `known_hosts`.
        password: or `private_key` with its `passphrase`.
        timeout: seconds without any progress, in connecting, writing and reading.
    """

    host: str
    port: int
    user: str
    known_hosts: Path | None = None
    fingerprint: str | None = None
    password: SecretReference | None = None
    private_key: SecretReference | None = None
    passphrase: SecretReference | None = None
    timeout: float = 30


@contextmanager
def connected(server: SftpServer) -> Iterator[Session]:
    """Open a session, and close it with everything below at the end.

    Raises:
        ConfigurationError: the server is not the one that is trusted, it does not let us in, or a secret is missing.
        MailboxUnavailable: the server cannot be reached, or breaks off.
    """
    with proven(server) as transport:
        yield session_over(transport, server.timeout)


@contextmanager
def proven(server: SftpServer) -> Iterator[paramiko.Transport]:
    """Connect to a server that has proved itself and let us in, and close the connection at the end.

    Raises:
        ConfigurationError: as `connected`.
        MailboxUnavailable: as `connected`.
    """
    client = _client(server)
    try:
        _connect(client, server)
        transport = client.get_transport()
        if transport is None:
            raise MailboxUnavailable("the SSH session has ended")
        yield transport
    finally:
        client.close()


class _Wire(socket.socket):
    """A TCP connection that asks the system for much at a time.

    paramiko reads each packet in two pieces, and every such call waits for the interpreter's lock afterwards.
    """

    _unread: io.BytesIO

    @classmethod
    def to(cls, server: SftpServer) -> "_Wire":
        """Connect."""
        plain = socket.create_connection((server.host, server.port), timeout=server.timeout)
        # Many small packets wait for each other otherwise.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = cls(plain.family, plain.type, plain.proto, plain.detach())
        wire._unread = io.BytesIO()
        return wire

    def recv(self, length: int, flags: int = 0, /) -> bytes:
        taken = self._unread.read(length)
        if not taken:
            self._unread = io.BytesIO(super().recv(_WIRE_CHUNK, flags))
            taken = self._unread.read(length)
        return taken


class _ThisKeyOnly(paramiko.MissingHostKeyPolicy):
    """Trusts a server by the fingerprint of its key."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:  # noqa: ARG002 - paramiko's
        if key.fingerprint.rstrip("=") != self._fingerprint.rstrip("="):
            raise _untrusted(key)


def _client(server: SftpServer) -> paramiko.SSHClient:
    client = paramiko.SSHClient()
    if server.known_hosts is not None:
        try:
            client.load_host_keys(str(server.known_hosts))
        except (OSError, paramiko.SSHException) as error:
            detail = getattr(error, "strerror", None) or type(error).__name__
            raise ConfigurationError(f"{server.known_hosts} cannot be read as known_hosts: {detail}") from None
    if server.fingerprint is not None:
        client.set_missing_host_key_policy(_ThisKeyOnly(server.fingerprint))
    else:
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
    return client


def _connect(client: paramiko.SSHClient, server: SftpServer) -> None:
    secret = None if server.password is None else server.password.reveal()
    key = None if server.private_key is None else _private_key(server.private_key, server.passphrase)
    try:
        wire = _Wire.to(server)
        client.connect(
            server.host,
            server.port,
            username=server.user,
            password=secret,
            pkey=key,
            sock=wire,
            timeout=server.timeout,
            banner_timeout=server.timeout,
            auth_timeout=server.timeout,
            channel_timeout=server.timeout,
            allow_agent=False,
            look_for_keys=False,
            transport_factory=_transport,
        )
    except paramiko.BadHostKeyException as error:
        raise _untrusted(error.key) from None
    except paramiko.AuthenticationException:
        raise ConfigurationError(f"the SFTP server {server.host} does not let {server.user} in") from None
    except paramiko.SSHException as error:
        if "not found in known_hosts" in str(error):
            raise ConfigurationError(
                f"the SFTP server {server.host} is not in {server.known_hosts}: add its key, or set fingerprint"
            ) from None
        raise MailboxUnavailable(f"no SSH session with {server.host}: {type(error).__name__}") from None
    except (OSError, EOFError) as error:
        detail = getattr(error, "strerror", None) or type(error).__name__
        raise MailboxUnavailable(f"the SFTP server {server.host}:{server.port} cannot be reached: {detail}") from None


def _transport(sock: Any, /, **how: Any) -> paramiko.Transport:  # noqa: ANN401 - what paramiko hands on
    transport = paramiko.Transport(sock, **how)
    options = transport.get_security_options()
    if _PREFERRED_CIPHER in options.ciphers:
        options.ciphers = (_PREFERRED_CIPHER, *(one for one in options.ciphers if one != _PREFERRED_CIPHER))
    return transport


def session_over(transport: paramiko.Transport, timeout: float) -> Session:
    """Open a session over a connection; `timeout` is the seconds without any progress.

    Raises:
        MailboxUnavailable: the server offers no SFTP, or breaks off.
    """
    transport.set_keepalive(_KEEP_ALIVE_SECONDS)
    try:
        channel = transport.open_session(timeout=timeout)
        channel.settimeout(timeout)
        channel.invoke_subsystem("sftp")
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise MailboxUnavailable(f"the SSH server offers no SFTP: {type(error).__name__}") from None
    return Session(channel)


def _private_key(reference: SecretReference, passphrase: SecretReference | None) -> paramiko.PKey:
    text = reference.reveal()
    secret = None if passphrase is None else passphrase.reveal()
    for kind in _KEYS:
        try:
            return kind.from_private_key(io.StringIO(text), password=secret)
        except paramiko.PasswordRequiredException:
            raise ConfigurationError(f"the key {reference} is encrypted: set passphrase") from None
        except (paramiko.SSHException, ValueError):
            continue
    raise ConfigurationError(f"the key {reference} is no private key that can be used, or its passphrase is another")


def _untrusted(key: paramiko.PKey) -> ConfigurationError:
    return ConfigurationError(
        f"the SFTP server shows a key that is not trusted ({key.get_name()} {key.fingerprint}): nothing was sent to it"
    )
